"""Installing Parley's own environment: venv, uv, the locked packages, the fonts and charts of the pages.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from config.bootstrap import DEPLOY, FRONTEND, MARKER, PYTHON, ROOT, STAMP, VENV, installed
from config.unprivileged import dies_with_parent

LOG = os.path.join(VENV, "set-up.log")
ROOM_NEW = 1500  # MB free for a new environment
ROOM_CHANGE = 400
OLDEST_NODE = 16
AGAIN = "run the same command again"
NO_NETWORK = (
    "name resolution",
    "name or service not known",
    "dns error",
    "connection refused",
    "network is unreachable",
    "timed out",
    "error sending request",
    "failed to establish",
    "no route to host",
    "enotfound",
    "econnrefused",
    "eai_again",
    "newconnectionerror",
    "tcp connect error",
)


class SetupProblem(Exception):
    """One sentence for the person at the keyboard."""


def attempt(wanted: dict[str, str], locks: tuple[str, ...], quiet: bool) -> None:
    """Install everything; end the process with one sentence where that is not possible."""
    try:
        Setup(quiet).run(wanted, locks)
    except SetupProblem as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(f"Setting up failed: {error.strerror or error}. Mend that and {AGAIN}.")
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command starts the set-up again.")


class Setup:
    """One attempt: its progress goes to the screen, its details to .venv/set-up.log."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.started = time.monotonic()

    def say(self, line: str) -> None:
        if not self.quiet:
            print(line, flush=True)

    def run(self, wanted: dict[str, str], locks: tuple[str, ...]) -> None:
        self.say("Setting up Parley's own environment in .venv; this happens once.")
        have = installed()
        if os.path.exists(MARKER):
            self.say("  an earlier set-up did not finish; starting it afresh")
        other_python = have.get("python", wanted["python"]) != wanted["python"]
        if os.path.exists(MARKER) or not os.path.exists(PYTHON) or other_python:
            have = {}
            shutil.rmtree(VENV, ignore_errors=True)
        check_room(ROOM_CHANGE if os.path.exists(PYTHON) else ROOM_NEW)
        require_venv()
        os.makedirs(VENV, exist_ok=True)
        with open(MARKER, "w", encoding="utf-8"):
            pass
        if not os.path.exists(PYTHON):
            self.say("  making the environment")
            self.call([base_python(), "-m", "venv", VENV])
        self.install_packages(locks)
        self.install_frontend()
        with open(STAMP, "w", encoding="utf-8") as file:
            json.dump({**have, **wanted}, file)
        os.remove(MARKER)
        self.say(f"Set up in {time.monotonic() - self.started:.0f} s.")

    def install_packages(self, locks: tuple[str, ...]) -> None:
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
        self.say("  fetching the installer")
        self.call([*pip, "--quiet", "--require-hashes", "-r", lock_path("requirements-installer.txt")])
        self.say("  installing the locked packages")
        files = [part for lock in locks for part in ("-r", lock_path(lock))]
        try:
            self.call(uv_install("--compile-bytecode", *files), uv_environment(), show="Downloading")
        except SetupProblem:
            check_room(100)
            self.say("  the fast installer could not; trying the slow one")
            self.call([*pip, "--require-hashes", *files])

    def install_frontend(self) -> None:
        npm, environment = self.find_npm()
        self.say("  installing the fonts and charts of the pages")
        check_room(100)
        self.call([npm, "ci", "--ignore-scripts"], environment, folder=FRONTEND)

    def find_npm(self) -> tuple[str, dict[str, str]]:
        """The machine's npm when its Node is recent enough, else the one from the wheel."""
        environment = dict(os.environ)
        npm = shutil.which("npm")
        if npm and node_version() >= OLDEST_NODE:
            return npm, environment
        self.say("  fetching Node, which this machine lacks")
        self.call(uv_install("-r", lock_path("requirements-node.txt")), uv_environment(), show="Downloading")
        certificate = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
        if certificate:
            environment.setdefault("NODE_EXTRA_CA_CERTS", certificate)
        environment["PATH"] = os.path.join(VENV, "bin") + os.pathsep + environment.get("PATH", "")
        return os.path.join(VENV, "bin", "npm"), environment

    def call(
        self,
        command: list[str],
        environment: dict[str, str] | None = None,
        folder: str = ROOT,
        show: str = "",
    ) -> None:
        """Run it, telling its lines that start with `show`; a failure becomes one sentence."""
        output = []
        with (
            open(LOG, "a", encoding="utf-8") as log,
            subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                preexec_fn=dies_with_parent(signal.SIGKILL),
            ) as process,
        ):
            for line in process.stdout or ():
                log.write(line)
                output.append(line)
                if show and line.strip().startswith(show):
                    self.say(f"    {line.strip()}")
        if process.returncode:
            raise SetupProblem(explain("".join(output)))


def lock_path(name: str) -> str:
    return os.path.join(DEPLOY, name)


def base_python() -> str:
    """The Python the environment is made from, also when this process already runs inside it."""
    return getattr(sys, "_base_executable", None) or sys.executable


def uv_install(*options: str) -> list[str]:
    return [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--require-hashes", *options]


def node_version() -> int:
    if not shutil.which("node"):
        return 0
    words = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    number = words.strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def explain(output: str) -> str:
    """What went wrong, as a sentence that says what to do."""
    lower = output.lower()
    if "no space left on device" in lower or "disk quota exceeded" in lower:
        return f"The disk ran full while setting up; make room in {ROOT} and {AGAIN}."
    if any(sign in lower for sign in NO_NETWORK):
        return f"The packages could not be fetched because the network did not answer; check it and {AGAIN}."
    if "do not match the hashes" in lower or "hash mismatch" in lower:
        return f"A fetched package does not match its locked fingerprint, so it was refused; {AGAIN}."
    last = [line.strip() for line in output.splitlines() if line.strip()][-1:] or ["no reason was given"]
    return f"Setting up failed ({last[0]}); the details are in {LOG}. To start afresh, {AGAIN}."


def check_room(needed: int) -> None:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < needed:
        raise SetupProblem(f"There is no room to set up: {free} MB are free in {ROOT}, {needed} MB are needed.")


def require_venv() -> None:
    """Debian ships `venv` in a package of its own; install it where that is allowed."""
    if os.path.exists(PYTHON) or has_venv():
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    install_debian(package)
    if not has_venv():
        raise SetupProblem(
            f"This Python has no venv module; install it with `sudo apt-get install {package}` and {AGAIN}."
        )


def has_venv() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def install_debian(*packages: str) -> bool:
    """Install Debian packages where this user may; False where not."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (prefix and not shutil.which("sudo")):
        return False
    if prefix and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        return False
    print(f"  installing {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    keep = ["env", "DEBIAN_FRONTEND=noninteractive"] if prefix else []
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run([*prefix, *keep, "apt-get", *words], capture_output=True, check=False, env=environment)
    return done.returncode == 0


def uv_environment() -> dict[str, str]:
    """pip's own configuration in uv's words, so that a mirror or a certificate set for pip serves both."""
    environment = dict(os.environ)
    if any(key in environment for key in ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")):
        return environment
    listing = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    options = {}
    for line in listing.stdout.splitlines():
        key, _, value = line.partition("=")
        options[key.split(".")[-1]] = value.strip("'\"")
    more = [url for url in options.get("extra-index-url", "").split() if url.startswith("http")]
    translated = {
        "UV_DEFAULT_INDEX": options.get("index-url", ""),
        "UV_INDEX": " ".join(more),
        "UV_INDEX_STRATEGY": "unsafe-best-match" if more else "",
        "UV_FIND_LINKS": ",".join(options.get("find-links", "").split()),
        "UV_NO_INDEX": "1" if options.get("no-index", "").lower() in {"1", "true", "yes"} else "",
        "SSL_CERT_FILE": options.get("cert", ""),
    }
    return {**{key: value for key, value in translated.items() if value}, **environment}
