"""A draft as the rules read it: its words, sentences, links, hashtags and emoji, each found once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from policy.checks import dates, languages, phrases
from policy.checks.base import Context, Draft, Fix, House
from policy.checks.phrases import Found, Word
from policy.checks.vocabulary import SMALL_WORDS

Span = tuple[int, int]

LINK = re.compile(
    r"https?://[^\s<>]+|(?<![\w.-])(?:[\w-]{1,63}\.){1,6}(?:gov|org|com|net|uk|eu|ca|info)\b(?:/[^\s<>]*)?", re.I
)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MENTION = re.compile(r"(?<![\w@])@[\w.-]+(?:@[\w.-]+)?")
HASHTAG = re.compile(r"(?<![\w#&])[#＃](\w*[^\W\d_]\w*)")
EMOJI = regex.compile(
    r"""(?x)\p{Regional_Indicator}{2}                                  # a flag
    | [0-9\#*]\uFE0F?\u20E3                                            # a key
    | (?![©®™\u2139\u203C\u2049\u3030\u303D]) \p{Extended_Pictographic} (?:\uFE0F | \p{Emoji_Modifier})*
      (?: \u200D \p{Extended_Pictographic} (?:\uFE0F | \p{Emoji_Modifier})* )*   # joined: a family, a profession
    """
)
SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+[\"'”’)\]]*(?=\s|\Z)|(?=\n)|\Z)")
DEFINED = re.compile(r"(?<=\w )\(([A-Z][A-Za-z&]*[A-Z])s?\)|\b([A-Z][A-Za-z&]*[A-Z])s? \([^)\n]{5,80}\)")
WORD_END = re.compile(r"[^\W_]+")
VOWELS = frozenset("aeiouy")
# two consonants that an English word can begin with
BEGINNINGS = frozenset(re.findall("..", "blbrchclcrdrdwflfrghglgngrknphplprpsrhscshskslsmsnspsqstswthtrtstwwhwr"))
LONGEST_ABBREVIATION = 8
ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No|Rd|Ave|approx|vs|Cllr|Rev|Prof)|\b[A-Z])\.\Z")


@dataclass(frozen=True)
class Sentence:
    """One sentence, its place and how many words it has."""

    text: str
    start: int
    end: int
    words: int

    @property
    def span(self) -> Span:
        return self.start, self.end


class Reading:
    """One draft in one context; everything is worked out when a rule first asks for it."""

    def __init__(self, draft: Draft, context: Context) -> None:
        self.draft, self.context = draft, context
        self.text = draft.text
        self.house: House = context.house
        self.profile = context.house.profile(context.situation)

    @cached_property
    def links(self) -> list[Span]:
        """Addresses of pages in the text, without the stop after them."""
        mails = [hit.span() for hit in MAIL.finditer(self.text)] if "@" in self.text else []
        found = []
        for hit in LINK.finditer(self.text):
            end = hit.start() + len(hit.group().rstrip(".,;:!?)”’\"'"))
            if not inside(hit.start(), mails):
                found.append((hit.start(), end))
        return found

    @cached_property
    def hashtags(self) -> list[re.Match[str]]:
        return [hit for hit in HASHTAG.finditer(self.text) if not inside(hit.start(), self.links)]

    @cached_property
    def emoji(self) -> list[tuple[str, int, int]]:
        if self.text.isascii():
            return []
        return [(hit.group(), hit.start(), hit.end()) for hit in EMOJI.finditer(self.text)]

    @cached_property
    def bare(self) -> str:
        """The text with a space for each sign of an emoji: the places stay."""
        return blanked(self.text, [(start, end) for _, start, end in self.emoji])

    @cached_property
    def last_words(self) -> tuple[list[int], list[int]]:
        """Where each line begins, and the last place in it that belongs to a word; -1 where there is none."""
        spans = sorted([*self.links, *(hit.span() for hit in self.hashtags)])
        begins, lasts, at = [], [], 0
        for line in blanked(self.bare, spans).split("\n"):
            last = max((hit.end() for hit in WORD_END.finditer(line)), default=0)
            begins.append(at)
            lasts.append(at + last - 1 if last else -1)
            at += len(line) + 1
        return begins, lasts

    def over(self, place: int) -> bool:
        """Nothing but hashtags, links, emoji and stops comes after this place, in its line."""
        begins, lasts = self.last_words
        return lasts[bisect_right(begins, place) - 1] < place

    @cached_property
    def quiet(self) -> list[Span]:
        """Where no word is meant as one: links, addresses, hashtags, names of accounts."""
        spans = [*self.links, *(hit.span() for hit in self.hashtags)]
        if "@" in self.text:
            spans += [hit.span() for shape in (MAIL, MENTION) for hit in shape.finditer(self.text)]
        return sorted(spans)

    @cached_property
    def all_words(self) -> list[Word]:
        return phrases.words_of(self.text)

    @cached_property
    def words(self) -> list[Word]:
        """The words that people read as words."""
        if not self.quiet:
            return self.all_words
        spans, at, kept = self.quiet, 0, []
        for word in self.all_words:
            while at < len(spans) - 1 and spans[at][1] <= word.start:
                at += 1
            if not spans[at][0] <= word.start < spans[at][1]:
                kept.append(word)
        return kept

    @cached_property
    def loud(self) -> frozenset[str]:
        """Words of two letters and more in nothing but capitals."""
        return frozenset(word.text for word in self.all_words if word.text.isupper() and len(word.text) > 1)

    @cached_property
    def lows(self) -> frozenset[str]:
        """Every word once, in small letters: what is not here need not be looked for."""
        return frozenset(word.low for word in self.words)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return list(_sentences(self.text, self.words))

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where a sentence begins."""
        return frozenset(one.start for one in self.sentences)

    @cached_property
    def found(self) -> dict[str, list[Found]]:
        """The entries of all lists that stand in the text; the lists are English, and so must the paragraph be."""
        if self.foreign and not self.english:
            return {}
        found = phrases.find(self.text, self.words, self.house)
        if not self.foreign:
            return found
        return {name: [hit for hit in hits if not inside(hit.start, self.foreign)] for name, hits in found.items()}

    @cached_property
    def english(self) -> bool:
        return not self.draft.language or self.draft.language.lower().startswith("en")

    @cached_property
    def tongues(self) -> list[tuple[Span, str]]:
        """Paragraphs that are plainly in another language than the draft's, with that language."""
        return languages.foreign(self.text, self.draft.language or "en")

    @cached_property
    def foreign(self) -> list[Span]:
        """Where the English lists have nothing to say."""
        if not self.english:
            return [(0, len(self.text))]
        return [span for span, _ in self.tongues]

    @cached_property
    def days(self) -> list[dates.When]:
        """Days and times in the text."""
        return dates.find(self.text, self.context.today) if self.english else []

    @cached_property
    def defined(self) -> frozenset[str]:
        """Abbreviations that the text explains itself, before or after."""
        return frozenset(hit.group(1) or hit.group(2) for hit in DEFINED.finditer(self.text))

    def is_acronym(self, word: str) -> bool:
        """An abbreviation and no shouted word: no word people know, or none that could be spoken."""
        if not 2 <= len(word) <= 6 or not word.isupper():
            return False
        lowered = word.lower()
        if lowered in SMALL_WORDS or lowered in self.house.hashtag_words:
            return False
        if len(word) <= 3 or not VOWELS & set(lowered):
            return True
        return not VOWELS & set(lowered[:2]) and lowered[:2] not in BEGINNINGS

    def of(self, *names: str) -> Iterator[Found]:
        return phrases.each(self.found, *names)

    def sentence_at(self, place: int) -> Sentence:
        """The sentence around a place."""
        at = bisect_right(self.sentences, place, key=lambda one: one.start) - 1
        if at >= 0 and place < self.sentences[at].end:
            return self.sentences[at]
        return Sentence(self.text, 0, len(self.text), 0)

    def without(self, place: int) -> Fix:
        """A fix that leaves out the sentence around a place, with the space after it."""
        one = self.sentence_at(place)
        end = one.end + len(self.text[one.end :]) - len(self.text[one.end :].lstrip(" "))
        return Fix("Leave this sentence out", "", (one.start, end))

    def number(self, name: str) -> float:
        return self.house.number(name)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces in these places, which are in order; all others stay where they are."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], " " * (end - max(start, at))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def inside(place: int, spans: Iterable[Span]) -> bool:
    for start, end in spans:  # noqa: SIM110 - a third of the time of any()
        if start <= place < end:
            return True
    return False


def _sentences(text: str, words: list[Word]) -> Iterator[Sentence]:
    """Sentences with their words counted; one that ends in an abbreviation goes on."""
    starts = [word.start for word in words]
    begun, counted = -1, 0
    for hit in SENTENCE.finditer(text):
        start = begun if begun >= 0 else hit.start()
        piece = text[start : hit.end()]
        if ABBREVIATED.search(piece[-LONGEST_ABBREVIATION:]) and hit.end() < len(text) and text[hit.end()] != "\n":
            begun = start
            continue
        begun = -1
        start += len(piece) - len(piece.lstrip())
        number = counted
        while number < len(starts) and starts[number] < hit.end():
            number += 1
        if piece.strip():
            yield Sentence(piece.strip(), start, start + len(piece.strip()), number - counted)
        counted = number
    if begun >= 0 and text[begun:].strip():
        piece = text[begun:]
        start = begun + len(piece) - len(piece.lstrip())
        yield Sentence(piece.strip(), start, start + len(piece.strip()), len(starts) - counted)
