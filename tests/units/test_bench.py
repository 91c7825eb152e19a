"""What the bench says of a figure: whether it is within its budget, against which yardstick, as a table and as JSON."""

from __future__ import annotations

import json

import pytest

from config.bench import rows
from config.bench.figures import Figure, p95, table
from config.management.commands import bench


@pytest.mark.parametrize(
    ("value", "within", "ok"),
    [(60, "at most", True), (60.1, "at most", False), (60, "at least", True), (59.9, "at least", False)],
)
def test_a_figure_is_held_to_its_budget(value: float, within: str, ok: bool) -> None:
    assert Figure("row", "size", value, "ms", 60, within=within).ok is ok


def test_a_ratio_needs_a_yardstick() -> None:
    assert Figure("row", "size", 30, "ms", 60, 10).ratio == 3
    assert Figure("row", "size", 30, "ms", 60).ratio is None


def test_nineteen_of_twenty_do_not_exceed_p95() -> None:
    assert p95([float(n) for n in range(1, 21)]) == 19
    assert p95([7.0]) == 7


def test_json_has_what_the_table_shows() -> None:
    row = Figure("due", "1,000 at once", 13.37, "s", 15.6, 12.5, "why").as_row()
    assert json.loads(json.dumps(row)) == {
        "row": "due",
        "size": "1,000 at once",
        "value": 13.37,
        "unit": "s",
        "yardstick": 12.5,
        "ratio": 1.07,
        "budget": 15.6,
        "ok": True,
        "why": "why",
    }


def test_the_table_lines_up_and_names_what_is_over_budget() -> None:
    lines = table(
        [Figure("inbox", "1,000,000", 71, "ms p95", 60, 12), Figure("due", "1,000", 13, "s", 15.6)]
    ).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "NO" in lines[2]
    assert "yes" in lines[3]


def test_the_command_offers_every_row_there_is() -> None:
    assert set(bench.ROWS) == set(rows.ROWS)
