"""PostgreSQL's own programs, in the version of the server they are pointed at."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from config import embedded
from config.unprivileged import ServerProblem

DEBIAN = Path("/usr/lib/postgresql")  # holds a folder for each version


class BackupProblem(Exception):
    """One sentence on why there is no backup, or why one was not brought back."""


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, of the same major version as the server."""
    wanted, found = server_version(), []
    for path in candidates(name, wanted):
        version = version_of(path)
        if version == wanted:
            return path
        found.append(version)
    have = f"{name} {', '.join(found)} is installed" if found else f"{name} is not installed"
    raise BackupProblem(
        f"{have}, and the database is PostgreSQL {wanted}: install its client programs of version {wanted}, or set "
        "PG_BIN to their folder."
    )


def candidates(name: str, version: str) -> Iterator[str]:
    """PG_BIN or the embedded package, then PATH, then where Debian puts them."""
    with contextlib.suppress(ServerProblem):  # there are no embedded servers in production
        yield from here(embedded.postgres_binaries(), name)
    if on_path := shutil.which(name):
        yield on_path
    yield from here(DEBIAN / version / "bin", name)


def here(folder: Path, name: str) -> Iterator[str]:
    if found := shutil.which(name, path=str(folder)):
        yield found


def server_version() -> str:
    """The major version: "18"."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return str(int(cursor.fetchone()[0]) // 10000)


def version_of(path: str) -> str:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, env=environment())
    found = re.search(r"\) (\d+)", said.stdout)
    return found[1] if found else "of no known version"


def environment() -> dict[str, str]:
    """Where the programs find the database Django is connected to. The password stays off every command line."""
    facts: dict[str, Any] = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    known = {theirs: str(facts[ours]) for ours, theirs in names.items() if facts.get(ours)}
    options = {f"PG{key.upper()}": str(value) for key, value in facts["OPTIONS"].items() if isinstance(value, str)}
    libraries = Path(os.environ.get("PG_BIN", "")) / "lib"
    beside = {"LD_LIBRARY_PATH": str(libraries)} if os.environ.get("PG_BIN") and libraries.is_dir() else {}
    return os.environ | known | options | beside | {"PGAPPNAME": "parley backup"}


def last_words(said: bytes) -> str:
    """The reason a program gave, in one line."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    line = next((line for line in lines if "error:" in line.lower()), lines[-1] if lines else "no reason given")
    return re.sub(r"^.*error:\s*", "", line, flags=re.IGNORECASE)[:300]
