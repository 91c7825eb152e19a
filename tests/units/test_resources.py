"""The case for resources by hand: what waits, what was late, the hours it takes; and measures of a part of town."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from metrics.figures import Figure
from metrics.measures import resources, shape
from metrics.measures.answers import InboundRow, WaitRow
from metrics.measures.narrowing import Within
from metrics.measures.resources import HoursRow, InputRow
from metrics.measures.shape import Row, Rule, Span
from metrics.weekly import Week

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
WAITS = [
    WaitRow("a", "X", AT, outcome, answered, hours, None, 24.0)
    for outcome, answered, hours in (
        ("kept", True, 2.0), ("missed", True, 30.0), ("missed", False, 52.0), ("waiting", False, 3.0),
        ("excused", False, 90.0), ("withdrawn", False, 90.0),
    )
]  # fmt: skip
INBOUND = [InboundRow("a", "X", AT, False, None)] * 7
HOURS = [
    HoursRow("a", "X", AT, 8.0, 20.0, 10.0, 6.0),
    HoursRow("b", "Page", AT, 1.0, 0.0, 2.0, 5.0),  # three to spare help nobody elsewhere
    HoursRow("c", "Blog", AT, 1.0, 0.0, 2.5, None),
]


def inputs(**said: float | None) -> list[InputRow]:
    usual = {"planned": 10, "weeks": 4, "posts": 20, "under_posts": 60, "otherwise": 40, "post_minutes": 45,
             "answer_minutes": 12, "given": 12}  # fmt: skip
    return [InputRow("", "", AT, what, value) for what, value in (usual | said).items()]


@pytest.mark.parametrize(
    ("figure", "value", "part", "whole"),
    [
        (resources.demand(INBOUND), 7.0, None, 7),
        (resources.backlog(WAITS), 2.0, 2, 4),  # what was excused or taken back asks for nothing
        (resources.breaches(WAITS), 2.0, 2, 3),  # one still in time is not judged
        (resources.hours_needed(HOURS), 14.5, None, 3),
        (resources.hours_short(HOURS), 4.0, 2, 3),
        # 10 posts bring in 3 messages each, 10 come otherwise: 40 × 12 + 10 × 45 minutes
        (resources.capacity(inputs()), 15.5, None, None),
    ],
)
def test_a_figure_is_what_a_hand_works_out(figure: Figure, value: float, part: int | None, whole: int | None) -> None:
    assert (figure.value, figure.part, figure.whole) == (pytest.approx(value), part, whole)


@pytest.mark.parametrize(
    ("figure", "note"),
    [
        (resources.backlog(WAITS), "the oldest waits for at least 52 h"),
        (resources.backlog(WAITS), "1 of them past what was promised"),
        (resources.breaches(WAITS), "1 of them still without an answer"),
        (resources.hours_short(HOURS), "nobody has said how many hours there are for Blog"),
    ],
)
def test_what_belongs_beside_a_figure_is_said(figure: Figure, note: str) -> None:
    assert note in figure.notes


def test_more_hours_than_are_kept_are_called_over_capacity() -> None:
    assert resources.capacity(inputs()).notes[0].startswith("Over capacity.")
    assert not resources.capacity(inputs(given=20)).notes[0].startswith("Over capacity.")
    assert resources.capacity(inputs(given=None)).notes[0].endswith("Nobody has said how many hours there are.")


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (resources.backlog(WAITS[4:]), "nobody asked"),
        (resources.breaches(WAITS[3:]), "nobody asked"),
        (resources.hours_needed([]), "no channel"),
        (resources.hours_short(HOURS[2:]), "nobody has said"),
        (resources.capacity(inputs(posts=0)), "no post of the last weeks"),
        (resources.capacity([]), "nothing is known"),
    ],
)
def test_nothing_is_ever_divided_by_a_missing_number(figure: Figure, why: str) -> None:
    assert figure.value is None
    assert why in figure.missing


# --- a part of the town, and several measures at once ----------------------------------------------------------------


def row(ref: str, channel: str, days: int = 0) -> Row:
    return Row(ref, channel, AT + timedelta(days=days))


def test_only_the_rows_of_a_channel_or_of_its_posts_count() -> None:
    rows = [row("a", "X"), row("b", "X"), row("a", "Page"), row("", "")]
    assert Within().of(rows) == rows
    assert Within(channel="X").of(rows) == rows[:2]
    assert Within(posts=frozenset({"a"})).of(rows) == [rows[0], rows[2]]
    assert Within(channel="X", posts=frozenset({"a"})).of(rows) == rows[:1]
    assert Within(posts=frozenset()).of(rows) == []


def test_rows_of_several_measures_are_fetched_once_and_each_week_has_its_own() -> None:
    asked: list[Span] = []

    def fetch(span: Span) -> list[Row]:
        asked.append(span)
        return [row("a", "X", n) for n in (-14, -8, -7, 0, 1, 9) if span.start <= AT + timedelta(days=n) < span.end]

    def count(rows: list[Row]) -> Figure:
        return Figure(float(len(rows)))

    rules = [Rule(name, name, "", "", "", Row, fetch, count) for name in ("one", "two")]
    within = Within(channel="X")
    apart = Rule("three", "three", "", "", "", Row, fetch, count, apart=True)
    over = [Week((AT + timedelta(days=n)).date(), AT + timedelta(days=n), AT + timedelta(days=n + 7)) for n in
            (-14, -7, 0)]  # fmt: skip
    found = shape.many_series([within.rule(one) for one in rules], over, AT + timedelta(days=30))
    assert {name: [one.value for one in some] for name, some in found.items()} == {
        "one": [2.0, 1.0, 2.0], "two": [2.0, 1.0, 2.0],
    }  # fmt: skip
    assert len(asked) == 1
    last = shape.many_series([apart, within.rule(rules[0])], over, AT + timedelta(days=30))["three"]
    assert [one.value for one in last] == [1.0, 2.0]
    assert Within().rule(rules[0]) is rules[0]
