"""Makes Parley's own environment out of a bare Python, and re-executes manage.py inside it.

Standard library only, and readable by every Python 3, so that one that is too old is told so in a sentence.
An attempt leaves the marker `.venv/unfinished` until it is complete; the next, finding it, starts afresh.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEPLOY = os.path.join(ROOT, "config", "deploy")
FRONTEND = os.path.join(DEPLOY, "frontend")
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
MARKER = os.path.join(VENV, "unfinished")
STAMP = os.path.join(VENV, "installed.json")

SELF_STARTING = ("trial", "test", "bench")  # these bring their own servers and settings
BARE = ("secrets",)  # runs on a host that has nothing but Python
RUNTIME = ("requirements.txt", "requirements-embedded.txt")
OLDEST = (3, 11)


def enter(arguments: "list[str]") -> None:
    """Return when this process may run the command; otherwise set up what is missing and start inside."""
    if sys.version_info < OLDEST:
        sys.exit("Parley needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))
    name = arguments[0] if arguments else "help"
    if os.environ.get("PARLEY_IN_IMAGE") == "1" or name in BARE or brings_packages(name):
        return
    ensure(name, quiet="--quiet" in arguments)
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        sys.stdout.flush()
        os.execv(PYTHON, [PYTHON, os.path.join(ROOT, "manage.py")] + list(arguments))  # noqa: S606


def brings_packages(name: str) -> bool:
    """A Python that has the packages is used as it is, unless the command needs the embedded servers."""
    if name in SELF_STARTING or os.path.exists(VENV):
        return False
    return all(importlib.util.find_spec(package) for package in ("django", "celery", "psycopg2", "allauth"))


def use_trial_environment() -> None:
    """Commands such as `invite` and `shell` meet the trial's database when no other is named."""
    named = ("DATABASE_URL", "DATABASE_URL_FILE", "PARLEY_IN_IMAGE")
    home = os.environ.get("PARLEY_HOME") or os.path.join(ROOT, ".parley")
    path = os.path.join(home, "environment.json")
    if not any(os.environ.get(name) for name in named) and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            os.environ.update(json.load(file))


def ensure(name: str, quiet: bool) -> None:
    """Make the environment hold what the command needs; where it does, this costs a few milliseconds."""
    if name not in SELF_STARTING and os.path.exists(PYTHON) and not os.path.exists(MARKER):
        return
    locks = RUNTIME + (("requirements-test.txt",) if name == "test" else ())
    wanted = {lock: fingerprint(os.path.join(DEPLOY, lock)) for lock in locks}
    wanted["frontend"] = fingerprint(os.path.join(FRONTEND, "package-lock.json"))
    wanted["python"] = "{}.{}".format(*sys.version_info[:2])
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        wait_for_turn(folder)
        if not is_ready(wanted):
            installing = importlib.import_module("config.installing")
            installing.attempt(wanted, locks, quiet)
    finally:
        os.close(folder)


def wait_for_turn(folder: int) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another set-up is under way in this folder; waiting for it.", flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)


def fingerprint(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def installed() -> "dict[str, str]":
    """What the last complete set-up installed: lock file → its hash."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def is_ready(wanted: "dict[str, str]") -> bool:
    have = installed()
    return (
        os.path.exists(PYTHON)
        and not os.path.exists(MARKER)
        and os.path.isdir(os.path.join(FRONTEND, "node_modules"))
        and all(have.get(key) == value for key, value in wanted.items())
    )
