"""Places found in words, and reports of the same gathered: the same input always gives the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from engagement.clustering import Report, groups
from engagement.issue_forms import read_table
from engagement.placing import Names

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
MINUTE, WINDOW = timedelta(minutes=1), timedelta(hours=2)
MILL, BRIDGE, ANNE, HIGH = 1, 2, 3, 4
TOWN = Names.of(
    [
        (MILL, "Mill Road", ["the Mill", "Miln Road"]),
        (BRIDGE, "Mill Road Bridge", []),
        (ANNE, "St Anne's", ["Saint Annes"]),
        (HIGH, "Högh Street", []),
    ]
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The lamp in Mill Road is out", [MILL]),
        ("the lamp in MILL ROAD!", [MILL]),
        ("lamp out, mill rd", [MILL]),
        ("lamp out, Mill-Road", [MILL]),
        ("#MillRoad is dark", [MILL]),
        ("Miln road again", [MILL]),
        ("down at the Mill.", [MILL]),
        ("Mill Road Bridge is shut", [BRIDGE]),
        ("Mill Road and Mill Road Bridge", [MILL, BRIDGE]),
        ("outside St. Anne’s", [ANNE]),
        ("outside st annes", [ANNE]),
        ("hogh st is flooded", [HIGH]),
        ("Mill Road, Mill Road, Mill Road", [MILL]),
        ("Windmill Road", []),
        ("a mill on the road", []),
        ("", []),
    ],
)
def test_places_are_found_however_they_are_written(text: str, places: list[int]):
    assert TOWN.found(text) == places


def report(n: int, minutes: float, places=(MILL,), labels=(), person: int | None = -1) -> Report:
    return Report(n, n if person == -1 else person, NOON + minutes * MINUTE, tuple(places), tuple(labels))


def members(reports: list[Report]) -> list[tuple[tuple[str, int], list[int]]]:
    return [
        (one.subject, [row.conversation for row in one.reports]) for one in groups(reports, enough=5, window=WINDOW)
    ]


def test_five_reports_of_one_street_in_two_hours_are_one_group_of_five():
    assert members([report(n, n * 29) for n in range(1, 6)]) == [(("place", MILL), [1, 2, 3, 4, 5])]


def test_four_are_none_nor_five_over_a_longer_time():
    assert members([report(n, n) for n in range(4)]) == []
    assert members([report(n, n * 31) for n in range(5)]) == []


def test_the_window_slides_and_its_edge_belongs_to_it():
    reports = [report(0, 0), *[report(n, 100 + n * 30) for n in range(1, 6)]]
    assert members(reports) == [(("place", MILL), [1, 2, 3, 4, 5])]
    assert members([report(n, n * 30) for n in range(5)]) == [(("place", MILL), [0, 1, 2, 3, 4])]


def test_one_person_writing_five_times_is_one_report():
    assert members([report(n, n, person=9) for n in range(5)]) == []
    assert len(members([report(n, n, person=None) for n in range(5)])) == 1


def test_a_label_gathers_what_names_no_place():
    labelled = [report(n, n, places=(), labels=(7,)) for n in range(5)]
    assert members(labelled) == [(("label", 7), [0, 1, 2, 3, 4])]
    assert members([*labelled[:4], report(4, 4, labels=(7,))]) == []


def test_no_report_is_in_two_groups_and_the_larger_one_has_it():
    both = [report(n, n, places=(MILL, BRIDGE)) for n in range(5)]
    more = [report(n, n, places=(BRIDGE,)) for n in range(5, 7)]
    assert members([*both, *more]) == [(("place", BRIDGE), [0, 1, 2, 3, 4, 5, 6])]


def test_the_order_in_which_reports_come_makes_no_difference():
    reports = [report(n, n * 3, places=(MILL if n % 2 else HIGH,)) for n in range(14)]
    expected, dice = members(reports), random.Random(7)
    for _ in range(10):
        dice.shuffle(reports)
        assert members(reports) == expected
    assert len(expected) == 2


def test_a_table_of_places_is_read_with_its_headings_and_other_names():
    assert read_table("Name,Also\nMill Road,Miln Road|the Mill\n\nHigh Street\n  , x\n") == [
        ("Mill Road", ["Miln Road", "the Mill"]),
        ("High Street", []),
    ]
    assert read_table("Mill Road;Miln Road;the Mill") == [("Mill Road", ["Miln Road", "the Mill"])]
