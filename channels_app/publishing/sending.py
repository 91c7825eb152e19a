"""One claimed delivery, taken as far as its claim allows: checked, prepared, sent, and written down.

The intent is committed before the first byte, under locks that make "stop" mean stop; the call runs with no
transaction open; its end is written under the same fence. What is raised and was not foreseen counts as a crash
before the intent, and as an open question after it.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

from accounts.keyring import CannotOpen
from accounts.refusals import Invalid, LostRace
from channels_app import connecting, failpoints, quotas, renewing
from channels_app.models import Delivery
from channels_app.platforms.base import Account, Ending, Outgoing, Platform, Receipt, Refused, TryLater, Uncertain
from channels_app.publishing import breaker, obstacles, prepare, results
from channels_app.publishing.claim import EMERGENCY, whole
from channels_app.publishing.crashes import crashed
from channels_app.publishing.guard import ticks
from channels_app.publishing.landing import Columns, land
from channels_app.publishing.outgoing import idem_key, outgoing, platform_of
from channels_app.publishing.publisher import Publisher
from channels_app.publishing.timings import span, times
from policy.approvals import content_hash

log = logging.getLogger(__name__)

QUOTA_PAUSE = 30.0  # seconds; thousands may go out in them

HOLD = """
SELECT i.publishing, i.epoch::text, c.state, a.hash, a.withdrawn_at
  FROM channels_app_delivery d
  JOIN channels_app_channel c ON c.id = d.channel_id
  JOIN policy_approval a ON a.id = d.approval_id
 CROSS JOIN channels_app_instance i
 WHERE d.id = %s
   FOR SHARE OF i, a FOR NO KEY UPDATE OF c
"""


def work(me: Publisher, delivery: Delivery) -> None:
    """Take one claim as far as it goes. Losing it ends the work quietly; nothing is written any more."""
    try:
        _work(me, delivery)
    except LostRace:
        log.info("claim lost", extra={"delivery": delivery.key, "fence": delivery.fence})
    except Exception:
        log.exception("publisher fault", extra={"delivery": delivery.key, "fence": delivery.fence})
        _fault(me, delivery)


def _work(me: Publisher, delivery: Delivery) -> None:
    platform = platform_of(delivery.channel)
    obstacle = obstacles.first(delivery, platform, me.time(), times())
    if obstacle:
        stopped: Columns = {"why": obstacle.why, "words": obstacle.words, "next_action_at": None}
        land(delivery, obstacle.to, f"not_sent_{obstacle.to}", now=me.time(), **stopped)
        return
    account = _account(delivery, me)
    if account is None or not prepare.is_ready(me, delivery, platform, account):
        return
    thing = _thing(me, delivery, platform)
    if thing is None:
        return
    open_before = delivery.may_be_out
    ending = _in_turn(me, delivery, platform, account, thing)
    if ending is None:
        land(delivery, "scheduled", "held", now=me.time(), next_action_at=me.time())
        return
    if isinstance(ending, Refused):
        ending = renewing.met(delivery.channel, account, ending, me.time())
    results.ended(delivery, ending, me.time(), open_before=open_before)
    failpoints.hit("after_result")
    quotas.note(delivery.channel, me.time(), QUOTA_PAUSE)


def _thing(me: Publisher, delivery: Delivery, platform: Platform) -> Outgoing | None:
    """What is sent, with the files that go with the call itself; None where one of them is gone."""
    try:
        return outgoing(delivery, with_pictures=getattr(platform, "SENDS_PICTURES", False))
    except Invalid as gone:
        prepare.file_gone(delivery, gone, me.time())
        return None


def _in_turn(
    me: Publisher, delivery: Delivery, platform: Platform, account: Account, thing: Outgoing
) -> Receipt | Ending | None:
    """Intent and call, as one of the calls that are under way at once; None when neither was begun.

    Its turn comes long before the claim runs out, or it is given back.
    """
    if not me.calls.acquire(timeout=times().turn):
        return None
    try:
        failpoints.hit("before_intent")
        begun = ticks()
        if not intend(me, delivery):
            return None
        failpoints.hit("after_intent")
        ending = _call(platform, account, thing, begun)
        failpoints.hit("after_answer")
    finally:
        me.calls.release()
    return ending


def _account(delivery: Delivery, me: Publisher) -> Account | None:
    """The channel with its secrets opened; without the key for them it has to be connected again."""
    try:
        return connecting.account_of(delivery.channel)
    except CannotOpen as problem:
        words = f"Reconnect {delivery.channel}."
        said: Columns = {"why": "channel", "words": words, "next_action_at": None}
        land(delivery, "blocked", "not_sent_blocked", now=me.time(), **said)
        connecting.needs_reconnect(delivery.channel, str(problem), me.time())
        return None


def intend(me: Publisher, delivery: Delivery) -> bool:
    """Commit that the send begins now. False when publishing, the channel or the approval no longer allows it.

    Whoever stops publishing, pauses the channel or withdraws the approval waits for this transaction or is seen by it.
    """
    now, t = me.time(), times()
    content = content_hash(delivery.payload, delivery.channel.key)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [delivery.pk])
            publishing, epoch, channel, approved, withdrawn = cursor.fetchone()
        allowed = publishing and epoch == me.epoch and channel == "ok" and withdrawn is None
        if not allowed or not approved == content == delivery.content_hash:
            return False
        late = obstacles.lateness(delivery, now) > span(t.overdue)
        first: Columns = {} if delivery.may_be_out else {"intent_at": now, "settle_by": now + span(t.give_up)}
        land(
            delivery,
            "sending",
            "intent",
            now=now,
            within=True,
            holding={"fence": delivery.fence, "lease_until__gt": now + span(t.lease_needed)},
            facts={"idem_key": idem_key(delivery), "request_hash": content, "epoch": me.epoch},
            sends=delivery.sends + 1,
            late=late,
            absent_once_at=None,
            settle_from=delivery.lease_until,
            **first,
        )
        if late and delivery.priority < EMERGENCY:
            breaker.pace(delivery.channel, now)
    return True


def _call(platform: Platform, account: Account, thing: Outgoing, begun: float) -> Receipt | Ending:
    """The one call. Frozen for too long between the look at the lease and now, it is not begun at all."""
    t = times()
    if ticks() - begun > t.lease_needed - t.call:
        return TryLater("Parley was held up just before sending; nothing was sent.", code=results.NOT_BEGUN, wait=5)
    try:
        return platform.send(account, thing)
    except Ending as ending:
        return ending
    except Exception:
        log.exception("fault in a platform module", extra={"platform": platform.NAME})
        return Uncertain(f"Something went wrong while talking to {platform.LABEL}.", code="fault")


def _fault(me: Publisher, delivery: Delivery) -> None:
    """After something nobody foresaw: before the intent it counts as a crash, after it the send is an open question."""
    fresh = whole(delivery.pk)
    if fresh.fence != delivery.fence:
        return
    if fresh.state in {"claimed", "preparing"}:
        crashed(fresh, me.time(), wait=times().backoff[0])
    elif fresh.state == "sending":
        results.uncertain(fresh, Uncertain("Something went wrong within Parley.", code="fault"), me.time())
