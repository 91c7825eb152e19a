"""What resonates, as a page: posts side by side by what people did, and groups of them compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import tables
from accounts.access import allow, person
from accounts.reentry import after_password
from calendar_app import attending
from calendar_app.models import Post
from calendar_app.models.posts import CALLS, KINDS
from channels_app.models import Channel
from metrics import resonance, within
from metrics.echoes import COMMENTED, INTERACTED, NOT_SHARED, SHARED
from metrics.figures import many
from metrics.measures import from_first_days, from_posts, tracing, untold
from metrics.measures.reach import PostRow
from metrics.measures.shape import Span
from metrics.resonance import Cell, Group, Table

WEEKS = (13, 26, 52)
SHOWN = 6
HEADS = {
    "topic": "By topic",
    "kind": "By kind of post",
    "medium": "By medium",
    "call": "By call to action",
    "hour": "By hour",
}
DID = {"commented": "Commented", "shared": "Shared", "interacted": "Interacted"}
VERDICTS = {
    "more": "reliably more",
    "less": "reliably less",
    "no difference": "no reliable difference",
    "too few": "too few to compare",
    "not known": "no numbers",
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "kind": dict(KINDS),
    "call": dict(CALLS),
    "medium": {"text": "Words only", "link": "Link", "picture": "Picture", "video": "Video"},
}
NONE = {"call": "Asks for nothing", "topic": "No topic named"}


def _weeks(request: HttpRequest) -> int:
    said = request.GET.get("weeks", "")
    return int(said) if said in {str(one) for one in WEEKS} else WEEKS[0]


def _span(request: HttpRequest, weeks: int) -> Span:
    """So many weeks up to the end of today."""
    now: datetime = request.now  # type: ignore[attr-defined]
    zone = request.town.tz  # type: ignore[attr-defined]
    after = now.astimezone(zone).date() + timedelta(days=1)
    start, end = (datetime.combine(one, time(), zone) for one in (after - timedelta(weeks=weeks), after))
    return Span(start, end, now)


def _rows(request: HttpRequest) -> tuple[list[PostRow], within.About, int]:
    weeks, about = _weeks(request), within.asked(request)
    return about.within.of(from_first_days.posts(_span(request, weeks))), about, weeks


def called(part: str, name: str) -> str:
    """A group in words."""
    return NAMES.get(part, {}).get(name, name) or NONE.get(part, "Made outside Parley")


def _seen(request: HttpRequest) -> list[Channel]:
    return list(Channel.objects.visible_to(person(request), request.now))  # type: ignore[attr-defined]


@allow("see_measures")
def page(request: HttpRequest) -> HttpResponse:
    """Commented, shared, interacted and not shared side by side; then every part compared, and the good hours."""
    rows, about, weeks = _rows(request)
    seen = _seen(request)
    speaking = Channel.objects.visible_to(person(request), request.now, "see_calendar").living().speaking()  # type: ignore[attr-defined]
    context = {
        "about": about,
        "weeks": weeks,
        "choices": [(one, urlencode({**about.asked, "weeks": one})) for one in WEEKS],
        "channels": seen,
        "rank": "rate" if request.GET.get("rank") == "rate" else "",
        "query": urlencode({**about.asked, "weeks": weeks}),
        "posts": len(rows),
        "known": sum(one.taken_part is not None for one in rows),
        "lists": _lists(request, tracing.seen(rows, {str(one.key) for one in seen})),
        "tables": [_table(one) for one in resonance.tables(rows)],
        "hours": attending.hours(speaking),
        "did": DID.values(),
    }
    return render(request, "metrics/resonance.html", context)


def _lists(request: HttpRequest, rows: Sequence[PostRow]) -> list[dict[str, Any]]:
    found = resonance.lists(rows)
    keys = [UUID(one.ref) for one in rows if one.ref and one.words != from_posts.OUTSIDE]
    seen = Post.objects.visible_to(person(request), request.now).filter(key__in=keys)  # type: ignore[attr-defined]
    opens = {str(key) for key in seen.values_list("key", flat=True)}
    by_rate = request.GET.get("rank") == "rate"
    shared = many(found.untold, "post nobody says whether it was shared", "posts nobody says whether they were shared")
    unshared = f"For {shared}." if found.untold else ""
    lacking = untold.sentence(found.interacted)
    notes = ["By the share of the people reached; posts whose reach is not known are left out."] if by_rate else []
    notes += [f"{lacking}."] if lacking else []
    told = [
        (COMMENTED, found.commented, lambda one: many(one.replies or 0, "comment", "comments"), ""),
        (SHARED, found.shared, lambda one: many(one.shares or 0, "share", "shares"), unshared),
        (
            INTERACTED,
            found.by_rate if by_rate else found.interacted,
            lambda one: f"{one.taken_part} took part{_rate(one)}",
            " ".join(notes),
        ),
        (NOT_SHARED, found.not_shared, lambda one: f"{one.taken_part} took part", unshared),
    ]
    return [
        {
            "heading": heading,
            "count": len(some),
            "rows": [{"row": one, "number": number(one), "opens": one.ref in opens} for one in some[:SHOWN]],
            "note": note,
            "ranked": heading == INTERACTED,
        }
        for heading, some, number, note in told
    ]


def _rate(row: PostRow) -> str:
    rate = resonance.rate(row)
    return f", {rate:.1f} % of {row.reach:,} people reached" if rate is not None else ", people reached not told"


def _table(table: Table) -> dict[str, Any]:
    findings = {
        DID[what]: resonance.finding(table, what, lambda name: called(table.part, name)) for what in resonance.TAKEN_UP
    }
    alike = len(set(findings.values())) == 1
    return {
        "part": table.part,
        "heading": HEADS[table.part],
        "findings": [("", next(iter(findings.values())))] if alike else list(findings.items()),
        "compared": [_group(table.part, one) for one in table.groups if _compared(one)],
        "few": [_group(table.part, one) for one in table.groups if not _compared(one)],
    }


def _compared(group: Group) -> bool:
    return any(cell.beats is not None for cell in group.cells.values())


def _group(part: str, group: Group) -> dict[str, Any]:
    cells = [{"did": DID[what], **_cell(cell)} for what, cell in group.cells.items()]
    return {"name": called(part, group.name), "posts": group.posts, "cells": cells}


def _cell(cell: Cell) -> dict[str, Any]:
    places = {
        name: None if (value := getattr(cell, name)) is None else round(value) for name in ("beats", "low", "high")
    }
    return {
        "cell": cell,
        "words": VERDICTS[cell.verdict],
        "tone": {"more": "good", "less": "warn"}.get(cell.verdict, "plain"),
        **places,
    }


@allow("see_measures")
def table_csv(request: HttpRequest) -> HttpResponse:
    """Every comparison as a row."""
    rows, _, _ = _rows(request)
    names = ["part", "group", "did", "posts", "without_number", "total", "middle", "beats", "low", "high", "verdict"]
    lines = (
        [table.part, called(table.part, group.name), what, cell.posts, cell.unknown, cell.total, cell.middle]
        + [cell.beats, cell.low, cell.high, VERDICTS[cell.verdict]]
        for table in resonance.tables(rows)
        for group in table.groups
        for what, cell in group.cells.items()
    )
    return tables.as_csv("resonance.csv", names, lines)


@allow("see_measures")
@after_password
def rows_csv(request: HttpRequest) -> HttpResponse:
    """The posts with their numbers a day after they went out, from which everything on the page can be computed."""
    rows, _, _ = _rows(request)
    told = tracing.seen(rows, {str(one.key) for one in _seen(request)})
    return tables.as_csv("resonance-posts.csv", tracing.columns(PostRow), (tracing.cells(one) for one in told))
