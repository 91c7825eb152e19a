"""Rows for somebody who sees some channels only: the others count alike and say nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from metrics.measures import tracing
from metrics.measures.answers import ProblemRow
from metrics.measures.paid import PaidRow, cost_per_outcome
from metrics.measures.reach import FollowerRow, total_followers

AT = datetime(2026, 11, 16, 6, 5, tzinfo=UTC)


def paid(channel: str, outcome: str, outcomes: float | None = 10.0) -> PaidRow:
    return PaidRow(
        channel, f"Page {channel}", AT, f"PR-{channel}", outcome, 20.0, outcomes, "Invoice", channel_key=channel
    )


@pytest.mark.parametrize(
    ("hidden", "value", "said"),
    [
        ([paid("b", "ducks")], None, "results of different kinds are not added up: clicks, results you do not see (1)"),
        ([paid("b", "Clicks "), paid("c", "clicks")], 2.0, "60.00 for 30 clicks"),
        ([paid("b", "ducks", None)], 2.0, "something you do not see is left out: no results were written down"),
    ],
)
def test_kinds_of_results_are_compared_without_being_named(
    hidden: list[PaidRow], value: float | None, said: str
) -> None:
    rows = [paid("a", "clicks"), *hidden]
    seen = tracing.seen(rows, {"a"})
    figure = cost_per_outcome(seen)
    assert (figure.value, cost_per_outcome(rows).value) == (value, value)
    assert said in [figure.missing, *figure.notes]
    assert seen[0] == rows[0]
    assert {(one.ref, one.words, one.source, one.channel_key) for one in seen[1:]} == {("", "", "", "")}


def test_two_channels_called_alike_stay_two_and_the_hidden_one_says_no_reason() -> None:
    rows = [
        FollowerRow(key, "Fernhill on X", AT, number, "" if number else "no connection", AT.date(), channel_key=key)
        for key, number in (("a", 900), ("b", 70), ("c", None))
    ]
    assert total_followers(rows).value == 970
    figure = total_followers(tracing.seen(rows, {"a"}))
    assert (figure.value, figure.part, figure.whole) == (970, 2, 3)
    assert figure.notes == ("missing: a channel you do not see (2)",)


def test_a_thing_of_no_channel_is_hidden_by_itself() -> None:
    rows = [ProblemRow(ref, "", AT, f"Lamp {ref}", "open") for ref in ("a", "b")]
    seen = tracing.seen(rows, (), {"b"})
    assert [(one.words, one.channel, one.end) for one in seen] == [
        ("Lamp a", "", "open"), ("", "a channel you do not see", "open"),
    ]  # fmt: skip
