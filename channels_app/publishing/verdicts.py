"""What one look at a platform comes to. Nothing here reads or writes anything but our own list of deliveries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from django.db.models import Q

from channels_app.models import Delivery
from channels_app.platforms.base import Candidate, Lookup
from channels_app.publishing.crashes import TOO_MANY
from channels_app.publishing.outgoing import REPEATABLE, platform_of, since
from channels_app.publishing.timings import Timings, span, times


class Others(NamedTuple):
    """Other deliveries that could be taken for this one: `known` are seen things that are theirs by id.

    `open`: one with the same words may be out too, and nobody knows which of them a match would be.
    """

    known: Collection[str] = ()
    open: bool = False


class Finding(NamedTuple):
    """`empty`: absent for the first time. `resend`: the same call again is safe. `ask`: a person must say."""

    what: Literal["found", "absent", "empty", "resend", "again", "ask"]
    found: Candidate | None = None
    words: str = ""


def judge(delivery: Delivery, seen: Lookup | None, rivals: Others, now: datetime, t: Timings) -> Finding:
    """`seen` is None where the platform could not be read."""
    left = [one for one in seen.candidates if one.remote_id not in rivals.known] if seen else []
    if seen and seen.exact:
        return Finding("found", seen.exact)
    if len(left) == 1 and not rivals.open:
        return Finding("found", left[0])
    if delivery.settle_from is None or now >= delivery.settle_from + span(t.settle):
        settled = _settled(delivery, seen, left, now, t)
        if settled:
            return settled
    if _over(delivery, now):
        return Finding("ask", words=_question(delivery, seen, left))
    return Finding("again")


def _over(delivery: Delivery, now: datetime) -> bool:
    return delivery.settle_by is not None and now >= delivery.settle_by


def _settled(
    delivery: Delivery, seen: Lookup | None, left: list[Candidate], now: datetime, t: Timings
) -> Finding | None:
    """The send cannot be under way any more: what does not being there, or not being readable, mean now?"""
    if _same_call_is_safe(delivery, now, t) and not _over(delivery, now):
        return Finding("resend")
    if seen is None or left or not seen.complete:
        return None
    if delivery.absent_once_at is None:
        return Finding("empty")
    if now < delivery.absent_once_at + span(t.between_reads):
        return None
    if delivery.channel.outside_editors:
        return Finding("ask", words="It is not there, but others post and delete on this channel too. Is it out?")
    if delivery.crashes >= TOO_MANY:
        return Finding("ask", words=f"It is not there. Stopped after {delivery.crashes} crashes while sending.")
    return Finding("absent", words=f"Read twice: it is not on {platform_of(delivery.channel).LABEL}.")


def _same_call_is_safe(delivery: Delivery, now: datetime, t: Timings) -> bool:
    if delivery.kind in REPEATABLE:
        return True
    fresh = delivery.intent_at is not None and now < delivery.intent_at + span(t.key_good)
    return fresh and platform_of(delivery.channel).KEYED


def _question(delivery: Delivery, seen: Lookup | None, left: list[Candidate]) -> str:
    label = platform_of(delivery.channel).LABEL
    if seen is None:
        return f"{label} could not be read, so nobody can say whether it is out. Look there."
    if left:
        return f"{label} shows more than one thing it could be. Look there and say which it is."
    return f"It was not seen on {label} yet, and that is no proof. Look there."


def others(delivery: Delivery, seen: Lookup | None) -> Others:
    """Which of the candidates are known as another delivery's, and whether another one with the same words is open."""
    same_channel = Delivery.objects.filter(channel=delivery.channel).exclude(pk=delivery.pk)
    ids = [one.remote_id for one in seen.candidates] if seen else []
    known = set(same_channel.filter(remote_id__in=ids).values_list("remote_id", flat=True)) if ids else set()
    reach = since(delivery) - span(times().lease + times().settle)
    may_be_out = Q(intent_at__gte=reach) | Q(intent_at=None, state="unknown")
    alike = same_channel.filter(
        may_be_out,
        kind=delivery.kind,
        text_hash=delivery.text_hash,
        remote_id="",
        payload__reply_to=delivery.payload.get("reply_to", ""),
    )
    return Others(known, bool(ids) and alike.exclude(state="failed").exists())


def next_look(delivery: Delivery, now: datetime, wait: float, t: Timings) -> datetime:
    """Soon at first, then once a minute, and at the moment a person is asked."""
    age = (now - since(delivery)).total_seconds()
    at = now + span(max(wait, min(max(age / 3, t.first_read), t.between_reads)))
    bounds = [bound for bound in (_settle_end(delivery, t), delivery.settle_by) if bound is not None and bound > now]
    return min([at, *bounds])


def _settle_end(delivery: Delivery, t: Timings) -> datetime | None:
    return delivery.settle_from + span(t.settle) if delivery.settle_from else None
