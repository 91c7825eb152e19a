"""Files of figures: taken in, set up by a person, brought in whole with what was left out said, and taken back.

Figures are added and never changed. Bringing in a file again with other numbers restates them: the newest holds, and
what was known before stays beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid
from calendar_app import dating, reading, workbooks
from calendar_app.naming import Names, channel_names
from calendar_app.reading import Table
from channels_app.models import Channel
from metrics.models import OutsideFigure, OutsideFile
from metrics.outside import kinds
from metrics.outside.checking import Checked, Known, Row, check
from policy.models import Topic
from policy.moves import move

ACT = "bring_in_figures"
FILES_A_DAY = 50


def take(data: bytes, name: str, kind: str, *, by: User, now: datetime) -> OutsideFile:
    """Keep an uploaded file. Invalid says in one sentence why it can hold no figures; then nothing is kept."""
    require(by, ACT, now)
    if kind not in kinds.KINDS:
        raise Invalid("Say what the file is about.")
    book = workbooks.is_one(data) and len(data) <= reading.LARGEST
    if book:
        data = reading.written(workbooks.rows(data))
    reading.refuse_what_is_no_text(data)
    read = {"encoding": reading.encoding_of(data), "order": dating.order_of(Town.here().locale)}
    read |= {"book": "yes"} if book else {}
    columns: dict[str, int] = {}
    if read["encoding"]:
        text = reading.text_of(data, read["encoding"])
        read["separator"] = "," if book else reading.separator_of(text)
        columns = kinds.guessed(kinds.KINDS[kind], reading.table(text, read["separator"], by_row=book).heads)
    if OutsideFile.objects.filter(by=by, at__date=now.date()).count() >= FILES_A_DAY:
        raise Invalid(f"You have brought in {FILES_A_DAY} files today.", next_step="Go on tomorrow.")
    facts = {"name": name.replace("\\", "/").rsplit("/", 1)[-1][:200] or "figures.csv", "kind": kind, "data": data}
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        file = OutsideFile.objects.create(**facts, sha256=digest, read=read, columns=columns, by=by, at=now)
        audit.record("took_figures", file, by=by, now=now, kind=kind)
    return file


def table_of(file: OutsideFile, read: Mapping[str, str] | None = None) -> Table:
    """The file as a table, read as it was set up; Invalid where that cannot be."""
    how = {**file.read, **(read or {})}
    text = reading.text_of(bytes(file.data), how.get("encoding", ""))
    return reading.table(text, how.get("separator", ","), by_row=bool(file.read.get("book")))


def set_up(
    file: OutsideFile, read: Mapping[str, str], columns: Mapping[str, int], source: str, *, by: User, now: datetime
) -> OutsideFile:
    """Read it this way and no other. Nothing counts before it is brought in."""
    require(by, ACT, now)
    kind, table = kinds.KINDS[file.kind], table_of(file, read)
    if lacking := kind.lacking(columns):
        raise Invalid(f"Say which column holds: {', '.join(lacking)}.")
    if max(columns.values()) >= len(table.heads):
        raise Invalid("One of these columns is not in the file.")
    facts = {"read": {**file.read, **read}, "columns": dict(columns), "source": source.strip()[:200]}
    total = len(table.rows) * (len(kinds.by_route(columns)) or 1)
    OutsideFile.objects.filter(pk=file.pk, state="new").update(**facts, total=total)
    file.refresh_from_db()
    return file


def checked(file: OutsideFile, now: datetime) -> Checked:
    """Every row of a file that is set up."""
    town = Town.here()
    order: dating.Order = "mdy" if file.read.get("order") == "mdy" else "dmy"
    known = Known(
        topics=Names.of("topic", ((one.name, one) for one in Topic.objects.all())),
        channels=channel_names(Channel.objects.all()),
        today=now.astimezone(town.tz).date(),
        order=order,
        here=frozenset({town.name.casefold()}),
    )
    return check(kinds.KINDS[file.kind], table_of(file).rows, file.columns, known)


@transaction.atomic
def bring_in(file: OutsideFile, *, by: User, now: datetime) -> OutsideFile:
    """Add the figures of the good rows, all at once. Raises Invalid where there is none, or no source is named."""
    require(by, ACT, now)
    if not file.source:
        raise Invalid("Say where these numbers come from.")
    found = checked(file, now)
    if not found.good:
        raise Invalid("No row of this file can be taken.", next_step="Mend the file, or the meaning of its columns.")
    move(file, "made", now=now, by=by, made_at=now, left_out=len(found.bad))
    routes = [name.removeprefix(kinds.BY_ROUTE) for name in kinds.by_route(file.columns)]
    OutsideFigure.objects.bulk_create(
        OutsideFigure(
            file=file,
            line=_place(one, routes),
            kind=file.kind,
            on=one.on,
            topic=one.topic,
            channel=one.channel,
            route=one.route,
            label=one.label,
            local=one.local,
            value=one.value,
        )
        for one in found.good
    )
    return file


def _place(row: Row, routes: Sequence[str]) -> int:
    """The line, or the place of the number where each line has one of several routes."""
    return row.line * len(routes) + routes.index(row.route) if routes else row.line


def take_back(file: OutsideFile, why: str, *, by: User, now: datetime) -> OutsideFile:
    """Its figures count no longer; what an earlier file said of the same holds again."""
    require(by, ACT, now)
    if not why.strip():
        raise Invalid("Say in a sentence why it is taken back.")
    return move(file, "taken_back", now=now, by=by, reason=why.strip()[:300])


def discard(file: OutsideFile, *, by: User, now: datetime) -> OutsideFile:
    """Put it away with what was in it; nothing of it ever counted."""
    require(by, ACT, now)
    return move(file, "dropped", now=now, by=by, data=b"")
