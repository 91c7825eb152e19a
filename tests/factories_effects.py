"""Campaigns that are to change something, for tests: the goal, the counts by hand, what residents knew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from calendar_app.models import Campaign
from metrics import behaviour
from metrics.models import BehaviourGoal, Recall
from tests.factories import NOON, make_user
from tests.factories_calendar import make_campaign
from tests.factories_measures import bring_in

BEFORE, AFTER = date(2026, 9, 7), date(2026, 10, 5)  # Mondays
WEEK = timedelta(weeks=1)
COUNTS = ("Week", "What is counted", "How many")
CADDIES, MILTON = "Food caddies put out", "Food caddies in Milton"


def make_goal(
    campaign: Campaign | None = None, *, by: User | None = None, now: datetime = NOON, **facts: Any
) -> BehaviourGoal:
    """More food caddies, three weeks before and three after, beside the next town."""
    told: dict[str, Any] = {
        "behaviour": "Households put food waste into the caddy",
        "wanted": "more",
        "counted": CADDIES,
        "topic": None,
        "compared": MILTON,
        "compared_topic": None,
        "target": 140.0,
        "before_first": BEFORE,
        "before_last": BEFORE + 2 * WEEK,
        "after_first": AFTER,
        "after_last": AFTER + 2 * WEEK,
    }
    return behaviour.settle(campaign or make_campaign(), told | facts, by=by or make_user("manager"), now=now)


def count(label: str, before: list[float], after: list[float], *, by: User | None = None, now: datetime = NOON) -> None:
    """A file with the weeks before and after."""
    days = [BEFORE + WEEK * n for n in range(len(before))] + [AFTER + WEEK * n for n in range(len(after))]
    rows = [(day.isoformat(), label, f"{value:g}") for day, value in zip(days, before + after, strict=True)]
    bring_in(rows, COUNTS, kind="counts", by=by or make_user("manager"), now=now)


def make_recall(
    campaign: Campaign | None = None, *, by: User | None = None, now: datetime = NOON, **facts: Any
) -> Recall:
    """Twenty were asked at the market, nine knew."""
    told: dict[str, Any] = {
        "question": "On which day is food waste collected?",
        "on": NOON.date(),
        "asked": 20,
        "knew": 9,
        "how": "At the market, everybody who passed",
        "source": "Tally of the waste team",
    }
    return behaviour.note_recall(campaign or make_campaign(), told | facts, by=by or make_user("officer"), now=now)
