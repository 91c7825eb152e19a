"""Open questions: is it out? Only reading settles them, or a person.

Found is found: by id, or as the one thing that matches. Absence needs two complete empty reads, apart from each other
and long after the send could still have been under way. Where the same call again cannot do it twice, it is made once
more instead. What nothing settles goes to a person.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from accounts.keyring import CannotOpen
from accounts.refusals import LostRace
from channels_app import connecting, failpoints, renewing
from channels_app.models import Delivery
from channels_app.models.deliveries import READING
from channels_app.platforms.base import Account, Candidate, Ending, Lookup, Receipt, Refused, TryLater
from channels_app.publishing import results, verdicts
from channels_app.publishing.claim import whole
from channels_app.publishing.landing import Columns, land, note
from channels_app.publishing.outgoing import outgoing, platform_of, since
from channels_app.publishing.publisher import Clock
from channels_app.publishing.timings import span, times
from channels_app.publishing.verdicts import Finding

log = logging.getLogger(__name__)

TAKE = """
WITH due AS (
  SELECT id FROM channels_app_delivery
   WHERE state IN ('unknown', 'awaiting_platform') AND next_action_at <= %(now)s
   ORDER BY next_action_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
UPDATE channels_app_delivery t SET next_action_at = %(until)s FROM due WHERE t.id = due.id RETURNING t.id
"""


def take(now: datetime) -> Delivery | None:
    """The next open question that is due, put off so that nobody else looks at it meanwhile."""
    with connection.cursor() as cursor:  # one statement, a transaction of its own
        cursor.execute(TAKE, {"now": now, "until": now + span(times().lease)})
        row = cursor.fetchone()
    delivery = whole(row[0]) if row else None
    return delivery if delivery and delivery.state in READING else None


def settle_safely(delivery: Delivery, time: Clock) -> None:
    """Settle one; a fault nobody foresaw leaves it for its next turn and keeps no other from theirs."""
    try:
        settle(delivery, time)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("question not settled", extra={"delivery": delivery.key})


def settle(delivery: Delivery, time: Clock) -> None:
    """Look once, and write down what that comes to."""
    try:
        if delivery.state == "awaiting_platform":
            _await(delivery, time)
        else:
            _look(delivery, time)
    except LostRace:
        log.info("question settled elsewhere", extra={"delivery": delivery.key})


def _look(delivery: Delivery, time: Clock) -> None:
    seen, wait, account = None, 0.0, None
    try:
        account = connecting.account_of(delivery.channel)
        seen = platform_of(delivery.channel).look_up(account, outgoing(delivery), since(delivery))
    except (Ending, CannotOpen) as problem:
        wait = _unreadable(delivery, account, problem, time())
    except Exception:
        log.exception("fault in a look-up", extra={"delivery": delivery.key})
    failpoints.hit("in_reconcile")
    now = time()
    finding = verdicts.judge(delivery, seen, verdicts.others(delivery, seen), now, times())
    with transaction.atomic(durable=True):
        _write(delivery, finding, seen, wait, now)


def _unreadable(delivery: Delivery, account: Account | None, problem: Exception, now: datetime) -> float:
    """The platform could not be read; returns how long it wishes not to be asked."""
    if isinstance(problem, Refused):
        problem = renewing.met(delivery.channel, account, problem, now)
    if isinstance(problem, CannotOpen) or (isinstance(problem, Refused) and problem.cause == "token"):
        connecting.needs_reconnect(delivery.channel, str(problem), now)
    return problem.wait / times().factor if isinstance(problem, TryLater) else 0.0


def _write(delivery: Delivery, finding: Finding, seen: Lookup | None, wait: float, now: datetime) -> None:
    if finding.what == "found" and finding.found is not None:
        results.arrived(delivery, _receipt(finding.found), now, via="reconcile")
    elif finding.what == "absent":
        again: Columns = {"next_action_at": now, **results.NOT_OUT}
        land(delivery, "retry_wait", "proven_absent", now=now, why="absent", words=finding.words, **again)
    elif finding.what == "resend":
        land(delivery, "retry_wait", "resend_is_safe", now=now, why="same_call", next_action_at=now)
    elif finding.what == "ask":
        _ask(delivery, finding, now)
    else:
        _look_again(delivery, finding, seen, wait, now)


def _ask(delivery: Delivery, finding: Finding, now: datetime) -> None:
    said: Columns = {"why": "may_be_out", "words": finding.words}
    land(delivery, "needs_attention", "asked", now=now, next_action_at=None, **said)


def _look_again(delivery: Delivery, finding: Finding, seen: Lookup | None, wait: float, now: datetime) -> None:
    t = times()
    changes: Columns = {"next_action_at": verdicts.next_look(delivery, now, wait, t)}
    if finding.what == "empty":
        changes = {"next_action_at": now + span(t.between_reads), "absent_once_at": now}
        note(delivery, "empty_read", now)
    elif seen is not None and seen.candidates:
        changes["absent_once_at"] = None
    Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state="unknown").update(**changes)


def _receipt(found: Candidate) -> Receipt:
    return Receipt(found.remote_id, found.url, found.at)


def _await(delivery: Delivery, time: Clock) -> None:
    """The platform took it and is still at work on it: read until it is there, or its time is over."""
    there, account = None, None
    try:
        account = connecting.account_of(delivery.channel)
        there = platform_of(delivery.channel).read(account, delivery.remote_id, delivery.kind)
    except (Ending, CannotOpen) as problem:
        if isinstance(problem, Refused) and _given_up(delivery, problem):
            results.refused(delivery, problem, time())
            return
        _unreadable(delivery, account, problem, time())
    failpoints.hit("in_reconcile")
    now, t = time(), times()
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state="awaiting_platform")
    if there is not None:
        receipt = Receipt(there.remote_id, there.url or delivery.remote_url, there.at)
        results.arrived(delivery, receipt, now, via="reconcile")
    elif delivery.settle_by is not None and now >= delivery.settle_by:
        words = "The platform took it, and did not show it in time."
        times_left: Columns = {"settle_from": now, "settle_by": now + span(t.give_up), "next_action_at": now}
        land(delivery, "unknown", "unknown", now=now, why="checking", words=words, code="not shown", **times_left)
    else:
        mine.update(next_action_at=verdicts.next_look(delivery, now, 0, t))


def _given_up(delivery: Delivery, problem: Refused) -> bool:
    """Whether the platform says of what it took, with proof, that it will never show it."""
    return problem.cause == "content" and results.is_proof(delivery.channel, problem)
