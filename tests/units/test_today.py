"""Today outside service hours: nothing turns red overnight, and what was late before stays late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Town
from config.today import Due, GoingOut, calmed, closed_now, summary
from engagement.words import Pill

TOWN = Town(name="Fernhill", zone="Europe/London", pack="england")
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NOTHING = GoingOut([], [], [], 0)


def test_the_pause_reaches_from_the_last_closing_to_the_next_opening() -> None:
    pause = closed_now(TOWN, SUNDAY)
    assert pause
    assert (pause.since, pause.until) == (
        datetime(2026, 11, 20, 17, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )
    assert closed_now(TOWN, SUNDAY + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "due from Mon 09:00"),
        (datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "due from Mon 09:00"),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "43 h late"),
    ],
)
def test_only_what_ran_out_while_somebody_was_there_is_late(due: datetime, shown: str) -> None:
    pill = Pill("43 h late", "late", "Due", due)
    assert calmed(pill, closed_now(TOWN, SUNDAY), SUNDAY).words == shown


def test_the_summary_counts_what_it_does_not_show() -> None:
    assert summary(Due([], [], 31, 1), NOTHING).startswith("31 answers are due; 1 is late.")
    assert summary(Due([], [], 1, 0), NOTHING).startswith("1 answer is due; none is late.")
    assert summary(Due([], [], 1, 0), NOTHING, 1).startswith("1 decision waits for you. 1 answer is due")
    assert summary(Due([], [], 0, 0), NOTHING) == "Everything that was due to go out has gone."
