"""What one post may carry on a platform, and how much of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

IN_ONE = 64 * 1024 * 1024  # bytes that 18 Mbit/s send in the time of one request, for a video that takes no parts


@dataclass(frozen=True)
class Measured:
    """How much of the platform's text limit is used, counted as the platform counts."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        return self.limit - self.used


@dataclass(frozen=True)
class PollLimits:
    """What a poll may be: so many options of so many characters, open between so many minutes; no pictures beside."""

    options: int
    option: int
    least: int
    most: int


@dataclass(frozen=True)
class VideoLimits:
    """What a video may be: so many bytes, between so many seconds, of these kinds; `captions`: they can go with it."""

    size: int
    least: float
    most: float
    mimes: frozenset[str]
    captions: bool = False


@dataclass(frozen=True)
class Limits:
    """What one post may carry. Bytes and pixels are per image; `alt` and `title` are counted in characters.

    `poll` and `video` are None, and `title` is 0, where there are none. `must` names what a post cannot be without:
    one of these. `together`: a post may have pictures and a video at once.
    """

    text: int
    images: int
    image_bytes: int
    alt: int
    mimes: frozenset[str]
    poll: PollLimits | None = None
    video: VideoLimits | None = None
    title: int = 0
    must: frozenset[Literal["picture", "video"]] = frozenset()
    together: bool = False


def of_videos(*, text: int, title: int, size: int, most: float) -> Limits:
    """Of a platform whose posts are videos: of a second at least, with their captions, and of so many bytes and
    seconds at most.
    """
    mimes = frozenset({"video/mp4", "video/quicktime", "video/webm"})
    video = VideoLimits(size, least=1, most=most, mimes=mimes, captions=True)
    shown: frozenset[Literal["picture", "video"]] = frozenset({"video"})
    return Limits(text, images=0, image_bytes=0, alt=0, mimes=frozenset(), video=video, title=title, must=shown)
