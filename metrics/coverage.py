"""What is done for each objective: posts by topic and by channel, the empty cells too, and work that serves none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from calendar_app import readiness
from calendar_app.balance import Share
from calendar_app.models import Placement, Post
from channels_app.models import Channel
from policy.models import Objective, PlanLimits, Topic

BACK, AHEAD = timedelta(weeks=13), timedelta(weeks=4)


@dataclass(frozen=True)
class Cell:
    """Posts of one objective under one head (`key` of a topic or a channel)."""

    key: str
    posts: int


@dataclass(frozen=True)
class Line:
    """One objective with its cells; None is the work that serves no objective."""

    objective: Objective | None
    cells: list[Cell]
    posts: int

    @property
    def empty(self) -> int:
        return sum(not cell.posts for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """Objectives against topics or channels. `heads` are keys and names; `gaps` counts the empty cells."""

    heads: list[tuple[str, str]]
    lines: list[Line]

    @property
    def gaps(self) -> int:
        return sum(line.empty for line in self.lines if line.objective)


def placements(user: User, now: datetime, channel: Channel | None = None) -> QuerySet[Placement]:
    """What this person sees of the posts of thirteen weeks back and four ahead."""
    rows = Placement.objects.visible_to(user, now).in_days(now - BACK, now + AHEAD)
    rows = rows.exclude(delivery__state__in=("failed", "missed", "cancelled"))
    return rows.filter(channel=channel) if channel else rows


def tables(user: User, now: datetime, channel: Channel | None = None) -> tuple[Table, Table]:
    """By topic and by channel; every active objective, topic and living channel has its place, with nothing too."""
    rows = placements(user, now, channel).values_list("post", "post__objective", "post__topic", "channel")
    told = list(rows.distinct())
    objectives = [*Objective.objects.filter(active=True), None]
    topics = [(one.pk, str(one.pk), one.name) for one in Topic.objects.filter(active=True)]
    seen = Channel.objects.visible_to(user, now, "see_calendar").living().speaking()
    channels = [(one.pk, str(one.key), str(one)) for one in seen if channel is None or one == channel]
    return (
        _table(objectives, topics, {(post, objective, topic) for post, objective, topic, _ in told}),
        _table(objectives, channels, {(post, objective, place) for post, objective, _, place in told}),
    )


def _table(
    objectives: Sequence[Objective | None],
    heads: Sequence[tuple[int, str, str]],
    told: set[tuple[int, int | None, int | None]],
) -> Table:
    cells = Counter((objective, head) for _, objective, head in told)
    whole = Counter(objective for _, objective in {(post, objective) for post, objective, _ in told})
    lines = []
    for one in objectives:
        pk = one.pk if one else None
        row = [Cell(key, cells[pk, head]) for head, key, _ in heads]
        lines.append(Line(one, row, whole[pk]))
    return Table([(key, name) for _, key, name in heads], lines)


def posts(user: User, now: datetime, objective: Objective | None, topic: str, channel: Channel | None) -> list[Post]:
    """The posts behind a cell, the newest first."""
    rows = placements(user, now, channel).filter(post__objective=objective)
    if topic:
        rows = rows.filter(post__topic=int(topic))
    return list(Post.objects.filter(pk__in=rows.values("post")).order_by("-created_at")[:100])


def unlinked(now: datetime) -> Share:
    """Approved posts of four weeks that serve no objective, against the town's ceiling."""
    part, whole = readiness.recent(now)
    return Share(part, whole, PlanLimits.here().unplanned_share)
