"""Where a run happens: servers and a home of its own, and for each seeding a fresh database with Parley's tables."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection, connections

TEMPLATE = "parley"


@dataclass
class Ground:
    """One run. `seconds` is how long the rows that last for a time do so; `share` divides sizes, for a quick look."""

    home: Path
    tell: Callable[[str], None]
    seconds: float = 60
    share: float = 1
    kept: dict[tuple[str, int], Any] = field(default_factory=dict)  # what took long to make, for the rows that share it
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def sized(self, number: int) -> int:
        """This many at full size, fewer for a quick look."""
        return max(1, round(number / self.share))

    def database(self) -> str:
        """A fresh database, which is met from now on; its name."""
        name = f"bench_{next(self._numbers)}"
        connections.close_all()
        as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"', "postgres")
        meet(name)
        return name

    def drop(self, name: str) -> None:
        meet(TEMPLATE)
        as_owner(f'DROP DATABASE "{name}" WITH (FORCE)', "postgres")


def meet(name: str) -> None:
    """Use this database from now on, here and in processes started from here."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = _named(os.environ["DATABASE_URL"], name)


def settle(*tables: str) -> None:
    """What the database does by itself in quieter hours: fresh statistics, and pages known to be visible to all."""
    name = str(connection.settings_dict["NAME"])
    for table in tables or ("",):
        as_owner(f"VACUUM ANALYZE {table}", name)


def as_owner(statement: str, name: str) -> None:
    """One statement as the role that owns the tables, outside a transaction."""
    url = _named(settings.MIGRATE_DATABASE_URL or os.environ["DATABASE_URL"], name)
    with closing(psycopg2.connect(url)) as line:
        line.autocommit = True
        line.cursor().execute(statement)


@contextmanager
def environment(**words: str) -> Iterator[None]:
    """These words in the environment for as long as it lasts."""
    before = {key: os.environ.get(key) for key in words}
    os.environ.update(words)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
