"""When a rule holds: every condition that is set has to fit, and what is empty fits always."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engagement.rules.matching import Compiled, Seen, between, handles
from engagement.wordmatch import Phrases, Text
from policy.clocks import Hours

WEEK = [[["09:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []]
HOURS = Hours.of("Europe/London", WEEK, frozenset({date(2026, 12, 25)}))
NOON = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)  # a Wednesday, in the break between two shifts


def seen(text: str = "the bin is full", at: datetime = NOON, **facts: object) -> Seen:
    return Seen(**{"text": Text(text), "channel": 1, "author": "@ann", "at": at, "language": "en"} | facts)


BINS = Phrases(("bin",))
TABLE = [
    (Compiled(words=BINS), seen(), True),
    (Compiled(words=BINS), seen("the pool"), False),
    (Compiled(words=BINS, without=Phrases(("full",))), seen(), False),
    (Compiled(channels=frozenset({1})), seen(), True),
    (Compiled(channels=frozenset({2})), seen(), False),
    (Compiled(authors=handles(["ann"])), seen(), True),
    (Compiled(authors=handles(["@ANN"])), seen(), True),
    (Compiled(authors=handles(["ben"])), seen(), False),
    (Compiled(authors=handles(["ann"])), seen(author="@ann@social.example"), True),
    (Compiled(authors=handles(["ann@other.example"])), seen(author="@ann@social.example"), False),
    (Compiled(authors=handles(["ann"])), seen(author=""), False),
    (Compiled(languages=frozenset({"en"})), seen(language="en-GB"), True),
    (Compiled(languages=frozenset({"cy"})), seen(), False),
    (Compiled(languages=frozenset({"en"})), seen(language=""), False),
    (Compiled(words=BINS, languages=frozenset({"cy"})), seen(), False),
    (Compiled(hours="outside"), seen(), True),
    (Compiled(hours="within"), seen(), False),
    (Compiled(hours="within"), seen(at=NOON.replace(hour=9, minute=0)), True),
    (Compiled(hours="outside"), seen(at=NOON.replace(hour=17, minute=0)), True),
    (Compiled(hours="outside"), seen(at=datetime(2026, 12, 25, 10, tzinfo=UTC)), True),
    (Compiled(hours="within"), seen(at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC)), True),  # 09:30 in summer time
]


@pytest.mark.parametrize(("rule", "message", "fits"), TABLE)
def test_it_fits_or_not(rule: Compiled, message: Seen, fits: bool) -> None:
    assert (rule.fits(message, HOURS) is not None) is fits


def test_it_says_by_what_it_fitted() -> None:
    assert Compiled(words=BINS).fits(seen(), HOURS) == "bin"
    assert Compiled(hours="outside").fits(seen(), HOURS) == "every message"


@pytest.mark.parametrize(
    ("opens", "closes", "shown", "inside"),
    [("18:00", "08:00", "23:50", True), ("18:00", "08:00", "07:59", True), ("18:00", "08:00", "08:00", False),
     ("18:00", "08:00", "12:00", False), ("09:00", "10:00", "09:00", True), ("09:00", "10:00", "10:00", False)],
)  # fmt: skip
def test_times_go_over_midnight(opens: str, closes: str, shown: str, inside: bool) -> None:
    zone = ZoneInfo("America/New_York")
    at = datetime.combine(date(2026, 11, 18), time.fromisoformat(shown), zone).astimezone(UTC)
    assert between(at, zone, time.fromisoformat(opens), time.fromisoformat(closes)) is inside
