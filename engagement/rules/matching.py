"""Whether a message fits a rule: pure, made ready once for many messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engagement.wordmatch import Phrases, Text, folded
from policy.clocks import Hours

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Seen:
    """What a rule is asked about: one message of a resident."""

    text: Text
    channel: int
    author: str
    at: datetime
    language: str


@dataclass(frozen=True)
class Compiled:
    """The conditions of one version, ready to be asked. What is empty holds for every message."""

    words: Phrases = field(default_factory=lambda: Phrases(()))
    without: Phrases = field(default_factory=lambda: Phrases(()))
    channels: frozenset[int] = frozenset()
    authors: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    hours: str = "any"
    opens: time | None = None
    closes: time | None = None

    def fits(self, seen: Seen, calendar: Hours | None) -> str | None:
        """What it fitted by, in a few words; None where it does not. What costs least is asked first. The town's hours
        are needed where a time is a condition.
        """
        if self.channels and seen.channel not in self.channels:
            return None
        if self.languages and language(seen.language) not in self.languages:
            return None
        if self.authors and self.authors.isdisjoint(forms(seen.author)):
            return None
        found = self.words.found_in(seen.text) if self.words.said else "every message"
        if not found or (self.without.said and self.without.found_in(seen.text)):
            return None
        return found if self._in_time(seen.at, calendar) else None

    def _in_time(self, at: datetime, calendar: Hours | None) -> bool:
        if self.hours == "any" or calendar is None:
            return self.hours == "any"
        if self.hours == "between":
            return between(at, calendar.zone, self.opens, self.closes)
        return is_open(at, calendar) is (self.hours == "within")


def is_open(at: datetime, calendar: Hours) -> bool:
    """Whether anybody serves at that moment."""
    return any(True for _ in calendar.open_between(at, at + MINUTE))


def between(at: datetime, zone: ZoneInfo, opens: time | None, closes: time | None) -> bool:
    """Whether the town's clocks show a time from `opens` until before `closes`, over midnight where that is earlier."""
    if opens is None or closes is None:
        return False
    shown = at.astimezone(zone).time()
    return opens <= shown < closes if opens <= closes else shown >= opens or shown < closes


def language(code: str) -> str:
    """ "en-GB" and "EN" are "en"."""
    return code.replace("_", "-").partition("-")[0].strip().lower()


def handle(name: str) -> str:
    """A handle as it is compared: without case and the sign before it."""
    return folded(name.strip()).removeprefix("@")


def forms(name: str) -> tuple[str, str]:
    """A handle with its server, and without."""
    bare = handle(name)
    return bare, bare.partition("@")[0]


def handles(names: Iterable[str]) -> frozenset[str]:
    return frozenset(handle(one) for one in names if handle(one))
