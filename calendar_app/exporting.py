"""The plan on its way out: rows for a table, a CSV file and a workbook. What is filtered away is not in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from accounts import tables
from accounts.models import User
from accounts.walltime import to_wall
from calendar_app import month, naming, outcomes, sheets
from calendar_app.models import Placement, Post, PostFact, PostPicture
from calendar_app.planned import Filters
from calendar_app.releasing import Moment
from calendar_app.words import words_of
from channels_app.models import Channel

MOST_DAYS = 3 * 366
BESIDE = {"state": "State", "author": "Written by", "out": "Where it can be read"}
WIDE = {"text": 60, "own": 40, "objective": 36, "link": 30, "channels": 30, "out": 40}


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
    order = {(one.due_at, one.post_id, one.text): n for n, one in reversed(list(enumerate(placements)))}
    placements.sort(key=lambda one: order[one.due_at, one.post_id, one.text])
    for (_, post, own), same in groupby(placements, key=lambda one: (one.due_at, one.post_id, one.text)):
        group = list(same)
        told = [labels[one.channel_id] for one in group]
        cells = sheets.cells(str(by_key[post].key), words[post], _moment(group[0]), told, own)
        yield [*(cells[name] for name in sheets.COLUMNS), *_beside(group, by_key[post])]


def _bare(keys: set[int]) -> Iterable[Post]:
    """Posts without what hangs on them: a table has no place for pictures and facts."""
    nothing = (
        Prefetch("placements", Placement.objects.none()),
        Prefetch("pictures", PostPicture.objects.none()),
        Prefetch("facts", PostFact.objects.none()),
    )
    beside = ("topic", "campaign", "objective", "author")
    return Post.objects.filter(pk__in=keys).select_related(*beside).prefetch_related(*nothing)


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
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    sheet.freeze_panes = "A2"
    keys = [*sheets.COLUMNS, *BESIDE]
    for place, key in enumerate(keys):
        sheet.column_dimensions[_letter(place)].width = WIDE.get(key, 16)
    for number, cells in enumerate([names(), *found]):
        sheet.append([_cell(sheet, words, bold=number == 0) for words in cells])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _cell(sheet: object, words: str, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", tables.cell(words))[:32_767])
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
