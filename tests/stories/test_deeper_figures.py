"""How deep talks go, and how many followers are of use week by week: counted from events, gaps left open."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_app.models import Channel
from engagement.models import Message
from metrics import periods, viewing, weekly, within
from metrics.figures import Figure
from metrics.measures import from_places, from_threads, tracing
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span, figure_of, series
from metrics.measures.turns import DepthRow
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, make_own, receive
from tests.factories_measures import bring_in

pytestmark = pytest.mark.django_db
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
UTC = ZoneInfo("UTC")
NOW = NOON + 12 * DAY
PLACES = ("Day", "Channel", "Place", "Local", "Followers")
STATED = ("Day", "Channel", "Who", "Local", "Followers")
ASKED = "?by=week&of=2026-11-18"


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


# --- turns -----------------------------------------------------------------------------------------------------------


def talk(channel: Channel, said: str, start: datetime = NOON) -> str:
    """A thread of messages an hour apart: r of the resident, o of another one, t of the town, a a receipt of ours."""
    thread = make_conversation(channel, at=start)
    root = Message.objects.get(conversation=thread).remote_id
    for n, who in enumerate(said[1:], 1):
        at, facts = start + n * HOUR, {"thread_key": root, "parent_id": root}
        if who in "ro":
            receive(channel, make_incoming(kind="reply", at=at, author_id=f"{who}-{root}", **facts))
        else:
            receive(channel, make_own(channel, at=at, **facts))
    for one, who in zip(Message.objects.filter(conversation=thread).order_by("at", "pk"), said, strict=True):
        if who == "a":
            sent = make_delivery("published", channel=channel, kind="reply", origin="acknowledgement")
            Message.objects.filter(pk=one.pk).update(delivery=sent)
    return str(thread.key)


def test_turns_are_counted_by_side_and_receipts_are_none(boss: User) -> None:
    channel = make_channel(name="Fernhill")
    told = {"rt": (2, 2), "rrtt": (2, 4), "rotr": (3, 4), "rartrt": (4, 5), "rtrtrt": (6, 6)}
    keys = {talk(channel, said): counts for said, counts in told.items()}
    talk(channel, "r")  # nobody answered
    talk(channel, "ra")  # nor here: a receipt is no answer
    week = weekly.weeks(NOON, UTC, 1)[0]
    span = Span(week.start, week.end, NOW)
    rows = from_threads.depths(span)
    assert {one.ref: (one.turns, one.messages) for one in rows} == keys
    figure = RULES["thread_depth"].figure(rows)
    assert (figure.value, figure.whole) == (3.0, 5)  # 2, 2, 3, 4, 6
    assert figure.notes[0] == "3.4 turns on average, 4.2 messages"
    assert RULES["thread_depth"].figure(tracing.read(DepthRow, tracing.table(DepthRow, rows))) == figure
    hidden = tracing.seen(rows, ())
    assert RULES["thread_depth"].figure(hidden) == figure
    assert {one.ref for one in hidden} == {""}


def test_what_was_said_in_another_week_is_counted_there_and_a_month_has_it_whole(boss: User) -> None:
    talk(make_channel(name="Fernhill"), "rtrt", datetime(2026, 11, 22, 22, tzinfo=UTC))  # two hours before Monday
    over = weekly.weeks(NOON + WEEK, UTC, 2)
    assert [one.value for one in series(RULES["thread_depth"], over, NOW)] == [2.0, 2.0]
    month = periods.ROWS["month"](NOON, UTC, 1)
    assert [one.value for one in series(RULES["thread_depth"], month, NOW)] == [4.0]


def test_it_is_found_from_those_who_came_back_and_opens_its_conversations(desk: Client) -> None:
    key = talk(make_channel(name="Fernhill"), "rtr")
    asked = "?from=2026-11-16&to=2026-11-23"
    page = desk.get(reverse("measures:figure", args=["continuation"]) + asked).content.decode()
    there = reverse("measures:figure", args=["thread_depth"])
    assert f'href="{there}?from=2026-11-16&amp;to=2026-11-23">Turns in a conversation</a>' in page
    page = desk.get(there + asked).content.decode()
    assert reverse("inbox:conversation", args=[key]) in page
    assert "3.0" in page


# --- useful followers ------------------------------------------------------------------------------------------------


def listed(channel: Channel, days: dict[str, int], by: User) -> None:
    rows = [
        (day, channel.name, place, "", str(fans)) for day, fans in days.items() for place in ("Fernhill", "Newport")
    ]
    bring_in(rows, PLACES, kind="places", by=by, now=NOW)


def stated(rows: list[tuple[str, str, str, str, str]], by: User) -> None:
    bring_in(rows, STATED, kind="excluded", by=by, now=NOW)


def values(found: list[Figure]) -> list[float | None]:
    return [one.value for one in found]


@pytest.fixture
def page(boss: User) -> Channel:
    """Lists of three weeks with a gap of three, and ten of the staff since the first of them."""
    channel = make_channel(name="Page")
    listed(channel, {"2026-10-13": 500, "2026-10-20": 520, "2026-11-17": 600}, boss)
    stated([("2026-10-12", "Page", "staff", "yes", "10")], boss)
    return channel


def test_the_weeks_without_a_list_are_gaps_and_each_point_is_what_its_rows_give(page: Channel, boss: User) -> None:
    over = weekly.weeks(NOON, UTC, 7)
    found = viewing.useful(within.TOWN, over, NOW)
    assert values(found) == [None, 490.0, 510.0, 510.0, None, None, 590.0]
    assert found[4].missing == "no list of places since 20 October 2026"
    rule = RULES["useful_count"]
    assert found == [figure_of(rule, Span(week.start, week.end, NOW)) for week in over]
    assert [rule.figure(rows) for rows in from_places.each(over[-1:], NOW)] == found[-1:]
    quarter = periods.ROWS["quarter"](NOON, UTC, 1)
    assert values(viewing.useful(within.of_channel(page), quarter, NOW)) == [590.0]


def test_the_newest_word_on_staff_holds_and_one_channel_is_not_told_by_anothers(page: Channel, boss: User) -> None:
    other = make_channel(name="Other")
    listed(other, {"2026-11-17": 70}, boss)
    stated([("2026-11-16", "Page", "Staff", "yes", "25"), ("2026-11-16", "Page", "bots", "", "5")], boss)
    week = weekly.weeks(NOON, UTC, 1)[0]
    span = Span(week.start, week.end, NOW)
    figure = figure_of(RULES["useful_count"], span)
    assert (figure.value, figure.whole) == (645.0, 2)  # 600 − 25 + 70
    assert "without 25 staff" in figure.notes
    assert "5 staff, partners or bots of no stated place are still in it" in figure.notes
    share = figure_of(RULES["useful_followers"], span)
    assert (share.part, share.whole) == (645, 1315)
    assert values(viewing.useful(within.of_channel(other), [week], NOW)) == [70.0]


def test_a_row_that_says_nobody_known_is_left_out_with_the_words_it_could_have(boss: User) -> None:
    make_channel(name="Page")
    rows = [("2026-11-16", "Page", "fans", "", "3"), ("2026-11-16", "Page", "partners", "no", "4")]
    file = bring_in(rows, STATED, kind="excluded", by=boss, now=NOW)
    assert (file.total, file.left_out) == (2, 1)
    assert file.figures.get().label == "partner organisations"


def test_the_series_is_drawn_with_its_gaps_on_both_pages_and_as_a_table(page: Channel, desk: Client) -> None:
    for address in (reverse("figures:overview"), reverse("figures:channel", args=[page.key])):
        shown = desk.get(address + ASKED)
        (chart,) = [one for one in shown.context["charts"] if one["id"] == "weekly-useful-count"]
        assert [row[1] for row in chart["rows"]] == [490.0, 510.0, 510.0, None, None, 590.0]
        assert chart["note"].endswith("2 weeks without a number: the line is broken there")
        assert chart["finding"] == "Useful followers: from 490 to 590 in 5 weeks"
        assert "Followers who take part" in shown.content.decode()
        text = desk.get(chart["csv"]).content.decode().removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))[-6:]
        assert [row["value"] for row in rows] == ["490.0", "510.0", "510.0", "", "", "590.0"]
        assert rows[3]["missing"] == "no list of places since 20 October 2026"


def test_a_channel_put_away_leaves_no_gap_behind(page: Channel, boss: User) -> None:
    other = make_channel(name="Other")
    listed(other, {"2026-10-13": 70}, boss)
    week = weekly.weeks(NOON, UTC, 1)
    assert values(viewing.useful(within.TOWN, week, NOW)) == [None]
    Channel.objects.filter(pk=other.pk).update(state="archived")
    assert values(viewing.useful(within.TOWN, week, NOW)) == [590.0]
