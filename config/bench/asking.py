"""Asking a page as a signed-in person does, through every middleware; and the same rows by bare SQL, as yardstick."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import User
from config.memory import keep_loaded

Statement = tuple[str, Any]


@dataclass
class Asked:
    """How long each request took, its share of our own processor, and the bare statements, all in milliseconds."""

    path: str
    times: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return median(self.times)

    @property
    def told(self) -> str:
        """What the 95th of a hundred does not say: the middle, and how much of it was waiting."""
        return f"middle {self.middle:.0f}, own processor {median(self.own):.0f}"


@contextmanager
def heard() -> Iterator[list[Statement]]:
    """Every statement of the block."""
    said: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield said


def sign_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def ask(client: Client, path: str, **headers: str) -> float:
    """One request; how many milliseconds it took."""
    begun = time.perf_counter()
    answer = client.get(path, headers=headers)
    taken = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return taken


def often(client: Client, path: str, times: int, **headers: str) -> Asked:
    """The same request again and again, and between any two of them its statements alone.

    The first request loads what a serving process has loaded before its first visitor comes.
    """
    asked = Asked(path)
    ask(client, path, **headers)
    keep_loaded()
    with heard() as asked.statements:
        ask(client, path, **headers)
    reads = [one for one in asked.statements if one[0].lstrip("( ").upper().startswith(("SELECT", "WITH"))]
    for _ in range(times):
        begun = time.process_time()
        asked.times.append(ask(client, path, **headers))
        asked.own.append((time.process_time() - begun) * 1000)
        asked.bare.append(bare(reads))
    return asked


def bare(statements: list[Statement]) -> float:
    """The statements without Django around them; how many milliseconds they took."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        begun = time.perf_counter()
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
        return (time.perf_counter() - begun) * 1000
