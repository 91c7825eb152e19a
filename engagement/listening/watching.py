"""Making, changing and ending watches: with a purpose and an end, on topics and not on people; a key worker agrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit, notifications
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from engagement.listening import handles
from engagement.models import Watch
from policy.moves import move

LONGEST = timedelta(days=366)
ABOUT_ME = "/listening/about-me/"


def make(said: Mapping[str, Any], *, by: User, now: datetime) -> Watch:
    """A new watch. It listens at once, but one on a key worker waits for that worker's word."""
    _check(said, now)
    state = "asked" if said["kind"] == "worker" else "on"
    with transaction.atomic():
        watch = Watch.objects.create(state=state, by=by, at=now, **said)
        audit.record("made_watch", watch, by=by, now=now, what=watch.kind, purpose=watch.purpose, names=watch.names)
        _ask(watch, by, now)
    return watch


def change(watch: Watch, said: Mapping[str, Any], version: int, *, by: User, now: datetime) -> Watch:
    """Change it or let it go on longer. Whoever agreed to be named agrees anew to what is changed."""
    _check(said, now)
    with transaction.atomic():
        fresh = Watch.objects.select_for_update().get(pk=watch.pk)
        if fresh.version != version:
            raise LostRace("Somebody else changed this watch meanwhile.", next_step="Look at it again first.")
        if fresh.kind != said["kind"] or fresh.worker != said.get("worker"):
            raise Invalid("What a watch is on stays as it is.", next_step="End this one and begin another.")
        was = {"names": fresh.names, "purpose": fresh.purpose, "ends_at": fresh.ends_at.isoformat()}
        to = "asked" if fresh.kind == "worker" else "on"
        if fresh.state != to:
            fresh = move(fresh, to, now=now, by=by)
        for name, value in said.items():
            setattr(fresh, name, value)
        fresh.version, fresh.agreed_at = version + 1, None
        fresh.save()
        became = {"names": fresh.names, "purpose": fresh.purpose, "ends_at": fresh.ends_at.isoformat()}
        audit.record("changed_watch", fresh, by=by, now=now, was=was, became=became)
        _ask(fresh, by, now)
    return fresh


def end(watch: Watch, *, by: User, now: datetime) -> Watch:
    """It hears nothing from now on. What it heard is forgotten in its time."""
    return move(watch, "ended", now=now, by=by, loud_since=None)


def agree(watch: Watch, version: int, *, by: User, now: datetime) -> Watch:
    """The worker agrees to exactly these names, this purpose and this end; nobody else can."""
    if watch.worker_id != by.pk:
        raise NotAllowed("Only the person it is about can agree to it.", rule="listening")
    if watch.ends_at <= now:
        raise IllegalMove(
            "Its time has run out.", next_step="A manager can give it a new end; then you are asked again."
        )
    if watch.version != version:
        raise LostRace("It was changed since you read it.", next_step="Read it again first.")
    return move(watch, "on", now=now, by=by, agreed_at=now, holding={"version": version})


def withdraw(watch: Watch, *, by: User, now: datetime) -> Watch:
    """The worker's word is taken back: it ends, and what was found and not used is deleted at once."""
    if watch.worker_id != by.pk:
        raise NotAllowed("Only the person it is about can take that back.", rule="listening")
    return end_for_good(watch, by=by, now=now, reason="Consent withdrawn")


def end_for_good(watch: Watch, *, by: User, now: datetime, reason: str = "They have left") -> Watch:
    """A watch on a worker ends with what it found, but for what is in the inbox."""
    with transaction.atomic():
        watch.hits.exclude(state="taken").delete()
        if watch.state == "ended":
            return watch
        return move(watch, "ended", now=now, by=by, reason=reason, agreed_at=None, loud_since=None)


def run_out(now: datetime) -> int:
    """End what has run out; it has heard nothing since that moment anyway."""
    over = list(Watch.objects.filter(state__in=["on", "asked"], ends_at__lte=now))
    for watch in over:
        try:
            move(watch, "ended", now=now, reason="It ran out", loud_since=None)
        except LostRace:
            continue
        words = f"The watch “{watch}” has run out and listens no more."
        notifications.tell(watch.by, "listening.ended", words, address(watch), now=now, once=f"ended:{watch.key}:{now}")
    return len(over)


def address(watch: Watch) -> str:
    return f"/listening/{watch.key}/"


def _check(said: Mapping[str, Any], now: datetime) -> None:
    if not said["names"]:
        raise Invalid("Say what is listened for: at least one name.")
    if not str(said["purpose"]).strip():
        raise Invalid("Say what it is for.", rule="listening")
    if not now < said["ends_at"] <= now + LONGEST:
        raise Invalid("It ends on a day to come, at most a year ahead.", rule="listening")
    worker = said.get("worker")
    if (said["kind"] == "worker") is not (worker is not None):
        raise Invalid("A watch for a worker's safety names that worker; no other names anybody.", rule="listening")
    if said["kind"] == "worker" and said["basis"] != "consent":
        raise Invalid("A watch on a worker rests on that worker's own consent.", rule="listening")
    if said["kind"] != "worker" and said["basis"] == "consent":
        raise Invalid("Consent is the ground for a watch on a worker. Choose what this one rests on.", rule="listening")
    handles.refuse_people(said["names"], worker)


def _ask(watch: Watch, by: User, now: datetime) -> None:
    if watch.state == "asked" and watch.worker:
        words = f"{by.name} asks whether Parley may listen for abuse of you: “{watch}”"
        notifications.tell(watch.worker, "listening.consent", words, ABOUT_ME, now=now)
