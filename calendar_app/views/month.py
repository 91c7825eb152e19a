"""The month, as a grid or an agenda, and one day of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date

from accounts.access import allow, may, person
from accounts.walltime import to_wall
from calendar_app import month as grid
from calendar_app import planned
from calendar_app.month import Day
from calendar_app.views.finding import now_of, town_of

AGENDA_CARDS = 200
UNDATED = 12
YEARS = (2000, 2100)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-\d{2}")


@allow("see_calendar")
def month(request: HttpRequest) -> HttpResponse:
    """What is planned in a month. The address holds the month, the view and the filters."""
    town, now, user = town_of(request), now_of(request), person(request)
    today = to_wall(now, town.zone).date()
    year, number = _asked_month(request.GET.get("month", ""), today)
    weeks = grid.weeks(year, number, today)
    offered = planned.choices(user, now)
    wanted = planned.filters(request.GET, offered)
    start, end = grid.bounds(weeks[0][0].date, weeks[-1][-1].date, town.zone)
    cards = grid.cards(planned.rows(user, start, end, wanted, now), town.zone)
    days = [day for week in weeks for day in week]
    grid.lay(weeks, cards, planned.events(town, days), planned.working_days(town), today)
    agenda = request.GET.get("view") == "agenda"
    listed = _agenda(days) if agenda else []
    can_write = may(user, "write_post", now)
    drawer = planned.undated(user, now, UNDATED) if can_write and not agenda else None
    drawn = [card for day in (listed if agenda else days) for card in day.shown]
    undated = planned.dress(drawn, offered.channels, now, drawer)
    context = {
        "first": date(year, number, 1),
        "days": days,
        "agenda": listed,
        "is_agenda": agenda,
        "left_out": sum(len(day.cards) for day in days if not day.outside) - sum(len(day.shown) for day in listed),
        "undated": undated,
        "can_write": can_write,
        "nothing": not any(day.cards for day in days if not day.outside),
        "unit": "month",
        **_places(request, year, number, today, wanted, offered),
    }
    return render(request, "calendar_app/month.html", context)


@allow("see_calendar")
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Everything on one day, on one page: where "n more" leads."""
    town, now, user = town_of(request), now_of(request), person(request)
    asked = _date(day)
    if asked is None or not YEARS[0] <= asked.year < YEARS[1]:
        raise Http404
    offered = planned.choices(user, now)
    wanted = planned.filters(request.GET, offered)
    start, end = grid.bounds(asked, asked, town.zone)
    only = Day(asked, today=asked == to_wall(now, town.zone).date(), most=AGENDA_CARDS)
    cards = grid.cards(planned.rows(user, start, end, wanted, now), town.zone)
    grid.lay([[only]], cards, planned.events(town, [only]), planned.working_days(town), to_wall(now, town.zone).date())
    planned.dress(only.shown, offered.channels, now)
    context = {
        "day": only,
        "left_out": only.more,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1),
        "can_write": may(user, "write_post", now),
        "month_url": f"{reverse('calendar:month')}?{_query(request, month=f'{asked:%Y-%m}')}",
        "query": _query(request),
    }
    return render(request, "calendar_app/day.html", context)


def _asked_month(asked: str, today: date) -> tuple[int, int]:
    """The month of the address; this one where the address names none."""
    wanted = _date(f"{asked}-01") if MONTH.fullmatch(asked) else None
    if wanted is None or not YEARS[0] <= wanted.year < YEARS[1]:
        return today.year, today.month
    return wanted.year, wanted.month


def _date(asked: str) -> date | None:
    try:
        return parse_date(asked) if DAY.fullmatch(asked) else None
    except ValueError:  # well formed, but no such day
        return None


def _agenda(days: list[Day]) -> list[Day]:
    """The days of the month with something on them, up to as many posts as a page bears."""
    listed, room = [], AGENDA_CARDS
    for one in days:
        if one.outside or not (one.cards or one.events or one.gap):
            continue
        one.most = room
        room -= len(one.shown)
        listed.append(one)
        if room <= 0:
            break
    return listed


def _places(
    request: HttpRequest,
    year: int,
    number: int,
    today: date,
    wanted: planned.Filters,
    offered: planned.Choices,
) -> dict[str, object]:
    """Every address on the page: months beside this one, the other view, filters to take away."""
    before, after = grid.neighbours(year, number)
    here = f"{year:04d}-{number:02d}"
    return {
        "before": date(*before, 1),
        "after": date(*after, 1),
        "before_query": _query(request, month=f"{before[0]:04d}-{before[1]:02d}"),
        "after_query": _query(request, month=f"{after[0]:04d}-{after[1]:02d}"),
        "today_query": _query(request, month=""),
        "is_this_month": (year, number) == (today.year, today.month),
        "here": here,
        "query": _query(request, month=here),
        "month_query": _query(request, month=here, view=""),
        "agenda_query": _query(request, month=here, view="agenda"),
        "chips": [
            {"words": words, "url": f"?{_query(request, **{'month': here, name: ''})}"}
            for name, words in wanted.chips()
        ],
        "wanted": wanted,
        "offered": offered,
    }


def _query(request: HttpRequest, **changes: str) -> str:
    """The query string with these parameters changed or (empty) left out; unknown ones are dropped."""
    known = ("month", "view", "channel", "campaign", "topic", "state")
    kept = {name: request.GET[name] for name in known if request.GET.get(name)}
    return urlencode({name: value for name, value in {**kept, **changes}.items() if value})
