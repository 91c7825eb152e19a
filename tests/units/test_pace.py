"""The pace of an objective: a table worked out by hand, by week and by month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metrics import aims, weekly
from metrics.measures.ledger import FAMILIES, RULES, rule_of
from metrics.pace import pace
from metrics.progress import lines_to
from policy.models import Objective

START, END = date(2026, 9, 1), date(2026, 12, 10)  # a hundred days


def aim(baseline: float | None = 60, target: float = 90) -> Objective:
    return Objective(sentence="Answer", baseline=baseline, baseline_on=START, target=target, target_on=END)


def test_pace_by_week_and_by_month_say_the_same_in_other_words() -> None:
    # After 50 days 6 of 30 are done: 0.12 a day, and 0.48 a day are needed.
    day = START + timedelta(days=50)
    week, month = pace(aim(), 66, day, "week"), pace(aim(), 66, day, "month")
    assert (week.so_far, week.needed) == (pytest.approx(0.84), pytest.approx(3.36))
    assert (month.so_far, month.needed) == (pytest.approx(0.12 * 365.25 / 12), pytest.approx(0.48 * 365.25 / 12))
    assert week.ends_at == month.ends_at == pytest.approx(72)
    assert week.words == "+0.8 a week so far, +3.4 a week needed from now on. At this pace it ends at 72.0."


def test_fewer_is_a_pace_too() -> None:
    found = pace(aim(20, 8), 14, START + timedelta(days=70), "week")
    assert (found.so_far, found.ends_at) == (pytest.approx(-0.6), pytest.approx(14 - 0.6 * 30 / 7))


@pytest.mark.parametrize(
    ("objective", "current", "day", "words"),
    [
        (aim(None), 70, START + timedelta(days=50), "Without a dated starting number"),
        (aim(), None, START + timedelta(days=50), "Without a dated starting number"),
        (aim(), 66, START, "Without a dated starting number"),
        (aim(), 66, END, "+0.4 a week so far; its day is over."),
        (aim(), 95, START + timedelta(days=50), "+4.9 a week so far; the target is reached."),
    ],
)
def test_what_is_not_known_of_a_pace_is_said(
    objective: Objective, current: float | None, day: date, words: str
) -> None:
    assert pace(objective, current, day, "week").words.startswith(words)


def test_a_share_leads_to_a_hundred_in_a_hundred_at_most() -> None:
    found = pace(aim(target=99), 90, START + timedelta(days=50), "week", most=100)
    assert found.words.endswith("At this pace it ends at 100.0.")


def test_the_line_is_drawn_to_the_end_of_each_month_when_months_are_asked_for() -> None:
    over = weekly.months(datetime(2026, 11, 18, 12, tzinfo=UTC), ZoneInfo("Europe/London"), 3)
    assert [one.first for one in over] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert over[1].end.astimezone(UTC) - over[1].start.astimezone(UTC) == timedelta(days=31, hours=1)
    assert lines_to(aim(), [one.end for one in over]) == [pytest.approx(n) for n in (69, 78.3, 87.3)]


def test_each_family_has_measures_of_its_own_and_all_of_them_have_rows() -> None:
    sets = [set(names) for names in FAMILIES.values()]
    assert set(FAMILIES) == {key for key, _ in Objective.FAMILIES}
    assert all(one - other for one in sets for other in sets if one is not other)
    for names in FAMILIES.values():
        for name in names:
            rule = rule_of(name)
            assert rule is not None
            assert rule.weekly, name
            assert aims.measure_of(name).formula, name
    assert all(rule.formula and rule.source for rule in RULES.values())
