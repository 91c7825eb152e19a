"""Rows as a table and back again, so that a figure can be computed anew by whoever has the table; and the rows as one
person may see them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from accounts import tables
from metrics.measures.shape import Row

R = TypeVar("R", bound=Row)
HIDDEN = "a channel you do not see"


def columns(row: type[Row]) -> list[str]:
    """The heads of the table."""
    return [one.name for one in fields(row)]


def cells(row: Row) -> list[str]:
    """One row as text. None is empty; a moment is written with its zone; yes and no are words."""
    return [_text(getattr(row, one.name)) for one in fields(row)]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def table(row: type[Row], rows: Sequence[Row]) -> str:
    """The rows as CSV."""
    return tables.text(columns(row), (cells(one) for one in rows))


def read(row: type[R], text: str) -> list[R]:
    """The rows of such a CSV, exactly as they were."""
    hints = get_type_hints(row)
    found = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    heads = next(found)
    return [row(**_facts(hints, heads, line)) for line in found]


def _facts(hints: dict[str, Any], heads: Sequence[str], line: Sequence[str]) -> dict[str, Any]:
    return {name: _value(hints[name], tables.restored(cell)) for name, cell in zip(heads, line, strict=True)}


def _value(hint: Any, said: str) -> object:
    plain = hint
    if get_origin(hint) in {Union, UnionType}:
        if not said:
            return None
        plain = next(one for one in get_args(hint) if one is not type(None))
    if plain is bool:
        return said == "yes"
    if plain in {datetime, date}:
        return plain.fromisoformat(said)
    return plain(said)


def seen(rows: Sequence[R], channels: Collection[str], unseen: Collection[str] = ()) -> list[R]:
    """The rows for somebody who sees these channels (by their keys): the others count without saying what they are,
    and each stays one channel, so that the figure is the same. `unseen` are things of no single channel that this
    person does not see either.
    """
    numbers: dict[str, str] = {}
    for one in rows:
        if one.where and one.where not in channels:
            numbers.setdefault(one.where, f"{HIDDEN} ({len(numbers) + 1})")
    called = [numbers.get(one.where) or (HIDDEN if not one.where and one.ref in unseen else "") for one in rows]
    told = {_text_of(one, name) for one, words in zip(rows, called, strict=True) if not words for name in one.COMPARED}
    kinds: dict[str, str] = {}
    return [_hidden(one, words, told, kinds) if words else one for one, words in zip(rows, called, strict=True)]


def _hidden(one: R, channel: str, told: Collection[str], kinds: dict[str, str]) -> R:
    """Without any text but what the figure is counted by; what it compares is a number, unless a row that is seen says
    the same. `at` stays: it decides which week the row belongs to.
    """
    names = [part.name for part in fields(one) if isinstance(getattr(one, part.name), str)]
    texts: dict[str, Any] = {name: "" for name in names if name not in one.COUNTED}
    for name, instead in one.COMPARED.items():
        words = _text_of(one, name)
        kinds.setdefault(words, f"{instead} ({len(kinds) + 1})")
        texts[name] = getattr(one, name) if words in told else kinds[words]
    return replace(one, **texts | {"channel": channel})


def _text_of(one: Row, name: str) -> str:
    return str(getattr(one, name)).strip().casefold()
