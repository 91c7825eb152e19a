"""Words as they are read and heard: capitals, fancy letters, hashtags, links, emoji, long sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

from policy.checks.base import Context, Draft, Finding, Fix
from policy.checks.vocabulary import ABBREVIATIONS, split_words

LINK = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:gov|org|com|net|uk|eu|ca|info)\b\S*", re.I)
HASHTAG = re.compile(r"(?<!\w)#(\w+)")
CAPITALS = re.compile(r"(?<![\w#@])[^\W\d_a-z]{4,}(?!\w)")
VAGUE_LINK = re.compile(
    r"\b(?:click|tap|press|see|read more)\s+(?:here|this|below)\b|\blink in (?:the |our )?bio\b", re.I
)
EMOJI = regex.compile(
    r"""(?x)\p{Regional_Indicator}{2}                                  # a flag
    | (?![©®™]) \p{Extended_Pictographic} (?:\uFE0F | \p{Emoji_Modifier})*
      (?: \u200D \p{Extended_Pictographic} (?:\uFE0F | \p{Emoji_Modifier})* )*   # joined: a family, a profession
    """
)
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprtuvwyz", strict=True))
LONG_SENTENCE, MANY_EMOJI, MANY_HASHTAGS = 25, 3, 2


def check(draft: Draft, context: Context) -> Iterator[Finding]:
    text = draft.text
    quiet = [hit.span() for shape in (LINK, HASHTAG) for hit in shape.finditer(text)]
    yield from _fancy(text)
    yield from _capitals(text, quiet)
    yield from _hashtags(text)
    yield from _links(draft)
    yield from _emoji(text)
    yield from _sentences(text)


def plain_letter(letter: str) -> str:
    """The letter a look-alike stands for; the same one where it stands for itself."""
    if letter.isascii():
        return letter
    if letter in SMALL_CAPITALS:
        return SMALL_CAPITALS[letter]
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalnum() else letter


def _fancy(text: str) -> Iterator[Finding]:
    start = None
    for place, letter in enumerate(f"{text}\n"):
        fancy = place < len(text) and (plain_letter(letter) != letter or (letter == " " and start is not None))
        if fancy and start is None:
            start = place
        elif not fancy and start is not None:
            run = text[start:place].rstrip()
            if any(plain_letter(one).isalpha() and plain_letter(one) != one for one in run):
                yield _fancy_finding(run, start)
            start = None


def _fancy_finding(run: str, start: int) -> Finding:
    plain = "".join(map(plain_letter, run))
    return Finding(
        "A18",
        "must",
        "These are not letters but look-alike symbols:",
        "Screen readers skip them or name each one: “mathematical bold capital F”.",
        "Accessibility A18",
        (start, start + len(run)),
        Fix(f"Write “{plain[:40]}”", plain),
        quote=run[:40],
    )


def _capitals(text: str, quiet: list[tuple[int, int]]) -> Iterator[Finding]:
    for hit in CAPITALS.finditer(text):
        word, (start, end) = hit.group(), hit.span()
        if word in ABBREVIATIONS or not word.isascii() or any(a <= start < b for a, b in quiet):
            continue
        opens = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?:"
        calm = word.capitalize() if opens else word.lower()
        yield Finding(
            "A20",
            "should",
            "A word in capitals:",
            "Capitals are harder to read, read out as shouting, and spelled letter by letter by some screen readers.",
            "Accessibility A20",
            (start, end),
            Fix(f"Write “{calm}”", calm),
            quote=word,
        )


def _hashtags(text: str) -> Iterator[Finding]:
    tags = list(HASHTAG.finditer(text))
    for hit in tags:
        tag = hit.group(1)
        words = split_words(tag.lower()) if tag.islower() or tag.isupper() else []
        if len(tag) >= 6 and len(words) > 1:
            better = "".join(word.capitalize() for word in words)
            yield Finding(
                "A14",
                "should",
                "A hashtag of several words without capitals:",
                "With a capital for each word it is read as words and not as one long one.",
                "Accessibility A14",
                hit.span(),
                Fix(f"Write “#{better}”", f"#{better}"),
                quote=hit.group(),
            )
    if len(tags) > MANY_HASHTAGS:
        yield Finding(
            "A15",
            "should",
            f"There are {len(tags)} hashtags.",
            "One or two at the end are enough; each one is read aloud.",
            "Accessibility A15",
        )


def _links(draft: Draft) -> Iterator[Finding]:
    for hit in VAGUE_LINK.finditer(draft.text):
        yield Finding(
            "A21",
            "should",
            "This does not say where the link leads:",
            "Name what people find there: “Read which roads are closed” and then the link.",
            "Accessibility A21",
            hit.span(),
            quote=hit.group(),
        )
    links = {hit.group().rstrip(".,)") for hit in LINK.finditer(draft.text)} | ({draft.link} if draft.link else set())
    if len(links) > 1:
        yield Finding(
            "A22",
            "should",
            f"There are {len(links)} links.",
            "One link tells people what to do next; several make them choose.",
            "Accessibility A22",
        )


def _emoji(text: str) -> Iterator[Finding]:
    found = EMOJI.findall(text)
    if len(found) > MANY_EMOJI or len(set(found)) < len(found):
        yield Finding(
            "A16",
            "should",
            f"There are {len(found)} emoji{', some of them twice' if len(set(found)) < len(found) else ''}.",
            "Each one is read out by its name. Use at most three, at the end, none twice.",
            "Accessibility A16",
        )


def _sentences(text: str) -> Iterator[Finding]:
    for hit in SENTENCE.finditer(text):
        words = [word for word in hit.group().split() if any(letter.isalnum() for letter in word)]
        if len(words) > LONG_SENTENCE:
            yield Finding(
                "A24",
                "should",
                f"A sentence of {len(words)} words.",
                f"Under {LONG_SENTENCE} words it is understood at the first reading. Make two of it.",
                "Accessibility A24",
                hit.span(),
                quote=" ".join(words[:6]) + "…",
            )
