"""The emulator's memory: one SQLite file, one connection, one lock.

Every request runs inside `Store.transaction()`, so what an answer promises is on disk before the first byte of
that answer leaves.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, platform TEXT NOT NULL, host TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL,              -- ours, manager (a person who runs Facebook Pages), resident
    state TEXT NOT NULL DEFAULT 'ok',             -- ok, suspended, no_role
    bio TEXT NOT NULL DEFAULT '', followers INTEGER NOT NULL DEFAULT 0, following INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL, counted_at REAL NOT NULL DEFAULT 0,  -- when `followers` was counted
    extra TEXT NOT NULL DEFAULT '{}');
CREATE UNIQUE INDEX IF NOT EXISTS account_handle ON accounts (platform, host, handle);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL,      -- user, page, refresh, oauth1, code, app …
    state TEXT NOT NULL DEFAULT 'ok',             -- ok, revoked, expired
    scopes TEXT NOT NULL DEFAULT '', issued_at REAL NOT NULL, expires_at REAL, secret TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS posts (
    id TEXT PRIMARY KEY, platform TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,   -- post, reply, comment
    text TEXT NOT NULL, link TEXT NOT NULL DEFAULT '', parent TEXT, root TEXT NOT NULL,
    visibility TEXT NOT NULL DEFAULT 'public', lang TEXT NOT NULL DEFAULT 'en', created_at REAL NOT NULL,
    edited_at REAL, deleted_at REAL, hidden INTEGER NOT NULL DEFAULT 0, origin TEXT NOT NULL,
    extra TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS posts_of_account ON posts (account, created_at);
CREATE INDEX IF NOT EXISTS posts_of_root ON posts (root, created_at);
CREATE INDEX IF NOT EXISTS posts_of_parent ON posts (parent);
CREATE TABLE IF NOT EXISTS mentions (
    post TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (account, post)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mentions_of_post ON mentions (post);
CREATE TABLE IF NOT EXISTS edits (post TEXT NOT NULL, at REAL NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS edits_of_post ON edits (post);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, platform TEXT NOT NULL, account TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    mime TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, alt TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL, ready_at REAL NOT NULL, created_at REAL NOT NULL, post TEXT, position INTEGER);
CREATE INDEX IF NOT EXISTS media_of_post ON media (post);
CREATE TABLE IF NOT EXISTS containers (        -- Instagram's
    id TEXT PRIMARY KEY, account TEXT NOT NULL, caption TEXT NOT NULL, media TEXT, children TEXT NOT NULL,
    item INTEGER NOT NULL, created_at REAL NOT NULL, post TEXT);
CREATE TABLE IF NOT EXISTS reactions (
    post TEXT NOT NULL, account TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (post, account));
CREATE TABLE IF NOT EXISTS likes (        -- Bluesky's: a like is a record with a name of its own
    account TEXT NOT NULL, rkey TEXT NOT NULL, post TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (account, rkey));
CREATE TABLE IF NOT EXISTS reach (
    post TEXT PRIMARY KEY, impressions REAL NOT NULL, likes REAL NOT NULL, shares REAL NOT NULL, quotes REAL NOT NULL,
    clicks REAL NOT NULL, bookmarks REAL NOT NULL, half_life REAL NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    account TEXT NOT NULL, key TEXT NOT NULL, post TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS calls (
    window INTEGER NOT NULL, account TEXT NOT NULL, route TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (account, route, window));
CREATE TABLE IF NOT EXISTS events (n INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_due ON events (at, n);
CREATE TABLE IF NOT EXISTS requests (
    n INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    platform TEXT NOT NULL, route TEXT NOT NULL, account TEXT, status INTEGER, committed TEXT, fault TEXT);
"""


class Store:
    """Rows in, rows out. Not a mapping of objects: the tables are the model."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / "media").mkdir(exist_ok=True)
        self.home = home
        self.lock = threading.RLock()
        self.db = sqlite3.connect(home / "emulator.sqlite3", isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;" + SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction under the one lock; nested blocks join the outer one."""
        with self.lock:
            if self.db.in_transaction:
                yield
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement and say how many rows it changed."""
        with self.lock:
            return self.db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        with self.lock:
            return self.db.execute(sql, values).fetchone()

    def insert(self, table: str, **columns: Any) -> None:
        """Insert one row; table and column names come from this package only."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608

    def update(self, table: str, where: dict[str, Any], **columns: Any) -> int:
        """Change the rows whose columns equal `where`; say how many there were."""
        sets = ", ".join(f"{name} = ?" for name in columns)
        match = " AND ".join(f"{name} = ?" for name in where)
        return self.run(f"UPDATE {table} SET {sets} WHERE {match}", *columns.values(), *where.values())  # noqa: S608

    def get(self, key: str, default: Any = None) -> Any:
        """A remembered setting, whatever JSON it was."""
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
        return default if row is None else json.loads(row["value"])

    def put(self, key: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, json.dumps(value))

    def next_number(self, name: str) -> int:
        """The next of a never repeating row of numbers."""
        number = self.get(name, 0) + 1
        self.put(name, number)
        return int(number)

    def wipe(self) -> None:
        """Forget everything but the tables; part of `reset`."""
        with self.transaction():
            tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                self.run(f"DELETE FROM {table}")  # noqa: S608
        for path in (self.home / "media").iterdir():
            path.unlink()
