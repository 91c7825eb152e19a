"""What hangs on a message beside its words: pictures, then videos, as the message keeps them. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from channels_app.platforms.base import Incoming

MOST = 2000  # characters of an address


def of(item: Incoming) -> list[Mapping[str, str]]:
    """Pictures as the platform gave them; a video says that it is one, and where people can watch it."""
    videos = [{"kind": "video", "url": followed(one.url), "alt": one.alt} for one in item.videos or ()]
    return [*item.pictures, *videos]


def followed(url: str) -> str:
    """An address that a person may be sent to; "" for anything else a platform may have put there."""
    return url if url.startswith(("https://", "http://")) and len(url) <= MOST else ""
