"""The environment every test meets. pytest loads this module before the settings (see pyproject.toml)."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config import practice


def environment(home: Path) -> dict[str, str]:
    """Practice settings for a home that is thrown away; the addresses of the servers come from outside."""
    (home / "static").mkdir(parents=True, exist_ok=True)
    return practice.environment(home) | {
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's own loop runs in the thread that asks the database
        "EMULATOR_URL": "http://127.0.0.1:1",  # nobody listens there; a test that needs the emulator starts one
        "PRACTICE_URL": "http://127.0.0.1:1",  # nor here
        "PARLEY_PLAIN_STATIC": "1",
    }


def pytest_addoption() -> None:
    """The first thing pytest asks of a plugin: the settings are not loaded yet."""
    if "PARLEY_HOME" not in os.environ:
        os.environ["PARLEY_HOME"] = tempfile.mkdtemp(prefix="parley-test-")
        atexit.register(shutil.rmtree, os.environ["PARLEY_HOME"], ignore_errors=True)
    for name, value in environment(Path(os.environ["PARLEY_HOME"])).items():
        os.environ.setdefault(name, value)
