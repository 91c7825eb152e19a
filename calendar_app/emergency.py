"""Emergency mode as one switch: on with a reason, off with the password, and its promise of word kept in sight."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.access import require, who_may
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace
from calendar_app import freezing
from calendar_app.models import EmergencyMessage, Frozen
from channels_app.publishing import waking
from policy import issuers, modes
from policy.models import EmergencyPlan, ModeSpan

SHORTEST, LONGEST = 5, 24 * 60  # minutes until the next update
FIRST = timedelta(minutes=15)  # from the switch to the first message


@transaction.atomic
def switch_on(reason: str, *, exercise: bool, by: User, now: datetime) -> ModeSpan:
    """Emergency mode from now on: everything scheduled is frozen before this returns; see also `announce`.

    A real one ends an exercise that is still on: nobody has to tidy up first while the water rises.
    """
    issuers.require_switch(by, now)
    if not reason.strip():
        raise Invalid("Say in a few words what happened.", next_step="Nothing was switched yet.")
    plan = EmergencyPlan.here()
    EmergencyPlan.objects.select_for_update().get(pk=plan.pk)  # two people at the switch: one after the other
    on = modes.emergency(now)
    if on is not None and (exercise or not on.exercise):
        raise LostRace("Emergency mode is on already.", next_step="Go on from its page.")
    if on is not None:
        _end(on, "Broken off: this is real.", by, now)
    span = ModeSpan.objects.create(
        mode="emergency",
        exercise=exercise,
        starts_at=now,
        reason=reason.strip()[:300],
        by=by,
        update_minutes=plan.update_minutes,
        next_update_at=now + min(FIRST, timedelta(minutes=plan.update_minutes)),
    )
    frozen = freezing.freeze(span, by=by, now=now)
    audit.record("switched_on", span, by=by, now=now, exercise=exercise, reason=span.reason, frozen=frozen)
    waking.wake()
    return span


@transaction.atomic
def switch_off(span: ModeSpan, why: str, *, by: User, now: datetime) -> ModeSpan:
    """The end of the mode. What was frozen, and what came due meanwhile, still waits for a decision each."""
    require(by, "end_emergency", now)
    if not why.strip():
        raise Invalid("Say why it is over.")
    _end(span, why.strip()[:300], by, now)
    return span


def _end(span: ModeSpan, why: str, by: User, now: datetime) -> None:
    freezing.freeze_rest(span, by=by, now=now)
    ends = {"ends_at": now, "ended_by": by, "ended_why": why, "next_update_at": None}
    if not ModeSpan.objects.filter(pk=span.pk, ends_at=None).update(**ends):
        raise LostRace("Emergency mode is off already.")
    span.refresh_from_db()
    audit.record("switched_off", span, by=by, now=now, why=span.ended_why)


def announce(now: datetime) -> int:
    """Tell everybody at the desk of an emergency that was switched on or off; how many times.

    The switch itself does not wait for it: every page has its band at once.
    """
    mine = ModeSpan.objects.filter(mode="emergency", scope=None)
    told = 0
    for span in mine.filter(opened_at=None):
        what = "An emergency exercise has begun" if span.exercise else "Emergency mode is on"
        with transaction.atomic():
            if mine.filter(pk=span.pk, opened_at=None).update(opened_at=now):
                told += _tell_all(span, f"{what}: {span.reason}", "emergency.on", span.by, now)
    for span in mine.filter(ends_at__lte=now, closed_at=None):
        decide = "" if modes.emergency(now) else _to_decide(Frozen.objects.filter(decided_at=None).count())
        what = "The emergency exercise is over" if span.exercise else "Emergency mode is off"
        words = f"{what}: {(span.ended_why or 'its time has come').rstrip('.')}.{decide}"
        with transaction.atomic():
            if mine.filter(pk=span.pk, closed_at=None).update(closed_at=now):
                told += _tell_all(span, words, "emergency.off", span.ended_by, now)
    return told


def _to_decide(waiting: int) -> str:
    if not waiting:
        return ""
    return (
        " 1 frozen post waits for a decision." if waiting == 1 else f" {waiting} frozen posts wait for a decision each."
    )


def promise(span: ModeSpan, minutes: int, *, now: datetime) -> datetime:
    """Promise the public the next word within so many minutes; a new promise ends the alarm about the last."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(f"The next update comes within {SHORTEST} minutes to 24 hours.")
    at = next_time(minutes, now)
    ModeSpan.objects.filter(pk=span.pk).update(next_update_at=at, update_minutes=minutes, breach_told_at=None)
    return at


def next_time(minutes: int, now: datetime) -> datetime:
    """When the next word is promised: rounded up to five minutes, as one reads it from a clock."""
    at = now + timedelta(minutes=minutes)
    past = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=5)


def watch(now: datetime) -> int:
    """Tell whoever issues that an update is overdue, once for each promise; how many were told."""
    late = ModeSpan.objects.running(now).filter(
        mode="emergency", scope=None, next_update_at__lte=now, breach_told_at=None
    )
    told = 0
    for span in late:
        with transaction.atomic():
            if not ModeSpan.objects.filter(pk=span.pk, breach_told_at=None).update(breach_told_at=now):
                continue
            audit.record("broke_promise", span, by=None, now=now, promised=_moment(span.next_update_at))
            promised = span.next_update_at.isoformat() if span.next_update_at else ""
            for user in _speakers(now):
                words = (
                    "The next update is overdue: people were promised word by now. Send one, even if nothing changed."
                )
                once = f"emergency:{span.key}:{promised}"
                told += tell(user, "emergency.overdue", words, reverse("emergency:now"), now=now, once=once) is not None
    return told


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _speakers(now: datetime) -> set[User]:
    chosen = {one.user for one in issuers.chosen(now)}
    return chosen | set(who_may(issuers.ACT, now))


def _tell_all(span: ModeSpan, words: str, event: str, by: User | None, now: datetime) -> int:
    people = [user for user in who_may("see_today", now) if user != by]
    url = reverse("emergency:now")
    return sum(tell(user, event, words, url, now=now, once=f"{event}:{span.key}") is not None for user in people)


def last_word(span: ModeSpan) -> EmergencyMessage | None:
    """The newest message that stands."""
    return span.messages.filter(state="sent").order_by("-sent_at", "-pk").first()
