"""One database for each run, owned by the role that migrates, met by the tests as the application's role."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections
from django.template import Context, Template
from pytest_django import DjangoDbBlocker

from config import env
from config.memory import keep_loaded

COPIES = itertools.count(1)
COPY_TRIES = 6
LAST = ("tests/browser/test_soak.py", "tests/browser/")  # the soak hurts the desk that the others look at


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="fault tests at full size and with real durations")
    parser.addoption("--seed", type=int, help="the seed of everything random; without it a new one each run")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--seed") is None:
        config.option.seed = secrets.randbelow(10**6)
    settings.WHITENOISE_AUTOREFRESH = True  # else each test client reads the whole folder of static files first


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {config.getoption('--seed')} (again with --seed)"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run, printed at its head."""
    return int(request.config.getoption("--seed"))


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether this run takes full sizes and real durations."""
    return bool(request.config.getoption("--long"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits gets a database of its own; emptying the shared one would need its triggers off.

    The browser's tests come last: while its loop runs, this thread's database connection is another one, and the one
    from before could not be closed any more.
    """
    items.sort(key=lambda item: [item.nodeid.startswith(path) for path in LAST])
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: ask for the fixture `transactional_db` instead of the mark.")


def pytest_collection_finish() -> None:
    """Thousands of tests make and drop: the search for garbage leaves out what is loaded by now."""
    keep_loaded()


@pytest.fixture(scope="session", autouse=True)
def told_of_whole_pages(django_test_environment: None) -> None:
    """What a page was given is kept for whoever asks for its context, and not what each of its hundred parts was."""
    drawing: Any = Template  # how it draws is no part of what its types tell
    told = drawing._render

    def render(self: Template, context: Context) -> Any:
        return told(self, context) if context.template is self else self.nodelist.render(context)

    drawing._render = render


def owner_settings() -> dict[str, Any]:
    return env.database(settings.MIGRATE_DATABASE_URL or env.text("DATABASE_URL"))


@contextmanager
def as_owner() -> Iterator[None]:
    """The shared connection as the role that may make databases and tables."""
    owner = owner_settings()
    here = connection.settings_dict
    before = {key: here[key] for key in ("USER", "PASSWORD")}
    connection.close()
    here.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    try:
        yield
    finally:
        connection.close()
        here.update(before)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[None]:
    """With --reuse-db on servers that go on, the tables stay for the next run, and only new migrations are applied.

    Where they were made already (PARLEY_TABLES is the owner's way to them), they are copied.
    """
    real, made = connection.settings_dict["NAME"], urlsplit(os.environ.get("PARLEY_TABLES", "")).path.lstrip("/")
    keep = request.config.getoption("reuse_db") and not request.config.getoption("create_db")
    with django_db_blocker.unblock(), as_owner():
        if made and not keep:
            name = f"test_{real}"
            run_as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            copy_database(made, name)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=bool(made) or keep)
    yield
    with django_db_blocker.unblock(), as_owner():
        connection.creation.destroy_test_db(real, verbosity=0, keepdb=request.config.getoption("reuse_db"))


def run_as_owner(statement: str) -> None:
    """One statement outside a transaction, in the maintenance database."""
    owner = owner_settings()
    words = {key: owner[key.upper()] for key in ("user", "password", "host", "port") if owner[key.upper()]}
    with closing(psycopg2.connect(dbname="postgres", **words)) as maintenance:
        maintenance.autocommit = True
        maintenance.cursor().execute(statement)


def copy_database(shared: str, copy: str) -> None:
    """PostgreSQL waits five seconds for whoever still cleans up in the template; on a busy machine it takes longer."""
    for patience in reversed(range(COPY_TRIES)):
        try:
            run_as_owner(f'CREATE DATABASE "{copy}" TEMPLATE "{shared}"')
        except psycopg2.errors.ObjectInUse:
            if not patience:
                raise
        else:
            return


@pytest.fixture
def transactional_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database of this test alone, copied from the run's and dropped afterwards; yields its URL for children."""
    here = connection.settings_dict
    shared = here["NAME"]
    copy = f"{shared}_{next(COPIES)}"
    with django_db_blocker.unblock():
        connection.close()
        run_as_owner(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')  # left by a run that was killed
        copy_database(shared, copy)
        here["NAME"] = copy
        url = urlsplit(env.text("DATABASE_URL"))._replace(path=f"/{copy}").geturl()
        monkeypatch.setenv("DATABASE_URL", url)
        if settings.MIGRATE_DATABASE_URL:
            owner = urlsplit(settings.MIGRATE_DATABASE_URL)._replace(path=f"/{copy}").geturl()
            monkeypatch.setattr(settings, "MIGRATE_DATABASE_URL", owner)
        yield url
        connections.close_all()
        here["NAME"] = shared
        run_as_owner(f'DROP DATABASE "{copy}" WITH (FORCE)')
