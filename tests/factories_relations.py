"""Organisations the town works with, places where it takes part, and people who agreed to be named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import User
from engagement import outreach, relations, stakeholders, supporting
from engagement.models import OutreachPlace, Relationship, Stake, Supporter, TimeEntry
from tests.factories import COUNT, NOON, make_user
from tests.factories_calendar import make_objective


def make_relationship(name: str = "", *, by: User | None = None, now: datetime = NOON, **facts: Any) -> Relationship:
    """An organisation without accounts, unless told otherwise; `handles` are pairs of platform and handle."""
    by = by or make_user("officer")
    handles = facts.pop("handles", [])
    told = {
        "kind": "organisation",
        "name": name or f"Food bank {next(COUNT)}",
        "about": "",
        "language": "",
        "owner": by,
    }
    told |= {"basis": "", "reach": None, "reach_source": "", "quiet_days": 90}
    return relations.add(told | facts, handles, by=by, now=now)


def make_stake(*, by: User | None = None, openness: int = 3, **facts: Any) -> Stake:
    """An organisation with a reach, on the map."""
    by = by or make_user("officer")
    one = facts.pop("relationship", None) or make_relationship(by=by, reach=facts.pop("reach", 100))
    aim = facts.pop("objective", None) or make_objective()
    return stakeholders.add(one, aim, openness, "They wrote to us about it", "", by=by, now=NOON)


def make_minutes(by: User) -> TimeEntry:
    """Half an hour that somebody wrote down."""
    return TimeEntry.objects.create(activity="helpful", minutes=30, on=NOON.date(), by=by, at=NOON)


def make_outreach_place(*, by: User | None = None, relationship: Relationship | None = None) -> OutreachPlace:
    """Somebody else's group in which its maker may write."""
    by = by or make_user("officer")
    facts = {"name": "Mill Road neighbours", "url": "https://groups.example/mill", "relationship": relationship}
    facts |= {"house_rules": "No adverts.", "disclosure": "I work for Fernhill Council."}
    return outreach.add(facts, [by], by=by, now=NOON)


def make_supporter(name: str = "Ada Byrne", *, by: User | None = None, **facts: Any) -> Supporter:
    """Somebody who agreed to be thanked by name."""
    told: dict[str, Any] = {"kind": "thanks", "name": name, "why": "Litter picks on Saturdays", "relationship": None}
    told |= {"consent": "By e-mail to the desk", "consent_on": date(2026, 11, 1)}
    return supporting.add(told | facts, by=by or make_user("officer"), now=NOON)
