"""What is counted of the time before Parley knows anything is not nought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from metrics.beginning import BEFORE, known
from metrics.figures import Figure
from metrics.weekly import Week

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
WEEKS = [Week((start := MONDAY + timedelta(weeks=n)).date(), start, start + timedelta(weeks=1)) for n in range(3)]
NOUGHT, FIVE = Figure(0.0, 0, 4), Figure(5.0)


def test_a_nought_of_before_is_unknown_and_one_of_after_is_nought() -> None:
    since = MONDAY + timedelta(days=9)
    assert known([NOUGHT, NOUGHT, FIVE], WEEKS, since) == [BEFORE, NOUGHT, FIVE]
    assert known([NOUGHT, NOUGHT], WEEKS, MONDAY + timedelta(days=30)) == [BEFORE, BEFORE]


def test_a_number_brought_in_from_elsewhere_stays() -> None:
    late, silent = MONDAY + timedelta(days=30), Figure(None, missing="nobody asked")
    assert known([FIVE, silent, NOUGHT], WEEKS, late) == [FIVE, BEFORE, BEFORE]
    assert known([FIVE, silent, NOUGHT], WEEKS, None) == [FIVE, silent, NOUGHT]
