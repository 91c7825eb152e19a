"""The last questions before a delivery goes out. One answer against it, and it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.access import may, remember, why_not
from channels_app.models import Delivery
from channels_app.platforms.base import Platform
from channels_app.publishing import origins
from channels_app.publishing.claim import EMERGENCY
from channels_app.publishing.outgoing import NEEDED, REPEATABLE
from channels_app.publishing.timings import Timings, span
from policy import modes
from policy.approvals import OWN_WORD, content_hash

MOST_SENDS = 10
HOLDING_MODES = {"emergency": "an emergency"}  # what election and mourning hold is asked of the layer above
# What a person needs who asked for something that somebody else has signed.
ASKING = {"reply": "answer"}
BY_HAND = "by_hand"  # its time has come, and a person is to post it
ENDED_BADLY = ("failed", "cancelled", "removed")


@dataclass(frozen=True)
class Obstacle:
    """Where the delivery goes instead, the code of the reason, and a sentence for staff."""

    to: str
    why: str
    words: str


def first(delivery: Delivery, platform: Platform, now: datetime, t: Timings) -> Obstacle | None:
    """The first thing that stands against sending it now; None when nothing does.

    What may be out already is never late, and never called failed or blocked: a person is asked instead.
    """
    found = _spent(delivery, platform, now, t)
    if found is None:
        found = _too_late(delivery, now, t) or standing(delivery, platform, now) or _by_hand(delivery, platform)
        if found and delivery.may_be_out:
            words = f"It may be out already, and is not sent again: {found.words}"
            found = Obstacle("needs_attention", found.why, words)
    return found


def lateness(delivery: Delivery, now: datetime) -> timedelta:
    """How long after its moment it is; a part of a thread has its moment when the part before it is out."""
    start = delivery.due_at
    if delivery.follows and delivery.follows.published_at:
        start = max(start, delivery.follows.published_at)
    return now - start


def is_missed(delivery: Delivery, now: datetime, t: Timings) -> bool:
    allowed = delivery.late_minutes
    return allowed is not None and lateness(delivery, now) > span(allowed * t.minute)


def standing(delivery: Delivery, platform: Platform, now: datetime) -> Obstacle | None:
    """What stands against it apart from time: it may go away again."""
    if delivery.asked_by:
        remember(delivery.asked_by, now)
    modes.remember(delivery.channel.scope, now)
    return (
        _cannot(delivery, platform)
        or _channel(delivery)
        or _approval(delivery)
        or _rights(delivery, now)
        or _mode(delivery, now)
        or _followed(delivery)
        or _asked(delivery, now)
    )


def _spent(delivery: Delivery, platform: Platform, now: datetime, t: Timings) -> Obstacle | None:
    if delivery.sends >= MOST_SENDS:
        return Obstacle("needs_attention", "tries", f"Tried {MOST_SENDS} times; the platform never took it.")
    if delivery.intent_at is None or delivery.kind in REPEATABLE:
        return None
    if platform.KEYED and now < delivery.intent_at + span(t.key_good):
        return None
    words = f"It may be on {platform.LABEL} already; it is too late to send it again safely."
    return Obstacle("needs_attention", "may_be_out", words)


def _too_late(delivery: Delivery, now: datetime, t: Timings) -> Obstacle | None:
    if delivery.may_be_out or not is_missed(delivery, now, t):
        return None
    return Obstacle("missed", "late", "Its moment had passed before it could be sent.")


def _by_hand(delivery: Delivery, platform: Platform) -> Obstacle | None:
    if not getattr(platform, "BY_HAND", False):
        return None
    words = f"Post it on {delivery.channel.name} by hand, then say here where it is."
    return Obstacle("needs_attention", BY_HAND, words)


def _cannot(delivery: Delivery, platform: Platform) -> Obstacle | None:
    if NEEDED[delivery.kind] in platform.CAN:
        return None
    return Obstacle("failed", "cannot", f"{platform.LABEL} cannot do this.")


def _channel(delivery: Delivery) -> Obstacle | None:
    if delivery.channel.state == "ok":
        return _in_preparation(delivery)
    words = {
        "paused": f"{delivery.channel} is paused.",
        "archived": f"{delivery.channel} is archived.",
        "connecting": f"{delivery.channel} is still being connected.",
    }.get(delivery.channel.state, f"Reconnect {delivery.channel}.")
    return Obstacle("blocked", "channel", words)


def _in_preparation(delivery: Delivery) -> Obstacle | None:
    """Posts wait until the channel is opened; answers to people who wrote there and emergencies do not."""
    if delivery.kind != "post" or delivery.priority >= EMERGENCY or not delivery.channel.in_preparation:
        return None
    return Obstacle("blocked", "case", f"{delivery.channel} is not opened yet: its case or its kit is not complete.")


def _approval(delivery: Delivery) -> Obstacle | None:
    approval = delivery.approval
    if approval.withdrawn_at is not None:
        return Obstacle("blocked", "approval", "The approval was withdrawn.")
    if not approval.hash == delivery.content_hash == content_hash(delivery.payload, delivery.channel.key):
        return Obstacle("blocked", "approval", "These are not the words that were approved.")
    return None


def _rights(delivery: Delivery, now: datetime) -> Obstacle | None:
    asker = delivery.asked_by
    if asker is None or delivery.origin == "emergency":  # its own re-check asks whether this person still issues
        return None
    by_another = delivery.approval.by_id is not None  # a second look is the asker's own word
    act = ASKING.get(delivery.kind, "write_post") if by_another else OWN_WORD[delivery.kind]
    if may(asker, act, now, delivery.channel.scope):
        return None
    return Obstacle(
        "blocked", "rights", f"{asker.name} asked for it and {why_not(asker, act, now, delivery.channel.scope)}."
    )


def _mode(delivery: Delivery, now: datetime) -> Obstacle | None:
    if delivery.kind != "post" or delivery.priority >= EMERGENCY:
        return None
    mode = modes.current(delivery.channel.scope, now)
    if mode not in HOLDING_MODES:
        return None
    return Obstacle("blocked", "mode", f"Held back during {HOLDING_MODES[mode]}.")


def _followed(delivery: Delivery) -> Obstacle | None:
    before = delivery.follows
    if before is None:
        return None
    if before.state in ENDED_BADLY:
        return Obstacle("blocked", "follows", "What it follows was not published.")
    if before.state == "published" and not before.remote_id and not delivery.payload.get("reply_to"):
        words = "A person saw what it follows, but Parley does not know its number there, so it cannot hang under it."
        return Obstacle("blocked", "follows", words)
    return None


def _asked(delivery: Delivery, now: datetime) -> Obstacle | None:
    block = origins.of(delivery).recheck(delivery, now)
    return Obstacle("blocked", block.code, block.words) if block else None
