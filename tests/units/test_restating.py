"""What went on after a report told apart from a past that was changed: tables over pure functions."""

from __future__ import annotations

import pytest

from metrics import marks, reporting
from metrics.measures.ledger import FAMILIES, rule_of
from metrics.restating import Known, ripened

ASKED = Known("response_rate", "Got an answer", 50.0, 2, 4)


def known(name: str, value: float | None, part: float | None, whole: float | None) -> Known:
    return Known(name, name, value, part, whole)


@pytest.mark.parametrize(
    ("name", "was", "now", "asked", "went_on"),
    [
        ("response_rate", (50, 2, 4), (75, 3, 4), (2, 4), True),  # one more answer
        ("response_rate", (50, 2, 4), (40, 2, 5), (2, 5), False),  # a message that was not known
        ("within_promise", (100, 2, 2), (67, 2, 3), (3, 4), True),  # the time of a third is up
        ("within_promise", (100, 2, 2), (50, 1, 2), (2, 4), False),  # the same two are told otherwise
        ("within_promise", (100, 2, 2), (67, 2, 3), (2, 5), False),
        ("first_response", (4, None, 2), (9, None, 3), (3, 4), True),
        ("first_response", (4, None, 2), (5, None, 2), (2, 4), False),
        ("answered_in_time", (100, 2, 2), (67, 2, 3), (3, 4), True),  # as an objective calls it
        ("resolution_rate", (50, 2, 4), (25, 1, 4), None, True),  # one came back
        ("problem_solving", (50, 1, 2), (33, 1, 3), None, False),
        ("participants", (1, None, 1), (2, None, 2), None, False),
        ("spend", (None, None, None), (120, None, None), None, True),  # its file came late
        ("spend", (120, None, None), (None, None, None), None, False),
        ("spend", (120, None, None), (140, None, None), None, False),
    ],
)
def test_what_was_not_over_yet_is_no_restatement(
    name: str,
    was: tuple[float | None, ...],
    now: tuple[float | None, ...],
    asked: tuple[int, int] | None,
    went_on: bool,
) -> None:
    both = (ASKED, known("response_rate", 0, *asked)) if asked else None
    assert ripened(known(name, *was), known(name, *now), both) is went_on


def test_only_what_is_counted_from_rows_that_changed_is_looked_at_again() -> None:
    before = {"messages": "3 17", "ideas": "1 4"}
    assert marks.moved(before, before) == set()
    assert marks.moved(before, before | {"ideas": "1 5"}) == {"ideas_gathered", "ideas_taken_up"}
    assert "participants" in marks.moved(before, {"ideas": "1 4"}), "rows that are gone are a change"


def test_every_figure_of_a_report_has_rows_that_are_marked() -> None:
    marked = {name for names, _ in marks.SOURCES.values() for name in names}
    by_hand = {"praise", "criticism", "recall"}  # samples of longer times; looked at for a week alone
    aimed = {rule.name for names in FAMILIES.values() for name in names if (rule := rule_of(name))}
    told = {name for names in reporting.SECTIONS.values() for name in names} | set(reporting.ABOUT_TOPICS)
    assert (told | aimed) - marked == by_hand
