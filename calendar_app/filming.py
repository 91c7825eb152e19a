"""The video of a post, as each channel gets it: whether it can go there, and how it speaks to who cannot hear it.

A post has one video, hung among its pictures. Where a platform takes none, it is left out there and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from calendar_app import declaring
from calendar_app.models import PostPicture
from channels_app import captioning, media, platforms
from channels_app.models import Captions, Channel, Media
from channels_app.platforms.base import Account, Limits, Video, VideoLimits
from policy import checks

STANDING = {
    "open": "captions are part of the picture",
    "reviewed": "with captions, read by a person",
    "auto": "with captions that nobody has read",
    "none": "no captions",
}


@dataclass(frozen=True)
class Film:
    """A post's video on one channel. `captions` go with it there; `standing` is how they are: see `captioning`."""

    hung: PostPicture
    captions: Captions | None
    standing: str

    @property
    def media(self) -> Media:
        return self.hung.media

    @property
    def length(self) -> str:
        return length(self.media.seconds)


def of(pieces: Iterable[PostPicture]) -> PostPicture | None:
    """The video among what hangs at a post."""
    return next((one for one in pieces if one.media.is_video), None)


def stills(pieces: Iterable[PostPicture]) -> tuple[PostPicture, ...]:
    return tuple(one for one in pieces if not one.media.is_video)


def takes(channel: Channel) -> VideoLimits | None:
    """What a video may be on this channel; None where its platform takes none from Parley."""
    platform = platforms.get(channel.platform)
    return limits(channel).video if "video" in platform.CAN else None


def limits(channel: Channel) -> Limits:
    known = Account(channel.platform, channel.host, "", "", {}, channel.practice, channel.limits)
    return platforms.get(channel.platform).limits(known)


def fitting(pieces: Iterable[PostPicture], channel: Channel) -> tuple[Film | None, PostPicture | None]:
    """The video as it goes out there, or the one that is left out there."""
    hung = of(pieces)
    if hung is None:
        return None, None
    able = takes(channel) if channel.platform else VideoLimits(0, 0, 0, frozenset(), captions=True)
    if able is None:
        return None, hung
    newest = hung.media.newest_captions
    return Film(hung, newest if able.captions else None, captioning.standing(hung.media, newest)), None


def as_checked(film: Film) -> checks.Video:
    """What the library knows of it and its author said about this use; what nobody said is not known."""
    one, declared = film.media, declaring.of_json(film.hung.declared)
    return checks.Video(
        name=one.name,
        captions=film.standing,  # type: ignore[arg-type]
        described={"yes": True, "no": False}.get(one.described),
        transcript=one.transcript,
        flashes=declared.flashes or {"yes": True, "no": False}.get(one.flashes),
        theirs=declared.theirs,
        bytes=one.bytes,
        seconds=one.seconds,
        mime=one.mime,
    )


def payload(film: Film | None) -> dict[str, Any]:
    """What a delivery freezes of it: the very captions too, so that others need another signature."""
    if film is None:
        return {}
    named = {"media": str(film.media.key), "alt": film.hung.alt.strip()}
    return {"video": named | ({"captions": str(film.captions.key)} if film.captions else {})}


def outgoing(film: Film | None) -> Video | None:
    """The video as far as counting and matching need it."""
    if film is None:
        return None
    media = film.media
    return Video(str(media.key), media.mime, media.width, media.height, media.seconds, media.bytes, "", film.hung.alt)


@dataclass(frozen=True)
class Player:
    """What a page needs to play the video: itself, its picture, its newest captions."""

    media: Media
    film: str
    url: str
    captions: Captions | None
    length: str
    spoken: str


def player(pieces: Iterable[PostPicture], now: datetime) -> Player | None:
    """The post's video, ready to be played; None where it has none or it is still being checked."""
    hung = of(pieces)
    if hung is None or hung.media.state != "ready":
        return None
    one, newest = hung.media, hung.media.newest_captions
    spoken = STANDING[captioning.standing(one, newest)]
    return Player(one, media.played(one, now), media.link(one, now), newest, length(one.seconds), spoken)


def length(seconds: float) -> str:
    """1:05, as players write it; "" while nobody has looked."""
    if seconds <= 0:
        return ""
    whole = max(round(seconds), 1)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
