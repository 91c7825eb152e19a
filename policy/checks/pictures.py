"""Alt text: every picture has it, and it says what the picture tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from policy.checks.base import Context, Draft, Finding, Image

STARTS_WITH_IMAGE_OF = re.compile(r"\s*(?:an?\s+|the\s+)?(?:image|photo|photograph|picture|graphic)\s+of\b", re.I)
FILE_NAME = re.compile(
    r"\s*(?:\S+\.(?:jpe?g|png|gif|webp|heic)|(?:IMG|DSC|PXL|MVIMG)[_-]?\d+\S*|https?://\S+)\s*\Z", re.I
)
ONLY_HASHTAGS = re.compile(r"\s*(?:#\w+\s*)+\Z")
LONG_ALT = 150
SAME = 0.9


def check(draft: Draft, context: Context) -> Iterator[Finding]:
    for place, picture in enumerate(draft.pictures, 1):
        name = f"Picture {place}" if len(draft.pictures) > 1 else "The picture"
        if not picture.alt.strip():
            yield Finding(
                "A01",
                "must",
                f"{name} has no alt text.",
                "People who cannot see it are told nothing. Say what matters in it, in a sentence.",
                "Accessibility A01",
            )
            continue
        yield from _words(name, picture, context)
        yield from _repeats(name, picture, draft, place)


def _words(name: str, picture: Image, context: Context) -> Iterator[Finding]:
    alt = picture.alt.strip()
    if FILE_NAME.match(alt) or ONLY_HASHTAGS.match(alt):
        yield Finding(
            "A05",
            "must",
            f"The alt text of {name[0].lower() + name[1:]} is a file name, an address or hashtags.",
            "It is read aloud as it stands. Say what the picture shows.",
            "Accessibility A05",
            quote=alt[:80],
        )
        return
    if STARTS_WITH_IMAGE_OF.match(alt):
        yield Finding(
            "A02",
            "should",
            f"The alt text of {name[0].lower() + name[1:]} begins by saying that it is a picture.",
            "Screen readers say so already.",
            "Accessibility A02",
            quote=alt[:40],
        )
    if len(alt.split()) < 3:
        yield Finding(
            "A03",
            "should",
            f"The alt text of {name[0].lower() + name[1:]} is very short.",
            "A word or two seldom tells what matters in a picture.",
            "Accessibility A03",
            quote=alt,
        )
    if context.alt and len(alt) > context.alt:
        yield Finding(
            "A04",
            "must",
            f"The alt text of {name[0].lower() + name[1:]} has {len(alt):,} characters; "
            f"{context.place or 'this channel'} takes {context.alt:,}.",
            "The platform would cut it off or refuse the picture.",
            "Accessibility A04",
        )
    elif len(alt) > LONG_ALT:
        yield Finding(
            "A04",
            "should",
            f"The alt text of {name[0].lower() + name[1:]} is long: {len(alt)} characters.",
            f"It is read in one go. Keep it under {LONG_ALT} and put the rest into the post.",
            "Accessibility A04",
        )


def _repeats(name: str, picture: Image, draft: Draft, place: int) -> Iterator[Finding]:
    others = [
        ("the post", draft.text),
        *((f"picture {n}", p.alt) for n, p in enumerate(draft.pictures[: place - 1], 1)),
    ]
    for what, words in others:
        if words.strip() and SequenceMatcher(None, picture.alt.strip()[:400], words.strip()[:400]).ratio() >= SAME:
            yield Finding(
                "A06",
                "should",
                f"The alt text of {name[0].lower() + name[1:]} says the same as {what}.",
                "People who listen hear it twice and still do not know what is in the picture.",
                "Accessibility A06",
            )
            return
