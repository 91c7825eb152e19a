"""What the checks find, and the near misses they must not."""

from __future__ import annotations

import pytest

from policy.checks import Context, Draft, Image, apply, check, stops
from policy.checks.vocabulary import split_words

PLACE = Context(place="X", used=10, limit=280, pictures=4, picture_bytes=5_000_000, alt=1000)
ALT = "Children read under the trees in front of the library"


def found(text: str, *, context: Context = PLACE, pictures: tuple[Image, ...] = (), link: str = "") -> dict[str, str]:
    return {one.rule: one.level for one in check(Draft(text, link, pictures), context)}


@pytest.mark.parametrize(
    ("text", "rule", "level"),
    [
        ("", "L1", "must"),
        ("𝐅𝐑𝐄𝐄 swimming on Sunday", "A18", "must"),
        ("ɢʜɪ", "A18", "must"),
        ("The COUNCIL meets tonight", "A20", "should"),
        ("Put them out tonight #binday", "A14", "should"),
        ("#FERNHILLFAIR today at the #CIVICCENTRE", "A14", "should"),
        ("One #Bins two #Roads three #Parks", "A15", "should"),
        ("Opening times: click here https://fernhill.example/pool", "A21", "should"),
        ("Link in bio", "A21", "should"),
        ("See https://a.gov/x and https://b.gov/y", "A22", "should"),
        ("Well done 👏👏", "A16", "should"),
        ("Fun 🎉 🎈 🎂 🎁", "A16", "should"),
        (" ".join(["word"] * 26) + ".", "A24", "should"),
        ("Her number is AB 12 34 56 C", "V15", "must"),
        ("SSN 123-45-6789", "V15", "must"),
        ("SIN 046 454 286", "V15", "must"),
        ("Card 4111 1111 1111 1111", "V15", "must"),
        ("Call 01904 552848", "V15", "consider"),
        ("Call (403) 555-0199", "V15", "consider"),
        ("Write to mayor@fernhill.example", "V15", "consider"),
        ("Come to 12 High Street, York YO1 7HH", "V15", "consider"),
    ],
)
def test_finds(text: str, rule: str, level: str) -> None:
    assert found(text).get(rule) == level


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The NHS and the BBC and UNESCO", "A20"),
        ("Ring 101 for A38 road news", "A20"),
        ("#BinDay", "A14"),
        ("#bins", "A14"),
        ("#fernhillshire", "A14"),
        ("Read which roads are closed: https://fernhill.example/roads", "A21"),
        ("Well done 👏", "A16"),
        ("The family 👨‍👩‍👧 came", "A16"),
        (" ".join(["word"] * 25) + ".", "A24"),
        ("Dummy QQ 12 34 56 C and GB123456A and AB123456", "V15"),
        ("Reference 000-12-3456 and 987-65-4321", "V15"),
        ("SIN 123 456 789", "V15"),
        ("Card 4111 1111 1111 1112", "V15"),
        ("Follow @citycouncil", "V15"),
        ("The A38 road and B4 123", "V15"),
        ("Café, naïve, Zürich and ½ price", "A18"),
    ],
)
def test_lets_pass(text: str, rule: str) -> None:
    assert rule not in found(text)


@pytest.mark.parametrize(
    ("image", "rule", "level"),
    [
        (Image(""), "A01", "must"),
        (Image("   "), "A01", "must"),
        (Image("IMG_1234"), "A05", "must"),
        (Image("library.jpg"), "A05", "must"),
        (Image("https://fernhill.example/a"), "A05", "must"),
        (Image("#library #books"), "A05", "must"),
        (Image("Photo of the library"), "A02", "should"),
        (Image("Library"), "A03", "should"),
        (Image("x" * 1001), "A04", "must"),
        (Image("The library and " + "more " * 40), "A04", "should"),
        (Image(ALT, bytes=6_000_000), "L4", "must"),
    ],
)
def test_alt_texts(image: Image, rule: str, level: str) -> None:
    assert found("The library opens", pictures=(image,)).get(rule) == level


def test_a_good_picture_passes() -> None:
    assert found("The library opens", pictures=(Image(ALT, bytes=900),)) == {}


def test_alt_text_that_repeats_is_found() -> None:
    assert "A06" in found(ALT, pictures=(Image(ALT),))
    assert "A06" in found("The library opens", pictures=(Image(ALT), Image(ALT)))


def test_what_the_platform_does_not_take() -> None:
    assert found("Long", context=Context("X", used=281, limit=280))["L2"] == "must"
    assert "L2" not in found("Long", context=Context("X", used=280, limit=280))
    assert found("Five", pictures=(Image(ALT),) * 5)["L3"] == "must"
    gif = Context(mimes=frozenset({"image/png"}))
    assert found("A", context=gif, pictures=(Image(ALT, mime="image/gif"),))["L5"] == "must"
    assert found("Again", context=Context(same_words_at="on Monday"))["L6"] == "should"


def test_the_towns_own_contacts_are_nobodys_secret() -> None:
    own = Context(own_contacts=frozenset({"01904 552 848", "Mayor@Fernhill.example"}))
    assert "V15" not in found("Call 01904 552848 or write to mayor@fernhill.example", context=own)


def test_in_a_reply_a_contact_must_not_stay() -> None:
    assert found("Call me on 01904 552848", context=Context(reply=True))["V15"] == "must"


def test_only_must_stops() -> None:
    assert stops(check(Draft(""), PLACE))
    assert not stops(check(Draft("The COUNCIL meets"), PLACE))


def test_fixes_turn_it_into_plain_words() -> None:
    text = "𝐅𝐑𝐄𝐄 #binday"
    while fixable := [one for one in check(Draft(text), PLACE) if one.fix]:
        text = apply(text, fixable[0])
    assert text == "Free #BinDay"


def test_every_finding_names_rule_why_and_clause() -> None:
    text = "𝐅𝐑𝐄𝐄 COUNCIL #binday click here 👏👏 a@b.org 4111 1111 1111 1111"
    for one in check(Draft(text, "https://a.gov", (Image(""),)), Context(used=9, limit=3)):
        assert one.rule
        assert one.words
        assert one.why
        assert one.clause


def test_the_same_text_gives_the_same_findings() -> None:
    draft = Draft("𝐅𝐑𝐄𝐄 #binday COUNCIL click here 👏👏")
    assert len({tuple(check(draft, PLACE)) for _ in range(200)}) == 1


def test_hashtags_split_into_the_fewest_words() -> None:
    assert split_words("christmasmarket") == ["christmas", "market"]
    assert split_words("notaword9") == []
