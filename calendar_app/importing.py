"""A plan from a file: taken in, set up by a person, checked and made row by row by a worker, and undone as a whole.

The web request writes one row and returns. A worker works through an import in short transactions, each under the
import's own lock, so that one that dies has done whole pieces or nothing of a piece, and the next one goes on. A row
is made once because its line, and the key of its post, are each unique.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from calendar_app import dating, reading, sheets, workbooks
from calendar_app.models import Import
from calendar_app.reading import Table
from policy.moves import move

UPLOADS_A_DAY = 50
PREVIEW = 20


def take(data: bytes, name: str, *, by: User, now: datetime) -> Import:
    """Keep an uploaded file. Invalid says in one sentence why it can be no plan; then nothing is kept.

    Of a workbook its first sheet is kept, as the table it is.
    """
    book = workbooks.is_one(data) and len(data) <= reading.LARGEST
    if book:
        data = reading.written(workbooks.rows(data))
    reading.refuse_what_is_no_text(data)
    encoding = reading.encoding_of(data)
    read = {"encoding": encoding, "order": dating.order_of(Town.here().locale), "time": ""}
    read |= {"book": "yes"} if book else {}
    columns: dict[str, int] = {}
    if encoding:
        text = reading.text_of(data, encoding)
        read["separator"] = "," if book else reading.separator_of(text)
        columns = guessed(reading.table(text, read["separator"], by_row=book).heads, by)
    if Import.objects.filter(by=by, at__date=now.date()).count() >= UPLOADS_A_DAY:
        raise Invalid(f"You have brought in {UPLOADS_A_DAY} files today.", next_step="Go on tomorrow.")
    name = name.replace("\\", "/").rsplit("/", 1)[-1][:200] or "plan.csv"
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        batch = Import.objects.create(name=name, data=data, sha256=digest, read=read, columns=columns, by=by, at=now)
        audit.record("took_file", batch, by=by, now=now)
    return batch


def table_of(batch: Import, read: Mapping[str, str] | None = None) -> Table:
    """The file as a table, read as it was set up; Invalid where that cannot be."""
    how, book = read or batch.read, bool(batch.read.get("book"))
    text = reading.text_of(bytes(batch.data), how.get("encoding", ""))
    return reading.table(text, how.get("separator", ","), by_row=book)


def guessed(heads: Iterable[str], by: User) -> dict[str, int]:
    """What the columns probably mean: as this person last said for a column of that name, else by its name."""
    known = _remembered(by) | {
        alias: name for name, words in sheets.COLUMNS.items() for alias in (words.casefold(), name)
    }
    known |= {alias: name for name, aliases in sheets.ALSO_CALLED.items() for alias in aliases if alias not in known}
    known |= _remembered(by)
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        meaning = known.get(head.casefold(), "")
        if meaning and meaning not in found:
            found[meaning] = place
    return found


def _remembered(by: User) -> dict[str, str]:
    """Meanings by the heads of the files this person set up before, the newest last."""
    found: dict[str, str] = {}
    before = Import.objects.filter(by=by).exclude(state__in=["new", "dropped"]).order_by("pk")
    for heads in before.values_list("read__heads", flat=True):
        found |= heads or {}
    return found


def set_up(batch: Import, read: Mapping[str, str], columns: Mapping[str, int], *, by: User, now: datetime) -> Import:
    """Read it this way, and have every row checked."""
    if "text" not in columns and "own" not in columns:
        raise Invalid("Say which column holds the text.")
    table = table_of(batch, read)
    if max(columns.values()) >= len(table.heads):
        raise Invalid("One of these columns is not in the file.")
    heads = {table.heads[place].casefold(): meaning for meaning, place in columns.items()}
    how: dict[str, object] = {**read, "heads": heads}
    if batch.read.get("book"):
        how["book"] = "yes"
    return move(
        batch,
        "checking",
        now=now,
        by=by,
        read=how,
        columns=dict(columns),
        total=len(table.rows),
        why="",
    )


def reading_of(batch: Import) -> sheets.Reading:
    order: dating.Order = "mdy" if batch.read.get("order") == "mdy" else "dmy"
    return sheets.Reading(Town.here().zone, order, batch.read.get("time", ""))


def begin(batch: Import, *, by: User, now: datetime) -> Import:
    """Make posts of the good rows."""
    if not batch.rows.filter(state="good").exists():
        raise Invalid("No row of this file can be imported.", next_step="Mend the file, or the meaning of its columns.")
    return move(batch, "making", now=now, by=by)


def change(batch: Import, *, by: User, now: datetime) -> Import:
    """Back to the meaning of the columns; the rows are checked anew after that."""
    with transaction.atomic():
        move(batch, "new", now=now, by=by)
        batch.rows.all().delete()
    return batch


def discard(batch: Import, *, by: User, now: datetime) -> Import:
    """Put it away, with what was in it; nothing of it was made."""
    with transaction.atomic():
        move(batch, "dropped", now=now, by=by, data=b"")
        batch.rows.all().delete()
    return batch


def undo(batch: Import, *, by: User, now: datetime) -> Import:
    """Take back what has not gone out and nobody changed since: its posts are dropped, and can be taken up again."""
    return move(batch, "undoing", now=now, by=by, read={**batch.read, "undone_by": by.pk})


def counts(batch: Import) -> dict[str, int]:
    """How many rows are in each state, and `done`: how far the worker is with what it does now."""
    found = {state: 0 for state, _ in batch.rows.model.STATES}
    found |= dict(batch.rows.order_by().values_list("state").annotate(Count("pk")))
    every = sum(found.values())
    posts = (
        batch.rows.filter(~Q(post=None)).values("post").distinct().count() if batch.state in {"made", "undone"} else 0
    )
    done = {
        "checking": every,
        "making": every - found["good"],
        "undoing": every - found["made"],
    }.get(batch.state, every)
    return {**found, "every": every, "done": done, "posts": posts}


def same_before(batch: Import) -> Import | None:
    """An earlier import of the very same file that is still in the calendar."""
    same = Import.objects.filter(sha256=batch.sha256, state__in=["making", "made"]).exclude(pk=batch.pk)
    return same.select_related("by").order_by("-pk").first()


def key_of(batch: Import, ref: str, line: int) -> UUID:
    """The key of a row's post: the same however often it is made."""
    return uuid5(batch.key, f"post {ref}" if ref else f"line {line}")
