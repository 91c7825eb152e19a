"""From a frozen delivery to what a platform module is given, and the marks it is recognised by."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime

from channels_app import media, platforms
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Outgoing, Picture, Platform
from channels_app.platforms.plaintext import normal

# What a platform must be able to do for each kind of delivery.
NEEDED = {"post": "publish", "reply": "reply", "hide": "hide", "unhide": "hide", "delete": "delete"}
REPEATABLE = frozenset({"hide", "unhide", "delete"})  # doing it twice is doing it once


def platform_of(channel: Channel) -> Platform:
    return platforms.get(channel.platform)


def outgoing(delivery: Delivery, *, with_pictures: bool = False) -> Outgoing:
    """The thing to send; picture data is read only where a step needs it. Raises Invalid for a picture that is gone.

    A part that follows another answers it, unless its payload says what it answers.
    """
    payload = delivery.payload
    after = delivery.follows.remote_id if delivery.follows else ""
    return Outgoing(
        kind=delivery.kind,  # type: ignore[arg-type]
        text=payload.get("text", ""),
        link=payload.get("link", ""),
        pictures=[_picture(one, with_pictures) for one in payload.get("pictures", ())],
        reply_to=payload.get("reply_to", "") or after,
        root=payload.get("root", "") or after,
        target=payload.get("target", ""),
        mention=payload.get("mention", ""),
        visibility=payload.get("visibility") or "public",
        language=payload.get("language", ""),
        idem_key=idem_key(delivery),
        prepared=delivery.prepared,
    )


def _picture(entry: Mapping[str, str], with_data: bool) -> Picture:
    if with_data:
        return media.picture(entry["media"], entry.get("alt", ""))
    return Picture(entry["media"], "", entry.get("alt", ""), 0, 0, b"")


def idem_key(delivery: Delivery) -> str:
    """The same for every attempt of these words, another after an edit."""
    return str(uuid.uuid5(delivery.key, delivery.content_hash))


def text_hash(channel: Channel, thing: Outgoing) -> str:
    """What tells two deliveries with the same words apart from all others, however a platform spaces them."""
    return hashlib.sha256(normal(platform_of(channel).words(thing)).encode()).hexdigest()


def since(delivery: Delivery) -> datetime:
    """From when on it may be on the platform."""
    return delivery.intent_at or delivery.created_at
