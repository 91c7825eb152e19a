"""Campaigns that are to change what people do: the goal before it begins, its numbers, and what can be said of it.

What is wanted, counted and compared stays once the weeks after have begun: nobody moves a goal towards its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import audit, tables
from accounts.access import require
from accounts.models import Town, User
from accounts.refusals import Invalid, LostRace
from calendar_app.models import Campaign
from metrics.measures import behaviour, from_campaigns
from metrics.measures.behaviour import CountRow, Verdict
from metrics.models import BehaviourGoal, OutsideFigure, OutsideFile, Recall
from metrics.outside import bringing_in, kinds

SET, ASK = "set_objective", "plan_campaign"
FIXED = ("wanted", "counted", "topic", "compared", "compared_topic", "target", "before_first", "before_last",
         "after_first")  # fmt: skip
LONGEST = timedelta(weeks=104)
FEWEST_WEEKS = 3


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def settle(campaign: Campaign, told: dict[str, Any], *, by: User, now: datetime) -> BehaviourGoal:
    """Say what a campaign is to change, or change that. The four days are taken as their weeks. Raises Invalid."""
    require(by, SET, now)
    spans = ("before_first", "before_last", "after_first", "after_last")
    told = told | {name: monday_of(told[name]) for name in spans}
    for part in ("before", "after"):
        if len(from_campaigns.mondays(told[f"{part}_first"], told[f"{part}_last"])) < FEWEST_WEEKS:
            raise Invalid(f"Take at least {FEWEST_WEEKS} weeks {part}: one or two do not show how much weeks differ.")
    if told["after_first"] <= told["before_last"] or told["after_last"] - told["before_first"] > LONGEST:
        raise Invalid("The weeks after follow the weeks before, all within two years.")
    was = BehaviourGoal.objects.filter(campaign=campaign).first()
    begun = was is not None and was.after_first <= now.astimezone(Town.here().tz).date()
    moved = [name for name in FIXED if was is not None and getattr(was, name) != told[name]]
    if begun and moved:
        raise Invalid(
            "The weeks after have begun: what is wanted, counted and compared stays as it was.",
            next_step="The words and the last week can still be changed.",
        )
    with transaction.atomic():
        row, _ = BehaviourGoal.objects.update_or_create(
            campaign=campaign, defaults=told, create_defaults=told | {"by": by, "at": now}
        )
        audit.record("set_behaviour", campaign, by=by, now=now, behaviour=row.behaviour, moved=moved)
    return row


@dataclass(frozen=True)
class Effect:
    """A campaign with its goal, its rows and what they allow to say."""

    campaign: Campaign
    goal: BehaviourGoal | None
    rows: Sequence[CountRow]
    verdict: Verdict | None


def effect(campaign: Campaign, now: datetime) -> Effect:
    goal = BehaviourGoal.objects.filter(campaign=campaign).select_related("topic", "compared_topic").first()
    if goal is None:
        return Effect(campaign, None, [], None)
    goal.campaign = campaign
    rows, today = from_campaigns.counts(goal, now), now.astimezone(Town.here().tz).date()
    return Effect(campaign, goal, rows, behaviour.verdict(rows, goal.wanted, goal.target, goal.after_last, today))


def known_counts() -> list[str]:
    """The names of counts that were brought in."""
    rows = OutsideFigure.objects.filter(kind=from_campaigns.COUNTS, file__state="made")
    return sorted(set(rows.order_by().values_list("label", flat=True).distinct()))


def write_down(label: str, on: date, value: Decimal, source: str, *, by: User, now: datetime) -> OutsideFile:
    """One number of one week by hand: a file of one row like any other, with its source, to be taken back like one."""
    kind = kinds.KINDS[from_campaigns.COUNTS]
    if on > now.astimezone(Town.here().tz).date():
        raise Invalid("That week is still to come.")
    data = tables.text(list(kind.columns.values()), [[on.isoformat(), label.strip(), f"{value:f}"]])
    with transaction.atomic():
        file = bringing_in.take(data.encode(), "Written down by hand", kind.key, by=by, now=now)
        columns = {name: place for place, name in enumerate(kind.columns)}
        read = {"encoding": "utf-8-sig", "separator": ",", "order": "dmy"}
        bringing_in.set_up(file, read, columns, source, by=by, now=now)
        return bringing_in.bring_in(file, by=by, now=now)


# --- recall ----------------------------------------------------------------------------------------------------------


def note_recall(campaign: Campaign, told: dict[str, Any], *, by: User, now: datetime) -> Recall:
    """Residents were asked: how many, and how many knew. Raises Invalid."""
    require(by, ASK, now)
    if told["on"] > now.astimezone(Town.here().tz).date():
        raise Invalid("That day is still to come.")
    if not told["asked"] >= 1 or told["knew"] > told["asked"]:
        raise Invalid("Of those asked, some knew: no more than were asked.")
    with transaction.atomic():
        row = Recall.objects.create(campaign=campaign, **told, by=by, at=now)
        audit.record("noted_recall", row, by=by, now=now, asked=row.asked, knew=row.knew)
    return row


def take_back_recall(row: Recall, why: str, *, by: User, now: datetime) -> None:
    """It counts no longer, and says why."""
    require(by, ASK, now)
    if not why.strip():
        raise Invalid("Say in a sentence why it is taken back.")
    with transaction.atomic():
        facts = {"taken_back_at": now, "taken_back_why": why.strip()[:300]}
        if not Recall.objects.filter(pk=row.pk, taken_back_at=None).update(**facts):
            raise LostRace("It is taken back already.")
        audit.record("took_back_recall", row, by=by, now=now, reason=facts["taken_back_why"])
