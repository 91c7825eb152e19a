"""Out twice? What stands on a platform beside what was sent, found by reading our own timeline, and taking it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove
from channels_app import outbox
from channels_app.models import Delivery
from engagement.models import Message

APART = timedelta(hours=48)  # the same words again within this time are looked at
MOST = 20


def lately(now: datetime) -> list[Message]:
    """Things of ours on a platform that no delivery put there, though one put the same words there.

    Somebody may have posted them by hand; that, too, is worth a look.
    """
    sent = Message.objects.filter(
        channel=OuterRef("channel"),
        kind=OuterRef("kind"),
        parent_id=OuterRef("parent_id"),
        text=OuterRef("text"),
        ours=True,
        delivery__isnull=False,
        at__gt=OuterRef("at") - APART,
        at__lt=OuterRef("at") + APART,
    )
    unexplained = Message.objects.filter(ours=True, delivery=None, gone_at=None, at__gt=now - APART).exclude(text="")
    return list(unexplained.filter(Exists(sent)).select_related("channel__scope").order_by("at")[:MOST])


def mark(message: Message) -> str:
    """What tells its alarm from others."""
    return f"{message.channel_id}:{message.remote_id}"[:80]


def take_down(subject: str, *, by: User, now: datetime) -> Delivery:
    """Delete the second one through the outbox; asking again gives the same delivery."""
    message = next((one for one in lately(now) if mark(one) == subject), None)
    if message is None:
        raise IllegalMove("It is not there any more, or not twice.")
    channel = message.channel
    require(by, "delete_post", now, channel.scope)
    begun = Delivery.objects.filter(channel=channel, kind="delete", payload__target=message.remote_id)
    running = begun.exclude(state__in=["failed", "cancelled"]).first()
    if running is not None:
        return running
    return outbox.take_down(channel, message.remote_id, origin="twin", by=by, now=now)


def after(delivery: Delivery, now: datetime) -> None:
    """Once it is down, nothing is out twice."""
    if delivery.state == "published":
        gone = Message.objects.filter(channel=delivery.channel, remote_id=delivery.payload["target"], gone_at=None)
        gone.update(gone_at=now)


def page(delivery: Delivery) -> str:
    return reverse("desk:working")
