"""Telling people what waits for them: once for each time a delivery comes to rest."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.notifications import tell_role
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import LIKES, WAITING
from channels_app.publishing import origins

log = logging.getLogger(__name__)

SENTENCES = {
    "needs_attention": "{thing} needs you: {why}",
    "blocked": "{thing} is waiting: {why}",
    "missed": "{thing} missed its moment and was not sent.",
    "failed": "{thing} failed and was not sent: {why}",
}


def tell_safely(delivery: Delivery, now: datetime) -> None:
    """Tell, if that works: a fault in it must not undo what happened, and the list of what waits shows it anyway."""
    if delivery.state not in SENTENCES:
        return
    try:
        with transaction.atomic():
            tell(delivery, now)
    except Exception:
        log.exception("nobody was told", extra={"delivery": delivery.key, "state": delivery.state})


def tell(delivery: Delivery, now: datetime) -> None:
    """Tell those who may decide about it; a channel that is out tells once for all its deliveries.

    A like is nobody's to decide about: what became of it stands at the message.
    """
    if delivery.why == "channel" or delivery.kind in LIKES:
        return
    thing = f"{delivery.get_kind_display()} on {delivery.channel}"
    tell_role(
        "decide_delivery",
        delivery.channel.scope,
        f"delivery.{delivery.state}",
        SENTENCES[delivery.state].format(thing=thing, why=delivery.why_words or "see its page."),
        origins.of(delivery).page(delivery),
        now=now,
        once=f"delivery:{delivery.key}:{delivery.state}:{delivery.fence}",
    )


def tell_of_channel(channel: Channel, now: datetime) -> None:
    """Deliveries wait for a channel to be connected again: told at once, and once a day."""
    held = Q(state__in=WAITING) | Q(state="blocked", why="channel")
    waiting = Delivery.objects.filter(held, channel=channel).count()
    number = "1 post is" if waiting == 1 else f"{waiting} posts are"
    tell_role(
        "decide_delivery",
        channel.scope,
        "channel.waiting",
        f"Reconnect {channel}; {number} waiting.",
        reverse("channels:channel", args=[channel.key]),
        now=now,
        once=f"channel:{channel.key}:waiting:{now:%Y-%m-%d}",
    )
