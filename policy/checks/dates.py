"""Days and times as people write them: where they stand, and which day is meant. Never reads a clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SHORT = [month[:3] for month in MONTHS]
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(COUNTS, 1)} | {"a": 1, "an": 1, "fourteen": 14}
_MONTH = r"(?P<month{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"  # noqa: E501
_DAY = r"(?P<day{0}>[0-2]?\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year{0}>20\d\d))?"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LEAD = r"(?:(?:by|before|on|from|until|till|no later than|not later than)\s+)?"

Kind = Literal["day", "numeric", "time", "span"]

DATED = re.compile(
    rf"\b{_LEAD}(?:the\s+)?(?:(?P<weekday>{_WEEKDAY}),?\s+)?(?:the\s+)?(?:"
    rf"{_DAY.format(1)}\s+(?:of\s+)?{_MONTH.format(1)}{_YEAR.format(1)}"
    rf"|{_MONTH.format(2)}\.?\s+{_DAY.format(2)}(?![\d:]){_YEAR.format(2)})",
    re.I,
)
ISO = re.compile(r"\b(20\d\d)-(0\d|1[0-2])-([0-2]\d|3[01])\b")
NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(20\d\d|\d\d))?(?![\d/]|[.-]\d)")
RELATIVE = re.compile(
    rf"\b{_LEAD}(?:(?:the\s+)?end of (?:the |this |next )?(?P<end>day|week|month|year|today|{_WEEKDAY})"
    rf"|(?P<which>next |this )?(?P<weekday>{_WEEKDAY})s?\b(?!\s+Road|\s+Street)"
    r"|(?P<near>today|tonight|tomorrow)|(?P<next>next|this) (?P<unit>week|month|weekend|year)"
    r"|(?:the )?(?P<weekend>weekend))\b",
    re.I,
)
WITHIN = re.compile(
    r"\b(?:within|in|inside)\s+(?:the next\s+)?(?P<count>\d{1,3}|[a-z]+)\s+(?P<work>working\s+|business\s+)?"
    r"(?P<unit>hour|day|week|month|minute)s?\b",
    re.I,
)
TIME = re.compile(
    r"(?<![\d.:£$€/])(?:(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?![\d:%])\s*(?P<half>[ap]\.m\.|[ap]m\b)?"
    r"|(?P<full>1[0-2]|0?[1-9])\s*(?P<half2>[ap]\.m\.|[ap]m\b)"
    r"|(?<=\bat )(?P<bare>1[0-2]|[1-9])(?=[\s,;!?]|\.?(?:\s|\Z))(?!\s*(?:[a-z]{3,}|o['’]clock|%|°))"
    r"|(?<![\w-])(?P<word>noon|midday|midnight)\b)",
    re.I,
)

CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
UNTIL = re.compile(r"\s*(?:-|–|to|and|until|or)\s*\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m", re.I)


@dataclass(frozen=True)
class When:
    """A day or time in a text. `day` is the day it names, as far as `today` lets one say; `weekday` what it claims."""

    kind: Kind
    start: int
    end: int
    quote: str
    day: date | None = None
    weekday: int | None = None
    open: bool = False  # an hour that may be morning or evening


def find(text: str, today: date | None) -> list[When]:
    """In the order of the text, none over another."""
    lowered = text.lower()
    rows = [_dated(hit, today) for hit in DATED.finditer(text)] if any(one in lowered for one in SHORT) else []
    rows += [When("day", *hit.span(), hit.group(), _safe(*map(int, hit.groups()))) for hit in ISO.finditer(text)]
    rows += [_numeric(hit) for hit in NUMERIC.finditer(text) if _could_be_day(hit)]
    rows += [_within(hit, today) for hit in WITHIN.finditer(text) if _count(hit["count"]) is not None]
    rows += [_relative(hit, today) for hit in RELATIVE.finditer(text)]
    if any(letter.isdigit() for letter in text) or "noon" in lowered or "mid" in lowered:
        rows += _times(text)
    kept, taken = [], bytearray(len(text))
    for row in rows:
        if not any(taken[row.start : row.end]):
            taken[row.start : row.end] = b"1" * (row.end - row.start)
            kept.append(row)
    return sorted(kept, key=lambda row: row.start)


def add_working(day: date, count: int) -> date:
    """So many days on, Saturdays and Sundays left out; holidays are the packs' matter."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def coming(day: int, month: int, today: date) -> date | None:
    """The next such day from a month before today on: who writes 3 May in April means the one ahead."""
    for year in (today.year, today.year + 1):
        there = _safe(year, month, day)
        if there and there >= today - timedelta(days=31):
            return there
    return None


def _dated(hit: re.Match[str], today: date | None) -> When:
    day, month = int(hit["day1"] or hit["day2"]), (hit["month1"] or hit["month2"]).lower()[:3]
    number = next(place for place, name in enumerate(MONTHS, 1) if name.startswith(month))
    year = hit["year1"] or hit["year2"]
    there = _safe(int(year), number, day) if year else coming(day, number, today) if today else None
    weekday = WEEKDAYS.index(hit["weekday"].lower()) if hit["weekday"] else None
    return When("day", *hit.span(), hit.group(), there, weekday)


def _could_be_day(hit: re.Match[str]) -> bool:
    """24/7 is no day; with a stop or a dash a day needs its year, or it is a price or a score."""
    first, mark, second, year = hit.groups()
    if (first, second) == ("24", "7") or (mark != "/" and not year):
        return False
    low, high = sorted((int(first), int(second)))
    return 1 <= low <= 12 and high <= 31


def _numeric(hit: re.Match[str]) -> When:
    first, _, second, year = hit.groups()
    one, other = int(first), int(second)
    there = None
    if year and (one > 12 or other > 12 or one == other):
        day, month = (one, other) if one > 12 or one == other else (other, one)
        there = _safe(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return When("numeric", *hit.span(), hit.group(), there, open=one <= 12 and other <= 12 and one != other)


def _within(hit: re.Match[str], today: date | None) -> When:
    count, unit = _count(hit["count"]) or 0, hit["unit"].lower()
    there = None
    if today and unit == "day":
        there = add_working(today, count) if hit["work"] else today + timedelta(days=count)
    elif today:
        days = {"minute": 0, "hour": (count + 23) // 24 if count >= 24 else 0, "week": count * 7, "month": count * 30}
        there = today + timedelta(days=days[unit])
    return When("span", *hit.span(), hit.group(), there)


def _relative(hit: re.Match[str], today: date | None) -> When:
    return When("day", *hit.span(), hit.group(), _meant(hit, today) if today else None)


def _meant(hit: re.Match[str], today: date) -> date | None:
    if hit["near"]:
        return today + timedelta(days=hit["near"].lower() == "tomorrow")
    if hit["weekday"]:
        ahead = (WEEKDAYS.index(hit["weekday"].lower()) - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    if hit["end"]:
        return _end_of(hit["end"].lower(), today)
    if hit["weekend"] or (hit["unit"] or "").lower() == "weekend":
        return today + timedelta(days=(6 - today.weekday()) % 7 + (7 if (hit["next"] or "").lower() == "next" else 0))
    later = (hit["next"] or "").lower() == "next"
    if (hit["unit"] or "").lower() == "week":
        return today + timedelta(days=6 - today.weekday() + (7 if later else 0))
    return None


def _end_of(what: str, today: date) -> date | None:
    if what in ("day", "today"):
        return today
    if what == "week":
        return today + timedelta(days=6 - today.weekday())
    if what == "month":
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if what == "year":
        return date(today.year, 12, 31)
    return today + timedelta(days=(WEEKDAYS.index(what) - today.weekday()) % 7 or 7)


def _times(text: str) -> list[When]:
    """Where one time of a text counts to twenty-four, they all do."""
    rows = [_time(hit, text) for hit in TIME.finditer(text)]
    if any(CLOCK.fullmatch(row.quote) for row in rows if not row.open):
        return [replace(row, open=False) for row in rows]
    return rows


def _time(hit: re.Match[str], text: str) -> When:
    """Half past seven may be morning or evening; nineteen hours, a nought in front, and "to 8 pm" after it may not."""
    bare = hit["bare"] or (hit["hour"] if hit["hour"] and not hit["half"] else "")
    early = bool(bare) and not bare.startswith("0") and 1 <= int(bare) <= 12 and not UNTIL.match(text, hit.end())
    return When("time", *hit.span(), hit.group().rstrip(), open=early)


def _count(word: str) -> int | None:
    return int(word) if word.isdigit() and word.isascii() else NUMBERS.get(word.lower())


def _safe(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
