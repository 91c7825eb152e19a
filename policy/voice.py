"""The town's voice as it is now: read cheaply, changed as a new version, and made into the house of the checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from policy import profile as profiles
from policy.checks.house import House
from policy.checks.house import Position as Held
from policy.models import Position, Voice
from policy.profile import Profile

STAMP = """(SELECT max(id) FROM policy_voice), (SELECT max(id) FROM policy_position),
       (SELECT count(*) FROM policy_position WHERE ends_at IS NOT NULL)"""
# The same, with the names of politicians and parties as (kind, name, other spellings).
STAMP_AND_NAMES = f"""{STAMP},
       (SELECT coalesce(json_agg(json_build_array(kind, name, also)), '[]') FROM policy_publicname WHERE active)"""  # noqa: S608 - our own words
Name = tuple[str, str, str]
Stamp = tuple[int | None, int | None, int]


@dataclass(frozen=True)
class Now:
    """The newest version: its number (0 as shipped) and what it holds."""

    n: int
    profile: Profile


def stamp() -> Stamp:
    """What changes whenever the voice or a position does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}")  # noqa: S608 - our own words
        known: Stamp = cursor.fetchone()
    return known


def current() -> Now:
    return at(stamp())


def at(known: Stamp) -> Now:
    return _read(known)[0]


def house(kind: str = profiles.REPLY) -> House:
    """What the checks are run with, for replies or for posts; worked out once for each version."""
    return house_at(stamp(), kind)


def house_at(at: Stamp, kind: str) -> House:
    return _house(at, kind)


def change(profile: Profile, seen: int, remark: str, *, by: User, now: datetime) -> Voice:
    """The next version. LostRace where somebody else changed version `seen` meanwhile."""
    require(by, "change_voice", now)
    before = current()
    if before.n != seen:
        raise LostRace(
            "A colleague changed the voice while you had the page open.",
            next_step="Load the page again and make your change on top of theirs.",
        )
    if before.profile == profile:
        raise Invalid("Nothing is different, so there is no new version.")
    try:
        with transaction.atomic():
            made = Voice.objects.create(
                n=seen + 1, profile=profiles.as_json(profile), remark=remark.strip()[:300], by=by, at=now
            )
            audit.record("changed_voice", made, by=by, now=now, what=made.remark)
    except IntegrityError:
        raise LostRace("A colleague changed the voice at this very moment.", next_step="Load the page again.") from None
    return made


@lru_cache(maxsize=8)
def _read(at: Stamp) -> tuple[Now, tuple[Held, ...]]:
    newest = Voice.objects.order_by("-id").first()
    now = Now(newest.n, profiles.of_json(newest.profile)) if newest else Now(0, profiles.shipped())
    held = tuple(
        Held(
            topic=one.topic.name if one.topic else one.subject,
            about=tuple(one.words),
            required=tuple(one.required),
            never=tuple(one.never),
            statement=one.says,
        )
        for one in Position.objects.filter(ends_at=None).select_related("topic").order_by("subject")
    )
    return now, held


@lru_cache(maxsize=16)
def _house(at: Stamp, kind: str) -> House:
    now, held = _read(at)
    mark = f"{now.n}.{at[1] or 0}.{at[2]}"
    return profiles.house_of(now.profile, mark, held, kind)
