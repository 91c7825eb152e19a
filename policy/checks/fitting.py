"""What the platform takes beside words and pictures: a video, a title, and what a post there cannot be without."""

from __future__ import annotations

from collections.abc import Iterator

from policy.checks.base import Hit, Video
from policy.checks.reading import Reading

NEEDED = {"picture": "a picture", "video": "a video"}


def check(reading: Reading) -> Iterator[Hit]:
    context, draft, place = reading.context, reading.draft, reading.context.place or "this channel"
    name = place[0].upper() + place[1:]
    for video in draft.videos:
        if video.kind == "video" and context.films:
            yield from _film(reading, name, video)
    there = {"picture": bool(draft.pictures), "video": bool(draft.videos)}
    if context.must and not any(there[one] for one in context.must):
        wanted = " or ".join(NEEDED[one] for one in sorted(context.must))
        yield Hit("L8", f"A post on {place} cannot be without {wanted}.")
    if context.together is False and draft.pictures and draft.videos:
        yield Hit("L9", f"{name} takes pictures or a video, not both.")
    if draft.left_out:
        yield Hit("L10", f"{name} takes no video from Parley: the post goes out there without it.")
    yield from _title(reading, place)


def _film(reading: Reading, name: str, video: Video) -> Iterator[Hit]:
    context = reading.context
    least, most = context.film_seconds or (0, 0)
    if context.film_bytes and video.bytes > context.film_bytes:
        yield Hit("L7", f"The video has {video.bytes / 1e6:.0f} MB; {name} takes {context.film_bytes / 1e6:.0f} MB.")
    if most and video.seconds > most:
        yield Hit("L7", f"The video lasts {_long(video.seconds)}; {name} takes {_long(most)}.")
    if video.seconds and video.seconds < least:
        yield Hit("L7", f"The video lasts {_long(video.seconds)}; {name} wants at least {_long(least)}.")
    if context.film_mimes and video.mime and video.mime not in context.film_mimes:
        kind = video.mime.removeprefix("video/").replace("quicktime", "mov").upper()
        yield Hit("L7", f"The video is a {kind}; {name} does not take it.")
    if context.film_captions is False and video.captions in ("auto", "reviewed"):
        yield Hit("L11", f"{name} takes no captions with a video: there it is shown without them.")


def _title(reading: Reading, place: str) -> Iterator[Hit]:
    most, title = reading.context.title, reading.draft.title
    if title is None or not most:
        return
    if not title.strip():
        yield Hit("L12", f"The post has no title for {place}.")
    elif len(title) > most:
        yield Hit("L12", f"The title is {len(title) - most:,} characters too long for {place}: {len(title)} of {most}.")


def _long(seconds: float) -> str:
    """In the words one would use: 40 seconds, 3 minutes, 2 hours."""
    for size, name in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            many = seconds / size
            return f"{many:.0f} {name}{'' if round(many) == 1 else 's'}" if many == round(many) else _exact(seconds)
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def _exact(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02} minutes"
