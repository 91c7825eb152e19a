"""A change of one part of a series: what it is, and carrying it over to the following parts or to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, LostRace, Refusal
from calendar_app import composing, releasing, scheduling, series
from calendar_app.models import Placement, SeriesPart
from calendar_app.releasing import Moment
from calendar_app.series import Outcome, is_out, living, wall_of
from calendar_app.words import Words, as_json, of_version, words_of

ONE, FOLLOWING, ALL = "one", "following", "all"
NAMES = {
    "text": "text",
    "link": "link",
    "kind": "kind of post",
    "topic": "topic",
    "campaign": "campaign",
    "objective": "objective",
    "unplanned": "objective",
    "benefit": "benefit",
    "language": "language",
    "pictures": "pictures",
    "situation": "situation",
    "paid": "declaration",
    "facts": "facts",
    "more": "further parts and polls",
    "call": "call to action",
    "quote": "quote",
    "consent": "consent",
}


@dataclass(frozen=True)
class Change:
    """What is different in a part since it was last asked about: fields with before and after, own wordings by
    channel, and how far its time was moved.
    """

    words: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shift: timedelta = timedelta(0)

    def __bool__(self) -> bool:
        return bool(self.words or self.own or self.shift)

    @property
    def told(self) -> str:
        """What changed, as a list in words: its text, its topic and its time"""
        names = list(dict.fromkeys(f"its {NAMES.get(one, one)}" for one in self.words))
        names += ["its own wording for a channel"] if self.own else []
        names += ["its time"] if self.shift else []
        return ", ".join(names[:-1]) + (" and " if names[1:] else "") + names[-1] if names else ""


def is_open(part: SeriesPart) -> bool:
    """Whether the part may differ from what was last asked about; without looking at the words."""
    return part.post.version != part.settled or wall_of(part.post) != part.settled_wall


def change_of(part: SeriesPart) -> Change:
    """What the part's post says now against what it said at the last answer."""
    if not is_open(part):
        return Change()
    wall, was = wall_of(part.post), part.settled_wall
    shift = wall - was if wall and was else timedelta(0)
    version = part.post.versions.filter(n=part.settled).first()
    old, new = of_version(version) if version else words_of(part.post), words_of(part.post)
    own = {key: (old.own[key], new.own[key]) for key in old.own if key in new.own and old.own[key] != new.own[key]}
    named = [one.name for one in fields(Words) if one.name != "own"]
    changed = {one: (getattr(old, one), getattr(new, one)) for one in named if getattr(old, one) != getattr(new, one)}
    return Change(changed, own, shift)


def reached(part: SeriesPart, which: str) -> list[SeriesPart]:
    """The other parts that the answer is about, without what was dropped."""
    others = [one for one in series.parts_of(part.series) if one.pk != part.pk and not one.post.dropped_at]
    return [one for one in others if which == ALL or one.n > part.n]


@transaction.atomic
def carry(part: SeriesPart, which: str, *, by: User, now: datetime) -> Outcome:
    """Answer what the change of this part is meant for. Parts it cannot reach stay as they are, with the reason."""
    if which not in {ONE, FOLLOWING, ALL}:
        raise Invalid("Say whether the change is for this part, this and the following, or all.")
    part = SeriesPart.objects.select_for_update(of=("self",)).select_related("series").get(pk=part.pk)
    part.post = type(part.post).objects.whole().get(pk=part.post_id)
    change, outcome = change_of(part), Outcome()
    for other in reached(part, which) if change and which != ONE else ():
        try:
            kept = _take_over(other, change, by, now)
        except Refusal as why:
            outcome.left.append((other, why.words))
            continue
        outcome.left += [(other, kept)] if kept else []
        outcome.done.append(other)
    _settle(part, part.slot + change.shift if which != ONE else part.slot)
    if change:
        audit.record("changed_series", part.series, by=by, now=now, part=part.n, which=which, what=change.told)
    return outcome


@transaction.atomic
def _take_over(other: SeriesPart, change: Change, by: User, now: datetime) -> str:
    """Put the change into another part; returns what of it stays as it is, in a sentence, or ""."""
    if is_out(other.post):
        raise LostRace("It is out, or on its way.")
    was_open = is_open(other)
    words, kept = put(change, words_of(other.post))
    if as_json(words) != as_json(words_of(other.post)):
        other.post = composing.save(other.post, words, other.post.version, by=by, now=now).post
    slot = other.slot
    if change.shift and wall_of(other.post) == other.slot:
        _shift(other, change.shift, by, now)
        slot += change.shift
    elif change.shift:
        kept.append("time")
    if was_open:
        SeriesPart.objects.filter(pk=other.pk).update(slot=slot)
    else:
        _settle(other, slot)
    return f"It keeps its own {' and '.join(kept)}." if kept else ""


def put(change: Change, words: Words) -> tuple[Words, list[str]]:
    """The words with the change in them; what says something of its own is left, and named."""
    new: dict[str, Any] = {}
    kept: list[str] = []
    for name, (before, after) in change.words.items():
        here = getattr(words, name)
        if here == before:
            new[name] = after
        elif here != after:
            kept.append(NAMES.get(name, name))
    own = dict(words.own)
    for key, (mine, theirs) in change.own.items():
        if own.get(key) == mine:
            own[key] = theirs
        elif key in own and own[key] != theirs:
            kept.append("wording for a channel")
    return words.but(**new, own=own), list(dict.fromkeys(kept))


def _shift(other: SeriesPart, by_much: timedelta, by: User, now: datetime) -> None:
    """Move what is at the part's time. Invalid where the new time does not exist, comes twice unasked, or is over."""
    rows = [one for one in living(other.post) if one.wall_at == other.slot]
    zone = rows[0].zone
    at = releasing.moment((other.slot + by_much).replace(tzinfo=None), zone, other.series.fold, now)
    pencilled = [one for one in rows if one.state == "draft"]
    scheduling.plan(other.post, pencilled, at)
    _move_firm([one for one in rows if one.state != "draft"], other, at, by, now)
    other.post = type(other.post).objects.whole().get(pk=other.post_id)


def _move_firm(rows: list[Placement], other: SeriesPart, at: Moment, by: User, now: datetime) -> None:
    if rows:
        scheduling.move_to(other.post, rows, at, rows[0].due_at, by=by, now=now)


def _settle(part: SeriesPart, slot: datetime) -> None:
    """The question is answered for what the part is now."""
    SeriesPart.objects.filter(pk=part.pk).update(slot=slot, settled=part.post.version, settled_wall=wall_of(part.post))
