"""Until when: the days people name when they promise something, as days of the town. Pure.

Where a day can be meant in two ways the earlier one is taken: nobody is then told too late. "The end of the week" is
its Sunday, "before Friday" is kept on Thursday at the latest, and working days leave out weekends and holidays.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from policy.checks import dates

DAY = timedelta(days=1)
NUMBERS = dates.NUMBERS | {"couple": 2, "few": 3}
STREETS = (
    r"street|st|road|rd|lane|close|avenue|ave|way|drive|hill|bridge|court|market|square|place|terrace|crescent|gardens"
    r"|park|walk|row|green|club|group|school|choir|afternoons?|mornings?|evenings?"
)
WEEKDAY = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
LEAD = (
    r"(?P<lead>(?:no later than|not later than|by|before|on|until|till|for|this|next|coming"
    r"|(?:a|one) week (?:on|from))\s+)*"
)
NAMED = re.compile(
    rf"\b{LEAD}(?:the\s+)?(?P<end>end of\s+)?(?:next |this )?{WEEKDAY}\b(?P<week>\s+week\b)?"
    rf"(?!\s+(?:{STREETS})\b)(?!s\b)",
    re.I,
)
NOT_A_DAY = re.compile(r"\b(?:last|past|since|every|each|good|black|from|most)\s+\Z", re.I)
END = re.compile(
    r"\b(?P<before>before\s+)?(?:the\s+)?(?P<end>end|close|middle) of (?:the |this )?(?P<next>next |coming )?"
    r"(?P<unit>day|today|tomorrow|week|month|year|business)\b",
    re.I,
)
NEAR = re.compile(r"(?<!the )\b(?P<near>today|tonight|tomorrow|this (?:morning|afternoon|evening)|overnight)\b", re.I)
SPAN = re.compile(
    r"\b(?:within|in|inside|after)\s+(?:the next\s+|at most\s+|no more than\s+|about\s+)?(?P<count>\d{1,3}|[a-z]+)"
    r"(?:\s*(?:-|–|to|or)\s*(?P<most>\d{1,3}|[a-z]+))?\s+(?P<work>working |business |week)?"
    r"(?P<unit>hour|day|week|month|minute|fortnight)s?\b",
    re.I,
)
WHOLE = re.compile(r"\b(?:(?P<within>within)\s+the\s+(?P<inside>hour|day|week|month|fortnight)|in a fortnight)\b", re.I)
PERIOD = re.compile(r"\b(?P<which>this|next|later this)\s+(?P<unit>week|month|weekend|year)\b|\bthe weekend\b", re.I)
HOUR = re.compile(
    r"\b(?:by|before|until)\s+(?:(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s*[ap]\.?m\b)?|(?:1[0-2]|0?[1-9])\s*[ap]\.?m\b|noon|midday"
    r"|midnight|lunchtime|teatime)",
    re.I,
)
BEFORE = re.compile(r"\bbefore\s+(?:the\s+)?\Z", re.I)


@dataclass(frozen=True)
class Named:
    """A day in a text: where the words stand, and the day."""

    start: int
    end: int
    day: date | None


def in_sentence(
    text: str, start: int, end: int, after: int, *, now: datetime, zone: tzinfo, holidays: Container[date]
) -> Named | None:
    """The day a sentence names for what it promises at `after`: the first behind it, else the last before it."""
    rows = find(text[start:end], now, zone, holidays)
    placed = [Named(row.start + start, row.end + start, row.day) for row in rows]
    behind = [row for row in placed if row.end > after]
    if behind:
        return behind[0]
    near = [row for row in placed if not text[row.end : after].strip(" ,")]
    return near[-1] if near else None


def find(text: str, now: datetime, zone: tzinfo, holidays: Container[date] = frozenset()) -> list[Named]:
    """Every day named in these words, in their order, none over another."""
    today = now.astimezone(zone).date()
    rows = [_end(hit, today) for hit in END.finditer(text)]
    rows += [_span(hit, now, zone, holidays) for hit in SPAN.finditer(text) if _number(hit["count"]) is not None]
    rows += [Named(*hit.span(), _whole(hit, now, zone, today)) for hit in WHOLE.finditer(text)]
    rows += [_dated(row, text) for row in dates.find(text, today) if _is_dated(row, text)]
    rows += [_weekday(hit, today) for hit in NAMED.finditer(text) if not NOT_A_DAY.search(text, 0, hit.start())]
    rows += [Named(*hit.span(), today + DAY * _ahead(hit["near"])) for hit in NEAR.finditer(text)]
    rows += [Named(*hit.span(), _period(hit, today)) for hit in PERIOD.finditer(text)]
    rows += [Named(*hit.span(), today) for hit in HOUR.finditer(text)]
    kept: list[Named] = []
    for row in rows:
        if all(row.end <= one.start or one.end <= row.start for one in kept):
            kept.append(row)
    days = sorted(kept, key=lambda row: row.start)
    return _without_hours(days, text)


def working_day(day: date, holidays: Container[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def working_days_on(day: date, count: int, holidays: Container[date]) -> date:
    """So many working days on; weekends and holidays are none."""
    while count > 0:
        day += DAY
        count -= working_day(day, holidays)
    return day


def working_day_before(day: date, holidays: Container[date]) -> date:
    day -= DAY
    while not working_day(day, holidays):
        day -= DAY
    return day


def month_end(day: date, later: int = 0) -> date:
    """The last day of this month, or of the one so many months later."""
    for _ in range(later + 1):
        day = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return day - DAY


def _without_hours(rows: list[Named], text: str) -> list[Named]:
    """An hour is one of today only where no day stands beside it: "by 5 pm on Friday" is Friday."""
    hours = {row for row in rows if HOUR.fullmatch(text[row.start : row.end])}
    return [row for row in rows if row not in hours] if len(hours) < len(rows) else rows


def _is_dated(row: dates.When, text: str) -> bool:
    """A day with its number in a month; what is relative is read here."""
    return row.kind in ("day", "numeric") and any(letter.isdigit() for letter in row.quote) and row.day is not None


def _dated(row: dates.When, text: str) -> Named:
    before = re.match(r"before\b", row.quote, re.I) or BEFORE.search(text, 0, row.start)
    return Named(row.start, row.end, row.day - DAY if before and row.day else row.day)


def _weekday(hit: re.Match[str], today: date) -> Named:
    ahead = (dates.WEEKDAYS.index(hit["weekday"].lower()) - today.weekday()) % 7 or 7
    words = hit.group().lower()
    later = 7 if hit["week"] or re.match(r"(?:a|one) week (?:on|from)", words) else 0
    before = words.startswith("before ") and not hit["end"]
    return Named(*hit.span(), today + DAY * (ahead + later - before))


def _ahead(near: str) -> int:
    return int(near.lower() in ("tomorrow", "overnight"))


def _end(hit: re.Match[str], today: date) -> Named:
    unit, later = hit["unit"].lower(), bool(hit["next"])
    if unit in ("day", "today", "business"):
        day = today
    elif unit == "tomorrow":
        day = today + DAY
    elif unit == "week":
        day = today + DAY * (6 - today.weekday() + 7 * later)
    elif unit == "month":
        day = month_end(today, int(later))
    else:
        day = date(today.year + later, 12, 31)
    if hit["end"].lower() == "middle":
        day = _middle(unit, day)
    return Named(*hit.span(), day)


def _middle(unit: str, last: date) -> date:
    if unit == "week":
        return last - 4 * DAY
    return last.replace(day=15) if unit == "month" else date(last.year, 7, 1)


def _span(hit: re.Match[str], now: datetime, zone: tzinfo, holidays: Container[date]) -> Named:
    count = _number(hit["most"] or "") or _number(hit["count"]) or 0
    unit, today = hit["unit"].lower(), now.astimezone(zone).date()
    if unit == "day" and hit["work"]:
        day = working_days_on(today, count, holidays)
    elif unit in ("hour", "minute"):
        length = timedelta(hours=count) if unit == "hour" else timedelta(minutes=count)
        day = (now + length).astimezone(zone).date()
    elif unit == "month":
        day = _months(today, count)
    else:
        day = today + DAY * count * {"day": 1, "week": 7, "fortnight": 14}[unit]
    return Named(*hit.span(), day)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and word.isascii() else NUMBERS.get(word.lower())


def _months(day: date, count: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    last = month_end(day, count)
    return last.replace(day=min(day.day, last.day))


def _whole(hit: re.Match[str], now: datetime, zone: tzinfo, today: date) -> date:
    unit = (hit["inside"] or "fortnight").lower()
    if unit == "hour":
        return (now + timedelta(hours=1)).astimezone(zone).date()
    if unit == "month":
        return _months(today, 1)
    return today + DAY * {"day": 1, "week": 7, "fortnight": 14}[unit]


def _period(hit: re.Match[str], today: date) -> date:
    later = (hit["which"] or "").lower() == "next"
    unit = (hit["unit"] or "weekend").lower()
    if unit in ("week", "weekend"):
        return today + DAY * (6 - today.weekday() + 7 * later)
    if unit == "month":
        return month_end(today, int(later))
    return date(today.year + later, 12, 31)
