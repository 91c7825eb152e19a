"""What did not survive the trip: what was sent, beside what the public sees. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channels_app.platforms.plaintext import normal

Loss = dict[str, str]  # {"what": text, capitals, picture or alt; "words": a sentence; "was": what it should have been}


def losses(words: str, alts: Sequence[str], seen_words: str, seen_pictures: Sequence[Mapping[str, str]]) -> list[Loss]:
    """Everything that is missing or different, in a sentence each; empty where all arrived."""
    return [*_of_text(words, seen_words), *_of_pictures(alts, [one.get("alt", "") for one in seen_pictures])]


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
