"""Pictures: alt text that is there and says what matters, words that are in the picture, what was declared of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from policy.checks import dates
from policy.checks.base import Fix, Hit, Image
from policy.checks.reading import Reading

STARTS_WITH_IMAGE_OF = re.compile(
    r"\s*(?:an?\s+|the\s+)?(?:image|photo|photograph|picture|graphic|screenshot)\s+(?:of|showing)\b", re.I
)
FILE_NAME = re.compile(
    r"\s*(?:\S+\.(?:jpe?g|png|gif|webp|heic|avif|tiff?|bmp)|(?:IMG|DSC|PXL|MVIMG|DCIM|Screenshot)[ _-]?\d+\S*"
    r"|https?://\S+)\s*\Z",
    re.I,
)
ONLY_HASHTAGS = re.compile(r"\s*(?:#\w+\s*)+\Z")
COMPARED, ENOUGH_WORDS, HEARD = 400, 3, 0.8
WORD = re.compile(r"[^\W_]+")


def check(reading: Reading) -> Iterator[Hit]:
    pictures = reading.draft.pictures
    for place, picture in enumerate(pictures, 1):
        name = f"Picture {place}" if len(pictures) > 1 else "The picture"
        yield from _alt(reading, name, picture, place)
        yield from _words_in_it(reading, name, picture)
        yield from _declared(name, picture)


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _alt(reading: Reading, name: str, picture: Image, place: int) -> Iterator[Hit]:
    if picture.decorative:
        return
    alt = picture.alt.strip()
    if not alt:
        yield from _none(reading, name, picture)
        return
    if FILE_NAME.match(alt) or ONLY_HASHTAGS.match(alt):
        words = f"The alt text of {_lower(name)} is a file name, an address or hashtags."
        yield Hit("A05", words, quote=alt[:80])
        return
    if STARTS_WITH_IMAGE_OF.match(alt):
        yield Hit("A02", f"The alt text of {_lower(name)} begins by saying that it is a picture.", quote=alt[:40])
    if len(alt.split()) < reading.number("alt_words"):
        yield Hit("A03", f"The alt text of {_lower(name)} is very short.", quote=alt[:80])
    yield from _long(reading, name, alt)
    yield from _repeats(reading, name, picture, place)


def _none(reading: Reading, name: str, picture: Image) -> Iterator[Hit]:
    """Somebody else's picture without alt text is our post as well, in law only from a day on."""
    if not picture.theirs:
        if picture.alt:
            yield Hit("A03", f"The alt text of {_lower(name)} is nothing but spaces.", level="must")
        yield Hit("A01", f"{name} has no alt text.")
        return
    bound = reading.context.access_due and reading.context.today and reading.context.today >= reading.context.access_due
    words = f"{name} is passed on from somebody else, and has no alt text."
    yield Hit("A34", words, level="must" if bound else None)


def _long(reading: Reading, name: str, alt: str) -> Iterator[Hit]:
    most, longest = reading.context.alt, int(reading.number("alt_long"))
    if most and len(alt) > most:
        place = reading.context.place or "this channel"
        words = f"The alt text of {_lower(name)} has {len(alt):,} characters; {place} takes {most:,}."
        yield Hit("A04", words, level="must", why="The platform would cut it off or refuse the picture.")
    elif len(alt) > longest:
        words = f"The alt text of {_lower(name)} is long: {len(alt)} characters."
        yield Hit("A04", words, why=f"It is read in one go. Keep it under {longest} and put the rest into the post.")


def _repeats(reading: Reading, name: str, picture: Image, place: int) -> Iterator[Hit]:
    others = [
        ("the post", reading.text if not picture.quote else ""),
        *((f"picture {n}", one.alt) for n, one in enumerate(reading.draft.pictures[: place - 1], 1)),
    ]
    for what, words in others:
        if alike(picture.alt.strip()[:COMPARED], words.strip()[:COMPARED]) >= reading.number("alike"):
            yield Hit("A06", f"The alt text of {_lower(name)} says the same as {what}.")
            return


def alike(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 1; the dear comparison only where the cheap ones allow it."""
    if not one or not other:
        return 0.0
    shorter, longer = sorted((len(one), len(other)))
    if 2 * shorter / (shorter + longer) < 0.8:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.8 else 0.0


def _words_in_it(reading: Reading, name: str, picture: Image) -> Iterator[Hit]:
    """Words in a picture are words for some people only, until they stand somewhere they can be heard."""
    told = picture.quote or picture.text
    if picture.quote and _share(picture.quote, picture.alt) < HEARD:
        yield Hit(
            "A07", f"The alt text of {_lower(name)} is not the quote that stands on it.", quote=picture.quote[:60]
        )
    elif picture.has_text and not told.strip():
        yield Hit("A07", f"{name} has words in it; write them down, so that they can be heard.")
    elif picture.has_text and _share(told, f"{picture.alt} {reading.text}") < HEARD:
        words = f"Words that are in {_lower(name)} are neither in its alt text nor in the post."
        yield Hit("A07", words, quote=told[:60])
    if picture.has_text and _flyer(reading, told):
        yield Hit("A08", f"The day or time stands in {_lower(name)} alone, not in the post.", quote=told[:60])


def _share(said: str, heard: str) -> float:
    """How many of the words said are among those heard."""
    wanted = Counter(word.lower() for word in WORD.findall(said))
    there = Counter(word.lower() for word in WORD.findall(heard))
    return sum((wanted & there).values()) / max(1, wanted.total())


def _flyer(reading: Reading, told: str) -> bool:
    if reading.days:
        return False
    return bool(dates.find(told, reading.context.today)) or (not told.strip() and len(reading.words) < ENOUGH_WORDS)


def _declared(name: str, picture: Image) -> Iterator[Hit]:
    if picture.has_text and picture.contrast is None:
        yield Hit("A31", f"Do the words in {_lower(name)} stand out from what is behind them? Somebody has to look.")
    elif picture.contrast is False:
        words = f"The words in {_lower(name)} do not stand out from what is behind them."
        yield Hit("A31", words, level="should")
    if picture.flashes:
        yield Hit("A13", f"{name} flashes more than three times a second.")


def disclosures(reading: Reading) -> Iterator[Hit]:
    """What was made, changed or staged says so, in the words or on the picture."""
    said = reading.text.lower()
    kinds = (
        ("H2", "ai", "was made with AI", "Picture made with AI.", ("made with ai", "ai-generated", "generated by ai")),
        ("H2", "edited", "was edited", "Picture edited by us.", ("picture edited", "edited by us", "photo edited")),
        ("H3", "staged", "was staged", "Scene staged by us.", ("staged", "posed by", "re-enacted")),
    )
    for place, picture in enumerate(reading.draft.pictures, 1):
        for rule, fact, what, sentence, signs in kinds:
            if getattr(picture, fact) and not picture.disclosure and not any(sign in said for sign in signs):
                end = len(reading.text)
                gap = "" if not reading.text or reading.text[-1].isspace() else "\n\n"
                fix = Fix(f"Add “{sentence}”", f"{gap}{sentence}")
                name = f"Picture {place}" if len(reading.draft.pictures) > 1 else "The picture"
                yield Hit(rule, f"{name} {what}, and nothing says so.", (end, end), fix)
        if picture.quote and not (picture.quote_of.strip() and picture.quote_source.strip()):
            yield Hit("H3", "The quote on the card wants a name and where it was said.", quote=picture.quote[:60])
