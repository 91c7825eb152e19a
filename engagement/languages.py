"""In which language an answer is: chosen, or as the message it answers; told to the platform with the words."""

from __future__ import annotations

from engagement.models import Message
from policy.checks.languages import NAMES, guess


def of(parent: Message, chosen: str = "") -> str:
    """The language an answer goes out in: the chosen one, else the resident's; "" where nobody can tell."""
    return chosen or theirs(parent)


def theirs(parent: Message) -> str:
    """The language of the message, as the platform says or as its words show."""
    return parent.language or guess(parent.text)


def known(tag: str) -> str:
    """A language that may be chosen; anything else is as if nothing was."""
    return tag if tag in NAMES else ""


def base(tag: str) -> str:
    return tag.lower().partition("-")[0].partition("_")[0]


def name(tag: str) -> str:
    return NAMES.get(base(tag), tag)


def choices(locale: str) -> list[tuple[str, str]]:
    """The town's own first, then the others by name."""
    own = base(locale)
    rest = sorted(((tag, words) for tag, words in NAMES.items() if tag != own), key=lambda one: one[1])
    return [(own, name(own)), *rest] if own in NAMES else rest


def warning(parent: Message, text: str, chosen: str = "") -> str:
    """What to say where the answer is in another language than the message, or than it is marked as; else ""."""
    asked, marked = base(theirs(parent)), base(of(parent, chosen))
    written = guess(text, marked) if text.strip() else ""
    if written and marked and written != marked:
        return f"These words look like {name(written)}, and the answer is marked as {name(marked)}."
    if asked and marked and asked != marked:
        return f"They wrote in {name(asked)}; this answer is in {name(marked)}."
    return ""
