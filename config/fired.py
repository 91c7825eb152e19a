"""This month: which checks fired, were fixed, overridden, dismissed or left, by rule and by channel; never by person.

Every number opens the rows it counts, and the table for a spreadsheet holds the same rows.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, person, places_for
from accounts.models import Scope, User
from engagement.models import Reply
from policy.checks import RULES
from policy.models import Firing, Judgement

ENDS = {
    "fixed": "Fixed",
    "overridden": "Overridden",
    "dismissed": "Left as is",
    "open": "Still there",
    "off": "Off, unseen",
}
NO_CHANNEL = "No channel chosen"
SHOWN = 200


@dataclass(frozen=True)
class Row:
    """One firing and how it ended."""

    firing: Firing
    end: str
    reason: str
    by: str

    @property
    def end_words(self) -> str:
        return ENDS[self.end]


@dataclass(frozen=True)
class Month:
    """The month that is shown, with the addresses of those beside it."""

    first: date
    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


def month_of(request: HttpRequest) -> Month:
    """The month the address asks for; this one where it asks for none that can be."""
    now, zone = request.now, request.town.tz  # type: ignore[attr-defined]
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = now.astimezone(zone).date().replace(day=1)
    first = min(max(first, date(2020, 1, 1)), date(2100, 1, 1))
    following = (first + timedelta(days=31)).replace(day=1)
    start, end = (datetime(one.year, one.month, one.day, tzinfo=zone) for one in (first, following))
    return Month(first, start, end)


def rows_of(month: Month, user: User, now: datetime) -> list[Row]:
    """Every firing of the month on channels this person may see, with its end."""
    firings = (
        Firing.objects.filter(at__gte=month.start, at__lt=month.end).select_related("scope").order_by("-at", "-id")
    )
    places = places_for(user, "see_checks", now)
    if places is not None:
        firings = firings.filter(scope__in=places)
    found = list(firings.order_by("-at", "-id"))
    held: dict[tuple[str, object, str], Judgement] = {}
    for one in Judgement.objects.filter(ref__in={row.ref for row in found}).select_related("by").order_by("id"):
        held[one.kind, one.ref, one.mark] = one
    return [_row(one, held.get((one.kind, one.ref, one.mark))) for one in found]


def _row(firing: Firing, judgement: Judgement | None) -> Row:
    if firing.off:
        return Row(firing, "off", "", "")
    if judgement is not None and judgement.what != "taken_back":
        who = judgement.by.name if judgement.what == "overridden" else ""
        return Row(firing, judgement.what, judgement.reason, who)
    return Row(firing, "fixed" if firing.gone_at else "open", "", "")


def chosen(rows: Iterable[Row], asked: Any) -> list[Row]:
    """The rows a number of the page stands for."""
    rule, end, scope = asked.get("rule", ""), asked.get("end", ""), asked.get("channel", "")
    return [
        row
        for row in rows
        if (not rule or row.firing.rule == rule)
        and (not end or row.end == end or (end == "fired" and row.end != "off"))
        and (not scope or str(row.firing.scope_id or 0) == scope)
    ]


@allow("see_checks")
def month(request: HttpRequest) -> HttpResponse:
    """The two tables: by rule, by channel; or the rows behind one of their numbers."""
    here = month_of(request)
    rows = rows_of(here, person(request), request.now)  # type: ignore[attr-defined]
    if request.GET.get("rows"):
        return _list(request, here, rows)
    by_rule = _table(rows, here, "rule", lambda row: row.firing.rule)
    by_place = _table(rows, here, "channel", lambda row: str(row.firing.scope_id or 0))
    scopes = dict(Scope.objects.values_list("pk", "name"))
    for line in by_rule:
        line["name"] = f"{line['key']} {RULES[line['key']].title}" if line["key"] in RULES else line["key"]
    for line in by_place:
        line["name"] = scopes.get(int(line["key"]), NO_CHANNEL)
    before, after = ((here.first - timedelta(days=1)), here.end.date())
    context = {
        "here": "month",
        "month": here,
        "by_rule": by_rule,
        "by_place": by_place,
        "heads": ["Fired", *ENDS.values()],
        "overrides": [row for row in rows if row.end == "overridden"][:20],
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}" if after <= request.now.astimezone(request.town.tz).date() else "",  # type: ignore[attr-defined]
        "links": _links(rows),
    }
    return render(request, "policy/month.html", context)


def _table(rows: list[Row], here: Month, name: str, key: Any) -> list[dict[str, Any]]:
    """One line for each key, the most fired first; each number with the address of its rows."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(key(row), Counter())[row.end] += 1
    lines = []
    for value, ends in counts.items():
        fired = sum(number for end, number in ends.items() if end != "off")
        cells = [("fired", fired), *((end, ends[end]) for end in ENDS)]
        linked = [(number, _url(here, name, value, end)) for end, number in cells]
        lines.append({"key": value, "fired": fired, "cells": linked})
    return sorted(lines, key=lambda line: (-line["fired"], line["key"]))


def _url(here: Month, name: str, value: str, end: str) -> str:
    return f"{reverse('desk:checks-month')}?{urlencode({'month': here.key, name: value, 'end': end, 'rows': 1})}"


def _list(request: HttpRequest, here: Month, rows: list[Row]) -> HttpResponse:
    found = chosen(rows, request.GET)
    context = {
        "here": "month",
        "month": here,
        "rows": found[:SHOWN],
        "total": len(found),
        "links": _links(found[:SHOWN]),
        "query": request.GET.urlencode(),
        "rules": {id_: rule.title for id_, rule in RULES.items()},
    }
    return render(request, "policy/month_rows.html", context)


def _links(rows: list[Row]) -> dict[str, str]:
    """Where each post or answer is found, by its key."""
    posts = {row.firing.ref for row in rows if row.firing.kind == "post"}
    links = {str(ref): reverse("calendar:post", args=[ref]) for ref in posts}
    refs = [row.firing.ref for row in rows if row.firing.kind == "reply"]
    for key, conversation in Reply.objects.filter(key__in=refs).values_list("key", "conversation__key"):
        links[str(key)] = reverse("inbox:conversation", args=[conversation])
    return links


@allow("see_checks")
def month_csv(request: HttpRequest) -> HttpResponse:
    """The rows for a spreadsheet: the whole month, or those behind one number."""
    here = month_of(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="checks-{here.key}.csv"'
    write = csv.writer(answer).writerow
    write(["at", "rule", "title", "level", "kind", "channel", "end", "reason", "key"])
    for row in chosen(rows_of(here, person(request), request.now), request.GET):  # type: ignore[attr-defined]
        one = row.firing
        title = RULES[one.rule].title if one.rule in RULES else ""
        place = one.scope.name if one.scope else NO_CHANNEL
        cells = [one.at.isoformat(), one.rule, title, one.level, one.kind, place, row.end, row.reason, str(one.ref)]
        write([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in cells])
    return answer
