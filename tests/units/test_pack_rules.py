"""Every pack's file is sound; its rules are those of the day asked about; deadlines fall on known days."""

from __future__ import annotations

from datetime import date

import pytest

from policy import pack_rules, packs
from policy.pack_rules import STANCES

TODAY = date(2026, 11, 22)
UNITED_KINGDOM = {"england", "wales", "scotland", "northern-ireland"}
PACKS = UNITED_KINGDOM | {"us", "alberta", "new-brunswick", "eu", "australia", "none"}


def test_the_packs_are_these() -> None:
    assert set(packs.names()) == PACKS
    assert packs.read("us-federal").key == "us"
    assert packs.read("atlantis").key == "none"


@pytest.mark.parametrize("key", sorted(PACKS))
def test_every_file_is_sound(key: str) -> None:
    assert pack_rules.check(key, packs.raw(key)) == []
    for rule in pack_rules.all_rules(key):
        assert rule.source
        assert rule.checked_on


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"family": "law"}, "family is 'law'"),
        ({"title": ""}, "title is missing"),
        ({"stance": "shout"}, "stance is 'shout'"),
        ({"colour": "red"}, "colour is not known"),
        ({"since": "2026-01-01"}, "since is no date"),
    ],
)
def test_an_unsound_file_is_found_out(broken: dict[str, object], words: str) -> None:
    rule = {"family": "posture", "key": "a", "title": "b", "words": "c", "source": "d", "stance": "leave", **broken}
    data = {"name": "X", "caveat": "Y", "sources": ["Z"], "checked_on": TODAY, "rule": [rule]}
    assert any(words in problem for problem in pack_rules.check("x", data))


def test_two_rules_of_one_key_on_one_day_are_found_out() -> None:
    rule = {"family": "posture", "key": "a", "title": "b", "words": "c", "source": "d", "stance": "leave"}
    data = {"name": "X", "caveat": "Y", "sources": ["Z"], "checked_on": TODAY, "rule": [rule, rule]}
    assert any("same days" in problem for problem in pack_rules.check("x", data))


# What contradicts itself from one jurisdiction to the next; one global rule would be wrong somewhere.
COLUMNS = ("us", "england", "wales", "australia", "new-brunswick")
CONTRADICTIONS = {
    "political_comment": ("leave", "delete_on_advice", "delete_on_advice", "moderate", "moderate"),
    "off_topic": ("high_risk", "house_rule", "house_rule", "house_rule", "house_rule"),
    "defamation": ("leave", "remove_on_notice", "remove_on_notice", "remove_fast", "seek_advice"),
    "removal_notice": ("own_choice", "own_choice", "own_choice", "notify", "notify"),
    "records_request": ("may_be_refused", "valid", "valid", "state_law", "written"),
    "one_language_emergency": ("fine", "fine", "parity", "fine", "both_at_once"),
    "delete_request": ("keep", "weigh", "weigh", "keep", "correct"),
}


@pytest.mark.parametrize("situation", CONTRADICTIONS)
def test_the_table_of_contradictions_holds(situation: str) -> None:
    found = tuple(pack_rules.stance(pack, situation, TODAY) for pack in COLUMNS)
    assert found == CONTRADICTIONS[situation]
    assert set(found) <= set(STANCES)


@pytest.mark.parametrize("situation", CONTRADICTIONS)
def test_every_pack_but_none_takes_a_stance(situation: str) -> None:
    assert all(pack_rules.stance(pack, situation, TODAY) for pack in PACKS - {"none"})
    assert pack_rules.stance("none", situation, TODAY) == ""


@pytest.mark.parametrize(
    ("pack", "key", "received", "due"),
    [
        # the day before Good Friday and Easter Monday: neither counts, nor does the bank holiday in May
        ("england", "information", "2026-04-02", "2026-05-05"),
        ("england", "information", "2026-12-23", "2027-01-26"),  # Scotland keeps the Monday for 2 January
        ("england", "information", "2026-03-16", "2026-04-16"),  # St Patrick's Day is no working day for the Act
        ("scotland", "information", "2026-03-16", "2026-04-14"),
        ("northern-ireland", "information", "2026-07-10", "2026-08-11"),
        ("england", "subject_access", "2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("england", "subject_access", "2026-11-25", "2026-12-29"),  # Christmas Day, a Saturday, Sunday, Boxing Day
        ("eu", "subject_access", "2028-01-31", "2028-02-29"),  # a leap day
        ("england", "complaint", "2026-08-28", "2026-09-14"),
        ("alberta", "information", "2025-06-10", "2025-07-10"),
        ("alberta", "information", "2025-06-11", "2025-07-24"),
        ("alberta", "information", "2026-09-01", "2026-10-16"),
        ("new-brunswick", "information", "2026-06-30", "2026-08-13"),
        ("australia", "information", "2026-12-24", "2027-01-27"),
        ("australia", "information_vic", "2026-12-24", "2027-01-23"),
    ],
)
def test_deadlines_fall_on_known_days(pack: str, key: str, received: str, due: str) -> None:
    day = date.fromisoformat(received)
    clock = pack_rules.rule(pack, "clock", key, day)
    assert clock is not None
    assert pack_rules.due_on(clock, day) == date.fromisoformat(due)


def test_a_law_that_was_replaced_stays_true_for_its_time() -> None:
    before = pack_rules.rule("alberta", "clock", "information", date(2025, 6, 10))
    since = pack_rules.rule("alberta", "clock", "information", date(2025, 6, 11))
    assert before is not None
    assert since is not None
    assert (before.length, since.length) == ("30 days", "30 business days")
    assert "repealed" in before.source


def test_where_the_state_decides_there_is_no_day() -> None:
    clock = pack_rules.rule("us", "clock", "information", TODAY)
    assert clock is not None
    assert pack_rules.due_on(clock, TODAY) is None


@pytest.mark.parametrize(
    ("population", "asked", "on"),
    [
        (50_000, "2026-04-19", "2026-04-24"),
        (49_999, "2026-04-19", "2027-04-26"),
        (50_000, "2026-04-20", "2027-04-26"),
        (49_999, "2026-04-20", "2028-04-26"),
        (18_430, "2026-11-22", "2028-04-26"),
    ],
)
def test_the_day_by_which_a_town_is_accessible(population: int, asked: str, on: str) -> None:
    found = pack_rules.accessible_by("us", population, date.fromisoformat(asked))
    assert found is not None
    assert found.data["on"] == date.fromisoformat(on)


def test_where_two_languages_are_owed() -> None:
    assert {pack for pack in PACKS if pack_rules.parity(pack, TODAY)} == {"wales", "new-brunswick"}


def test_the_notice_of_election_is_25_working_days_before_the_poll() -> None:
    assert pack_rules.working_days_before("england", date(2026, 5, 7), 25) == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("pack", "opening"),
    [
        ("england", "Nobody shares or likes what"),
        ("us-federal", "No likes, follows or shares"),
        ("none", ""),
        ("eu", ""),
    ],
)
def test_what_a_pack_says_of_likes_while_an_election_runs(pack: str, opening: str) -> None:
    words = pack_rules.on_likes(pack, TODAY)
    assert words.startswith(opening)
    assert bool(words) is bool(opening)
