"""`manage.py test [--lanes NAME ...] [-- PYTEST ARGS]`: style, types and every test, on servers of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand

from config import embedded, installing, practice, secret_files, testing
from config.unprivileged import ServerProblem
from metrics import printing

ROOT = Path(__file__).resolve().parents[3]
BROWSER = "chromium"  # Debian's package and its program
# What runs in a lane of its own, so that one works while another waits: with four on two cores nearly a third of their
# time stood idle. The faults count in seconds, so the others give way to them.
LANES = {
    "faults": ("tests/faults",),
    "storms": tuple(f"tests/faults/test_{name}.py" for name in ("storm", "broker", "trial", "clock_steps", "upgrade")),
    "points": ("tests/faults/test_every_point.py", "tests/faults/test_failpoints.py"),
    "browser": ("tests/browser",),
    "security": ("tests/security", "tests/stories/test_outbox_machine.py"),
}
BESIDE = ("faults", "storms", "browser", "security")
SLOWEST = "--durations=15"
# How much nicer than the faults a lane is. The browser's waits most and is the longest alone, so it gives way least;
# those that only reckon fill what is left, the most patient last.
GIVES_WAY = {"browser": 2, "security": 8}
OTHERWISE = 5
FAULTS = {"faults", "storms", "points"}


@dataclass(frozen=True)
class Check:
    """Something that must pass besides the tests: its name and the words for this Python."""

    name: str
    words: tuple[str, ...]
    production: bool = False  # meets the settings of a real installation


CHECKS = (
    Check("types", ("-m", "mypy", ".")),
    Check("deployment", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), production=True),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("imports", ("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")),
    Check("style", ("-m", "ruff", "check", ".")),
    Check("format", ("-m", "ruff", "format", "--check", ".")),
)


class Command(BaseCommand):
    help = "Check style and types and run every test. Words after -- go to pytest, which then runs alone."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing while setting up")
        words = "only these lanes, side by side, and neither style nor types"
        parser.add_argument("--lanes", nargs="+", choices=sorted(LANES), default=[], metavar="NAME", help=words)
        parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")

    def run_from_argv(self, argv: list[str]) -> None:
        """Everything after the first -- is pytest's, options included."""
        words = argv[2:]
        cut = words.index("--") if "--" in words else len(words)
        options = self.create_parser(argv[0], argv[1]).parse_args(words[:cut])
        self.handle(pytest=[*options.pytest, *words[cut + 1 :]], lanes=options.lanes)

    def handle(self, *args: object, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a run starts hundreds of processes; each would compile anew
        home = Path(tempfile.mkdtemp(prefix="parley-test-"))
        try:
            arguments = self.without_missing_libraries(self.without_missing_browser(options["pytest"]))
            with embedded.running(home) as servers:
                make_tables(home, servers)
                if options["lanes"]:
                    sys.exit(self.lanes(home, servers, arguments, options["lanes"]))
                sys.exit(self.everything(home, servers, arguments, alone=bool(options["pytest"])))
        except ServerProblem as problem:
            sys.exit(str(problem))
        except KeyboardInterrupt:
            sys.exit("Stopped.")
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def without_missing_browser(self, arguments: list[str]) -> list[str]:
        """Install the browser where that is allowed; where it is not, a CI run ends and another goes on without."""
        if shutil.which(BROWSER) or (installing.install_debian(BROWSER) and shutil.which(BROWSER)):
            return arguments
        self.say(f"The browser tests need Chromium; install it with `sudo apt-get install {BROWSER}`.")
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            sys.exit(1)
        return [*arguments, "--ignore=tests/browser"]

    def without_missing_libraries(self, arguments: list[str]) -> list[str]:
        """The same for what prints reports."""
        if not printing.lacking() or (installing.install_debian(*printing.PACKAGES) and not printing.lacking()):
            return arguments
        words = " ".join(printing.PACKAGES)
        self.say(f"The tests that print need more libraries; install them with `sudo apt-get install {words}`.")
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            sys.exit(1)
        return [*arguments, "--ignore=tests/stories/test_papers.py"]

    def everything(self, home: Path, servers: dict[str, str], arguments: list[str], alone: bool) -> int:
        """The exit status; pytest speaks last."""
        if alone:
            return subprocess.run(pytest(*arguments), cwd=ROOT, env=lane(home, servers), check=False).returncode
        failed = self.run_checks(lane(home, servers), os.environ | servers | production(home))
        if failed:
            self.say(f"Failed besides the tests: {', '.join(failed)}.")
        return self.lanes(home, servers, arguments) or int(bool(failed))

    def lanes(self, home: Path, servers: dict[str, str], arguments: list[str], only: Sequence[str] = ()) -> int:
        """The fault tests mostly wait for processes and leases; the rest goes on beside them and speaks meanwhile."""
        names, code = list(dict.fromkeys(only)) or list(BESIDE), 0
        with ExitStack() as stack:
            lanes = [
                stack.enter_context(self.beside(name, home, servers, [*arguments, *left_to_others(name, names)]))
                for name in names
            ]
            if not only:
                ignored = (f"--ignore={path}" for name in BESIDE for path in LANES[name])
                words = [*nicely(""), *pytest(*ignored, SLOWEST, *arguments)]
                code = subprocess.run(words, cwd=ROOT, env=lane(home, servers), check=False).returncode
            for child, _ in lanes:
                child.wait()
            for name, (_, heard) in zip(names, lanes, strict=True):
                heard.seek(0)
                self.say(f"\nThe lane of {name}:\n{heard.read()}")
        return code or next((child.returncode for child, _ in lanes if child.returncode), 0)

    @contextmanager
    def beside(
        self, name: str, home: Path, servers: dict[str, str], arguments: list[str]
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[str]]]:
        """A lane that has begun, and what it says; it is stopped if it is still there at the end."""
        paths = [path for path in LANES[name] if f"--ignore={path}" not in arguments]
        words = pytest(*paths, SLOWEST, *arguments) if paths else [sys.executable, "-c", ""]
        words = words if name in FAULTS else [*nicely(name), *words]
        environment = lane(home / name, servers, name)
        with tempfile.TemporaryFile("w+") as heard:
            child = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=heard, stderr=subprocess.STDOUT)
            try:
                yield child, heard
            finally:
                stop(child)

    def run_checks(self, environment: dict[str, str], real: dict[str, str]) -> list[str]:
        """Two at a time, the longest first; the names of those that failed."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            passed = pool.map(lambda check: self.passes(check, real if check.production else environment), CHECKS)
            return [check.name for check, fine in zip(CHECKS, passed, strict=True) if not fine]

    def passes(self, check: Check, environment: dict[str, str]) -> bool:
        started = time.monotonic()
        words = [sys.executable, *check.words]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        ended = f"{check.name:<11} {'FAILED' if done.returncode else 'ok':<6} {time.monotonic() - started:6.1f} s"
        said = f"\n{(done.stdout + done.stderr).strip()}" if done.returncode else ""
        self.say(ended + said)
        return done.returncode == 0

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def make_tables(home: Path, servers: dict[str, str]) -> None:
    """Once, in the database of these servers, which no test meets: whoever needs tables copies them."""
    words = [sys.executable, "manage.py", "prepare", "--verbosity", "0"]
    owner = lane(home, servers) | {"DATABASE_URL": servers["MIGRATE_DATABASE_URL"]}
    if subprocess.run(words, cwd=ROOT, env=owner, check=False).returncode:
        sys.exit("The tables could not be made.")


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def left_to_others(name: str, names: Sequence[str]) -> list[str]:
    """Paths within this lane's that another of these lanes has for itself."""
    others = [path for other in names if other != name for path in LANES[other]]
    return [f"--ignore={path}" for path in others if any(path.startswith(f"{mine}/") for mine in LANES[name])]


def nicely(name: str) -> list[str]:
    return ["nice", "-n", str(GIVES_WAY.get(name, OTHERWISE))]


def lane(home: Path, servers: dict[str, str], name: str = "") -> dict[str, str]:
    """The environment of one run of pytest: a home of its own, and on the same servers a database of its own."""
    home.mkdir(parents=True, exist_ok=True)
    url = urlsplit(servers["DATABASE_URL"])
    own = {"DATABASE_URL": url._replace(path=f"{url.path}_{name}").geturl()} if name else {}
    return os.environ | servers | own | testing.environment(home) | {"PARLEY_TABLES": servers["MIGRATE_DATABASE_URL"]}


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a run that is still there, as Ctrl-C would."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        child.wait()


def production(home: Path) -> dict[str, str]:
    """The settings of a real installation, for the deployment check."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secret_files.new_secret(),
        "ALLOWED_HOSTS": "desk.example.org",
        "PUBLIC_URL": "https://desk.example.org",
        "BEHIND_PROXY": "1",
        "PARLEY_HOME": str(home),
        "PARLEY_KEYRING": str(practice.keyring(home)),
        "PARLEY_PRACTICE": "0",
    }
