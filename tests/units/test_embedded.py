"""The embedded servers: they recover from whatever an earlier start left, and never listen beyond their folder."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from config import embedded, unprivileged
from config.embedded import Place


@contextmanager
def database(where: Place) -> Iterator[subprocess.Popen[bytes]]:
    program = embedded.postgres(where)
    server: subprocess.Popen[bytes] = subprocess.Popen(program.words, stderr=subprocess.DEVNULL, **program.options)
    try:
        embedded.wait_until_open(where, lambda: server.poll() is None)
        embedded.make_database(where)
        yield server
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGCONT)
            server.send_signal(signal.SIGINT)
        server.wait(10)


def write(where: Place, words: str) -> None:
    with (
        closing(psycopg2.connect(where.database_url("migrate"))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE IF NOT EXISTS note (words text)")
        cursor.execute("INSERT INTO note VALUES (%s)", [words])


def read(where: Place) -> list[str]:
    with closing(psycopg2.connect(where.database_url("app"))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT words FROM note ORDER BY 1")
        return [words for (words,) in cursor.fetchall()]


def test_a_killed_database_comes_back_with_what_was_written(tmp_path: Path) -> None:
    where = embedded.place(tmp_path)
    with database(where) as server:
        write(where, "before")
        server.kill()  # and nobody buries it: its number stays taken
        with database(where):
            assert read(where) == ["before"]


def test_a_frozen_rival_is_removed_first(tmp_path: Path) -> None:
    where = embedded.place(tmp_path)
    with database(where) as rival:
        write(where, "before")
        for pid in embedded.workers_in(where.cluster):
            with suppress(ProcessLookupError):  # one that had only just done its work and gone
                os.kill(pid, signal.SIGSTOP)
        with database(where):
            assert rival.wait(5) is not None
            assert read(where) == ["before"]


def test_a_lock_file_of_some_other_process_does_not_stop_the_start(tmp_path: Path) -> None:
    where = embedded.place(tmp_path)
    with database(where):
        write(where, "before")
    (where.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{where.cluster}\n", "ascii")
    with database(where):
        assert read(where) == ["before"]


def test_names_sort_as_in_production(tmp_path: Path) -> None:
    where = embedded.place(tmp_path)
    with database(where), closing(psycopg2.connect(where.database_url("app"))) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'parley'")
        assert cursor.fetchone() == ("C.UTF-8", "UTF8")
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)


def test_a_home_with_a_long_path_gets_its_sockets_elsewhere(tmp_path: Path) -> None:
    where = embedded.place(tmp_path / ("long-" * 20))
    try:
        assert len(f"{where.sockets}/.s.PGSQL.5432.lock") <= embedded.SOCKET_PATH_LIMIT
        assert stat.S_IMODE(where.sockets.stat().st_mode) == 0o700
        with database(where):
            write(where, "here too")
    finally:
        where.sockets.rmdir()


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(unprivileged.ServerProblem, match="belongs to somebody else"):
        unprivileged.private_folder(tmp_path / "link")


def test_root_without_namespaces_runs_the_database_as_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        return  # an ordinary user never needs it
    monkeypatch.setattr(embedded, "may_use_namespaces", lambda: False)
    where = embedded.place(tmp_path)
    try:
        with database(where) as server:
            assert Path(f"/proc/{server.pid}").stat().st_uid == unprivileged.NOBODY
            write(where, "by nobody")
        assert embedded.place(tmp_path).cluster == where.cluster
        with database(where):
            assert read(where) == ["by nobody"]
    finally:
        subprocess.run(["rm", "-rf", where.cluster.parent], check=True)


def test_nothing_outlives_a_killed_owner(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom config import embedded\n"
        "with embedded.running(Path(sys.argv[1])):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    where = embedded.place(tmp_path)
    end = time.monotonic() + 5
    while embedded.workers_in(where.cluster) or embedded.workers_in(where.broker):
        assert time.monotonic() < end
        time.sleep(0.05)
