"""What a worker does with imports: check every row, make the good ones, undo what was made; a piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from accounts.access import may
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import composing, importing, naming, reading, sheets, taking_back
from calendar_app.carrying import More
from calendar_app.composing import Draft
from calendar_app.models import Import, ImportRow, Post
from calendar_app.naming import Known
from calendar_app.recalling import Desk
from calendar_app.releasing import Moment
from calendar_app.sheets import Entry, Reading
from policy.moves import move

PIECE = 250  # rows of one transaction
PIECES = 8  # at most in one go: others wait for the same worker


def work(now: datetime, *, pieces: int = PIECES) -> int:
    """Go on with the oldest import that is due; returns how many pieces were done. Safe on several workers at once."""
    done = 0
    for pk in Import.objects.due().values_list("pk", flat=True):
        while done < pieces and piece(pk, now):
            done += 1
    return done


@transaction.atomic
def piece(pk: int, now: datetime) -> bool:
    """One piece of one import; whether there was anything to do, and nobody else at it."""
    batch = Import.objects.select_for_update(skip_locked=True, of=("self",)).select_related("by").filter(pk=pk).first()
    act = STEPS.get(batch.state) if batch else None
    if batch is None or act is None:
        return False
    act(batch, now)
    return True


def check(batch: Import, now: datetime) -> None:
    """Read the next rows and say of each what is wrong with it; rows of one post are told by its first."""
    try:
        table = importing.table_of(batch)
    except Invalid as why:  # it was read this way when it was set up; what changed is the program
        move(batch, "new", now=now, why=why.words[:300])
        return
    last = batch.rows.order_by("-line").values_list("line", flat=True).first() or 0
    names = naming.known(composing.writable_channels(batch.by, now), Desk(batch.by, now))
    coming = list(islice((row for row in table.rows if row[0] > last), PIECE))
    how = importing.reading_of(batch)
    judged = [_judged(batch, line, reading.by_meaning(row, batch.columns), names, how, now) for line, row in coming]
    _compare(batch, judged)
    ImportRow.objects.bulk_create(judged, ignore_conflicts=True)
    if len(coming) < PIECE:
        move(batch, "checked", now=now)


def _judged(batch: Import, line: int, cells: dict[str, str], names: Known, how: Reading, now: datetime) -> ImportRow:
    row = ImportRow(batch=batch, line=line, cells=_storable(cells), state="good")
    row.ref = cells.get("post", "").strip()[:120].replace("\0", "")
    try:
        sheets.entry(row.cells, names, how, now)
    except Invalid as why:
        row.state, row.why = "bad", why.words
    return row


def _storable(cells: dict[str, str]) -> dict[str, str]:
    return {name: words.replace("\0", "") for name, words in cells.items() if words}


TOLD_ONCE = tuple(name for name in sheets.COLUMNS if name not in sheets.OF_A_ROW)


def _compare(batch: Import, judged: list[ImportRow]) -> None:
    """Rows of one post say the same about it, and each channel once."""
    refs = {row.ref for row in judged if row.ref}
    firsts: dict[str, ImportRow] = {}
    taken: dict[str, set[str]] = {}
    earlier = batch.rows.filter(ref__in=refs, state="good")
    for row in [*earlier, *(one for one in judged if one.ref and one.state == "good")]:
        first = firsts.setdefault(row.ref, row)
        channels = {name.strip().casefold() for name in row.cells.get("channels", "").split(";") if name.strip()}
        other = next((one for one in TOLD_ONCE if row.cells.get(one, "") != first.cells.get(one, "")), "")
        if other:
            row.state, row.why = "bad", f"{sheets.COLUMNS[other]} is not what line {first.line} says of the same post."
        elif again := channels & taken.setdefault(row.ref, set()):
            row.state, row.why = "bad", f"{sorted(again)[0]} is named for the same post on an earlier line."
        else:
            taken[row.ref] |= channels


def make(batch: Import, now: datetime) -> None:
    """Make posts of the next good rows, each with all rows of its post."""
    rows = list(batch.rows.filter(state="good")[:PIECE])
    refs = {row.ref for row in rows if row.ref}
    rows += list(batch.rows.filter(state="good", ref__in=refs).exclude(pk__in=[row.pk for row in rows]))
    if rows:
        names = naming.known(composing.writable_channels(batch.by, now), Desk(batch.by, now))
        allowed = batch.by.is_active and may(batch.by, "write_post", now)
        _make(batch, list(_entries(rows, names, batch, now, allowed)), batch.by, now)
    if not batch.rows.filter(state="good").exists():
        move(batch, "made", now=now, data=b"")


def _entries(
    rows: Iterable[ImportRow], names: Known, batch: Import, now: datetime, allowed: bool
) -> Iterable[tuple[ImportRow, Entry]]:
    """The rows that still can be made; time goes on and channels leave, so each is looked at once more."""
    how = importing.reading_of(batch)
    for row in rows:
        try:
            if not allowed:
                raise Invalid(f"{batch.by.name} may not write posts any more.")
            yield row, sheets.entry(row.cells, names, how, now)
        except Invalid as why:
            move(row, "bad", now=now, again=False, why=why.words)


def _make(batch: Import, entries: list[tuple[ImportRow, Entry]], by: User, now: datetime) -> None:
    together: dict[UUID, list[tuple[ImportRow, Entry]]] = {}
    for row, entry in entries:
        together.setdefault(importing.key_of(batch, row.ref, row.line), []).append((row, entry))
    there = set(Post.objects.filter(key__in=together).values_list("key", flat=True))
    fresh = {key: rows for key, rows in together.items() if key not in there}
    posts = composing.create_many([_draft(key, rows) for key, rows in fresh.items()], by=by, now=now)
    by_key = {post.key: post for post in [*posts, *Post.objects.filter(key__in=there)]}
    for key, rows in together.items():
        for row, _ in rows:
            move(row, "made", now=now, again=False, post=by_key[key])


def _draft(key: UUID, rows: list[tuple[ImportRow, Entry]]) -> Draft:
    """One post of all its rows."""
    own: dict[str, str] = {}
    more: dict[str, More] = {}
    times: dict[str, Moment] = {}
    for _, entry in rows:
        own |= entry.words.own
        more |= entry.words.more
        times |= {channel: entry.at for channel in entry.words.own if entry.at}
    return Draft(rows[0][1].words.but(own=own, more=more), times, key)


STEPS: dict[str, Callable[[Import, datetime], None]] = {
    "checking": check,
    "making": make,
    "undoing": taking_back.take_back,
}
