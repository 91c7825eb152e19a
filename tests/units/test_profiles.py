"""What stands on a profile: which networks have what, and when the check calls it due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from channels_app import profiles
from channels_app.models import ProfileLook
from policy import checks
from policy.checks import Context, ProfileItem
from policy.checks.house import shipped

TODAY = date(2026, 11, 23)
HERE = Context(today=TODAY)


def looked(days: int) -> dict[str, ProfileLook]:
    return {"pinned": ProfileLook(item="pinned", looked_on=TODAY - timedelta(days=days))}


def pinned(days: int, context: Context = HERE) -> profiles.Standing:
    rows = profiles.judged("x", looked(days), context).rows
    return next(row for row in rows if row.item.key == "pinned")


@pytest.mark.parametrize(("days", "due"), [(0, False), (179, False), (180, False), (181, True), (400, True)])
def test_a_look_is_good_for_the_towns_number_of_days(days: int, due: bool) -> None:
    row = pinned(days)
    assert (row.finding is not None) is due
    assert row.due_on is not None
    assert (row.due_on <= TODAY) is due


def test_the_rule_says_it_in_its_own_words_and_stops_nothing() -> None:
    found = pinned(181).finding
    assert found is not None
    assert found.words == "Pinned post: last looked at on 26 May 2026."
    assert (found.rule, found.level) == ("A36", "consider")
    never = profiles.judged("x", {}, HERE).due
    assert never[0].finding is not None
    assert never[0].finding.words == "Bio: nobody has looked at it yet."
    assert len(never) == len(profiles.items_of("x"))


def test_the_town_chooses_how_long_a_look_is_good_for() -> None:
    house = shipped()
    often = replace(HERE, house=replace(house, numbers={**house.numbers, "profile_days": 30}))
    assert pinned(31).finding is None
    assert pinned(31, often).finding is not None
    assert pinned(30, often).due_on == TODAY + timedelta(days=1)


def test_where_the_check_is_off_nothing_is_due() -> None:
    off = replace(HERE, house=replace(shipped(), off=frozenset({"A36"})))
    profile = profiles.judged("x", looked(400), off)
    assert profile.off
    assert profile.due == []
    assert {row.due_on for row in profile.rows} == {None}


def test_a_network_has_only_what_it_has() -> None:
    def keys(network: str) -> set[str]:
        return {one.key for one in profiles.items_of(network)}

    assert keys("instagram") - keys("x") == {"highlights"}
    assert {"bio", "picture", "cover", "pinned", "link", "contact"} == keys("facebook") == keys("mastodon")


def test_each_thing_is_asked_about_by_itself() -> None:
    items = [ProfileItem("Bio", TODAY), ProfileItem("Cover"), ProfileItem("Link", TODAY - timedelta(days=200))]
    found = checks.standing(items, HERE)
    assert [one.words if one else "" for one in found] == [
        "",
        "Cover: nobody has looked at it yet.",
        "Link: last looked at on 7 May 2026.",
    ]
