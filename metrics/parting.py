"""The figures of a period by channel, campaign and objective, from rows that are fetched once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from calendar_app.models import Campaign, Post
from channels_app.models import Channel
from metrics.figures import Figure
from metrics.measures import answers, from_inbox, from_posts, reach
from metrics.measures.narrowing import Within
from metrics.measures.reach import PostRow
from metrics.measures.shape import Span
from policy.models import Objective


@dataclass(frozen=True)
class Part:
    """One channel, campaign or objective in a period. `kept` is None where nobody waits for an answer there."""

    thing: Channel | Campaign | Objective
    posts: int
    took_part: Figure
    kept: Figure | None = None


def by_channel(channels: Sequence[Channel], span: Span, posts: Sequence[PostRow]) -> list[Part]:
    """Each of these channels, those with nothing too."""
    waits = from_inbox.waits(span)
    found = []
    for channel in channels:
        within = Within(channel=str(channel.key))
        mine = within.of(posts)
        found.append(Part(channel, len(mine), reach.engagement_rate(mine), answers.within_promise(within.of(waits))))
    return found


def by_campaign(posts: Sequence[PostRow]) -> list[Part]:
    """The campaigns that had posts, the most first."""
    found = _shared_out(posts, lambda one: one.campaign)
    return sorted(found, key=lambda one: -one.posts)


def by_objective(posts: Sequence[PostRow]) -> list[Part]:
    """Every active objective, also one that nothing was published for."""
    served = {one.thing: one for one in _shared_out(posts, lambda one: one.objective)}
    active = list(Objective.objects.filter(active=True))
    return [served.get(one) or Part(one, 0, reach.engagement_rate([])) for one in active]


def _shared_out(posts: Sequence[PostRow], whose: Callable[[Post], Campaign | Objective | None]) -> list[Part]:
    known = _posts({one.ref for one in posts if one.words != from_posts.OUTSIDE})
    mine: dict[Campaign | Objective, list[PostRow]] = defaultdict(list)
    for row in posts:
        thing = whose(known[row.ref]) if row.ref in known else None
        if thing is not None:
            mine[thing].append(row)
    return [Part(thing, len(rows), reach.engagement_rate(rows)) for thing, rows in mine.items()]


def _posts(refs: Collection[str]) -> Mapping[str, Post]:
    rows = Post.objects.filter(key__in=[UUID(ref) for ref in refs]).select_related("campaign", "objective")
    return {str(one.key): one for one in rows}


def listed(posts: Sequence[PostRow], most: int) -> list[PostRow]:
    """The posts that most people took part in; of equals the newer first."""
    newest = sorted(posts, key=lambda one: one.at, reverse=True)
    return sorted(newest, key=lambda one: -(one.taken_part if one.taken_part is not None else -1))[:most]
