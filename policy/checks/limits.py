"""What the platform takes: length, number and size of pictures; and whether there is anything to send."""

from __future__ import annotations

from collections.abc import Iterator

from policy.checks.base import Hit
from policy.checks.reading import Reading


def check(reading: Reading) -> Iterator[Hit]:
    yield from _empty(reading)
    yield from _too_long(reading)
    yield from _pictures(reading)
    if reading.context.same_words_at:
        place = reading.context.place or "this channel"
        yield Hit("L6", f"The same words go out on {place} {reading.context.same_words_at}.")


def _empty(reading: Reading) -> Iterator[Hit]:
    draft = reading.draft
    if draft.text.strip():
        return
    if not draft.pictures and not draft.link and not draft.videos:
        yield Hit("L1", "There are no words yet.")
    else:
        why = "People who scan, search or listen need to hear what this is about."
        yield Hit("L1", "There are no words beside the picture or link.", level="should", why=why)


def _too_long(reading: Reading) -> Iterator[Hit]:
    used, limit = reading.context.used, reading.context.limit
    if limit and used > limit:
        place = reading.context.place or "this channel"
        yield Hit("L2", f"{used - limit:,} too many for {place}: {used:,} of {limit:,}.")


def _pictures(reading: Reading) -> Iterator[Hit]:
    context, place = reading.context, reading.context.place or "This channel"
    pictures = reading.draft.pictures
    if context.pictures and len(pictures) > context.pictures:
        yield Hit("L3", f"{place} takes {context.pictures} pictures, and here are {len(pictures)}.")
    for number, picture in enumerate(pictures, 1):
        if context.picture_bytes and picture.bytes > context.picture_bytes:
            size, most = picture.bytes / 1e6, context.picture_bytes / 1e6
            yield Hit("L4", f"Picture {number} has {size:.1f} MB; {place} takes {most:.0f} MB.")
        if context.mimes and picture.mime and picture.mime not in context.mimes:
            kind = picture.mime.removeprefix("image/").upper()
            yield Hit("L5", f"Picture {number} is a {kind}; {place} does not take it.")
