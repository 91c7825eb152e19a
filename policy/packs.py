"""A jurisdiction as data: its holidays, computed from rules. Not legal advice.

Each file in `packs/` has a name, sources, rules that `pack_rules` reads, and holidays of five shapes (or
`holidays_of`, the pack whose holidays it shares):

- `on = "12-25"`: the same day each year;
- `nth = 3, weekday = "mon", month = 1`: the third Monday of January; `nth = -1` is the last;
- `easter = -2`: days from Easter Sunday;
- `before = "05-25", weekday = "mon"`: the last Monday before 25 May;
- `days = ["2026-06-15"]`: dates proclaimed one by one.

`requests` holds, by kind, the words by which a comment may be a request the law deals with, beside those of `none`.

`move` says what happens when a day falls on a weekend: `next` gives the next free weekday (substitute day), `nearest`
gives Friday for Saturday and Monday for Sunday (observed), `sunday` gives Monday for Sunday alone. `since` and `until`
are the first and the last year a rule holds, `not_in` the years in which the day was another one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "packs"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = 5
DAY = timedelta(days=1)
ALSO_CALLED = {"us-federal": "us"}  # keys of earlier releases


@dataclass(frozen=True)
class Pack:
    """One jurisdiction: what it is called, where its rules come from, and the caveat every page shows with it."""

    key: str
    name: str
    caveat: str
    sources: tuple[str, ...]
    checked_on: date | None
    rules: tuple[dict[str, Any], ...]
    extra: tuple[dict[str, Any], ...] = ()  # everything but holidays, see `pack_rules`
    requests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words that ask for something, by its kind


@lru_cache
def read(key: str) -> Pack:
    """The pack of this name; one that is not there is as good as none."""
    key = ALSO_CALLED.get(key, key)
    key = key if key in names() else "none"
    data = raw(key)
    shared = data.get("holidays_of")
    return Pack(
        key=key,
        name=data["name"],
        caveat=data["caveat"],
        sources=tuple(data.get("sources", ())),
        checked_on=data.get("checked_on"),
        rules=(read(shared).rules if shared else ()) + tuple(data.get("holiday", ())),
        extra=tuple(data.get("rule", ())),
        requests={kind: tuple(words) for kind, words in data.get("requests", {}).items()},
    )


def raw(key: str) -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


@lru_cache
def names() -> dict[str, str]:
    """Every pack there is: key to name, for the settings page."""
    files = sorted(FOLDER.glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["name"] for path in files}


@lru_cache
def holidays(pack: str, year: int) -> dict[date, str]:
    """The holidays that fall in this year, by date, substitute and observed days included."""
    found: dict[date, str] = {}
    for source_year in (year - 1, year, year + 1):  # 1 January on a Saturday is observed in the year before
        found |= {day: name for day, name in _of(pack, source_year).items() if day.year == year}
    return dict(sorted(found.items()))


def _of(pack: str, year: int) -> dict[date, str]:
    found: dict[date, str] = {}
    movable: list[tuple[date, dict[str, Any]]] = []
    for rule in read(pack).rules:
        if not rule.get("since", year) <= year <= rule.get("until", year) or year in rule.get("not_in", ()):
            continue
        for day in _days(rule, year):
            found[day] = f"{found[day]}, {rule['name']}" if day in found else rule["name"]
            if day.weekday() >= SATURDAY and "move" in rule:
                movable.append((day, rule))
    for day, rule in movable:
        moved = _moved(day, rule["move"], found)
        if moved != day:
            found[moved] = f"{rule['name']} ({'substitute day' if rule['move'] == 'next' else 'observed'})"
    return found


def _days(rule: dict[str, Any], year: int) -> list[date]:
    if "on" in rule:
        month, day = map(int, rule["on"].split("-"))
        return [date(year, month, day)]
    if "before" in rule:
        month, day = map(int, rule["before"].split("-"))
        end = date(year, month, day) - DAY
        return [end - timedelta(days=(end.weekday() - WEEKDAYS.index(rule["weekday"])) % 7)]
    if "easter" in rule:
        return [easter(year) + timedelta(days=rule["easter"])]
    if "days" in rule:
        return [day for day in map(date.fromisoformat, rule["days"]) if day.year == year]
    return [_nth(year, rule["month"], WEEKDAYS.index(rule["weekday"]), rule["nth"])]


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - DAY
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))


def _moved(day: date, how: str, taken: dict[date, str]) -> date:
    if how == "sunday":
        return day + DAY if day.weekday() > SATURDAY else day
    if how == "nearest":
        return day - DAY if day.weekday() == SATURDAY else day + DAY
    while day.weekday() >= SATURDAY or day in taken:
        day += DAY
    return day


def easter(year: int) -> date:
    """Easter Sunday of the Western churches (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)
