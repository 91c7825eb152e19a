"""How promptly people were answered, by channel and by the hour they wrote at."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from metrics.measures.answers import WaitRow
from metrics.response_parts import sentences

LONDON = ZoneInfo("Europe/London")


def wait(channel: str, hour: int, outcome: str = "kept", spent: float = 2, *, answered: bool = True) -> WaitRow:
    return WaitRow("ref", channel, datetime(2026, 7, 8, hour, tzinfo=UTC), outcome, answered, spent, None, 24.0)


def test_each_channel_and_each_part_of_the_day_says_how_many_were_answered_in_time() -> None:
    rows = [
        *(wait("Fernhill on X", 5, spent=n) for n in (1, 3)),  # six by the town's clocks
        wait("Fernhill on X", 12, "missed", 30),
        wait("Fernhill on Bluesky", 20, "waiting", answered=False),
        wait("Fernhill on Bluesky", 20, "excused", answered=False),
    ]
    assert sentences(rows, LONDON) == [
        "By channel: Fernhill on X 2 of 3 within the promise, median 3.0 h; Fernhill on Bluesky 1 still in time.",
        "By the time they wrote: 06:00 to 12:00 2 of 2 within the promise, median 2.0 h; "
        "12:00 to 18:00 0 of 1 within the promise, median 30.0 h; 18:00 to 24:00 1 still in time.",
    ]


def test_one_channel_alone_and_one_part_of_the_day_say_nothing_more_than_the_whole() -> None:
    assert sentences([wait("Fernhill on X", 9), wait("Fernhill on X", 10)], LONDON) == []
    assert sentences([], LONDON) == []


def test_many_channels_are_named_six_at_most() -> None:
    (by_channel,) = sentences([wait(f"Channel {n}", 9) for n in range(8)], LONDON)
    assert "Channel 5 1 of 1" in by_channel
    assert by_channel.endswith("2 other channels 2 of 2 within the promise, median 2.0 h.")
