"""The plan on its way out: rows for a table, a CSV file and a workbook. What is filtered away is not in it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts import tables
from accounts.models import User
from accounts.refusals import Invalid
from accounts.walltime import to_wall
from calendar_app import carrying, month, naming, outcomes, sheets
from calendar_app.models import Placement, Post
from calendar_app.planned import Filters
from calendar_app.releasing import Moment
from calendar_app.words import words_of
from channels_app.models import Channel

MOST_DAYS = 3 * 366
BESIDE = {"state": "State", "author": "Written by", "out": "Where it can be read"}
LONGEST_CELL = 32_767  # of a workbook
WIDE = {
    "text": 60,
    "pictures": 40,
    "facts": 40,
    "parts": 40,
    "own": 40,
    "objective": 36,
    "link": 30,
    "channels": 30,
    "out": 40,
}


def names() -> list[str]:
    return [*sheets.COLUMNS.values(), *BESIDE.values()]


def rows(
    user: User, first: date, last: date, zone: str, wanted: Filters, now: datetime, *, undated: bool = False
) -> Iterator[list[str]]:
    """One row for each post, moment and wording that this person sees between these days; drafts without a day last."""
    start, end = month.bounds(first, last, zone)
    seen = Placement.objects.visible_to(user, now).filter(wanted.condition())
    labels = naming.labels(Channel.objects.all())
    yield from _rows(seen.in_days(start, end).order_by("due_at", "post", "pk"), labels)
    if undated:
        yield from _rows(seen.planned().filter(due_at=None, state="draft").order_by("post", "pk"), labels)


def _rows(found: QuerySet[Placement], labels: dict[int, str]) -> Iterator[list[str]]:
    placements = list(found.select_related("channel", "delivery"))
    by_key = {post.pk: post for post in _bare({one.post_id for one in placements})}
    words = {pk: words_of(post) for pk, post in by_key.items()}
    known = _names(by_key.values())
    order = {_alike(one): n for n, one in reversed(list(enumerate(placements)))}
    placements.sort(key=lambda one: order[_alike(one)])
    for _, same in groupby(placements, key=_alike):
        group = list(same)
        first, post = group[0], by_key[group[0].post_id]
        told, more = [labels[one.channel_id] for one in group], carrying.of_placement(first)
        cells = sheets.cells(str(post.key), words[post.pk], _moment(first), told, first.text, more, known)
        yield [*(cells[name] for name in sheets.COLUMNS), *_beside(group, post)]


def _alike(one: Placement) -> tuple[datetime | None, int, str, str]:
    """Placements that are told in one row: the same post at the same moment with the same wording."""
    return one.due_at, one.post_id, one.text, json.dumps([one.parts, one.poll, one.title])


def _bare(keys: set[int]) -> Iterable[Post]:
    """Posts with what hangs on them, without their placements: those are read already."""
    nothing = Prefetch("placements", Placement.objects.none())
    beside = ("topic", "campaign", "objective", "author")
    whole = Post.objects.filter(pk__in=keys).select_related(*beside)
    return whole.prefetch_related(nothing, "pictures__media", "facts__checked_by")


def _names(posts: Iterable[Post]) -> dict[str, str]:
    """The names of their pictures, and of those who checked or recorded something, by key: one query."""
    rows = list(posts)
    found = {str(one.media.key): one.media.name for post in rows for one in post.pictures.all()}
    checkers = (one.checked_by for post in rows for one in post.facts.all() if one.checked_by)
    found |= {str(one.key): one.name for one in checkers}
    recorders = {post.consent["by"] for post in rows if post.consent.get("by")}
    return found | {str(key): name for key, name in User.objects.filter(key__in=recorders).values_list("key", "name")}


def _moment(placement: Placement) -> Moment | None:
    """When it is planned. On the clocks of its own zone where it has one."""
    if placement.due_at is None:
        return None
    return Moment(to_wall(placement.due_at, placement.zone or "UTC"), placement.zone or "UTC", placement.due_at)


def _beside(group: list[Placement], post: Post) -> list[str]:
    """What a table tells and is not read again: how it stands, who wrote it, where it is."""
    states = list(dict.fromkeys(outcomes.state_words(one) for one in group))
    out = [one.delivery.remote_url for one in group if one.delivery and one.delivery.remote_url]
    return [", ".join(states), post.author.name, " ".join(out)]


def as_csv(found: Iterable[list[str]]) -> str:
    """The mark at its start tells spreadsheets that it is UTF-8."""
    return "\ufeff" + tables.text(names(), found)


def as_workbook(found: Iterable[list[str]]) -> bytes:
    """A workbook of one sheet: heads that stay in sight, nothing but text in it, so nothing that could run."""
    table = [[_held(words) for words in cells] for cells in [names(), *found]]  # before the book: it is written at once
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    sheet.freeze_panes = "A2"
    keys = [*sheets.COLUMNS, *BESIDE]
    for place, key in enumerate(keys):
        sheet.column_dimensions[get_column_letter(place + 1)].width = WIDE.get(key, 16)
    for number, cells in enumerate(table):
        sheet.append([_cell(sheet, words, bold=number == 0) for words in cells])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def _held(words: str) -> str:
    """The text of a cell. Invalid where a workbook would cut it."""
    held = ILLEGAL_CHARACTERS_RE.sub("", tables.cell(words))
    if len(held) > LONGEST_CELL:
        raise Invalid(
            f"“{held[:40]}…” is longer than a cell of a workbook.",
            next_step="Take the plan as CSV: it holds all of it.",
        )
    return held


def _cell(sheet: object, held: str, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=held)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
