"""Staff, partners and bots among followers: taken out where somebody counted them, and guessed nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from metrics.measures import tracing, useful
from metrics.measures.useful import PlaceRow, UsefulRow

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def row(number: int, local: bool | None, who: str = "", channel: str = "page") -> PlaceRow:
    return PlaceRow(channel, f"Fernhill on {channel}", AT, "", local, number, "List", who, channel_key=channel)


LIST = [row(80, True), row(20, False), row(50, None)]


@pytest.mark.parametrize(
    ("stated", "local", "known", "unknown", "said"),
    [
        ([], 80, 100, 50, useful.NOT_TOLD),
        ([row(8, True, "staff")], 72, 92, 50, "without 8 staff"),
        ([row(5, False, "staff")], 80, 95, 50, "without 5 staff"),
        # of no stated place: they may be in either, so they stay, and what it would be without them is said
        ([row(10, None, "known bots")], 80, 100, 50, "10 staff, partners or bots of no stated place are still in it"),
        ([row(10, None, "known bots")], 80, 100, 50, "were all of them local, it would be 78 %"),
        # more than a list has: never below nought, and it is said
        ([row(70, True, "staff"), row(30, True, "known bots")], 0, 20, 50, useful.OVER),
        # what is stated of one channel is taken out of no other; without a list all are of unknown place
        ([row(60, None, channel="other"), row(9, True, "staff", "other")], 80, 100, 101, "without 9 staff"),
        ([row(9, True, "staff", "other")], 80, 100, 50, "without 9 staff"),
    ],
)
def test_they_are_taken_out_of_where_they_were_counted(
    stated: list[PlaceRow], local: int, known: int, unknown: int, said: str
) -> None:
    figure = useful.useful_followers(LIST + stated)
    assert (figure.part, figure.whole) == (local, known)
    assert f"{unknown} unknown" in figure.notes
    assert said in "; ".join(figure.notes)


def listed(local: int | None, channel: str, missing: str = "") -> UsefulRow:
    place = None if local is None else True
    return UsefulRow(channel, channel, AT, "", place, local, "List", "", missing, channel_key=channel)


def test_a_channel_whose_list_is_old_leaves_a_gap_and_no_loss() -> None:
    both = [listed(900, "page"), listed(70, "other")]
    assert useful.useful_count(both).value == 970
    old = replace(listed(None, "other"), missing="no list of places since 5 October 2026")
    figure = useful.useful_count([both[0], old])
    assert (figure.value, figure.missing) == (None, "no list of places since 5 October 2026")
    hidden = useful.useful_count(tracing.seen([both[0], old], {"page"}))
    assert (hidden.value, hidden.missing) == (None, "no list of places of this time")


def test_counts_of_other_channels_are_not_compared() -> None:
    first, second = useful.useful_count([listed(9, "a")]), useful.useful_count([listed(9, "a"), listed(5, "b")])
    assert (first.basis, second.basis) == ("a", "a b")


def test_the_table_of_the_rows_computes_to_the_same() -> None:
    rows = [listed(900, "page"), listed(None, "other", "no list of places since 5 October 2026")]
    assert tracing.read(UsefulRow, tracing.table(UsefulRow, rows)) == rows
    stated = [*LIST, row(8, True, "staff")]
    assert tracing.read(PlaceRow, tracing.table(PlaceRow, stated)) == stated
