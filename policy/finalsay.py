"""Who has the final say on a subject at a moment, and who stands in.

The register is kept in versions: a change ends one row and begins another, and an absence that is taken back stays
known for the time it stood. So the answer for any moment of the past is the one it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.access import require
from accounts.models import AuditEntry, Town, User
from accounts.refusals import Invalid, LostRace
from accounts.walltime import to_wall
from policy import packs
from policy.models import Absence, FinalSay

ANYTHING = "anything else"


@dataclass(frozen=True)
class Answer:
    """`holder` decides, `deputy` stands in; both None when nobody is named. `why` is the sentence shown to staff.

    `passed` names everybody the question went by, and why; `row` is the version of the register it rests on; `line`
    holds all who could decide then, in the order in which they are asked.
    """

    holder: User | None
    deputy: User | None
    why: str
    passed: tuple[str, ...] = field(default=())
    row: FinalSay | None = None
    line: tuple[User, ...] = ()


def who(subject: str, at: datetime, unfit: Mapping[int, str] | None = None) -> Answer:
    """The person named for this subject at that moment; where there is none, whoever decides on anything else.

    `unfit` are people who cannot decide in the one matter that is asked about, by row id, with what to say of them.
    """
    rows = FinalSay.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, subject__in=[subject, ANYTHING]
    )
    named = {row.subject: row for row in rows.select_related("holder", "deputy", "second", "after_hours")}
    row = named.get(subject) or named.get(ANYTHING)
    if row is None:
        return Answer(None, None, f"Nobody is named for {subject} yet.")
    return _present(row, subject, at, unfit or {})


def _present(row: FinalSay, subject: str, at: datetime, unfit: Mapping[int, str]) -> Answer:
    """Down the line of those named until one is there: in hours the holder first, outside of them who has the night."""
    about = subject if row.subject == subject else f"{ANYTHING}, {subject} included"
    gone, passed, able = {**unfit, **_hindered(row, subject, at)}, [], []
    line = list(_line(row, at))
    for user, place in line:
        if user.pk in gone:
            passed.append(f"{user.name} {gone[user.pk]}")
        else:
            able.append((user, place))
    if not able:
        return Answer(None, None, f"{'; '.join(passed)}; nobody is named since.", tuple(passed), row)
    holder, place = able[0]
    deputy = able[1][0] if len(able) > 1 else None
    why = f"{holder.name} decides on {about}"
    if place != "holder" or passed:
        why += f" for {row.holder.name}" if holder != row.holder else ""
        why += f", who {gone[row.holder_id]}" if row.holder_id in gone else f", {place}" if place != "holder" else ""
    return Answer(holder, deputy, f"{why}.", tuple(passed), row, tuple(user for user, _ in able))


def _line(row: FinalSay, at: datetime) -> Iterator[tuple[User, str]]:
    """Everybody named, in the order in which they are asked at that moment, each once."""
    seen: set[int] = set()
    people = [(row.holder, "holder"), (row.deputy, "as deputy"), (row.second, "as second deputy")]
    if not in_hours(row, at):
        deputies = [(user, f"{place} out of hours") for user, place in people[1:]]
        people = [(row.after_hours, "out of hours"), *deputies, people[0]]
    for user, place in people:
        if user is not None and user.pk not in seen:
            seen.add(user.pk)
            yield user, place


def in_hours(row: FinalSay, at: datetime) -> bool:
    """Whether the holder is asked at that moment; at all hours where none are given, else never on a holiday."""
    if not any(row.hours):
        return True
    town = Town.here()
    wall = to_wall(at, town.zone)
    if wall.date() in packs.holidays(town.pack, wall.year):
        return False
    shifts = row.hours[wall.weekday()]
    return any(time.fromisoformat(start) <= wall.time() < time.fromisoformat(end) for start, end in shifts)


def _hindered(row: FinalSay, subject: str, at: datetime) -> dict[int, str]:
    """Who of those named cannot decide at that moment, and why, in words."""
    people = [one for one in (row.holder, row.deputy, row.second, row.after_hours) if one is not None]
    gone = {one.pk: "has left" for one in people if not one.is_active and _had_left(one, at)}
    for away in Absence.objects.at(at).filter(user__in=people).order_by("-starts_at"):
        if away.kind == "away":
            gone.setdefault(away.user_id, f"is away until {to_wall(away.ends_at, Town.here().zone):%-d %B}")
        elif away.subject in {"", subject}:
            gone.setdefault(away.user_id, f"has a conflict of interest: {away.why}")
    return gone


def _had_left(user: User, at: datetime) -> bool:
    """Whether somebody who is gone was gone at that moment already; without a trace of when, they were."""
    left = AuditEntry.objects.filter(kind="user", ref=str(user.key), act="disabled").order_by("-pk").first()
    return left is None or left.at <= at


def subjects(at: datetime) -> list[FinalSay]:
    """The register as it stood at that moment, one row for each subject."""
    rows = FinalSay.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    return list(rows.select_related("holder", "deputy", "second", "after_hours", "by").order_by("subject"))


@transaction.atomic
def name(subject: str, people: dict[str, Any], *, by: User, now: datetime, was: FinalSay | None = None) -> FinalSay:
    """A new version for this subject: the one before ends now. `was` is the version the person saw.

    `people` holds holder, deputy, second, after_hours, hours and conflict.
    """
    require(by, "change_final_say", now)
    subject = " ".join(subject.split())
    if not subject:
        raise Invalid("Name the subject.")
    named = [people.get(key) for key in ("holder", "deputy", "second") if people.get(key)]
    if len(set(named)) < len(named):
        raise Invalid("Holder and deputies are different people.")
    open_one = FinalSay.objects.select_for_update().filter(subject=subject, ends_at=None).first()
    if (open_one.pk if open_one else None) != (was.pk if was else None):
        raise LostRace("A colleague changed this subject meanwhile.", next_step="Load it again, then change it.")
    if open_one is not None:
        FinalSay.objects.filter(pk=open_one.pk).update(ends_at=now)
    row = FinalSay.objects.create(subject=subject, starts_at=now, by=by, **people)
    audit.record("named", row, by=by, now=now, subject_of=subject, was=str(open_one or ""))
    return row


@transaction.atomic
def end(row: FinalSay, *, by: User, now: datetime) -> None:
    """Nobody is named for this subject any more; whoever decides on anything else does."""
    require(by, "change_final_say", now)
    if not FinalSay.objects.filter(pk=row.pk, ends_at=None).update(ends_at=now):
        raise LostRace("A colleague changed this subject meanwhile.")
    audit.record("unnamed", row, by=by, now=now)


@transaction.atomic
def be_away(away: Absence, *, by: User, now: datetime) -> Absence:
    """Somebody with a say is away, or steps aside in one matter."""
    require(by, "change_final_say", now)
    if away.ends_at <= away.starts_at:
        raise Invalid("The end is before the beginning.")
    if away.kind == "conflict" and not away.why.strip():
        raise Invalid("Say what the conflict of interest is.")
    away.by = by
    away.save(force_insert=True)
    audit.record("noted_absence", away, by=by, now=now, until=away.ends_at.isoformat(), why=away.why)
    return away


@transaction.atomic
def be_back(away: Absence, *, by: User, now: datetime) -> None:
    """Taken back from now on; for the time before it stays as it was."""
    require(by, "change_final_say", now)
    if Absence.objects.filter(pk=away.pk, taken_back_at=None).update(taken_back_at=now):
        audit.record("took_absence_back", away, by=by, now=now)
