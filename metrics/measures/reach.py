"""Who was reached, who took part, who follows: figures over posts, what went out, and followers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from metrics.figures import Figure, many, none, share
from metrics.measures import untold
from metrics.measures.shape import Row

DENOMINATORS = {"reach": "people reached", "impressions": "times shown", "followers": "followers"}
TAKING_PART = tuple(untold.PARTS)
TALKING = ("ask", "answer", "join")
UNCOUNTED = ("post has no such number and is not counted", "posts have no such number and are not counted")


@dataclass(frozen=True)
class PostRow(Row):
    """One post on one channel with its newest numbers; None is a number nobody tells. `followers` are the channel's
    when it was read; `own_clicks` are followed short links of ours.
    """

    words: str
    platform: str
    kind: str
    medium: str
    topic: str
    call: str
    hour: int | None
    likes: int | None
    replies: int | None
    shares: int | None
    clicks: int | None
    own_clicks: int | None
    reach: int | None
    impressions: int | None
    followers: int | None
    read_at: datetime | None
    missing: str = ""  # why there are no numbers, or none since `read_at`

    @property
    def taken_part(self) -> int | None:
        """Reactions, comments, shares and clicks as far as they are told; None where none is."""
        told = [value for name in TAKING_PART if (value := getattr(self, name)) is not None]
        return sum(told) if told else None


def engagement_rate(rows: Sequence[PostRow], denominator: str = "") -> Figure:
    """Reactions, comments, shares and clicks in a hundred of whom they are held against: people reached where the
    platforms tell it, else times shown, else followers. One and the same for all posts that count; the others are said.
    """
    told = [one for one in rows if one.taken_part is not None]
    wanted = [denominator] if denominator else list(DENOMINATORS)
    for name in wanted:
        counted = [one for one in told if getattr(one, name)]
        if counted:
            above = sum(one.taken_part or 0 for one in counted)
            below = sum(getattr(one, name) for one in counted)
            done = many(above, "time somebody took part", "times somebody took part")
            notes = [f"{done} in {many(len(counted), 'post', 'posts')}, against {below:,} {DENOMINATORS[name]}"]
            if len(counted) < len(rows):
                notes.append(many(len(rows) - len(counted), *UNCOUNTED))
            notes += [words] if (words := untold.sentence(counted)) else []
            return Figure(100 * above / below, above, below, notes=(*notes, *reasons(rows)), basis=name)
    return none(lacking(rows, "no platform tells whom the posts reached"), whole=len(rows))


def lacking(rows: Sequence[PostRow | ReachRow], usual: str) -> str:
    """Why there is no number: what was written down when nobody could read it, else the usual reason."""
    return "; ".join(dict.fromkeys(one.missing for one in rows if one.missing)) or usual


def reasons(rows: Sequence[PostRow | ReachRow]) -> list[str]:
    """Beside a number: of how many posts there is none or no newer one, and why."""
    said = Counter(one.missing for one in rows if one.missing)
    return [f"{many(n, 'post', 'posts')} without a newer number: {why}" for why, n in said.items()]


def by_denominator(rows: Sequence[PostRow]) -> dict[str, Figure]:
    """The same for each denominator apart, every post under the best one it has: no two are ever mixed."""
    groups: dict[str, list[PostRow]] = {}
    for one in rows:
        best = next((name for name in DENOMINATORS if getattr(one, name)), "")
        if best and one.taken_part is not None:
            groups.setdefault(best, []).append(one)
    return {name: engagement_rate(groups[name], name) for name in DENOMINATORS if name in groups}


def per_thousand(rows: Sequence[PostRow], name: str, what: str) -> Figure:
    """Likes (popularity), comments (commitment) or shares (virality) of a post for every thousand followers: the mean
    over posts, each held against the followers of its own channel.
    """
    rates = [
        1000 * value / one.followers for one in rows if (value := getattr(one, name)) is not None and one.followers
    ]
    if not rates:
        return none(lacking(rows, f"no post with {what} and followers"), whole=len(rows))
    left = len(rows) - len(rates)
    notes = [many(left, *UNCOUNTED)] if left else []
    return Figure(sum(rates) / len(rates), None, len(rates), notes=(*notes, *reasons(rows)))


def popularity(rows: Sequence[PostRow]) -> Figure:
    return per_thousand(rows, "likes", "likes")


def commitment(rows: Sequence[PostRow]) -> Figure:
    return per_thousand(rows, "replies", "comments")


def virality(rows: Sequence[PostRow]) -> Figure:
    return per_thousand(rows, "shares", "shares")


def own_clicks(rows: Sequence[PostRow]) -> Figure:
    """How often our own short links in posts were followed."""
    known = [one.own_clicks for one in rows if one.own_clicks is not None]
    if not known:
        return none("no post carries a short link of ours", whole=len(rows))
    return Figure(float(sum(known)), None, len(known))


@dataclass(frozen=True)
class ReachRow(Row):
    """One post with whom it reached, and how many people live here."""

    reach: int | None
    population: int | None
    missing: str = ""


def population_reached(rows: Sequence[ReachRow]) -> Figure:
    """People reached in a hundred of the population: the sum over posts and networks, in which people count again."""
    population = next((one.population for one in rows if one.population), None)
    known = [one.reach for one in rows if one.reach is not None]
    if not known:
        return none(lacking(rows, "no platform tells whom the posts reached"), whole=len(rows))
    if not population:
        return none("the town's population is not entered", whole=len(rows))
    notes = ["whoever saw two posts, or one on two networks, counts twice"]
    if len(known) < len(rows):
        notes.append(f"whom {len(rows) - len(known)} of {len(rows)} posts reached is not known")
    return Figure(100 * sum(known) / population, sum(known), population, notes=(*notes, *reasons(rows)))


@dataclass(frozen=True)
class OutRow(Row):
    """One thing that went out: it tells (`broadcast`), asks, answers, or joins in where others talk."""

    COUNTED: ClassVar = ("what",)

    what: str


def shares(rows: Iterable[OutRow]) -> dict[str, float]:
    """Broadcast, ask, answer and join in a hundred of what went out; all empty where nothing did."""
    count = Counter(one.what for one in rows)
    whole = sum(count.values())
    return {what: 100 * count[what] / whole for what in ("broadcast", *TALKING)} if whole else {}


def conversation_balance(rows: Sequence[OutRow]) -> Figure:
    """What asks, answers or joins in, in a hundred of everything that went out; each share is said."""
    words = {"broadcast": "told something", "ask": "asked", "answer": "answered", "join": "joined in where others talk"}
    notes = [", ".join(f"{value:.1f} % {words[what]}" for what, value in shares(rows).items())] if rows else []
    return share(sum(one.what in TALKING for one in rows), len(rows), "nothing went out", notes)


@dataclass(frozen=True)
class FollowerRow(Row):
    """Followers of one channel at one time; None where nobody told, and why."""

    followers: int | None
    missing: str
    on: date


def total_followers(rows: Sequence[FollowerRow]) -> Figure:
    """The newest number of each channel, added up; a channel without one is said and leaves a hole, not a nought."""
    newest: dict[str, FollowerRow] = {}
    for one in sorted(rows, key=lambda one: one.at):
        if one.followers is not None or one.where not in newest:
            newest[one.where] = one
    known = [one.followers for one in newest.values() if one.followers is not None]
    basis = _channels(one for one in newest.values() if one.followers is not None)
    lacking = [one for one in newest.values() if one.followers is None]
    notes = tuple(
        f"missing{f', {why}' if why else ''}: {', '.join(one.channel for one in lacking if one.missing == why)}"
        for why in dict.fromkeys(one.missing for one in lacking)
    )
    if not known:
        return none("no channel told its followers", whole=len(newest), notes=notes)
    return Figure(float(sum(known)), len(known), len(newest), notes=notes, basis=basis)


def _channels(rows: Iterable[Row]) -> str:
    """Which channels a figure is made of."""
    return " ".join(sorted({one.ref or one.channel for one in rows}))


@dataclass(frozen=True)
class EngagedRow(Row):
    """One channel: how many people took part there in words, and how many follow it."""

    people: int
    followers: int | None


def engaged_followers(rows: Sequence[EngagedRow]) -> Figure:
    """People who wrote in a hundred followers, over the channels whose followers are known."""
    known = [one for one in rows if one.followers]
    followers = sum(one.followers or 0 for one in known)
    notes = ["whoever only likes or shares is not known by name and not counted; writers need not follow"]
    figure = share(sum(one.people for one in known), followers, "no channel told its followers", notes)
    return figure.on(_channels(known))
