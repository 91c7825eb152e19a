"""Series: the same kind of post again and again. Every part is a post of its own, checked and signed like any other.

A change of one part is its own until a person says that it is meant for the following parts, or for all. What is then
carried over is the difference alone, and only to parts that still say what this one said before: what somebody has
written into another part stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, LostRace, NotAllowed, Refusal
from calendar_app import composing, recurring, releasing, scheduling
from calendar_app.composing import Draft
from calendar_app.models import Placement, Post, Series, SeriesPart
from calendar_app.recurring import Rule, Slot
from calendar_app.releasing import Moment
from calendar_app.words import words_of


@dataclass
class Outcome:
    """What became of the parts: done, and left as they are with the reason."""

    done: list[SeriesPart] = field(default_factory=list)
    left: list[tuple[SeriesPart, str]] = field(default_factory=list)


def planned(rule: Rule, zone: str, fold: int | None, gaps: str, now: datetime) -> list[Slot]:
    """When the parts go out. Invalid where one is over or too far away; Asks where a time is missing or comes twice."""
    slots = recurring.slots(rule, zone, fold, gaps)
    for one in slots:
        if not one.moved_from:
            releasing.moment(one.wall, zone, 0 if fold is None else fold, now)
    return slots


@transaction.atomic
def make(
    post: Post, name: str, rule: Rule, slots: list[Slot], *, zone: str, fold: int | None, by: User, now: datetime
) -> Series:
    """This post is part 1; the others are new drafts with its words, their times pencilled in."""
    post = _free(post)
    mine = composing.writable_channels(by, now)
    words = words_of(post)
    own = {key: text for key, text in words.own.items() if key in mine}
    if not own:
        raise Invalid("A series needs a channel for which you write.", next_step="Choose one for the post first.")
    _begin_with(post, slots[0], zone)
    series = Series.objects.create(
        key=uuid4(), name=name, rule=rule.as_json(), zone=zone, fold=fold, author=by, created_at=now
    )
    drafts = [
        Draft(words.but(own=own), dict.fromkeys(own, Moment(one.wall, zone, one.due_at)), uuid4()) for one in slots[1:]
    ]
    posts = [post, *composing.create_many(drafts, by=by, now=now)]
    SeriesPart.objects.bulk_create(
        SeriesPart(
            series=series,
            n=n,
            post=one,
            slot=(wall := slot.wall.replace(tzinfo=UTC)),
            settled=one.version,
            settled_wall=wall,
        )
        for n, (one, slot) in enumerate(zip(posts, slots, strict=True), 1)
    )
    audit.record("made_series", series, by=by, now=now, parts=len(posts), rule=rule.words)
    return series


def _free(post: Post) -> Post:
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if SeriesPart.objects.filter(post=post).exists():
        raise LostRace("This post is part of a series already.")
    post = Post.objects.whole().get(pk=post.pk)
    if post.dropped_at:
        raise Invalid("This post was dropped.", next_step="Take it up again first.")
    return post


def _begin_with(post: Post, first: Slot, zone: str) -> None:
    """The first part has the time of the series: a draft gets it, what is scheduled has it already."""
    rows = [one for one in post.placements.all() if one.state != "cancelled"]
    firm = [one for one in rows if one.state != "draft" and one.due_at != first.due_at]
    if firm:
        raise Invalid(
            "This post has another time already, and more than a draft stays where it is.",
            next_step="Begin the series with the time of the post, or move the post first.",
        )
    scheduling.plan(post, rows, Moment(first.wall, zone, first.due_at))


def part_of(post: Post) -> SeriesPart | None:
    return SeriesPart.objects.select_related("series").filter(post=post).first()


def parts_of(series: Series) -> list[SeriesPart]:
    """All parts with everything a page shows of their posts, in their order."""
    parts = list(series.parts.all())
    posts = {one.pk: one for one in Post.objects.whole().filter(pk__in=[part.post_id for part in parts])}
    for part in parts:
        part.post = posts[part.post_id]
        part.series = series
    return parts


def wall_of(post: Post) -> datetime | None:
    """The earliest time of a post that is not cancelled, on the wall clock as if it were UTC."""
    return min((one.wall_at for one in living(post) if one.wall_at), default=None)


def living(post: Post) -> list[Placement]:
    return [one for one in post.placements.all() if one.state != "cancelled"]


def is_out(post: Post) -> bool:
    """Some of it is out, on its way, or may be."""
    return any(one.is_out for one in post.placements.all())


@transaction.atomic
def stop(series: Series, *, by: User, now: datetime) -> Outcome:
    """Nothing more of it goes out: parts that are not out yet are dropped, and can be taken up again one by one."""
    outcome = Outcome()
    Series.objects.select_for_update().get(pk=series.pk)
    for part in parts_of(series):
        if part.post.dropped_at:
            continue
        if is_out(part.post):
            outcome.left.append((part, "It is out, or on its way."))
            continue
        part.post = composing.drop(part.post, by=by, now=now)
        outcome.done.append(part)
    Series.objects.filter(pk=series.pk, stopped_at=None).update(stopped_at=now)
    audit.record("stopped_series", series, by=by, now=now, dropped=len(outcome.done))
    return outcome


def schedule(series: Series, keys: set[UUID], *, by: User, now: datetime) -> tuple[Outcome, int]:
    """Schedule these drafts at their times, or ask for their signatures; each part alone, by the same checks as any.

    Returns what became of them, and how many wait for a signature.
    """
    outcome, asked = Outcome(), 0
    for part in parts_of(series):
        rows = [one for one in living(part.post) if one.state == "draft" and one.due_at and one.due_at > now]
        if part.post.key not in keys or part.post.dropped_at or not rows:
            continue
        try:
            asked += _schedule_part(part, rows, by, now)
            outcome.done.append(part)
        except Refusal as why:
            outcome.left.append((part, why.words))
    return outcome, asked


@transaction.atomic
def _schedule_part(part: SeriesPart, rows: list[Placement], by: User, now: datetime) -> int:
    """Channels of one part may have different times; returns whether any of it waits for a signature."""
    asked = False
    for due_at in sorted({one.due_at for one in rows if one.due_at}):
        same = [one for one in rows if one.due_at == due_at]
        wall = same[0].wall_at
        if wall is None:
            raise NotAllowed("This part has no time yet.")
        at = Moment(wall.replace(tzinfo=None), same[0].zone, due_at)
        asked |= bool(scheduling.schedule(part.post, same, at, by=by, now=now).asked)
    return int(asked)
