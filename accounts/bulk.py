"""Rights of many people at once: planned first, shown, then done as planned, and taken back as one.

A plan names each single change. It is made again when it is carried out; if anything moved in between, nothing is done
and the new plan is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from accounts import audit, people
from accounts.models import AuditEntry, Grant, Scope, User
from accounts.models.grants import ROLES
from accounts.refusals import Invalid, LostRace

DONE, UNDONE = "changed_rights", "took_back_change_of_rights"
UNDO_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Change:
    """One right of one person: `what` is give or end; `was_until` and `until` are ISO times or None."""

    what: str
    person: str
    name: str
    role: str
    scope: int | None
    where: str
    until: str | None
    was_until: str | None = None

    @property
    def words(self) -> str:
        role = dict(ROLES)[self.role].lower()
        if self.what == "end":
            return f"{self.name} is no longer {role} for {self.where}"
        return f"{self.name} becomes {role} for {self.where}"


@dataclass(frozen=True)
class Plan:
    """What would change, and what would not, with the reason."""

    changes: tuple[Change, ...]
    skipped: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Another one when anything in the plan is another."""
        return hashlib.sha256(json.dumps([asdict(one) for one in self.changes]).encode()).hexdigest()[:24]


def plan(
    who: Sequence[User],
    where: Iterable[Scope | None],
    role: str,
    what: str,
    now: datetime,
    until: datetime | None = None,
) -> Plan:
    """Give `role` to everybody over each of `where` (None: everything) until then, or end it."""
    if role not in dict(ROLES) or what not in {"give", "end"}:
        raise Invalid("Choose a role, and whether it is given or ended.")
    if what == "give" and until is not None and until <= now:
        raise Invalid("The end of a right must be in the future.")
    held = {
        (grant.user_id, grant.scope_id): grant
        for grant in Grant.objects.filter(user__in=who, role=role).current(now).order_by("pk")
    }
    changes, skipped = [], []
    for scope in where:
        for one in who:
            grant = held.get((one.pk, scope.pk if scope else None))
            found = _change(one, scope, role, what, grant, until)
            if isinstance(found, Change):
                changes.append(found)
            else:
                skipped.append(found)
    return Plan(tuple(changes), tuple(skipped))


def carry_out(planned: Plan, mark: str, *, by: User, now: datetime) -> AuditEntry:
    """Do all of it or none; `mark` is of the plan that was shown."""
    if planned.mark != mark:
        raise LostRace("Rights have changed since you looked.", next_step="Look at the new plan; nothing was done.")
    if not planned.changes:
        raise Invalid("There is nothing to change.")
    with transaction.atomic():
        for change in planned.changes:
            _do(change, by=by, now=now)
        names = sorted({change.name for change in planned.changes})
        subject = f"Rights of {names[0]}" if len(names) == 1 else f"Rights of {len(names)} people"
        done = [asdict(change) for change in planned.changes]
        return audit.record(DONE, None, by=by, now=now, subject=subject, changes=done)


def undo(entry: AuditEntry, *, by: User, now: datetime) -> AuditEntry:
    """Put every right of a change back as it was; what has changed again since stays as it is now."""
    if not can_undo(entry, now):
        raise Invalid("This change cannot be taken back any more.", next_step="Change the rights in the grid.")
    with transaction.atomic():
        changes = [Change(**one) for one in entry.data["changes"]]
        for change in reversed(changes):
            _undo(change, by=by, now=now)
        return audit.record(UNDONE, None, by=by, now=now, subject=entry.subject, of=entry.pk, changes=len(changes))


def last(now: datetime) -> AuditEntry | None:
    """The newest change that can still be taken back."""
    entry = AuditEntry.objects.filter(act=DONE, at__gt=now - UNDO_WITHIN).order_by("-pk").first()
    return entry if entry and can_undo(entry, now) else None


def can_undo(entry: AuditEntry, now: datetime) -> bool:
    fresh = entry.act == DONE and now - entry.at < UNDO_WITHIN
    return fresh and not AuditEntry.objects.filter(act=UNDONE, data__of=entry.pk).exists()


def _change(
    one: User, scope: Scope | None, role: str, what: str, grant: Grant | None, until: datetime | None
) -> Change | str:
    where, until_words = scope.name if scope else "all channels", until.isoformat() if until else None
    held_until = grant.ends_at.isoformat() if grant and grant.ends_at else None
    pieces = (str(one.key), one.name, role, scope.pk if scope else None, where)
    if what == "end":
        return Change("end", *pieces, None, held_until) if grant else f"{one.name} does not have it for {where}."
    if not one.is_active:
        return f"{one.name} is switched off."
    if grant is None:
        return Change("give", *pieces, until_words)
    if held_until == until_words:
        return f"{one.name} has it for {where} already."
    return f"{one.name} has it for {where}, but until another day: end it first."


def _do(change: Change, *, by: User, now: datetime) -> None:
    user = User.objects.get(key=change.person)
    if change.what == "give":
        scope = Scope.objects.get(pk=change.scope) if change.scope else None
        people.give(user, change.role, by=by, now=now, scope=scope, ends_at=_time(change.until))
    else:
        people.end(_held(user, change, now), by=by, now=now)


def _undo(change: Change, *, by: User, now: datetime) -> None:
    user = User.objects.get(key=change.person)
    held = Grant.objects.filter(user=user, role=change.role, scope=change.scope).current(now).first()
    if change.what == "give" and held:
        people.end(held, by=by, now=now)
    until = _time(change.was_until)
    if change.what == "end" and not held and user.is_active and (until is None or until > now):
        scope = Scope.objects.get(pk=change.scope) if change.scope else None
        people.give(user, change.role, by=by, now=now, scope=scope, ends_at=until)


def _held(user: User, change: Change, now: datetime) -> Grant:
    grant = Grant.objects.filter(user=user, role=change.role, scope=change.scope).current(now).first()
    if grant is None:
        raise LostRace("A colleague ended one of these rights at this moment.", next_step="Look again.")
    return grant


def _time(words: str | None) -> datetime | None:
    return parse_datetime(words) if words else None
