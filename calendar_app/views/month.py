"""The calendar: a month as a grid or an agenda, a week, and one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import allow, may, person
from accounts.walltime import to_wall
from calendar_app import cadence, civic, filtering, planned, slots
from calendar_app import month as grid
from calendar_app.filtering import Choices, Filters
from calendar_app.models.posts import sees_own_only
from calendar_app.month import Day, Row
from calendar_app.views import spans
from calendar_app.views.finding import now_of, town_of
from calendar_app.views.spans import Span
from calendar_app.wording import place
from channels_app.models import Channel

AGENDA_CARDS = 200
UNDATED = 12
AGAIN_SHOWN = 5


@allow("see_calendar")
def month(request: HttpRequest) -> HttpResponse:
    """What is planned in a month or a week. The address holds the days, the view and the filters."""
    town, now, user = town_of(request), now_of(request), person(request)
    today = to_wall(now, town.zone).date()
    span = spans.asked(request.GET, today)
    offered = filtering.choices(user, now)
    wanted = filtering.filters(request.GET, offered)
    can_write = may(user, "write_post", now)
    dates = planned.events(town, span.days)
    rows = _fill(request, span, wanted, dates, today)
    agenda = span.view == "agenda"
    listed = _agenda(span.days) if agenda else span.days
    if span.view == "week" and can_write:
        _offer_slots(span, wanted, offered, rows, request)
    drawer = planned.undated(user, now, UNDATED) if can_write and not agenda else None
    undated = planned.dress([card for day in listed for card in day.shown], offered.channels, now, drawer)
    inside = [day for day in span.days if not day.outside]
    context = {
        "span": span,
        "days": listed,
        "left_out": sum(len(day.cards) for day in inside) - sum(len(day.shown) for day in listed if not day.outside),
        "undated": undated,
        "can_write": can_write,
        "selecting": can_write and bool(request.GET.get("select")),
        "look_at": _look_at(request, span, offered, wanted, dates, rows, today),
        "gaps": [day for day in inside if day.gap],
        "offered": offered,
        "wanted": wanted,
        "groups": offered.groups(wanted),
        **spans.addresses(span, request.GET, wanted),
    }
    return render(request, "calendar_app/month.html", context)


def _fill(
    request: HttpRequest, span: Span, wanted: Filters, dates: dict[date, list[civic.Event]], today: date
) -> list[Row]:
    """Put onto the days what lies on them. The rows, with those of the two days before."""
    town, now = town_of(request), now_of(request)
    start, end = grid.bounds(span.first, span.last, town.zone)
    since = start - grid.SAME_WORDS
    rows = planned.rows(person(request), since, end, wanted, now)
    again = planned.said_again(rows, since, end, whole=_is_whole(request, wanted))
    cards = grid.cards(rows, town.zone, again)
    off = civic.holidays(dates)
    grid.lay([span.days], cards, dates, planned.working_days(town), today, off)
    if wanted.chips():  # a day that shows nothing of what was asked for may be full of other things
        for day in span.days:
            day.gap = False
    return rows


def _offer_slots(span: Span, wanted: Filters, offered: Choices, rows: list[Row], request: HttpRequest) -> None:
    """Write the free posting slots of the week's days into them."""
    channels = [wanted.channel] if wanted.channel else offered.living
    taken = slots.taken_by(rows) if _is_whole(request, wanted) else None
    found = slots.open_slots(channels, span.first, span.last, now_of(request), town_of(request).zone, taken)
    names = {channel.key: str(channel) for channel in channels}
    for day in span.days:
        day.slots = [_slot(at.wall, channel, names[channel.key]) for at, channel in found.get(day.date, [])]


def _slot(wall: datetime, channel: Channel, name: str) -> dict[str, object]:
    """A free slot in words: a week has a hundred of them."""
    at = f"{wall:%Y-%m-%dT%H:%M}"
    return {"at": at, "time": f"{wall:%H:%M}", "key": channel.key, "name": name, "platform": channel.platform}


def _is_whole(request: HttpRequest, wanted: Filters) -> bool:
    """Whether everything is shown of the channels that are shown: no other filter, and not one's own posts alone."""
    if sees_own_only(person(request), now_of(request)):
        return False
    return {name for name, _ in wanted.chips()} <= {"channel"}


def _look_at(
    request: HttpRequest,
    span: Span,
    offered: Choices,
    wanted: Filters,
    dates: dict[date, list[civic.Event]],
    rows_there: Sequence[Row],
    today: date,
) -> list[dict[str, object]]:
    """What a planner ought to see besides the cards: too little or too much on a channel, and words said twice.

    A part of the posts says nothing about how often a channel speaks, so only the channel may be filtered by.
    """
    monday, zone = max(grid.monday_of(today), span.first), town_of(request).zone
    channels = [wanted.channel] if wanted.channel else offered.channels
    counted = cadence.counted_of(rows_there, zone)
    found = cadence.findings(
        town_of(request), channels if _is_whole(request, wanted) else [], monday, span.last, dates, counted
    )
    again = [card for day in span.days for card in day.cards if card.again and day.date >= today]
    rows: list[dict[str, object]] = [
        {
            "icon": "trending-up" if one.kind == "many" else "volume-x",
            "head": place(one.channel),
            "words": one.words,
            "url": f"?view=week&week={one.monday}&channel={one.channel.key}",
        }
        for one in found
    ]
    for card in again[:AGAIN_SHOWN]:
        day = card.wall.date()
        words = f"{day.day} {day:%B}, {card.time}: the same words within 48 hours"
        url = reverse("calendar:day", args=[day.isoformat()])
        rows.append({"icon": "copy", "head": "Said twice", "words": words, "url": url})
    return rows


@allow("see_calendar")
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Everything on one day, on one page: where "n more" leads."""
    town, now, user = town_of(request), now_of(request), person(request)
    asked = spans.to_date(day)
    if asked is None:
        raise Http404
    today = to_wall(now, town.zone).date()
    offered = filtering.choices(user, now)
    wanted = filtering.filters(request.GET, offered)
    only = Day(asked, today=asked == today, most=AGENDA_CARDS)
    start, end = grid.bounds(asked, asked, town.zone)
    since = start - grid.SAME_WORDS
    rows = planned.rows(user, since, end, wanted, now)
    again = planned.said_again(rows, since, end, whole=_is_whole(request, wanted))
    cards = grid.cards(rows, town.zone, again)
    grid.lay([[only]], cards, planned.events(town, [only]), planned.working_days(town), today)
    planned.dress(only.shown, offered.channels, now)
    query = spans.query(request.GET, month="", week="", view="", select="")
    context = {
        "day": only,
        "left_out": only.more,
        "before": asked - timedelta(days=1),
        "after": asked + timedelta(days=1),
        "can_write": may(user, "write_post", now),
        "month_url": f"{reverse('calendar:month')}?{spans.query(request.GET, month=f'{asked:%Y-%m}')}",
        "query": query,
    }
    return render(request, "calendar_app/day.html", context)


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
