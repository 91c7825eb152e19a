"""What follows when something is out: a deletion takes the deleted one off, and the next part of a thread may go."""

from __future__ import annotations

from datetime import datetime

from channels_app.models import Channel, Delivery
from channels_app.publishing import waking
from channels_app.publishing.landing import land


def published(delivery: Delivery, now: datetime) -> None:
    if delivery.kind == "delete":
        removed(delivery.channel, delivery.payload.get("target", ""), now)
    if delivery.via != "answer" and delivery.followers.exists():  # who has just sent it looks for more by itself
        waking.wake()


def removed(channel: Channel, remote_id: str, now: datetime) -> Delivery | None:
    """Something of ours is gone from the platform; returns what it was, None if it is not ours or known already."""
    ours = Delivery.objects.filter(
        channel=channel, remote_id=remote_id, state="published", kind__in=["post", "reply"]
    ).first()
    return land(ours, "removed", "removed", now=now, why="removed") if ours else None
