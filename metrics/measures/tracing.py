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


def seen(rows: Sequence[R], channels: Collection[str]) -> list[R]:
    """The rows for somebody who sees these channels (by their keys): the others count without saying what they are,
    and each stays one channel, so that the figure is the same.
    """
    hidden: dict[str, str] = {}
    for one in rows:
        if one.where and one.where not in channels:
            hidden.setdefault(one.where, f"{HIDDEN} ({len(hidden) + 1})")
    return [_hidden(one, hidden[one.where]) if one.where in hidden else one for one in rows]


def _hidden(one: R, channel: str) -> R:
    texts: dict[str, Any] = {part.name: "" for part in fields(one) if part.name in {"ref", "words"}}
    return replace(one, **texts, channel=channel, channel_key="")
