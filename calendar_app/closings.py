"""Questions a post may close with, so that people answer; and long words cut into the parts of a thread."""

from __future__ import annotations

import re
from collections.abc import Callable

from calendar_app.words import Words

# By what the post is; the first that fit are offered. None of them asks for likes or shares.
FOR = {
    "question": ["What would you do?", "What have we not thought of?"],
    "behind": ["What would you like to see next?", "What would you like to know about this work?"],
    "event": ["What should we bring along?", "Who would you come with?"],
    "service": ["What would make this easier for you?", "Does anything keep you from using it?"],
    "quote": ["What would you add?", "How do you see it?"],
    "keep": ["What is missing here?", "Which of these have you tried?"],
    "people": ["What would you like to ask them?", "Whom should we show next?"],
    "fix": ["Where should we look next?", "Does it work for you now?"],
}
ALWAYS = ["If you have other ideas, tell us.", "What questions do you have?", "What is your experience?"]
NEVER = ("correction",)
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def fitting(words: Words) -> list[str]:
    """Up to four suggestions; none where the words ask something already, are empty, or correct a mistake."""
    text = words.text.strip()
    if not text or text.endswith("?") or words.kind in NEVER or words.situation not in {"", "everyday"}:
        return []
    return [one for one in [*FOR.get(words.kind, []), *ALWAYS] if one not in text][:4]


def put(words: Words, number: str) -> Words:
    """The same words with that suggestion as their last line; the wordings of single channels stay."""
    offered = fitting(words)
    if not number.isdecimal() or int(number) >= len(offered):
        return words
    return words.but(text=f"{words.text.rstrip()}\n\n{offered[int(number)]}")


def split(text: str, fits: Callable[[str, int], bool], most: int) -> list[str]:
    """The text in parts that fit, cut between sentences where that works, else between words.

    `fits` is asked with a part and its place. A word no part takes stays whole: the counter says so.
    """
    parts = [""]
    for piece in _pieces(text.strip(), fits):
        longer = f"{parts[-1]} {piece}".strip() if not piece.startswith("\n") else f"{parts[-1]}{piece}".strip()
        if not parts[-1] or fits(longer, len(parts) - 1) or len(parts) > most:
            parts[-1] = longer
        else:
            parts.append(piece.strip())
    return [one for one in parts if one]


def _pieces(text: str, fits: Callable[[str, int], bool]) -> list[str]:
    """Sentences, a paragraph's first one with its line breaks; a sentence too long for any part in words."""
    found = []
    for paragraph in re.split(r"(?<!\n)(?=\n)", text):
        breaks = paragraph[: len(paragraph) - len(paragraph.lstrip("\n"))]
        for number, sentence in enumerate(re.split(r"(?<=[.!?…])\s+", paragraph.strip())):
            words = [sentence] if fits(sentence, 1) else sentence.split()
            found += [f"{breaks}{one}" if not number and not place else one for place, one in enumerate(words)]
    return [one for one in found if one.strip() or one]
