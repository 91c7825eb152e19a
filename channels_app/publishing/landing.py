"""Every move of a delivery is written down here: the move, its line among the attempts, and who is told.

One transaction each; the move names the fence it was made under, so a publisher that has lost its claim changes
nothing and finds out (`LostRace`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from channels_app.models import Attempt, Delivery
from channels_app.models.deliveries import LEASED
from channels_app.publishing import origins, telling
from policy import records
from policy.moves import move

Columns = dict[str, Any]  # columns of a delivery and what they become

# Lines that end a send; each is kept among the records.
ENDINGS = frozenset({"published", "reconciled", "accepted", "proven_rejected", "proven_absent", "unknown", "stated"})


def note(delivery: Delivery, event: str, now: datetime, *, code: str = "", words: str = "", **facts: str) -> Attempt:
    """Add one line to what was done with this delivery, and keep it on record where it ends a send."""
    line = Attempt.objects.create(
        delivery=delivery,
        n=delivery.sends,
        fence=delivery.fence,
        event=event,
        at=now,
        code=code[:60],
        words=words[:300],
        owner=facts.pop("owner", delivery.owner),
        **facts,
    )
    if event in ENDINGS:
        payload: dict[str, Any] = {"event": event, "code": line.code, "words": line.words, "remote_id": line.remote_id}
        payload |= {"n": line.n, "fence": line.fence, "kind": delivery.kind, "content_hash": delivery.content_hash}
        if event in {"published", "reconciled", "accepted", "stated"}:
            payload |= {"payload": delivery.payload, "url": delivery.remote_url}
        records.keep("delivery", str(delivery.key), str(delivery), payload, now, now)
    return line


def land(
    delivery: Delivery,
    to: str,
    event: str,
    *,
    now: datetime,
    by: User | None = None,
    holding: dict[str, object] | None = None,
    why: str = "",
    words: str = "",
    code: str = "",
    reason: str = "",
    facts: dict[str, str] | None = None,
    within: bool = False,
    **changes: Any,
) -> Delivery:
    """Take a delivery to `to` and write `event` down. `why` and `words` say why it is there, to machine and people.

    `facts` are further columns of the attempt's line. Without `holding` the fence seen last must still hold. End
    states go on to the layer that asked for the delivery and to the people who must know. Raises LostRace; then
    nothing was written. `within`: the caller's own transaction is undone by whatever is raised here.
    """
    was_owner, channel = delivery.owner, delivery.channel
    ending = to in Delivery.END_STATES
    if to not in LEASED:
        changes = {"lease_until": None, "owner": ""} | changes
    words = words.replace("\x00", "")
    changes = {"why": why[:40], "why_words": words[:300], "taken_up": False} | changes
    with transaction.atomic(savepoint=not within):
        holding = {"fence": delivery.fence} if holding is None else holding
        move(delivery, to, now=now, by=by, holding=holding, reason=reason, again="fence" not in holding, **changes)
        delivery.channel = channel  # a move never changes it; read again, it would cost a query for every line
        note(
            delivery,
            event,
            now,
            code=code or why,
            words=reason or words,
            owner=was_owner,
            remote_id=delivery.remote_id if to in {"published", "awaiting_platform"} else "",
            **(facts or {}),
        )
        if ending:
            telling.tell_safely(delivery, now)
            origins.take_up(delivery, now)
    return delivery
