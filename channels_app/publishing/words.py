"""What a page says about a delivery: never "failed, try again" unless it is proven that nothing was sent."""

from __future__ import annotations

from datetime import datetime

from channels_app.models import Delivery
from channels_app.publishing import by_hand
from channels_app.publishing.outgoing import platform_of
from channels_app.publishing.statewords import StateWords

__all__ = ["StateWords", "words_for"]
TWICE = "will not be sent twice"


def words_for(delivery: Delivery, now: datetime) -> StateWords:
    """The state of a delivery in the words of the desk."""
    label = platform_of(delivery.channel).LABEL
    why = delivery.why_words
    if delivery.may_be_out and delivery.state in {"scheduled", "retry_wait", "claimed", "preparing"}:
        return StateWords(f"Checking with {label}", TWICE, "warn")
    if by_hand.waits(delivery):
        return by_hand.words(delivery, now)
    simple = {
        "claimed": StateWords("Publishing…", "", "accent"),
        "preparing": StateWords("Publishing…", "", "accent"),
        "sending": StateWords("Publishing…", "", "accent"),
        "awaiting_platform": StateWords("Publishing…", f"{label} has it and is still working on it", "accent"),
        "unknown": StateWords(f"Checking with {label}", TWICE, "warn"),
        "published": StateWords("Published", _how(delivery), "good", delivery.remote_url),
        "blocked": StateWords("Frozen" if delivery.why == "frozen" else "Waiting", why, "warn"),
        "missed": StateWords("Missed", why or "It was not sent.", "alarm"),
        "failed": StateWords("Failed", f"{why} It was not sent.".strip(), "alarm"),
        "cancelled": StateWords("Cancelled"),
        "removed": StateWords(f"Removed on {label}"),
        "needs_attention": StateWords("Needs you", why or "Say whether it is out.", "alarm", delivery.remote_url),
        "retry_wait": StateWords("Waiting", why, "warn", until=_later(delivery.next_action_at, now)),
    }
    return simple.get(delivery.state) or _scheduled(delivery, now)


def _scheduled(delivery: Delivery, now: datetime) -> StateWords:
    channel = delivery.channel
    due = delivery.due_at <= now
    if delivery.follows and delivery.follows.state != "published":
        return StateWords("Scheduled", "goes out after the part before it", "calm", until=_later(delivery.due_at, now))
    if due and channel.next_send_at and channel.next_send_at > now:
        return StateWords("Waiting", _put_off(delivery), "warn", until=channel.next_send_at)
    if delivery.crashes and due:
        return StateWords("Publishing…", "a little later than planned", "accent")
    return StateWords("Scheduled", "", "calm", until=delivery.due_at)


def _put_off(delivery: Delivery) -> str:
    label = platform_of(delivery.channel).LABEL
    return {
        "pacing": "Late posts of this channel go out one at a time",
        "limit": f"{label}'s limit is reached",
        "breaker": f"{label} did not answer properly several times in a row",
    }.get(delivery.channel.next_send_why, "")


def _how(delivery: Delivery) -> str:
    if delivery.stated_by_id and delivery.why == by_hand.WHY:
        return f"by hand, as {delivery.stated_by} said{', late' if delivery.late else ''}"
    if delivery.stated_by_id:
        return f"as {delivery.stated_by} found"
    return "late" if delivery.late else ""


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None
