"""The shape of the project: sizes, places, and a few things that must stand nowhere."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP = {
    "manage.py", "config", "accounts", "channels_app", "calendar_app", "engagement", "metrics", "policy",
    "templates", "static", "tests", "docker-compose.yml", "pyproject.toml", "README.md",
}  # fmt: skip
APPS = ("config", "accounts", "channels_app", "calendar_app", "engagement", "metrics", "policy")
LIMITS = {".py": 400, ".html": 150, ".js": 80, ".css": 400}  # lines
LONGEST_FUNCTION = 50
PUBLISHING = ("outbox", "publishing/", "failpoints", "send_due")
LARGEST = 300_000  # bytes: what is bigger was made elsewhere and belongs in a package


@cache
def files() -> tuple[Path, ...]:
    """What git would commit, without what was deleted and not yet committed."""
    words = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(ROOT / name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ending(*suffixes: str) -> list[Path]:
    return [path for path in files() if path.suffix in suffixes]


def python() -> list[Path]:
    return [path for path in ending(".py") if "migrations" not in path.parts]


def code() -> list[Path]:
    """Python that runs outside tests."""
    return [path for path in python() if path.relative_to(ROOT).parts[0] != "tests"]


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name_of(path)}:{number} {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def test_the_top_level_is_exactly_what_the_map_says() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in files()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_no_file_is_too_long_to_read_in_one_sitting() -> None:
    def allowed(path: Path) -> int:
        return LIMITS.get(path.suffix, 10_000) if "migrations" not in path.parts else 10_000

    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in ending(*LIMITS)}
    assert {name: count for name, count in lengths.items() if count > allowed(ROOT / name)} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in python()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in python()
        if path.stat().st_size
        and path.name != "__init__.py"
        and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_every_signature_has_types() -> None:
    bare = [
        f"{name_of(path)}:{node.name}"
        for path in code()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None and node.name != "__init__"
    ]
    assert bare == []


def test_no_schedule_is_left_to_the_broker() -> None:
    assert lines_with(r"\beta\s*=|\bcountdown\s*=|autoretry|self\.retry\(", code()) == []


def test_nothing_that_publishes_needs_the_broker() -> None:
    paths = [path for path in code() if any(part in name_of(path) for part in PUBLISHING)]
    assert paths
    assert lines_with(r"\.apply_async\(|\.delay\(|\bsend_task\(", paths) == []


def test_no_page_asks_the_broker() -> None:
    views = [path for path in code() if "views" in name_of(path)]
    assert lines_with(r"\.delay\(|\.apply_async\(|\bsend_task\(", views) == []


def test_only_config_reads_the_environment() -> None:
    elsewhere = [path for path in python() if path.relative_to(ROOT).parts[0] in set(APPS) - {"config"}]
    assert lines_with(r"\bos\.(environ|getenv)\b", elsewhere) == []


def test_nothing_hides_a_call_or_a_column() -> None:
    ours = [path for path in python() if path.relative_to(ROOT).parts[0] in APPS]
    words = r"\bpost_save\b|\bpre_save\b|@receiver\(|GenericForeignKey|def save\(self"
    assert lines_with(words, [path for path in ours if "forms" not in name_of(path)]) == []


def test_no_template_runs_a_script_of_its_own() -> None:
    pages = ending(".html")
    assert lines_with(r"""(?i)\son[a-z]+\s*=\s*["']""", pages) == []
    assert lines_with(r"(?i)javascript:", pages) == []
    assert lines_with(r"(?i)\shx-on", pages) == []
    scripts = [
        line for line in lines_with(r"<script\b", pages) if "nonce=" not in line and "application/json" not in line
    ]
    assert [line for line in scripts if "src=" not in line] == []


def test_a_page_fetches_nothing_from_another_host() -> None:
    pages = [path for path in ending(".html", ".css", ".js") if "email" not in path.parts]
    assert (
        lines_with(r"""(?:src|href)\s*=\s*["']https?://|url\(\s*["']?https?://|@import\s+["']?https?:""", pages) == []
    )


def test_what_others_made_is_installed_not_committed() -> None:
    assert [name_of(path) for path in files() if path.stat().st_size > LARGEST] == []
    assert [
        name_of(path) for path in files() if re.search(r"\.min\.(js|css)$|node_modules|\.woff2?$", name_of(path))
    ] == []


def test_no_lock_names_a_host() -> None:
    locks = [path for path in files() if "requirements" in path.name or path.name in {"package-lock.json", ".npmrc"}]
    assert len(locks) > 5
    assert lines_with(r"https?://", locks) == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplementedError"])
def test_nothing_is_left_for_later(word: str) -> None:
    paths = [path for path in ending(".py", ".html", ".js", ".css") if path != Path(__file__)]
    assert lines_with(rf"\b{word}\b", paths) == []
