"""What the platform takes: length, number and size of pictures; and whether there is anything to send."""

from __future__ import annotations

from collections.abc import Iterator

from policy.checks.base import Context, Draft, Finding

CLAUSE = "Platform limits"


def check(draft: Draft, context: Context) -> Iterator[Finding]:
    yield from _empty(draft)
    yield from _too_long(context)
    yield from _pictures(draft, context)
    yield from _same_words(context)


def _empty(draft: Draft) -> Iterator[Finding]:
    if draft.text.strip():
        return
    if not draft.pictures and not draft.link:
        yield Finding("L1", "must", "There are no words yet.", "An empty post cannot go out.", CLAUSE)
    else:
        yield Finding(
            "L1",
            "should",
            "There are no words beside the picture or link.",
            "People who scan, search or listen need to hear what this is about.",
            CLAUSE,
        )


def _too_long(context: Context) -> Iterator[Finding]:
    over = context.used - context.limit
    if context.limit and over > 0:
        yield Finding(
            "L2",
            "must",
            f"{over:,} too many for {context.place or 'this channel'}: {context.used:,} of {context.limit:,}.",
            "The platform refuses a longer text. Shorten it, or give this channel its own wording.",
            CLAUSE,
        )


def _pictures(draft: Draft, context: Context) -> Iterator[Finding]:
    place = context.place or "This channel"
    if context.pictures and len(draft.pictures) > context.pictures:
        yield Finding(
            "L3",
            "must",
            f"{place} takes {context.pictures} pictures, and here are {len(draft.pictures)}.",
            "The platform refuses more.",
            CLAUSE,
        )
    for place_in_row, picture in enumerate(draft.pictures, 1):
        if context.picture_bytes and picture.bytes > context.picture_bytes:
            yield Finding(
                "L4",
                "must",
                f"Picture {place_in_row} has {picture.bytes / 1e6:.1f} MB; "
                f"{place} takes {context.picture_bytes / 1e6:.0f} MB.",
                "The platform refuses a larger file.",
                CLAUSE,
            )
        if context.mimes and picture.mime and picture.mime not in context.mimes:
            yield Finding(
                "L5",
                "must",
                f"Picture {place_in_row} is a {picture.mime.removeprefix('image/').upper()}; {place} does not take it.",
                "The platform refuses this kind of file.",
                CLAUSE,
            )


def _same_words(context: Context) -> Iterator[Finding]:
    if context.same_words_at:
        yield Finding(
            "L6",
            "should",
            f"The same words go out on {context.place or 'this channel'} {context.same_words_at}.",
            "Twice the same within two days looks like a mistake, and some platforms refuse the second one.",
            CLAUSE,
        )
