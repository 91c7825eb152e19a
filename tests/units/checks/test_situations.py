"""The same words in another situation, signed or not, on another network: other findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policy import checks
from policy.checks import Context, Draft, Finding, Image, Receipt, Video
from policy.checks.base import Situation
from policy.checks.house import Entry, Level, Manner, Position, Profile, shipped

LIGHT = "Great news: the bridge is open again 🎉"
PROMISE = "We'll get that fixed by Friday."
MONDAY = date(2026, 11, 23)


def found(text: str, rule: str, draft: dict[str, Any] | None = None, **facts: Any) -> list[Finding]:
    return [one for one in checks.check(Draft(text, **(draft or {})), Context(**facts)) if one.rule == rule]


def test_bad_news_bear_no_emoji_and_no_jokes() -> None:
    assert found(LIGHT, "V24") == []
    sad = found(LIGHT, "V24", situation="bad_news")
    assert [one.quote for one in sad] == ["Great news", "🎉"]
    assert {one.level for one in sad} == {"should"}


@pytest.mark.parametrize(
    ("situation", "level"), [("emergency", "must"), ("condolence", "must"), ("criticism", "should")]
)
def test_what_is_light_weighs_by_situation(situation: Situation, level: Level) -> None:
    assert {one.level for one in found(LIGHT, "V24", situation=situation)} == {level}


def test_a_town_may_bear_one_emoji_in_bad_news() -> None:
    house = shipped()
    mild = replace(house, situations={**house.situations, "bad_news": Profile("Bad news", emoji=1, light=False)})
    assert [one.quote for one in found(f"{LIGHT}🎈", "V24", situation="bad_news", house=mild)] == ["Great news", "🎈"]


def test_criticism_wants_three_of_five_parts() -> None:
    [one] = found("We have passed it on.", "V17", reply=True, situation="criticism")
    assert one.words.startswith("This answer has 1 of five parts.")
    whole = "Sorry about that. We come back on Tuesday. Call us on 01632 960 100. ^AB"
    assert found(whole, "V17", reply=True, situation="criticism") == []
    echo = "The lamp at the crossing is mended. ^AB"
    asked = {"reply": True, "situation": "criticism", "their_words": "the lamp at your crossing is out"}
    assert found(echo, "V17", **asked) == []


def test_politics_weighs_more_in_election_time_and_less_when_signed() -> None:
    words = "Vote for Marsh."
    assert [one.level for one in found(words, "V14")] == ["should"]
    assert [one.level for one in found(words, "V14", situation="election")] == ["must"]
    assert [one.level for one in found(words, "V14", situation="election", signed=True)] == ["should"]
    window = (date(2026, 11, 1), date(2026, 11, 30))
    assert [one.level for one in found(words, "V14", window=window, today=MONDAY)] == ["must"]
    assert [one.level for one in found(words, "V14", window=window)] == ["should"]


@pytest.mark.parametrize(
    ("text", "day", "place"),
    [
        (PROMISE, date(2026, 11, 27), "by Friday"),
        ("If your day is Monday, we'll come on Tuesday.", date(2026, 11, 24), "on Tuesday"),
        ("We will call you tomorrow.", date(2026, 11, 24), "tomorrow"),
        ("We will mend it within 3 working days.", date(2026, 11, 26), "within 3 working days"),
        ("We will mend it within two weeks.", date(2026, 12, 7), "within two weeks"),
        ("I will write by the end of the month.", date(2026, 11, 30), "by the end of the month"),
        ("Our crew will come on 3 May.", date(2027, 5, 3), "on 3 May"),
        ("Our crew will come on 1 November.", date(2026, 11, 1), "on 1 November"),
        ("We'll come by 31 February.", None, "by 31 February"),
        ("It will be refunded next week.", date(2026, 12, 6), "next week"),
        ("We will pay you £50.", None, "£50"),
    ],
)
def test_a_promise_knows_its_day(text: str, day: date | None, place: str) -> None:
    [one] = found(text, "V11", reply=True, today=MONDAY)
    assert (one.due, one.act, one.level) == (day, "promise", "must")
    assert one.span
    assert text[slice(*one.span)] == place


def test_a_promise_without_a_calendar_has_no_day() -> None:
    [one] = found(PROMISE, "V11", reply=True)
    assert one.due is None


def test_a_promise_that_is_written_down_is_let_pass() -> None:
    assert found(PROMISE, "V11", reply=True, today=MONDAY, promised=frozenset([date(2026, 11, 27)])) == []
    assert found(PROMISE, "V11", reply=True, today=MONDAY, promised=frozenset([date(2026, 11, 28)]))


def test_what_another_signs_stops_nothing() -> None:
    assert [one.level for one in found(PROMISE, "V11", reply=True, signed=True)] == ["should"]
    assert [one.level for one in found("We admit liability.", "V12", signed=True)] == ["should"]


def test_an_approved_position_says_what_is_never_and_what_is_always_said() -> None:
    position = Position("Incinerator", about=("incinerator",), required=("goes to the vote",), never=("done deal",))
    house = replace(shipped(), positions=(position,))
    levels = [one.level for one in found("The incinerator is a DONE DEAL.", "V13", house=house)]
    assert levels == ["must", "should"]
    text = "It is dear. The incinerator is a done deal."
    while fixable := [one for one in found(text, "V13", house=house, topic="Incinerator") if one.fix]:
        text = checks.apply(text, fixable[0])
    assert text == "It is dear. Goes to the vote"
    assert found("The incinerator goes to the vote in May.", "V13", house=house) == []
    assert found("A done dealing.", "V13", house=house) == []
    assert found("It is coming.", "V13", house=house, topic="incinerator")


def test_the_town_changes_words_levels_and_thresholds() -> None:
    house = shipped()
    text = "We meet at the Widget, all of us."
    assert found(text, "V02") == []
    own = replace(house, lists={**house.lists, "jargon": (Entry("widget", "tool", "Ours."),)})
    [one] = found("a widget", "V02", house=own)
    assert (one.fix and one.fix.replacement, one.why) == ("tool", "Ours.")
    assert found("Please utilise it.", "V02", house=own) == []
    strict = replace(house, levels={"V02": "must"})
    assert [one.level for one in found("Please utilise it.", "V02", house=strict)] == ["must"]
    named = replace(house, allowed=frozenset(["utilise"]))
    assert found("Please utilise it.", "V02", house=named) == []
    short = replace(house, numbers={**house.numbers, "sentence": 3})
    assert found("One two three four.", "A24", house=short)
    known = replace(house, acronyms=house.acronyms | {"TRO"})
    assert found("The TRO is out.", "A23", house=known) == []
    tags = replace(house, hashtag_words=house.hashtag_words | {"fernhill"})
    assert found("Out. #fernhillmarket", "A14", house=tags)


def test_manners_are_by_network() -> None:
    house = replace(shipped(), manners={"": Manner(), "x": Manner(greeting="never", sign_off="initials")})
    assert found("Hello Sam, it is open. ^AB", "V19", reply=True, house=house, network="facebook") == []
    assert found("Hello Sam, it is open. ^AB", "V19", reply=True, house=house, network="x")
    assert found("It is open. ^AB", "V19", reply=True, house=house, network="x") == []
    assert found("It is open.", "V19", reply=True, house=house, network="x")


@pytest.mark.parametrize(
    ("today", "level"), [(date(2026, 3, 1), "should"), (date(2026, 3, 15), "should"), (date(2026, 3, 16), "must")]
)
def test_a_recording_wants_captions_by_the_fourteenth_day(today: date, level: Level) -> None:
    live = {"videos": (Video(kind="live", kept_since=date(2026, 3, 1), captions="auto"),)}
    assert [one.level for one in found("Live", "A12", live, today=today, live_days=14)] == [level]


def test_law_binds_from_its_day() -> None:
    film, shared = {"videos": (Video(described=False),)}, {"pictures": (Image("", theirs=True),)}
    for rule, draft in (("A10", film), ("A34", shared)):
        assert [one.level for one in found("Look", rule, draft, today=MONDAY, access_due=date(2026, 11, 24))] == [
            "should"
        ]
        assert [one.level for one in found("Look", rule, draft, today=MONDAY, access_due=MONDAY)] == ["must"]
        assert [one.level for one in found("Look", rule, draft, access_due=MONDAY)] == ["should"]


def test_nothing_is_said_of_what_nobody_asked() -> None:
    draft = {"pictures": (Image("Three oak benches"),), "videos": (Video(), Video(kind="audio"), Video(kind="live"))}
    said = {one.rule for one in checks.check(Draft("The benches are here.", **draft), Context())}
    assert said == set()


@pytest.mark.parametrize(
    ("receipt", "lost"),
    [
        (Receipt(alts=("A bench",), alts_back=("A bench",)), ""),
        (Receipt(alts=("A bench",)), ""),
        (Receipt(alts=("A bench", "A tree"), alts_back=("A bench",)), "alt text of picture 2"),
        (Receipt(captions=True, captions_back=False), "captions"),
        (Receipt(captions=True), ""),
        (Receipt(text="Out #BinDay", text_back="Out #binday"), "#BinDay"),
        (Receipt(text="Out #BinDay", text_back="Out #BinDay"), ""),
        (Receipt(captions=True, captions_back=False, workaround="Burned in"), ""),
    ],
)
def test_what_was_lost_on_the_way_is_said(receipt: Receipt, lost: str) -> None:
    said = [one.words for one in found("Out", "A35", receipt=receipt)]
    assert bool(said) is bool(lost)
    assert all(lost in words for words in said)


def test_a_quote_card_says_its_words_and_who_said_them() -> None:
    words = "We carried the flour over the weir by hand."
    card = Image(words, quote=words, quote_of="Edna Marsh", quote_source="Mill archive, 2019")
    text = "Edna Marsh, 94, remembers."
    assert checks.check(Draft(text, pictures=(card,)), Context()) == []
    assert found(text, "A07", {"pictures": (replace(card, alt="An old woman laughs"),)})
    assert found(text, "H3", {"pictures": (replace(card, quote_source=""),)})


def test_a_person_is_told_what_no_machine_decides() -> None:
    plain = Draft("Bin day is Tuesday.")
    assert checks.for_a_person(plain) == []
    rich = replace(plain, pictures=(Image("A poster", has_text=True),), videos=(Video(), Video(kind="live")))
    assert {rule.id for rule in checks.for_a_person(rich)} == {"A01", "A07", "A09", "A10", "A12", "A13", "A31", "H2"}


def test_lists_are_english_and_other_languages_are_left_alone() -> None:
    french = (
        "Le conseil se réunit jeudi et les habitants sont invités; apportez en advance of vos questions pour la ville."
    )
    assert found(french, "V02") == []
    assert found("We act prior to Friday.", "V02", {"language": "cy"}) == []
    assert found("We act prior to Friday.", "V02", {"language": "en-CA"})


@pytest.mark.parametrize(
    ("text", "signs", "mark", "said"),
    [
        ("It is open.", "", "", True),  # the network's manner wants initials and nothing puts them there
        ("It is open.", "never", "", False),
        ("It is open. ^AB", "never", "", True),
        ("It is open.", "initials", "^AB", False),
        ("It is open. ^AB", "initials", "^AB", True),
        ("It is open.", "first_name", "– Amara", False),
    ],
)
def test_a_channels_own_sign_off_counts_before_its_networks(text: str, signs: str, mark: str, said: bool) -> None:
    house = replace(shipped(), manners={"": Manner(), "x": Manner(sign_off="initials")})
    hits = found(text, "V19", reply=True, house=house, network="x", signs=signs, sign_off=mark)
    assert bool(hits) is said
