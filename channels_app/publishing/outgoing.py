"""From a frozen delivery to what a platform module is given, and the marks it is recognised by."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels_app import films, media, platforms, renditions
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Outgoing, Picture, Platform, Poll, Video
from channels_app.platforms.plaintext import normal

# What a platform must be able to do for each kind of delivery.
NEEDED = {
    "post": "publish",
    "reply": "reply",
    "hide": "hide",
    "unhide": "hide",
    "like": "like",
    "unlike": "like",
    "delete": "delete",
}
REPEATABLE = frozenset({"hide", "unhide", "like", "unlike", "delete"})  # doing it twice is doing it once


def platform_of(channel: Channel) -> Platform:
    return platforms.get(channel.platform)


def outgoing(delivery: Delivery, *, with_pictures: bool = False, now: datetime | None = None) -> Outgoing:
    """The thing to send; files are looked at only where a step needs them. Raises Invalid for one that is gone.

    With `now` they have addresses as well, which hold for an hour and more, for a platform that fetches them itself.

    All parts of a post carry the same payload, which is what was approved; `part` says whose turn it is. A part that
    follows another hangs under it.
    """
    payload = delivery.payload
    after = delivery.follows.remote_id if delivery.follows else ""
    if _is_part(delivery):
        return _part(delivery, after)
    return Outgoing(
        kind=delivery.kind,  # type: ignore[arg-type]
        text=payload.get("text", ""),
        link=payload.get("link", ""),
        pictures=[_picture(one, with_pictures, now, delivery.channel.platform) for one in payload.get("pictures", ())],
        reply_to=payload.get("reply_to", "") or after,
        root=payload.get("root", "") or after,
        target=payload.get("target", ""),
        mention=payload.get("mention", ""),
        visibility=payload.get("visibility") or "public",
        language=payload.get("language", ""),
        idem_key=idem_key(delivery),
        prepared=delivery.prepared,
        poll=_poll(payload),
        video=_video(payload, with_pictures, now),
        title=payload.get("title", ""),
    )


def _is_part(delivery: Delivery) -> bool:
    return delivery.part > 0 and bool(delivery.payload.get("parts"))


def _part(delivery: Delivery, after: str) -> Outgoing:
    """Words alone: link, pictures, video, title and poll stand in the first one."""
    return Outgoing(
        kind=delivery.kind,  # type: ignore[arg-type]
        text=text_of(delivery),
        reply_to=after,
        root=_root(delivery),
        visibility=delivery.payload.get("visibility") or "public",
        language=delivery.payload.get("language", ""),
        idem_key=idem_key(delivery),
        prepared=delivery.prepared,
    )


def text_of(delivery: Delivery) -> str:
    """The words of this very part, without a link that stands beside them."""
    if _is_part(delivery):
        return str(delivery.payload["parts"][delivery.part - 1])
    return str(delivery.payload.get("text", ""))


def sent_words(delivery: Delivery) -> str:
    """The words as they go out, with the link where the platform has it in the text."""
    return platform_of(delivery.channel).words(outgoing(delivery))


def _root(delivery: Delivery) -> str:
    """What the platform calls the first part."""
    first = delivery
    while first.follows is not None:
        first = first.follows
    return first.remote_id


def _poll(payload: Mapping[str, Any]) -> Poll | None:
    asked = payload.get("poll")
    return Poll(tuple(asked["options"]), int(asked["minutes"])) if asked else None


def _picture(entry: Mapping[str, str], with_data: bool, now: datetime | None, platform: str) -> Picture:
    key, alt = entry["media"], entry.get("alt", "")
    kinds = platforms.fetches(platform) if with_data and now else frozenset()
    if kinds and now:
        return renditions.fetched(key, alt, kinds, now)
    if with_data:
        return media.picture(key, alt)
    return Picture(key, "", alt, 0, 0, b"")


def _video(payload: Mapping[str, Any], with_file: bool, now: datetime | None) -> Video | None:
    """The video with the captions that were signed with it."""
    named = payload.get("video")
    if not named:
        return None
    told = (named["media"], named.get("alt", ""), named.get("captions", ""))
    if not with_file:
        return films.facts(*told)
    return films.video(*told, url=renditions.address(named["media"], now) if now else "")


def idem_key(delivery: Delivery) -> str:
    """The same for every attempt of these words, another after an edit."""
    return str(uuid.uuid5(delivery.key, delivery.content_hash))


def text_hash(channel: Channel, thing: Outgoing) -> str:
    """What tells two deliveries with the same words apart from all others, however a platform spaces them."""
    return hashlib.sha256(normal(platform_of(channel).words(thing)).encode()).hexdigest()


def since(delivery: Delivery) -> datetime:
    """From when on it may be on the platform."""
    return delivery.intent_at or delivery.created_at
