"""Series, imports and tables of posts for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from accounts.models import User
from calendar_app import importing, working_through
from calendar_app.models import Import, Post, Series, SeriesPart
from calendar_app.recurring import Rule
from channels_app.models import Channel
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_post

WEEKLY = Rule("week", 1, date(2026, 12, 7), time(10, 0), weekdays=(0,), count=3)


def make_series(channel: Channel | None = None, author: User | None = None, **facts: Any) -> Series:
    """A series of one part, as rows only."""
    author = author or make_user("publisher")
    series = Series.objects.create(
        name=facts.pop("name", "Question of the week"),
        rule=WEEKLY.as_json(),
        zone="Europe/London",
        author=author,
        created_at=NOON,
        **facts,
    )
    post = make_post(author=author, channels=[channel or make_channel()])
    SeriesPart.objects.create(series=series, n=1, post=post, slot=datetime(2026, 12, 7, 10, tzinfo=UTC))
    return series


def csv_of(rows: Iterable[Sequence[str]], heads: Sequence[str] = ("Date", "Time", "Channels", "Text")) -> bytes:
    """A file as another program writes it."""
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [heads, *rows]]
    return "\r\n".join(quoted).encode()


def make_import(by: User | None = None, data: bytes = b"", name: str = "plan.csv") -> Import:
    """A file that was taken in, to be set up."""
    return importing.take(data or csv_of([("", "", "", "Hello")]), name, by=by or make_user("publisher"), now=NOON)


def worked(batch: Import, now: datetime = NOON) -> Import:
    """What a worker makes of it."""
    while working_through.work(now):
        pass
    batch.refresh_from_db()
    return batch


def checked(batch: Import, **read: str) -> Import:
    """Set up as it was guessed, and every row checked."""
    how = {"separator": ",", **batch.read, **read}
    columns = batch.columns or importing.guessed(importing.table_of(batch, how).heads, batch.by)
    return worked(importing.set_up(batch, how, columns, by=batch.by, now=NOON))


def imported(batch: Import) -> Import:
    return worked(importing.begin(checked(batch), by=batch.by, now=NOON))


def living_posts() -> list[Post]:
    return list(Post.objects.living().order_by("pk"))
