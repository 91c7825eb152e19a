"""What a post carries beside its words, as cells of a table, and back: pictures, facts, parts, poll, quote, consent.

Several things in one cell stand on a line each, the facts about one with | between them; \\| \\\\ and \\n stand for an
upright line, a backslash and a new line within one. What is written is read as it was. Who checked a fact, or recorded
a consent, is believed only where the desk knows it already: a file cannot say it for somebody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from accounts.refusals import Invalid
from calendar_app import declaring
from calendar_app.carrying import Consent, More, Poll, Quote
from calendar_app.declaring import Declared
from calendar_app.words import MOST_FACTS, MOST_PICTURES, Alt, Sourced, Words

OF_A_CHANNEL = {
    "parts": "Further parts",
    "poll": "Poll answers",
    "poll_minutes": "Poll open for minutes",
    "title": "Title on the platform",
}
OF_A_POST = {
    "pictures": "Pictures",
    "facts": "Facts and their sources",
    "quote": "Quote",
    "quote_by": "Who is quoted",
    "quote_source": "Where the quote is from",
    "quote_card": "Quote card",
    "consent": "Who is shown and agreed",
    "consent_safe": "Nobody is put at risk",
    "consent_by": "Consent recorded by",
}
COLUMNS = OF_A_CHANNEL | OF_A_POST
BETWEEN = re.compile(r"\\*---")  # between parts; a backslash more where a part says so itself
KEY = re.compile(r"(?:.*\s)?\[?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]?", re.DOTALL)
TOKENS = re.compile(r"\\.|[^\\]|\\\Z")  # a letter, or a backslash and what it stands before
ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "r": "\r", "-": ""}
FACT_WORDS, FACT_SOURCE = 300, 500
TITLE = 300
LONG = 5000


class Recall(Protocol):
    """What the desk knows of what a file names; each is asked for once."""

    def picture(self, said: str) -> tuple[str, str]:
        """The key and the name of a picture that may be used. Raises Invalid."""

    def fact(self, words: str, source: str, checker: str, at: str) -> Sourced:
        """The fact, with its check where the desk knows that very check."""

    def consent(self, people: str, safe: bool, by: str) -> Consent:
        """The consent as it was recorded, or as whoever brings the file records it now."""


# --- out -------------------------------------------------------------------------------------------------------------


def cells(words: Words, more: More, names: Mapping[str, str]) -> dict[str, str]:
    """What stands in the columns; `names` are those of pictures and people by their keys."""
    quote, consent = words.quote, words.consent
    return {
        "parts": "\n---\n".join(_guarded(one) for one in more.parts),
        "poll": "\n".join(line([one]) for one in more.poll.options) if more.poll else "",
        "poll_minutes": str(more.poll.minutes) if more.poll else "",
        "title": more.title,
        "pictures": "\n".join(_picture(one, names) for one in words.pictures),
        "facts": "\n".join(_fact(one, names) for one in words.facts),
        "quote": quote.words,
        "quote_by": quote.by,
        "quote_source": quote.source,
        "quote_card": quote.card,
        "consent": consent.people,
        "consent_safe": "yes" if consent.safe else "",
        "consent_by": line([names.get(consent.by, consent.by), consent.at]) if consent.by else "",
    }


def _guarded(part: str) -> str:
    return "\n".join(f"\\{row}" if BETWEEN.fullmatch(row) else row for row in part.split("\n"))


def _picture(one: Alt, names: Mapping[str, str]) -> str:
    told = declaring.as_json(one.declared)
    known = f"{names[one.media]} [{one.media}]" if one.media in names else one.media
    return line([known, one.alt, json.dumps(told, ensure_ascii=False) if told else ""])


def _fact(one: Sourced, names: Mapping[str, str]) -> str:
    return line([one.words, one.source, names.get(one.checker, one.checker), one.at])


def line(fields: Sequence[str]) -> str:
    """Fields on one line, without the empty ones at its end."""
    last = max((n for n, one in enumerate(fields) if one), default=0)
    return " | ".join(_escaped(one) for one in fields[: last + 1]) or "\\-"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n").replace("\r", "\\r")


# --- in --------------------------------------------------------------------------------------------------------------


def fields(text: str, many: int) -> list[str]:
    """The fields of one line, as many as asked for: what is missing is empty, what is too much falls to the last."""
    found = [""]
    for piece in TOKENS.findall(text):
        if piece == "|" and len(found) < many:
            found.append("")
        else:
            found[-1] += piece
    last = len(found) - 1
    bare = [(one[1:] if n and one.startswith(" ") else one) for n, one in enumerate(found)]
    bare = [one.removesuffix(" ") if n < last else one for n, one in enumerate(bare)]
    return [ESCAPED.sub(_unescaped, one) for one in bare] + [""] * (many - len(found))


def _unescaped(found: re.Match[str]) -> str:
    return ESCAPES.get(found[1], found[1])


def _rows(text: str) -> list[str]:
    return [one for one in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if one.strip()]


@dataclass
class Extras:
    """Reads the extra cells of one row and gathers what is wrong with them."""

    row: Mapping[str, str]
    recall: Recall
    problems: list[str] = field(default_factory=list)

    def said(self, name: str) -> str:
        return self.row.get(name, "")

    def more(self) -> More:
        rows = self.said("parts").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        parts: list[list[str]] = [[]]
        for one in rows:
            if one == "---":
                parts.append([])
            else:
                parts[-1].append(one[1:] if BETWEEN.fullmatch(one) else one)
        texts = tuple(text for one in parts if (text := "\n".join(one).strip()))
        return More(texts, self._poll(), " ".join(self.said("title").split())[:TITLE])

    def _poll(self) -> Poll | None:
        options = tuple(fields(one, 1)[0] for one in _rows(self.said("poll")))
        minutes = self.said("poll_minutes").strip()
        if not options and not minutes:
            return None
        if minutes and not re.fullmatch(r"[0-9]{1,5}", minutes):
            self.problems.append(f"“{minutes[:20]}” is no number of minutes for a poll.")
            return None
        return Poll(options, int(minutes)) if minutes else Poll(options)

    def pictures(self) -> tuple[Alt, ...]:
        found: dict[str, Alt] = {}
        for one in _rows(self.said("pictures")):
            named, alt, told = fields(one, 3)
            try:
                key, name = self.recall.picture(named)
                if key in found:
                    raise Invalid(f"The picture “{name[:60]}” is named twice.")
                found[key] = Alt(key, alt[:5000], _declared(told))
            except Invalid as why:
                self.problems.append(why.words)
        if len(found) > MOST_PICTURES:
            self.problems.append(f"A post holds {MOST_PICTURES} pictures at most.")
        return tuple(found.values())

    def facts(self) -> tuple[Sourced, ...]:
        found = []
        for one in _rows(self.said("facts")):
            words, source, checker, at = fields(one, 4)
            if not words.strip() or not source.strip():
                self.problems.append(f"The fact “{(words or source)[:60]}” needs its words | where it comes from.")
            elif len(words) > FACT_WORDS or len(source) > FACT_SOURCE:
                self.problems.append(f"The fact “{words[:60]}” or its source is too long.")
            else:
                found.append(self.recall.fact(words, source, checker, at))
        if len(found) > MOST_FACTS:
            self.problems.append(f"A post holds {MOST_FACTS} facts at most.")
        return tuple(found)

    def quote(self) -> Quote:
        card = self.said("quote_card").strip()
        if card and not KEY.fullmatch(card):
            self.problems.append("The quote card is named by the key of its picture.")
        words, by, source = (
            self.said(name)[:LONG].replace("\r\n", "\n") for name in ("quote", "quote_by", "quote_source")
        )
        return Quote(words, by, source, card)

    def consent(self, safe: bool) -> Consent:
        people = self.said("consent")[:LONG].replace("\r\n", "\n")
        return self.recall.consent(people, safe, self.said("consent_by")) if people or safe else Consent()


def _declared(told: str) -> Declared:
    """What is declared about a picture; every value as its kind, whatever the file says."""
    if not told.strip():
        return Declared()
    try:
        kept: Any = json.loads(told)
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise Invalid("What stands behind the alt text of a picture is not what Parley wrote there.")
    blank = Declared()
    plain = {
        name: value
        for name, value in kept.items()
        if hasattr(blank, name) and type(value) is type(getattr(blank, name))
    }
    return declaring.of_json(plain)


def moment_of(text: str) -> datetime | None:
    """An instant as a table tells it; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
