"""Moving posts in the calendar, one or many, and moving them back.

Every move leaves a `Moving` that says from where to where, so that its undo is the same act the other way round. Of
many each is tried on its own: what cannot be moved is named with its reason and stays where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, LostRace, Refusal
from accounts.walltime import FIRST, SECOND, Twice, to_wall
from calendar_app import releasing, scheduling
from calendar_app.models import Moving, Placement
from calendar_app.releasing import Moment
from calendar_app.wording import day_and_time, place

MOST = 500
MORNING = time(10, 0)  # for what had no time yet
Aim = Callable[[Placement], Moment]


@dataclass
class Tried:
    """What one act did: `rows` as a `Moving` keeps them, `left` with the words why."""

    rows: list[dict[str, str | None]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)

    def moved(self, placement: Placement, was: datetime | None, at: datetime | None) -> None:
        key, post = str(placement.key), str(placement.post.key)
        self.rows.append({"placement": key, "post": post, "was": _iso(was), "at": _iso(at)})

    def stayed(self, placement: Placement, why: str) -> None:
        where = place(placement.channel)
        self.left.append({"post": str(placement.post), "key": str(placement.post.key), "where": where, "why": why})


def one(
    placements: Sequence[Placement], was: Sequence[datetime | None], words: str, *, by: User, now: datetime
) -> Moving:
    """Remember a move that was just made, for its undo: the placements as they are now, and when they were before."""
    tried = Tried()
    for placement, before in zip(placements, was, strict=True):
        tried.moved(placement, before, placement.due_at)
    return Moving.objects.create(words=words[:200], rows=tried.rows, by=by, at=now)


def by_days(placements: Sequence[Placement], days: int, zone: str, *, by: User, now: datetime) -> Moving:
    """So many days later (earlier, below zero), at the same time on the town's clocks."""
    if not days:
        raise Invalid(
            "Moving by 0 days moves nothing.", next_step="Enter how many days later, or earlier with a minus."
        )

    def aim(placement: Placement) -> Moment:
        if placement.due_at is None:
            raise Invalid("It has no day yet, so it cannot be moved by some.")
        wall = to_wall(placement.due_at, zone)
        return at_wall(wall + timedelta(days=days), zone, wall.fold, now)

    what = f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"
    return _many(placements, aim, what, by=by, now=now)


def to_day(placements: Sequence[Placement], day: date, zone: str, *, by: User, now: datetime) -> Moving:
    """All to one day, each at the time it had; what had none gets ten in the morning."""

    def aim(placement: Placement) -> Moment:
        wall = to_wall(placement.due_at, zone) if placement.due_at else datetime.combine(day, MORNING)
        return at_wall(datetime.combine(day, wall.time()), zone, wall.fold, now)

    return _many(placements, aim, f"to {day:%A} {day.day} {day:%B}", by=by, now=now)


def at_wall(wall: datetime, zone: str, fold: int, now: datetime) -> Moment:
    """The moment the town's clocks show this; of two the one that was meant before the move."""
    try:
        return releasing.moment(wall.replace(fold=0), zone, None, now)
    except Twice:
        return releasing.moment(wall.replace(fold=0), zone, SECOND if fold else FIRST, now)


def _many(placements: Sequence[Placement], aim: Aim, what: str, *, by: User, now: datetime) -> Moving:
    if not placements:
        raise Invalid("Nothing is chosen.", next_step="Tick the posts that are to be moved.")
    if len(placements) > MOST:
        raise Invalid(f"At most {MOST} can be moved at once; {len(placements)} are chosen.")
    tried = Tried()
    for placement in placements:
        was = placement.due_at
        try:
            with transaction.atomic():
                _movable(placement)
                to = aim(placement)
                (moved,) = scheduling.move_to(placement.post, [placement], to, was, by=by, now=now)
        except Refusal as why:
            tried.stayed(placement, f"{why.words} {why.next_step}".strip())
        else:
            tried.moved(moved, was, moved.due_at)
    words = f"{_posts(tried.rows)} moved {what}" if tried.rows else f"Nothing could be moved {what}"
    return _keep(words, tried, by, now)


def _movable(placement: Placement) -> None:
    if placement.is_out or placement.state == "cancelled":
        raise Invalid("It is out, on its way, or cancelled.")


def undo(moving: Moving, placements: Iterable[Placement], zone: str, *, by: User, now: datetime) -> Moving:
    """Put everything back where it was; what a colleague moved on since, or what is out by now, stays and is named.

    `placements` are those of the move that this person may see.
    """
    if moving.by_id != by.pk:
        raise Invalid("Only who moved it undoes it.", next_step="Move it back by hand.")
    if not Moving.objects.filter(pk=moving.pk, undone_at=None).update(undone_at=now):
        raise LostRace("This was undone already.")
    there, tried = {str(one.key): one for one in placements}, Tried()
    for row in moving.rows:
        placement = there.get(row["placement"])
        if placement is not None:
            _put_back(placement, _instant(row["was"]), _instant(row["at"]), zone, tried, by, now)
    words = f"{_posts(tried.rows)} moved back" if tried.rows else "Nothing could be moved back"
    return _keep(words, tried, by, now)


def _put_back(
    placement: Placement,
    was: datetime | None,
    at: datetime | None,
    zone: str,
    tried: Tried,
    by: User,
    now: datetime,
) -> None:
    try:
        with transaction.atomic():
            if was is None:
                _take_day(placement, at, zone)
            elif was <= now:
                raise Invalid(f"Its time before, {day_and_time(was, zone)}, is over.")
            else:
                to = Moment(to_wall(was, zone).replace(fold=0), zone, was)
                scheduling.move_to(placement.post, [placement], to, at, by=by, now=now)
    except Refusal as why:
        tried.stayed(placement, why.words)
    else:
        tried.moved(placement, at, was)


def _take_day(placement: Placement, at: datetime | None, zone: str) -> None:
    if placement.state != "draft" or placement.due_at != at:
        raise Invalid("It is no draft any more, or somebody gave it another time.")
    scheduling.plan(placement.post, [placement], None)


def _keep(words: str, tried: Tried, by: User, now: datetime) -> Moving:
    moving = Moving.objects.create(words=words[:200], rows=tried.rows, left=tried.left, by=by, at=now)
    audit.record("moved", moving, by=by, now=now, rows=tried.rows, left=len(tried.left))
    return moving


def _posts(rows: Sequence[dict[str, str | None]]) -> str:
    number = len({row["post"] for row in rows})
    return "1 post" if number == 1 else f"{number} posts"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _instant(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


def next_day(placement: Placement, days: int, zone: str, now: datetime) -> Moment | None:
    """So many days after the time it has, where that is a time it can have."""
    if placement.due_at is None:
        return None
    wall = to_wall(placement.due_at, zone)
    try:
        return at_wall(wall + timedelta(days=days), zone, wall.fold, now)
    except Invalid:
        return None
