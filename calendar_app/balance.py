"""What the plan is made of: reader benefits by month, posts without an objective, posts that are little but a link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from accounts.models import Town, User
from accounts.walltime import months_later, to_wall
from calendar_app import month as grid
from calendar_app.models import Placement, PostPicture
from calendar_app.models.posts import BENEFITS

MONTHS = 6
LINK_DAYS = timedelta(days=14)
FEW_WORDS = 8  # beside the link
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"\w[\w'’-]*")
BENEFIT_WORDS = dict(BENEFITS)


class Line(NamedTuple):
    """One post of the plan at its first moment within the days looked at."""

    post: int
    key: UUID
    due_at: datetime
    text: str
    link: str
    benefit: str
    topic: int | None
    call: str = ""
    language: str = ""
    objective: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Share:
    """So many of so many, with the ceiling the town set, in percent. `part` of no posts is no share."""

    part: int
    whole: int
    ceiling: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None

    @property
    def over(self) -> bool:
        return bool(self.whole) and 100 * self.part > self.ceiling * self.whole


@dataclass(frozen=True)
class Benefits:
    """Posts by month and reader benefit: `rows` begin with the month and end with their total."""

    names: list[str]
    rows: list[list[str | int]]
    total: int
    finding: str


def lines(user: User, start: datetime, end: datetime, now: datetime) -> list[Line]:
    """Every post planned or out in these days, each once: one query."""
    rows = Placement.objects.visible_to(user, now).in_days(start, end).exclude(delivery__state__in=("failed", "missed"))
    columns = ("post_id", "post__key", "due_at", "post__text", "post__link", "post__benefit", "post__topic_id")
    more = ("post__call", "post__language", "post__objective_id", "post__kind")
    first = rows.order_by("post_id", "due_at").distinct("post_id").values_list(*columns, *more)
    return sorted((Line(*row) for row in first), key=lambda one: (one.due_at, one.post))


def months(today: date, many: int = MONTHS) -> list[date]:
    """The first days of so many months, the one that runs the last."""
    return [months_later(today.replace(day=1), n - many + 1) for n in range(many)]


def benefits(rows: Iterable[Line], firsts: Sequence[date], zone: str) -> Benefits:
    """The chart's numbers: every post with a benefit counts once, in the month of its first moment. Pure.

    The months before the first such post are left out: nothing is known of them.
    """
    counted: Counter[tuple[date, str]] = Counter()
    for one in rows:
        first = to_wall(one.due_at, zone).date().replace(day=1)
        if one.benefit and first in firsts:
            counted[first, one.benefit if one.benefit in BENEFIT_WORDS else "other"] += 1
    keys = [key for key in [*BENEFIT_WORDS, "other"] if key != "other" or any(k == "other" for _, k in counted)]
    begun = min((first for first, _ in counted), default=firsts[-1])
    table: list[list[str | int]] = [
        [f"{first:%B %Y}", *(counted[first, key] for key in keys)] for first in firsts if first >= begun
    ]
    names = ["Month", *(BENEFIT_WORDS.get(key, "Another benefit") for key in keys)]
    sums = {key: sum(counted[first, key] for first in firsts) for key in BENEFIT_WORDS}
    return Benefits(names, table, sum(counted.values()), _finding(sums, sum(counted.values())))


def _finding(sums: dict[str, int], total: int) -> str:
    if not total:
        return "No post with a reader benefit yet"
    most, least = max(sums, key=sums.__getitem__), min(sums, key=sums.__getitem__)
    share = round(100 * sums[most] / total)
    if not sums[least]:
        return f"“{BENEFIT_WORDS[most]}” makes up {share} % of posts; “{BENEFIT_WORDS[least]}” has none"
    return f"“{BENEFIT_WORDS[most]}” makes up {share} % of posts, “{BENEFIT_WORDS[least]}” the least"


def is_link_only(text: str, link: str, pictured: bool) -> bool:
    """Whether a post gives a reader little but somewhere else to go: a link, hardly any words, no picture. Pure."""
    has_link = bool(link) or ADDRESS.search(text) is not None
    return has_link and not pictured and len(WORD.findall(ADDRESS.sub(" ", text))) < FEW_WORDS


def link_only(rows: Sequence[Line], now: datetime, ceiling: int) -> tuple[Share, list[Line]]:
    """The share of posts of the last fourteen days that are little but a link, and which these are: one query."""
    recent = [one for one in rows if now - LINK_DAYS < one.due_at <= now]
    bare = [one for one in recent if is_link_only(one.text, one.link, pictured=False)]
    pictured = set(PostPicture.objects.filter(post__in=[one.post for one in bare]).values_list("post", flat=True))
    found = [one for one in bare if one.post not in pictured]
    return Share(len(found), len(recent), ceiling), found


def spanned(town: Town, now: datetime) -> tuple[list[date], datetime, datetime]:
    """The months of the chart, and the instants they begin and end at."""
    firsts = months(to_wall(now, town.zone).date())
    last = months_later(firsts[-1], 1) - timedelta(days=1)
    return firsts, *grid.bounds(firsts[0], last, town.zone)
