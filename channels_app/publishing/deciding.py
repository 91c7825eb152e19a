"""What people decide about a delivery. Each act names the version it saw: two people never undo each other unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app.models import Delivery
from channels_app.models.deliveries import LEASED, READING
from channels_app.publishing import leads, parts, waking
from channels_app.publishing.landing import Columns, land
from channels_app.publishing.obstacles import BY_HAND
from channels_app.publishing.results import NOT_OUT
from channels_app.publishing.timings import span, times

Decision = Literal["it_is_there", "send", "drop", "reschedule"]
UNDER_WAY = "This is being published right now; it can no longer be changed."
UNDER_WAY_NEXT = "Wait a minute. Once it is out, it can be deleted on the platform."
OPEN = "This is out, or may be, so it cannot simply be taken back."


def cancel(delivery: Delivery, by: User, now: datetime, version: int) -> Delivery:
    """Take back what has not gone out, and the parts that follow it. Raises LostRace, IllegalMove."""
    _refuse_under_way(delivery)
    if delivery.may_be_out:
        raise IllegalMove(OPEN, next_step="Wait for the answer, or say what became of it.", rule="never_twice")
    with transaction.atomic():
        _land(delivery, "cancelled", "cancelled", version, now=now, by=by, why="cancelled", next_action_at=None)
        _cancel_parts(delivery, by, now)
    return delivery


def _cancel_parts(delivery: Delivery, by: User, now: datetime) -> None:
    for part in delivery.followers.filter(state__in=["scheduled", "blocked", "missed"], intent_at=None):
        cancel(part, by, now, part.version)


def reschedule(delivery: Delivery, due_at: datetime, by: User, now: datetime, version: int) -> Delivery:
    """Move what waits for its time, its channel or a person to another time.

    What may be out is not moved like this: `decide` takes a person's word, with a reason, that it is not there.
    """
    if due_at < now:
        raise Invalid("That time has passed.", next_step="Choose a later one.")
    _refuse_under_way(delivery)
    if delivery.may_be_out:
        raise IllegalMove(OPEN, next_step="Say first what became of it.", rule="never_twice")
    with transaction.atomic():
        if delivery.state == "scheduled":
            _move_in_time(delivery, due_at, version, now)
            audit.record("rescheduled", delivery, by=by, now=now, was=delivery.due_at.isoformat())
            delivery.refresh_from_db()
            parts.move_along(delivery, due_at)
        else:
            _send_at(delivery, due_at, by, now, version, "")
        waking.wake()
    return delivery


def decide(
    delivery: Delivery,
    decision: Decision,
    by: User,
    now: datetime,
    reason: str = "",
    *,
    url: str = "",
    due_at: datetime | None = None,
    version: int | None = None,
) -> Delivery:
    """A person's word on what needs one: it is there (`url`), send it, drop it, or send it at `due_at`.

    "Send" for something that may be out is taken only after the settle time, with a reason, and stands with the name.
    """
    _refuse_under_way(delivery)
    version = delivery.version if version is None else version
    by_hand = delivery.state == "needs_attention" and delivery.why == BY_HAND
    if by_hand and decision in {"it_is_there", "send"}:
        raise Invalid("It goes out by hand.", next_step="Post it, and paste its address on its page.")
    asked = (delivery.state == "needs_attention" and not by_hand) or delivery.may_be_out
    if asked and not reason.strip():
        raise Invalid("Say how you know.", next_step="One sentence is enough; it stays on record.")
    if decision == "it_is_there":
        return _it_is_there(delivery, url, by, now, reason, version)
    if decision == "drop":
        return _drop(delivery, by, now, reason, version)
    when = now if decision == "send" else due_at
    if when is None or when < now:
        raise Invalid("Choose a time that is still to come.")
    with transaction.atomic():
        _send_at(delivery, when, by, now, version, reason)
        waking.wake()
    return delivery


def _it_is_there(delivery: Delivery, url: str, by: User, now: datetime, reason: str, version: int) -> Delivery:
    where = urlsplit(url.strip())
    if delivery.kind in {"post", "reply"} and (where.scheme != "https" or not where.hostname):
        raise Invalid("Paste the link to it on the platform.", next_step="It starts with https://.")
    found: Columns = {"remote_url": url.strip()[:500], "via": "person", "stated_by": by}
    return _land(
        delivery,
        "published",
        "stated",
        version,
        now=now,
        by=by,
        reason=reason,
        published_at=delivery.intent_at or now,
        **found,
    )


def _drop(delivery: Delivery, by: User, now: datetime, reason: str, version: int) -> Delivery:
    dropped: Columns = {"why": "dropped", "next_action_at": None}
    with transaction.atomic():
        _land(delivery, "cancelled", "cancelled", version, now=now, by=by, reason=reason, **dropped)
        _cancel_parts(delivery, by, now)
    return delivery


def give_up(delivery: Delivery, now: datetime, reason: str) -> Delivery:
    """Drop what waits for a person and is not worth one: something the desk says by itself, and could not in time."""
    found: Columns = {"why": "dropped", "next_action_at": None}
    return _land(delivery, "cancelled", "cancelled", delivery.version, now=now, by=None, reason=reason, **found)


def _send_at(delivery: Delivery, when: datetime, by: User, now: datetime, version: int, reason: str) -> None:
    if delivery.state not in {"needs_attention", "blocked", "missed"}:
        raise IllegalMove("This is not waiting for a decision.")
    free_from = settled_at(delivery)
    if free_from is not None and now < free_from:
        raise IllegalMove(
            "It is too early to say that this is not out.",
            next_step=f"It can be sent again in {max(1, round((free_from - now).total_seconds() / 60))} min.",
        )
    event = "stated_absent" if delivery.may_be_out else "decided"
    begins = leads.begins(delivery, when, now)
    anew: Columns = {"due_at": when, "next_action_at": begins, "crashes": 0, "sends": 0, "prepared": {}, **NOT_OUT}
    _land(delivery, "scheduled", event, version, now=now, by=by, reason=reason, **anew)
    parts.move_along(delivery, when)


def settled_at(delivery: Delivery) -> datetime | None:
    """From when on a person may say that what may be out is not; None where nothing may be out."""
    if not delivery.may_be_out or delivery.settle_from is None:
        return None
    return delivery.settle_from + span(times().settle)


def _land(delivery: Delivery, to: str, event: str, version: int, **how: Any) -> Delivery:
    try:
        with transaction.atomic():
            return land(delivery, to, event, holding={"version": version}, version=F("version") + 1, **how)
    except LostRace:
        raise _lost(delivery) from None


def _move_in_time(delivery: Delivery, due_at: datetime, version: int, now: datetime) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk, state="scheduled", version=version, intent_at=None)
    begins = leads.begins(delivery, due_at, now)
    if not rows.update(due_at=due_at, next_action_at=begins, version=F("version") + 1, why="", why_words=""):
        raise _lost(delivery)


def _lost(delivery: Delivery) -> LostRace:
    """Who was first: the publisher, or another person."""
    if Delivery.objects.filter(pk=delivery.pk, state__in=[*LEASED, *READING]).exists():
        return LostRace(UNDER_WAY, next_step=UNDER_WAY_NEXT)
    return LostRace("Somebody else changed this a moment ago.", next_step="Look at it again, then decide.")


def _refuse_under_way(delivery: Delivery) -> None:
    if delivery.state in LEASED:
        raise LostRace(UNDER_WAY, next_step=UNDER_WAY_NEXT)
