"""Setting up from a bare Python: one sentence for each thing that can be wrong, and a clean second attempt."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from config import bootstrap, installing
from config.installing import Setup, SetupProblem, explain

ROOT = Path(__file__).resolve().parents[2]
OldPython = namedtuple("OldPython", "major minor micro")
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment folder of this test's own."""
    names = {"PYTHON": "bin/python", "MARKER": "unfinished", "STAMP": "installed.json", "LOG": "set-up.log"}
    for module in (bootstrap, installing):
        monkeypatch.setattr(module, "VENV", str(tmp_path / "venv"))
        for name, path in names.items():
            monkeypatch.setattr(module, name, str(tmp_path / "venv" / path), raising=False)
    return tmp_path / "venv"


@pytest.fixture
def calls(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the set-up would have run; making the environment makes its Python."""
    made: list[list[str]] = []

    def record(self: Setup, command: list[str], *rest: object, **options: object) -> None:
        made.append(command)
        if command[1:3] == ["-m", "venv"]:
            (elsewhere / "bin").mkdir(parents=True)
            (elsewhere / "bin" / "python").touch()

    monkeypatch.setattr(Setup, "call", record)
    monkeypatch.setattr(installing, "uv_environment", dict)
    return made


@pytest.mark.parametrize("name", ["manage.py", "config/bootstrap.py"])
def test_a_python_that_is_too_old_can_read_the_door(name: str) -> None:
    ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 6))


def test_a_python_that_is_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", OldPython(3, 9, 2))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python 3\.9"):
        bootstrap.enter(["trial"])


def test_the_door_needs_nothing_but_the_standard_library() -> None:
    words = [
        sys.executable,
        "-S",
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import config.installing",
    ]
    assert subprocess.run(words, check=False).returncode == 0


def test_an_image_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_IN_IMAGE", "1")
    monkeypatch.setattr(bootstrap, "ensure", lambda *words, **more: pytest.fail("set up in an image"))
    bootstrap.enter(["migrate"])


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk ran full"),
        ("error sending request for url: dns error", "the network did not answer"),
        ("npm error code ENOTFOUND", "the network did not answer"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "does not match its locked fingerprint"),
        ("Hash mismatch for `django==5.2.19`", "does not match its locked fingerprint"),
        ("building\nerror: no such compiler\n\n", r"\(error: no such compiler\)"),
    ],
)
def test_a_failure_is_one_sentence(output: str, sentence: str) -> None:
    said = explain(output)
    assert re.search(sentence, said)
    assert "\n" not in said


def test_no_room_is_said_before_anything_is_fetched(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda path: Usage(10**10, 10**10, 7_000_000))
    with pytest.raises(SystemExit, match="no room to set up: 7 MB are free"):
        installing.attempt({"python": "3.11"}, (), quiet=True)
    assert calls == []


def test_a_missing_venv_is_installed_where_it_may_be(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(installing, "has_venv", lambda: bool(asked))
    monkeypatch.setattr(installing, "install_debian", asked.append)
    installing.require_venv()
    assert asked == [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def test_a_missing_venv_that_may_not_be_installed_is_named(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "has_venv", lambda: False)
    monkeypatch.setattr(installing, "install_debian", lambda package: False)
    with pytest.raises(SetupProblem, match=r"sudo apt-get install python3\.\d+-venv"):
        installing.require_venv()


def test_the_first_attempt_is_remembered_and_the_second_has_nothing_to_do(
    elsewhere: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "FRONTEND", str(elsewhere))
    (elsewhere.parent / "venv").mkdir()
    wanted = {"requirements.txt": "one", "python": "3.11"}
    installing.attempt(wanted, ("requirements.txt",), quiet=True)
    (elsewhere / "node_modules").mkdir()
    assert not (elsewhere / "unfinished").exists()
    assert bootstrap.is_ready(wanted)
    assert not bootstrap.is_ready(wanted | {"requirements.txt": "two"})
    assert any("--require-hashes" in words and "--compile-bytecode" in words for words in calls)


def test_an_attempt_that_broke_off_leaves_nothing_to_the_next(elsewhere: Path, calls: list[list[str]]) -> None:
    (elsewhere / "bin").mkdir(parents=True)
    (elsewhere / "bin" / "python").touch()
    (elsewhere / "half-a-package").touch()
    (elsewhere / "unfinished").touch()
    assert not bootstrap.is_ready({})
    installing.attempt({"python": "3.11"}, (), quiet=True)
    assert not (elsewhere / "half-a-package").exists()
    assert calls[0][1:3] == ["-m", "venv"]


def test_a_failed_attempt_stays_marked(
    elsewhere: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Setup) -> None:
        raise SetupProblem("The network did not answer.")

    monkeypatch.setattr(Setup, "install_frontend", fail)
    with pytest.raises(SystemExit, match="The network did not answer"):
        installing.attempt({"python": "3.11"}, (), quiet=True)
    assert (elsewhere / "unfinished").exists()


def test_pips_mirror_serves_the_fast_installer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("global.index-url='https://mirror.example/simple'", "global.extra-index-url='file:///more'")
    listing = "\n".join([*options, ":env:.cert='/ca.pem'"])
    for name in ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    done = subprocess.CompletedProcess([], 0, stdout=listing, stderr="")
    monkeypatch.setattr(installing.subprocess, "run", lambda *words, **options: done)
    environment = installing.uv_environment()
    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environment["SSL_CERT_FILE"] == "/ca.pem"
    assert "UV_INDEX" not in environment


def test_the_trials_settings_serve_other_commands_only_where_none_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "environment.json").write_text('{"DATABASE_URL": "postgresql://app@/trial"}', "utf-8")
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://real")
    bootstrap.use_trial_environment()
    assert bootstrap.os.environ["DATABASE_URL"] == "postgresql://real"
    monkeypatch.delenv("DATABASE_URL")
    bootstrap.use_trial_environment()
    assert bootstrap.os.environ["DATABASE_URL"] == "postgresql://app@/trial"
