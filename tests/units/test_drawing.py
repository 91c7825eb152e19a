"""The small line of a report: gaps stay gaps, labels stand apart, and nothing is drawn of nothing."""

from __future__ import annotations

import pytest

from metrics import drawing
from metrics.drawing import APART, HEIGHT, Rows


def rows(*values: float | None, needed: float | None = None) -> Rows:
    return [(f"{n} Nov", value, needed) for n, value in enumerate(values, 1)]


def test_a_gap_is_not_drawn_over() -> None:
    found = drawing.drawing(rows(10, 20, None, 30, 40), "%")
    assert found is not None
    assert [len(one.split()) for one in found.lines] == [2, 2]
    assert len(found.dots) == 4
    assert (found.value and found.value.words, found.first, found.last) == ("40 %", "1 Nov", "5 Nov")


def test_what_rises_is_drawn_upwards_and_within_the_picture() -> None:
    found = drawing.drawing(rows(62, 70, 90))
    assert found is not None
    heights = [y for _, y in found.dots]
    assert heights == sorted(heights, reverse=True)
    assert all(0 < y < HEIGHT for y in heights)


@pytest.mark.parametrize("needed", [5, 50, 69, 70, 71, 90, 400])
def test_the_label_of_what_is_needed_never_covers_the_number(needed: float) -> None:
    found = drawing.drawing(rows(50, 70, needed=needed), "%")
    assert found is not None
    assert found.asked is not None
    assert found.value is not None
    assert abs(found.asked.y - found.value.y) >= APART
    assert 0 < found.asked.y < HEIGHT
    assert found.asked.words == f"needed {needed}"


@pytest.mark.parametrize("values", [(), (None,), (None, None)])
def test_of_nothing_there_is_no_picture(values: tuple[None, ...]) -> None:
    assert drawing.drawing(rows(*values, needed=7)) is None


def test_one_number_and_the_same_again_are_drawn_too() -> None:
    for values in ((3.0,), (3.0, 3.0)):
        found = drawing.drawing(rows(*values))
        assert found is not None
        assert found.value is not None
        assert found.value.words == "3"
        assert found.asked is None
