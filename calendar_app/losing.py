"""What did not survive the trip: what was sent, beside what the public sees. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channels_app.platforms.base import Shown, Video
from channels_app.platforms.plaintext import normal

# {"what": text, capitals, picture, alt, video or captions; "words": a sentence; "was": what it should have been}
Loss = dict[str, str]


def losses(words: str, alts: Sequence[str], seen_words: str, seen_pictures: Sequence[Mapping[str, str]]) -> list[Loss]:
    """Everything that is missing or different, in a sentence each; empty where all arrived."""
    return [*_of_text(words, seen_words), *_of_pictures(alts, [one.get("alt", "") for one in seen_pictures])]


def of_video(sent: Video | None, seen: Sequence[Shown] | None) -> list[Loss]:
    """What is missing of the video; only what the platform tells can be compared."""
    if sent is None or seen is None:
        return []
    if not seen:
        return [_loss("video", "The video did not arrive.")]
    there = seen[0].captions
    if sent.captions is None or there is None:
        return []
    if not there:
        return [_loss("captions", "The captions of the video are not there.", sent.captions.text)]
    if not any(_alike(sent.captions.language, one) for one in there):
        return [_loss("captions", "The captions of the video are in another language than they were sent.")]
    return []


def _alike(ours: str, theirs: str) -> bool:
    """en and en-GB are one language."""
    return ours.split("-")[0].casefold() == theirs.replace("_", "-").split("-")[0].casefold()


def _of_text(words: str, seen: str) -> list[Loss]:
    sent, there = normal(words), normal(seen)
    if sent == there:
        return []
    if sent.casefold() == there.casefold():
        return [
            _loss("capitals", "Capital letters are not as they were sent; screen readers may read them oddly.", words)
        ]
    if there and sent.startswith(there.rstrip("…. ")):
        return [_loss("text", "The text was cut off.", words)]
    return [_loss("text", "The text is not what was sent.", words)]


def _of_pictures(alts: Sequence[str], seen: Sequence[str]) -> list[Loss]:
    found = []
    if len(seen) < len(alts):
        missing = len(alts) - len(seen)
        found.append(
            _loss("picture", f"{missing} of {len(alts)} picture{'s' if len(alts) > 1 else ''} did not arrive.")
        )
    for place, (alt, there) in enumerate(zip(alts, seen, strict=False), 1):
        which = f"picture {place}" if len(alts) > 1 else "the picture"
        sent = normal(alt)
        if not sent or sent == normal(there):
            continue
        if not there:
            found.append(_loss("alt", f"The alt text of {which} is not there.", alt))
        elif sent.startswith(normal(there).rstrip("….")):
            found.append(_loss("alt", f"The alt text of {which} was cut off.", alt))
        else:
            found.append(_loss("alt", f"The alt text of {which} is another one.", alt))
    return found


def _loss(what: str, words: str, was: str = "") -> Loss:
    return {"what": what, "words": words, "was": was}
