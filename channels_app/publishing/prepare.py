"""The steps before sending: uploads, containers. Each may be repeated, and its id is kept before the next begins.

A claim does one step at most, so that it stays within its lease. The lease is renewed with each id.
"""

from __future__ import annotations

from datetime import datetime

from accounts.refusals import Invalid
from channels_app import failpoints, renewing
from channels_app.models import Delivery
from channels_app.platforms.base import Account, Ending, Platform, Refused, TryLater
from channels_app.publishing import results
from channels_app.publishing.landing import land
from channels_app.publishing.outgoing import outgoing
from channels_app.publishing.publisher import Publisher
from channels_app.publishing.timings import span, times


def left(delivery: Delivery, platform: Platform, account: Account) -> list[str]:
    """The steps still to be done, in order."""
    steps = platform.steps(account, outgoing(delivery))
    return [step for step in steps if step not in delivery.prepared]


def is_ready(me: Publisher, delivery: Delivery, platform: Platform, account: Account) -> bool:
    """Do the next step, if there is one. True when the delivery can be sent under this claim."""
    steps = left(delivery, platform, account)
    if not steps:
        return True
    land(delivery, "preparing", "preparing", now=me.time(), code=steps[0])
    try:
        kept = platform.prepare(account, outgoing(delivery, with_pictures=True, now=me.time()), steps[0])
    except Invalid as gone:
        file_gone(delivery, gone, me.time())
        return False
    except Refused as refused:
        ending = renewing.met(delivery.channel, account, refused, me.time())
        _not_prepared(delivery, platform, ending, me.time())
        return False
    except Ending as ending:
        _not_prepared(delivery, platform, ending, me.time())
        return False
    failpoints.hit("after_upload")
    now = me.time()
    delivery.prepared[steps[0]] = kept
    results.save_step(delivery, lease_until=now + span(times().lease))
    failpoints.hit("after_container")
    if left(delivery, platform, account):
        land(delivery, "scheduled", "prepared", now=now, code=steps[0])
        return False
    return True


def file_gone(delivery: Delivery, gone: Invalid, now: datetime) -> None:
    """A file that was signed with the words is not there any more: our own proof that nothing was sent now."""
    if delivery.may_be_out:
        _ask_about(delivery, gone.words, "media", now)
    else:
        land(delivery, "failed", "proven_rejected", now=now, why="media", words=gone.words)


def _ask_about(delivery: Delivery, why: str, code: str, now: datetime) -> None:
    words = f"It may be out already, and cannot be sent again: {why}"
    land(delivery, "needs_attention", "not_prepared", now=now, why="may_be_out", words=words, code=code)


def _not_prepared(delivery: Delivery, platform: Platform, ending: Ending, now: datetime) -> None:
    """A step that did not work leaves nothing in public, whatever its answer was."""
    if delivery.may_be_out:
        _ask_about(delivery, ending.words, ending.code, now)
    elif isinstance(ending, Refused):
        results.refused(delivery, ending, now)
    else:
        wait = ending if isinstance(ending, TryLater) else TryLater(ending.words, code=ending.code)
        results.later(delivery, wait, now, event="not_prepared")
