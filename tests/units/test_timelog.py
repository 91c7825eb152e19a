"""Shares of the week's time and the priority of the map: plain sums."""

from __future__ import annotations

from engagement.outreach import discloses
from engagement.stakeholders import priority
from engagement.timelog import shares


def test_shares_equal_the_logged_minutes_and_add_up_to_a_hundred() -> None:
    for by_hand, acts in (({"helpful": 1, "solving": 1}, {"complaints": 1}), ({"helpful": 59}, {"broadcasting": 340})):
        rows = shares(by_hand, acts)
        assert sum(one.minutes for one in rows) == sum(by_hand.values()) + sum(acts.values())
        assert sum(one.percent for one in rows) == 100
        total = sum(one.minutes for one in rows)
        assert all(abs(one.percent - 100 * one.minutes / total) < 1 for one in rows)
    assert {one.percent for one in shares({}, {})} == {0}


def test_priority_is_weight_times_reach_times_openness() -> None:
    assert [priority(4, 1200, 3), priority(0, 1200, 3), priority(4, None, 3)] == [14400, 0, None]


def test_the_disclosure_is_found_whatever_its_spaces_and_capitals() -> None:
    line = "I work for Fernhill Council."
    assert discloses("Hello. i work for  fernhill council. The path opens Monday.", line)
    assert not discloses("I work for the council.", line)
    assert not discloses("Hello", " ")
