"""Words as they are heard: hashtags, emoji, look-alike letters, drawings of signs, capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from policy.checks.base import Fix, Hit
from policy.checks.reading import Reading, inside
from policy.checks.vocabulary import split_words

SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
BLACK_LETTERS = {
    chr(start + place): chr(ord("A") + place) for start in (0x1F150, 0x1F170) for place in range(26)
}  # in a black circle or square; Unicode has no plain form for them
LOOKALIKE = SMALL_CAPITALS | BLACK_LETTERS
HONEST = frozenset("ªº™℠ℹⓂ🅰🅱🅾🅿№")
ART = re.compile(r"¯\\_\(ツ\)_/¯|[=_~*^<>|/\\(){}\[\]•°º¯ツ╯╰┻━┳︵■□▪▫●○★☆♥♡─│┌┐└┘+#-]{4,}")
EMOTICON = re.compile(r"(?<![\w:;/])(?:[:;=]['’]?-?[)(DPpOo|/\\](?![\w/])|<3(?!\d)|[xX]D\b)")
CAPITALS = re.compile(r"(?<![\w#@.'’-])[^\W\d_]+(?:['’-][^\W\d_]+)*(?:[ \t]+[^\W\d_]+(?:['’-][^\W\d_]+)*)*")
PIECE = re.compile(r"[^\W\d_]+")
BEFORE_A_WORD = frozenset(
    "i we you they the a an to our your my their his her this that please can will".split()  # noqa: SIM905
)
STOPPED = (".", "!", "?", "…", ":", "\n")
MOST_SHOWN, NEAR = 40, 200


def check(reading: Reading) -> Iterator[Hit]:
    yield from _hashtags(reading)
    yield from _emoji(reading)
    yield from _fancy(reading)
    yield from _art(reading)
    yield from _capitals(reading)


@lru_cache(maxsize=4096)
def plain_letter(letter: str) -> str:
    """The letter a look-alike stands for; the same one where it stands for itself."""
    if letter.isascii() or letter in HONEST:
        return letter
    if letter in LOOKALIKE:
        return LOOKALIKE[letter]
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalnum() else letter


def _hashtags(reading: Reading) -> Iterator[Hit]:
    tags, shortest = reading.hashtags, reading.number("hashtag_length")
    known = reading.house.hashtag_words | frozenset(re.findall(r"[a-z]{3,}", reading.context.town.lower()))
    for hit in tags:
        tag = hit.group(1)
        if len(tag) < shortest or not (tag.islower() or tag.isupper()):
            continue
        words = split_words(tag.lower(), known)
        if len(words) > 1:
            better = "#" + "".join(word.capitalize() for word in words)
            fix = Fix(f"Write “{better}”", better)
            yield Hit("A14", "A hashtag of several words without capitals:", hit.span(), fix, hit.group())
    most = int(reading.number("hashtags"))
    if len(tags) > most:
        last = tags[-1]
        start = last.start() - (reading.text[last.start() - 1 : last.start()] == " ")
        fix = Fix(f"Take out “{last.group()}”", "")
        yield Hit("A15", f"There are {len(tags)} hashtags.", (start, last.end()), fix, last.group())
    for hit in tags:
        if not reading.over(hit.end()):
            words_ = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", hit.group(1).replace("_", " "))
            yield Hit(
                "A15",
                "A hashtag within the words:",
                hit.span(),
                Fix(f"Write “{words_}”", words_),
                hit.group(),
                why="It breaks the sentence for people who listen. Write it as words, or put the hashtag at the end.",
            )


def _emoji(reading: Reading) -> Iterator[Hit]:
    found, text = reading.emoji, reading.text
    if not found:
        return
    most = int(reading.number("emoji"))
    names = [one for one, _, _ in found]
    said = ""
    if len(names) > most or len(set(names)) < len(names):
        said = f"There are {len(names)} emoji{', some of them twice' if len(set(names)) < len(names) else ''}."
    words = [hit for hit in (_for_word(reading, one) for one in found) if hit]
    yield from words
    placed = {hit.span for hit in words}
    loose = [one for one in found if (one[1], one[2]) not in placed and not _emoji_rests(reading, one[1], one[2])]
    if loose and not said:
        said = "An emoji before or between the words:"
    if said:
        tidied = _tidy(text, found, most)
        fix = Fix(f"Put {'it' if len(set(names)) == 1 else 'them'} at the end, each once", tidied)
        yield Hit("A16", said, (0, len(text)), fix, "".join(names)[:MOST_SHOWN])


def _emoji_rests(reading: Reading, start: int, end: int) -> bool:
    """It stands where a sentence or the text is over, and not in the place of all words."""
    bare = reading.bare
    if reading.over(end):
        first, last = len(bare) - len(bare.lstrip()), len(bare.rstrip())
        return first < start or last <= end
    before = bare[max(0, start - NEAR) : start].rstrip(" \t\ufe0f")
    return before.endswith((".", "!", "?", "…"))


def _for_word(reading: Reading, one: tuple[str, int, int]) -> Hit | None:
    """An emoji in the place of a word: between two words of one sentence, the first of them a small one."""
    emoji, start, end = one
    before = re.search(r"([^\W\d_]+)[ \t]*\Z", reading.text[max(0, start - 30) : start])
    after = re.match(r"[ \t]*([a-z][^\W\d_]*)", reading.text[end : end + 30])
    if not before or not after or before.group(1).lower() not in BEFORE_A_WORD:
        return None
    word = next((row.better for row in reading.house.words("emoji_words") if row.phrase == emoji.rstrip("\ufe0f")), "")
    gap = ("" if before.group().endswith((" ", "\t")) else " ", "" if after.group()[:1].isspace() else " ")
    fix = Fix(f"Write “{word}”", f"{gap[0]}{word}{gap[1]}") if word else None
    return Hit("A17", "An emoji in the place of a word:", (start, end), fix, emoji)


def _tidy(text: str, found: list[tuple[str, int, int]], most: int) -> str:
    """The same words with the first few emoji at the very end, each once."""
    pieces, at = [], 0
    for _, start, end in found:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    words = pieces[0]
    for piece in pieces[1:]:
        words = words.rstrip(" ") + piece if piece[:1] in ("", "\n", ".", ",", "!", "?") else _joined(words, piece)
    kept = list(dict.fromkeys(one for one, _, _ in found))[: max(most, 0)]
    return f"{words.strip()} {''.join(kept)}".strip()


def _joined(words: str, piece: str) -> str:
    """Two pieces with one space where either had one, none at the start of a line."""
    if not words or words.endswith("\n"):
        return words + piece.lstrip(" ")
    return f"{words.rstrip(' ')} {piece.lstrip(' ')}"


def _fancy(reading: Reading) -> Iterator[Hit]:
    """Runs of look-alikes, with the spaces between them."""
    text = reading.text
    odd = "" if text.isascii() else "".join(one for one in sorted(set(text)) if plain_letter(one) != one)
    if not odd:
        return
    one = f"[{re.escape(odd)}]+"
    spans = [(start, end) for _, start, end in reading.emoji]
    for hit in re.finditer(f"{one}(?: +{one})*", text):
        run, plain = hit.group(), "".join(map(plain_letter, hit.group()))
        letters = any(a.isalpha() and a != b for a, b in zip(plain, run, strict=True))
        if letters and not inside(hit.start(), spans):
            fix = Fix(f"Write “{plain[:40]}”", plain)
            yield Hit("A18", "These are not letters but look-alike symbols:", hit.span(), fix, run[:40])


def _art(reading: Reading) -> Iterator[Hit]:
    if not any(sign in reading.text for sign in ":;=<xX_-+*|/\\~^#()[]{}•°º■□▪▫●○★☆♥♡─│"):
        return
    taken = [*reading.links]
    for shape in (ART, EMOTICON):
        for hit in shape.finditer(reading.text):
            if any(inside(place, taken) for place in (hit.start(), hit.end() - 1)):
                continue
            taken.append(hit.span())
            start = hit.start() - (reading.text[hit.start() - 1 : hit.start()] == " ")
            yield Hit("A19", "A drawing made of signs:", (start, hit.end()), Fix("Take it out", ""), hit.group()[:40])


def _capitals(reading: Reading) -> Iterator[Hit]:
    if len(reading.words) < 2:
        return  # one word alone is a title, whatever its letters
    longest = reading.number("capitals")
    known = reading.house.acronyms | reading.defined
    if reading.loud <= known:
        return
    for hit in CAPITALS.finditer(reading.text):
        pieces = [(one.group(), one.start(), one.end()) for one in PIECE.finditer(reading.text, *hit.span())]
        for loud, group in groupby(pieces, key=lambda one: _loud(one[0])):
            row = list(group)
            if not loud:
                continue
            shouted = [one for one in row if one[0] not in known and not reading.is_acronym(one[0])]
            loudest = max((len(one[0]) for one in shouted if len(one[0]) > 1), default=0)
            whole = sum(len(one[0]) > 1 for one in shouted) >= 3
            start, end = row[0][1], row[-1][2]
            if (loudest >= longest or whole) and not inside(start, reading.quiet):
                yield _calm(reading, start, end, known)


def _loud(word: str) -> bool:
    return word.isupper() and all(letter.isupper() and letter.lower() != letter for letter in word)


def _calm(reading: Reading, start: int, end: int, known: frozenset[str]) -> Hit:
    text = reading.text[start:end]
    calm = PIECE.sub(lambda hit: hit.group() if _keeps(reading, hit.group(), known) else hit.group().lower(), text)
    before = reading.text[:start].rstrip()
    if (not before or before.endswith(STOPPED) or "\n" in reading.text[len(before) : start]) and calm[0].islower():
        calm = calm[0].upper() + calm[1:]
    words = "A word in capitals:" if " " not in text else "Words in capitals:"
    return Hit("A20", words, (start, end), Fix(f"Write “{calm[:40]}”", calm), text[:60])


def _keeps(reading: Reading, word: str, known: frozenset[str]) -> bool:
    return word in known or word == "I" or reading.is_acronym(word)
