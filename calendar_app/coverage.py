"""Whom a campaign reaches: notices against audiences, how often they are said, and about who still has not seen it.

The estimate is rough on purpose and says what it rests on: of the people a channel reaches, about three in ten see one
post; whatever is done outside social media is seen by all it reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app.models import Activity, Audience, Campaign, Notice, Placement, Reach

SEEN = 0.3  # the share of those a channel reaches who see one post there
ONE = "One post on one channel, said once: most people will miss it."


@dataclass(frozen=True)
class Cell:
    """One notice for one audience: the ways that are used and reach it."""

    audience: Audience
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One notice with its cells, and how often it is said."""

    notice: Notice
    cells: list[Cell]
    posts: int
    channels: int
    activities: int

    @property
    def gaps(self) -> list[str]:
        return [cell.audience.name for cell in self.cells if not cell.ways]

    @property
    def warning(self) -> str:
        if not self.posts and not self.activities:
            return "Nothing says it yet."
        return ONE if self.posts == self.channels == 1 and not self.activities else ""


@dataclass(frozen=True)
class Unseen:
    """About how many of an audience will not have seen anything of it, and the share of the audience."""

    audience: Audience
    share: int
    people: int | None


@dataclass
class Plan:
    """What a campaign does to be noticed, and where that is thin."""

    posts: int = 0
    channels: int = 0
    activities: int = 0
    partners: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)


def matrix(campaign: Campaign) -> list[Row]:
    """The notices of a campaign, each with a cell for every audience of the campaign."""
    audiences = list(campaign.audiences.filter(active=True).prefetch_related("reaches__channel"))
    rows = []
    for notice in campaign.notices.prefetch_related("activities"):
        said = _said(Placement.objects.planned().filter(post__notices=notice))
        done = [one for one in notice.activities.all() if one.dropped_at is None]
        used = {one.way for one in done}
        cells = [Cell(one, _ways(one, said, used)) for one in audiences]
        rows.append(Row(notice, cells, len(said), len({one.channel_id for one in said}), len(done)))
    return rows


def plan(campaign: Campaign) -> Plan:
    """The whole campaign: repeats, channels, partners, other ways, and who is left."""
    said = _said(Placement.objects.planned().filter(post__campaign=campaign))
    done = [one for one in campaign.activities.all() if one.dropped_at is None]
    partners = [name for kit in campaign.kits.filter(revoked_at=None) for name in kit.names]
    found = Plan(len(said), len({one.channel_id for one in said}), len(done), list(dict.fromkeys(partners)))
    found.warnings = thin(found)
    times: dict[int, int] = {}
    for one in said:
        times[one.channel_id] = times.get(one.channel_id, 0) + 1
    for audience in campaign.audiences.filter(active=True).prefetch_related("reaches"):
        share = missed(audience.reaches.all(), times, {one.way for one in done})
        people = roughly(audience.size * share / 100) if audience.size is not None else None
        found.unseen.append(Unseen(audience, share, people))
    return found


def thin(found: Plan) -> list[str]:
    """Where a plan is too thin to be noticed, one sentence each."""
    if not found.posts and not found.activities:
        return ["Nothing is planned yet."]
    told = []
    if found.posts == found.channels == 1 and not found.activities and not found.partners:
        told.append(f"{ONE} Repeat it, use another channel, or do something beside posts.")
    elif found.posts and found.posts == found.channels:
        told.append("Nothing is said twice on any channel.")
    if found.posts and not found.activities:
        told.append("Nothing is planned beside social media, where not everybody is.")
    if not found.partners:
        told.append("No partner has anything to pass on. A share kit helps.")
    return told


def missed(reaches: Iterable[Reach], times: dict[int, int], used: set[str]) -> int:
    """About how many in a hundred of an audience will have seen nothing of it."""
    left = 1.0
    for one in reaches:
        share = one.percent / 100
        if one.channel_id:
            left *= 1 - share * (1 - (1 - SEEN) ** times.get(one.channel_id, 0))
        elif one.way in used:
            left *= 1 - share
    return round(100 * left)


def roughly(people: float) -> int:
    """As many figures as an estimate deserves: two."""
    return int(round(people, min(0, 2 - len(str(int(people))))))


@transaction.atomic
def complete(campaign: Campaign, *, by: User, now: datetime) -> None:
    """Say that the campaign is planned to its end. Refused while a mandatory notice misses an audience."""
    require(by, "plan_campaign", now)
    open_ones = missing(matrix(campaign))
    if open_ones:
        raise Invalid(" ".join(open_ones), next_step="Plan a way for each of them first.")
    Campaign.objects.filter(pk=campaign.pk).update(completed_at=now, completed_by=by)
    audit.record("completed", campaign, by=by, now=now)


def missing(rows: Sequence[Row]) -> list[str]:
    """The mandatory notices that have no way to an audience, one sentence each."""
    return [
        f"“{row.notice}” must reach everybody and has no way to: {', '.join(row.gaps)}."
        for row in rows
        if row.notice.mandatory and row.gaps
    ]


@transaction.atomic
def reopen(campaign: Campaign, *, by: User, now: datetime) -> None:
    require(by, "plan_campaign", now)
    Campaign.objects.filter(pk=campaign.pk).update(completed_at=None, completed_by=None)
    audit.record("reopened", campaign, by=by, now=now)


def _said(rows: Iterable[Placement]) -> list[Placement]:
    return list({one.pk: one for one in rows}.values())


def _ways(audience: Audience, said: Sequence[Placement], used: set[str]) -> tuple[str, ...]:
    channels = {one.channel_id for one in said}
    return tuple(str(one) for one in audience.reaches.all() if one.channel_id in channels or (one.way in used))


def activities_of(campaign: Campaign) -> list[Activity]:
    return list(campaign.activities.select_related("owner", "objective"))
