"""What an objective stands by: a week of its own, whichever time its page shows; nothing old told as if it were new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from metrics import aims, views, weekly
from metrics.figures import Figure
from metrics.measures.ledger import FAMILIES, rule_of
from policy.models import Objective
from tests.factories import make_channel, make_town, make_user
from tests.factories_calendar import make_objective
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db
START, END = date(2026, 9, 7), date(2027, 9, 6)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")


def aim(measure: str, baseline: float = 10, target: float = 10) -> Objective:
    return Objective(measure=measure, baseline=baseline, baseline_on=START, target=target, target_on=END)


@pytest.mark.parametrize(
    ("measure", "a_week", "in_october"),
    [
        ("ideas_gathered", 10, 10 * 31 / 7),  # adds up
        ("participants", 10, None),  # whoever wrote in two weeks counts once in the month
        ("engagement_rate", 10, 10),  # is as high in a month as in its weeks
        ("total_followers", 10, 10),
    ],
)
def test_a_line_asks_for_as_much_as_a_longer_time_can_count(
    measure: str, a_week: float, in_october: float | None
) -> None:
    october = weekly.months(NOW, ZONE, 2)[:1]
    assert aims.needed(aim(measure), weekly.weeks(NOW, ZONE, 5)) == [a_week] * 5, "also when clocks change"
    assert aims.needed(aim(measure), october) == [in_october if in_october is None else pytest.approx(in_october)]


def test_every_measure_that_only_counts_is_for_a_week() -> None:
    counts = {name for names in FAMILIES.values() for name in names if (rule := rule_of(name)) and rule.unit == ""}
    as_high_in_a_month = {"total_followers", "useful_count", "thread_depth"}
    assert counts - as_high_in_a_month == aims.A_WEEK
    assert [aims.unit_of(name) for name in ("contacts", "engagement_rate")] == ["a week", "%"]


@pytest.mark.parametrize(
    ("values", "newest", "week"),
    [
        ([1, 2, 3, 4], 3, "the week from 9 November"),
        ([1, 2, None, 4], 4, "the week from 16 November, so far"),
        ([1, 2, None, None], 2, "the week from 2 November"),
        ([1, None, None, None], None, ""),  # three weeks ago is no news
    ],
)
def test_only_the_last_three_weeks_are_told_as_if_they_were_of_today(
    values: list[float | None], newest: float | None, week: str
) -> None:
    over = weekly.weeks(NOW, ZONE, len(values))
    assert views.latest(over, [Figure(one) for one in values]) == (newest, week)


def test_of_what_is_counted_a_part_of_a_week_is_never_held_against_a_week() -> None:
    over = weekly.weeks(NOW, ZONE, 3)
    assert views.latest(over, [Figure(8), Figure(None), Figure(1)], counts=True) == (8, "the week from 2 November")


def test_the_badge_and_the_number_are_the_same_by_week_and_by_month_and_on_the_list() -> None:
    make_town(zone="UTC", pack="none")
    boss, channel, now = make_user("manager"), make_channel(), clock.now()
    monday = weekly.weeks(now, ZoneInfo("UTC"), 4)[0].start
    for week in range(3):
        for n in range(2):
            make_conversation(channel, at=monday + timedelta(weeks=week, days=n))
    objective = make_objective(owner=boss)
    start = monday.date() - timedelta(weeks=9)
    facts = {"baseline": 1, "baseline_on": start, "target": 5, "baseline_source": "Counted"}
    Objective.objects.filter(pk=objective.pk).update(measure="participants", target_on=now.date(), **facts)
    client = Client()
    client.force_login(boss)
    pages = [client.get(reverse("measures:objective", args=[objective.key]), {"by": by}) for by in ("week", "month")]
    for page in (*pages, client.get(reverse("measures:objectives"))):
        words = page.content.decode()
        assert ("behind" in words, ">met<" in words, "2 of 5 a week" in words) == (True, False, True)
        assert "In the week from" in words
    assert "everybody is counted once" in pages[1].content.decode()
