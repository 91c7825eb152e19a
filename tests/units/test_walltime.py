"""Wall-clock times over daylight saving, in zones that differ in direction, size and hour of the change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts import walltime
from accounts.refusals import Invalid
from accounts.walltime import Twice

GAPS = [
    ("Europe/London", (2026, 3, 29, 1, 30), "01:30 does not exist on 29 March 2026", "01:00 to 02:00"),
    ("Europe/Berlin", (2026, 3, 29, 2, 0), "02:00 does not exist on 29 March 2026", "02:00 to 03:00"),
    ("America/New_York", (2026, 3, 8, 2, 59), "02:59 does not exist on 8 March 2026", "02:00 to 03:00"),
    ("America/Edmonton", (2025, 3, 9, 2, 30), "02:30 does not exist on 9 March 2025", "02:00 to 03:00"),
    ("Australia/Sydney", (2026, 10, 4, 2, 15), "02:15 does not exist on 4 October 2026", "02:00 to 03:00"),
    ("Australia/Lord_Howe", (2026, 10, 4, 2, 15), "02:15 does not exist on 4 October 2026", "02:00 to 02:30"),
    ("America/Santiago", (2026, 9, 6, 0, 30), "00:30 does not exist on 6 September 2026", "00:00 to 01:00"),
]
FOLDS = [
    ("Europe/London", (2026, 10, 25, 1, 30), (2026, 10, 25, 0, 30), (2026, 10, 25, 1, 30)),
    ("America/New_York", (2026, 11, 1, 1, 0), (2026, 11, 1, 5, 0), (2026, 11, 1, 6, 0)),
    ("Australia/Lord_Howe", (2026, 4, 5, 1, 45), (2026, 4, 4, 14, 45), (2026, 4, 4, 15, 15)),
]
PLAIN = [
    ("Europe/London", (2026, 3, 29, 0, 59), (2026, 3, 29, 0, 59)),
    ("Europe/London", (2026, 3, 29, 2, 0), (2026, 3, 29, 1, 0)),
    ("Europe/London", (2026, 7, 1, 9, 0), (2026, 7, 1, 8, 0)),
    ("Asia/Kolkata", (2026, 3, 29, 1, 30), (2026, 3, 28, 20, 0)),
    ("Pacific/Chatham", (2026, 1, 1, 0, 0), (2025, 12, 31, 10, 15)),
    ("UTC", (2026, 10, 25, 1, 30), (2026, 10, 25, 1, 30)),
]


@pytest.mark.parametrize(("zone", "wall", "moment"), PLAIN)
def test_a_plain_time_goes_there_and_back(zone: str, wall: tuple[int, ...], moment: tuple[int, ...]) -> None:
    at = walltime.from_wall(datetime(*wall), zone)
    assert at == datetime(*moment, tzinfo=UTC)
    assert walltime.to_wall(at, zone) == datetime(*wall)


@pytest.mark.parametrize(("zone", "wall", "words", "span"), GAPS)
def test_a_time_the_clocks_jump_over_is_refused(zone: str, wall: tuple[int, ...], words: str, span: str) -> None:
    with pytest.raises(Invalid) as refused:
        walltime.from_wall(datetime(*wall), zone)
    assert words in refused.value.words
    assert span in refused.value.words
    with pytest.raises(Invalid):
        walltime.from_wall(datetime(*wall), zone, fold=1)


@pytest.mark.parametrize(("zone", "wall", "first", "second"), FOLDS)
def test_a_time_that_comes_twice_is_asked_about(
    zone: str, wall: tuple[int, ...], first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    with pytest.raises(Twice) as asked:
        walltime.from_wall(datetime(*wall), zone)
    assert asked.value.first == walltime.from_wall(datetime(*wall), zone, fold=0) == datetime(*first, tzinfo=UTC)
    assert asked.value.second == walltime.from_wall(datetime(*wall), zone, fold=1) == datetime(*second, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "London", "Europe/Atlantis", "GMT+1", "Etc/GMT-1", "../etc/passwd", "EST"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        walltime.zone_named(name)
