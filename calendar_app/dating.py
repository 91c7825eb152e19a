"""Days and times as people write them into tables. Pure."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Literal

from accounts.refusals import Invalid

Order = Literal["dmy", "mdy"]
ORDERS = {"dmy": "Day first: 31/12/2027", "mdy": "Month first: 12/31/2027"}
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.+))?")
NUMBERS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})(?:,? +(.+))?")
DAY_NAMED = re.compile(
    r"(?:[a-z]{3,9},? +)?(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]{3,9})\.?,?[ -]+(\d{4})(?:,? +(.+))?", re.I
)
MONTH_NAMED = re.compile(r"(?:[a-z]{3,9},? +)?([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:,? +(.+))?", re.I)
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2})(?:\.\d+)?)? *([ap])?\.?m?\.?", re.I)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def order_of(locale: str) -> Order:
    """How people write dates there."""
    return "mdy" if locale.lower() in {"en-us", "en-us-posix"} else "dmy"


def day_of(said: str, order: Order) -> tuple[date, time | None]:
    """The day, and the time where the cell holds one too. Invalid where it is none."""
    said = " ".join(said.split())
    for pattern, places in _shapes(order):
        found = pattern.fullmatch(said)
        if found:
            year, month, day = (found[place] for place in places)
            return _day(year, month, day, said), time_of(found[4]) if found[4] else None
    raise Invalid(f"“{said[:40]}” is not a day.", next_step="Write it as 2027-03-05.")


def _shapes(order: Order) -> list[tuple[re.Pattern[str], tuple[int, int, int]]]:
    """Where year, month and day stand in each way of writing."""
    numbers = (3, 2, 1) if order == "dmy" else (3, 1, 2)
    return [(ISO, (1, 2, 3)), (NUMBERS, numbers), (DAY_NAMED, (3, 2, 1)), (MONTH_NAMED, (3, 1, 2))]


def _day(year: str, month: str, day: str, said: str) -> date:
    full = int(year) + (2000 if len(year) == 2 else 0)
    number = int(month) if month.isdigit() else _month(month)
    try:
        return date(full, number, int(day))
    except ValueError:
        raise Invalid(f"“{said[:40]}” is not a day of the calendar.", next_step="Write it as 2027-03-05.") from None


def _month(name: str) -> int:
    short = name[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def time_of(said: str) -> time:
    """14:05, 14.05, 2:05 pm, 9am. Invalid where it is none."""
    found = CLOCK.fullmatch(said.strip())
    if found and (found[2] or found[4]):
        hour, half = int(found[1]), (found[4] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 99
        try:
            return time(hour, int(found[2] or 0))
        except ValueError:
            pass
    raise Invalid(f"“{said[:40]}” is not a time.", next_step="Write it as 14:05.")
