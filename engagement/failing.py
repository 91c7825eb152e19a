"""What to do next about an answer that did not go out, by the reason it did not. Its words are always kept."""

from __future__ import annotations

from channels_app.models import Delivery

KEPT = "Your words are still here; change them and send again."
NEXT = {
    "channel": "It goes out once an administrator has reconnected the channel; or take it back.",
    "token": "Ask an administrator to reconnect the channel, then send it again.",
    "permission": "Ask an administrator to grant the missing right on the platform, then send it again.",
    "gone": "What it answers is not there any more. Answer a newer message, or close the conversation.",
    "parent_gone": "Take the answer back, then close the conversation or answer a newer message.",
    "visibility": "Take the answer back and write it anew, so that only those see it who should.",
    "permitted": "Take the answer back and send it again; it is then asked who signs it.",
    "content": "Your words are still here. Shorten or change what the platform names, and send again.",
    "missed": "It waited too long to be still worth sending by itself. Take it back, read it again, and send it.",
    "tries": "Look on the platform whether it is there, and say so.",
    "cancelled": KEPT,
}


def next_step(delivery: Delivery | None) -> str:
    """What a person does now about this delivery's end or wait, in a sentence; "" where it needs nobody."""
    if delivery is None or delivery.state not in {"failed", "blocked", "missed", "cancelled"}:
        return ""
    return NEXT.get(delivery.why) or NEXT.get(delivery.state, KEPT)
