"""Do people do otherwise? What can be said of weeks before and after, worked out by hand, and what nobody claims."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from metrics.measures import behaviour, tracing
from metrics.measures.behaviour import CountRow, RecallRow

AT = datetime(2026, 9, 7, tzinfo=UTC)
BEFORE, AFTER, WEEK = date(2026, 9, 7), date(2026, 10, 5), timedelta(weeks=1)
LAST, LATER = AFTER + 2 * WEEK, date(2026, 11, 18)
Values = list[float | None]


def rows(before: Values, after: Values, about: str = "ours") -> list[CountRow]:
    days = [("before", BEFORE + WEEK * n, value) for n, value in enumerate(before)]
    days += [("after", AFTER + WEEK * n, value) for n, value in enumerate(after)]
    return [CountRow("", "", AT, day, part, about, "Caddies", value, "Waste team") for part, day, value in days]


# Means 100 and 150; 4.30 × √(100/3 + 100/3) = 35.1, so between 14.9 and 85.1 more.
MORE = rows([100, 110, 90], [150, 160, 140])
ALIKE = rows([10, 11, 9], [15, 16, 14], "comparison")  # moved just as much
STILL = rows([10, 10, 10], [10, 10, 10], "comparison")


def test_the_change_is_of_the_mean_week_with_its_interval_and_its_table_gives_it_again() -> None:
    figure = behaviour.change(MORE)
    assert (figure.value, figure.low, figure.high) == (
        pytest.approx(50.0), pytest.approx(14.89, abs=0.01), pytest.approx(85.11, abs=0.01),
    )  # fmt: skip
    assert "Caddies: 100.0 a week in 3 weeks before, 150.0 in 3 weeks after" in figure.notes
    assert "nothing stands beside it to compare with" in figure.notes
    assert behaviour.change(tracing.read(CountRow, tracing.table(CountRow, MORE))) == figure
    assert behaviour.change(MORE + STILL).value == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("told", "word", "says"),
    [
        (MORE, "Moved as wanted", "50 % more a week than before (between +15 and +85 %). The target is reached."),
        (MORE + STILL, "Moved as wanted", "beyond what moved in the comparison"),
        (MORE + ALIKE, "Could not tell", "between +0 and +0 %. Weeks differ among themselves as much."),
        (rows([100, 110, 90], [120, 90, 140]), "Could not tell", "Weeks differ among themselves as much."),
        (rows([150, 160, 140], [100, 110, 90]), "The other way", "33 % fewer a week than before"),
        (rows([100, None, 90], [150, 160, 140]), "Could not tell",
         "no number for Caddies in the week of 14 September 2026."),
        (rows([100, 110, 90], [150, None, None]), "Could not tell", "12 October 2026, Caddies in the week of"),
        (rows([100, 110], [150, 160, 140]), "Could not tell", "fewer than three weeks before or after"),
        (rows([0, 0, 0], [150, 160, 140]), "Could not tell", "nothing was counted before"),
        (MORE + rows([10, 0, 9], [15, 16, 14], "comparison"), "Could not tell", "in a week nothing was counted"),
        ([], "Could not tell", "nothing says what people are to do"),
    ],
)  # fmt: skip
def test_nothing_is_claimed_without_both_ends_nor_within_the_usual_swing(
    told: list[CountRow], word: str, says: str
) -> None:
    found = behaviour.verdict(told, "more", 140, LAST, LATER)
    assert found.word == word
    assert says in found.words


def test_before_its_weeks_are_over_it_is_too_early_and_fewer_can_be_what_is_wanted() -> None:
    early = behaviour.verdict(rows([100, 110, 90], [150, None, None]), "more", 140, LAST, LAST + timedelta(days=6))
    assert (early.word, early.words) == (
        "Too early", "The weeks after end on 25 October 2026; nothing is claimed before.",
    )  # fmt: skip
    fewer = behaviour.verdict(rows([150, 160, 140], [100, 110, 90]), "fewer", 80, LAST, LATER)
    assert (fewer.word, fewer.reached) == ("Moved as wanted", False)


def asked(asked: int, knew: int) -> RecallRow:
    return RecallRow("k", "", AT, "Caddies", "On which day?", asked, knew, "at the market", "tally")


def test_what_people_know_is_a_share_of_those_asked_with_its_interval() -> None:
    figure = behaviour.recall([asked(40, 10), asked(20, 10)])
    assert (figure.value, figure.part, figure.whole) == (pytest.approx(100 / 3), 20, 60)
    assert (figure.low, figure.high) == (pytest.approx(22.73, abs=0.01), pytest.approx(45.94, abs=0.01))
    assert "“On which day?” 10 of 40, at the market; tally" in figure.notes
    assert behaviour.recall([]).missing == "nobody was asked"
    assert behaviour.recall([asked(9, 9)]).missing == "9 people are too few to say anything"
