"""What a call left behind, written down in one transaction with what follows from it.

Every write names the fence and the state it was made under; if that changed nothing, this publisher has lost and stops
(`LostRace`). One thing outranks losing: a receipt, which is proof.

What a channel learns is written before what became of its delivery: a claim locks them in this order too, and the two
must never wait for each other.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.refusals import LostRace
from channels_app import connecting, failpoints
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Ending, Receipt, Refused, TryLater, Uncertain
from channels_app.platforms.verdicts import SLOW
from channels_app.publishing import breaker, sequels, telling
from channels_app.publishing.claim import whole
from channels_app.publishing.landing import Columns, land, note
from channels_app.publishing.outgoing import platform_of
from channels_app.publishing.timings import span, times

# Proofs that are ours: the request never left, or could not be made, or was not begun.
NOT_BEGUN = "not begun"
OWN_PROOF = frozenset({"not sent", "barred", "unusable", "unable", NOT_BEGUN})
NOT_OUT: Columns = {"intent_at": None, "settle_from": None, "settle_by": None, "absent_once_at": None}
OUTRANKED = ("unknown", "needs_attention")  # where a late receipt still settles everything


def save_step(delivery: Delivery, *, lease_until: datetime) -> None:
    """Keep the id of a step that is done and renew the lease; what had crashed before has got on."""
    rows = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state="preparing")
    if not rows.update(prepared=delivery.prepared, lease_until=lease_until, crashes=0):
        raise LostRace("Another publisher has taken over.")
    delivery.lease_until = lease_until


def ended(delivery: Delivery, ending: Receipt | Ending, now: datetime, *, open_before: bool) -> None:
    """Write down how a send ended. `open_before`: an earlier send of it may be out too, so a refusal proves little."""
    with transaction.atomic(durable=True):
        if isinstance(ending, Receipt):
            _received(delivery, ending, now)
        elif isinstance(ending, Refused) and not open_before and is_proof(delivery.channel, ending):
            refused(delivery, ending, now)
        elif isinstance(ending, TryLater) and not open_before and is_proof(delivery.channel, ending):
            later(delivery, ending, now)
        else:
            uncertain(delivery, ending, now)
        failpoints.hit("before_result")


def is_proof(channel: Channel, ending: TryLater | Refused) -> bool:
    """Whether this code proves that nothing was accepted: only a listed answer does, or our own knowledge."""
    return ending.code in OWN_PROOF or ending.code in platform_of(channel).PROOF


def _received(delivery: Delivery, receipt: Receipt, now: datetime) -> None:
    try:
        arrived(delivery, receipt, now, via="answer")
    except LostRace:
        fresh = whole(delivery.pk)
        if fresh.fence != delivery.fence or fresh.state not in OUTRANKED:
            words = "An answer came after the claim was lost."
            note(fresh, "late_receipt", now, words=words, remote_id=receipt.remote_id)
            return
        arrived(fresh, receipt, now, via="answer")


@transaction.atomic
def arrived(delivery: Delivery, receipt: Receipt, now: datetime, *, via: str) -> None:
    """It is on the platform, or (pending) accepted there. From here on nothing sends it again."""
    breaker.answered(delivery.channel, now, wrote=True)
    where: Columns = {"remote_id": receipt.remote_id, "remote_url": receipt.url[:500]}
    if receipt.pending:
        wait: Columns = {"next_action_at": now + span(times().first_read), "settle_by": now + span(times().awaiting)}
        land(delivery, "awaiting_platform", "accepted", now=now, within=True, **where, **wait)
    else:
        event = "published" if via == "answer" else "reconciled"
        whole_row: Columns = {"published_at": receipt.at or now, "via": via, "next_action_at": None, "crashes": 0}
        land(delivery, "published", event, now=now, within=True, **where, **whole_row)
        sequels.published(delivery, now)


@transaction.atomic
def refused(delivery: Delivery, ending: Refused, now: datetime) -> None:
    """Proven not accepted, and useless to repeat: whose turn it is depends on the cause."""
    to, why = {"token": ("blocked", "channel"), "permission": ("blocked", "permission")}.get(
        ending.cause, ("failed", ending.cause)
    )
    said: Columns = {"code": ending.code, "words": ending.words}
    breaker.answered(delivery.channel, now)
    land(delivery, to, "proven_rejected", now=now, why=why, next_action_at=None, **said, **NOT_OUT)
    _learn(delivery.channel, ending, now)


@transaction.atomic
def later(delivery: Delivery, ending: TryLater, now: datetime, *, event: str = "proven_rejected") -> None:
    """Proven not accepted, not now: a limit holds the whole channel back, everything else this delivery."""
    until = _learn(delivery.channel, ending, now) or now + span(_wait(delivery, ending, now))
    said: Columns = {"why": "limit" if ending.whole_channel else "later", "code": ending.code, "words": ending.words}
    said |= {"prepared": {}} if ending.anew else {}
    land(delivery, "retry_wait", event, now=now, next_action_at=until, **said, **NOT_OUT)


@transaction.atomic
def uncertain(delivery: Delivery, ending: Ending, now: datetime) -> None:
    """It may be out. From now on it is looked for, and never sent again on its own account."""
    said: Columns = {"why": "checking", "code": ending.code, "words": ending.words}
    at = now + span(times().first_read)
    breaker.failed(delivery.channel, now)
    land(delivery, "unknown", "unknown", now=now, next_action_at=at, **said)
    _learn(delivery.channel, ending, now)


def _wait(delivery: Delivery, ending: TryLater, now: datetime) -> float:
    """Seconds until this delivery is tried again, longer with each failure since it last got a step further.

    What held Parley up itself is no failure of the platform's. One that begins anew has got nowhere. What a platform is
    still at work on is asked for every few minutes, however long that takes.
    """
    if ending.code == NOT_BEGUN:
        return ending.wait / times().factor
    if not _proper(delivery.channel, ending):
        breaker.failed(delivery.channel, now)
    answers = delivery.attempts.filter(event__in=["proven_rejected", "not_prepared"]).exclude(code=NOT_BEGUN)
    got_on = delivery.attempts.filter(event="prepared").aggregate(last=Max("pk"))["last"]
    if got_on and not ending.anew:
        answers = answers.filter(pk__gt=got_on)
    wait = times().wait_after(answers.count() + 1, ending.wait)
    return min(wait, max(times().backoff[1], ending.wait / times().factor)) if ending.at_work else wait


def _proper(channel: Channel, ending: TryLater) -> bool:
    """Whether the platform is well, for all that is known: it gave a listed answer, is at work on what it was given, or
    our own line was too slow for a file.
    """
    return ending.at_work or ending.code == SLOW or ending.code in platform_of(channel).PROOF


def _learn(channel: Channel, ending: Ending, now: datetime) -> datetime | None:
    """What an ending says about the whole channel: a limit (returns until when), or that it must be reconnected."""
    if isinstance(ending, Refused) and ending.cause == "token" and is_proof(channel, ending):
        connecting.needs_reconnect(channel, ending.words, now)
        telling.tell_of_channel(channel, now)
    limit = ending.whole_channel if isinstance(ending, TryLater) else isinstance(ending, Uncertain) and ending.wait > 0
    return breaker.limited(channel, ending.wait / times().factor, now) if limit else None  # type: ignore[attr-defined]
