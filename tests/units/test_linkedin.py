"""LinkedIn's little text, lengths, captions, cards and answers, as pure functions."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from channels_app.emulator import li_text
from channels_app.platforms import facebook, instagram, linkedin, linkedin_client, linkedin_little, linkedin_media
from channels_app.platforms.base import Outgoing, Picture, Uncertain
from channels_app.platforms.verdicts import Answered, after_write

PIECES = [
    *"\\|{}@[]()<>#*_~ab1 \n.,:;é", "https://", "http://a_b.de/x_(y)~z", "HTTPS://a.b/#c", "www.x_y.de", "#tag",
    "#1a", "#a#b", "@[Fern_hill (UK)](urn:li:organization:12)", "@[Jo](urn:li:person:a-b_c)",
    "{hashtag|\\#|x}", "😀", "#हिन्दी_x", "&#39;", "\\#",
]  # fmt: skip


def test_a_text_of_any_signs_arrives_whole_and_comes_back_as_it_was() -> None:
    dice = random.Random(7)  # noqa: S311
    for _ in range(3000):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randrange(1, 14)))
        little = linkedin_little.escaped(text)
        assert li_text.shown(little) == (linkedin_little.shown(text), True), text
        assert linkedin_little.plain(little) == linkedin_little.shown(text), text


def test_without_escaping_the_text_ends_at_the_first_reserved_sign() -> None:
    for sign in "|{}@[]()<>#*_~":
        assert li_text.shown(f"Open {sign} closed") == ("Open ", False)


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("Bins (Tuesday) & more", r"Bins \(Tuesday\) & more"),
        ("#Fernhill is open", r"{hashtag|\#|Fernhill} is open"),
        ("(#Fern_hill)", r"\({hashtag|\#|Fern\_hill}\)"),
        ("No. #1 and C# and a#b", r"No. \#1 and C\# and a\#b"),
        ("#हिन्दी", r"{hashtag|\#|हिन्दी}"),
        ("https://a.de/x_y~z?b=@c#d.", "https://a.de/x_y~z?b=@c#d."),
        ("(see https://a.de/x_y_)", r"\(see https://a.de/x_y\_\)"),
        ("https://a.de/x_(y)", r"https://a.de/x\_\(y\)"),
        ("mail@fernhill.example", r"mail\@fernhill.example"),
        ("With @[Fern (UK)](urn:li:organization:1).", r"With @[Fern \(UK\)](urn:li:organization:1)."),
        ("@[Not a urn](http://x)", r"\@\[Not a urn\]\(http://x\)"),
        ("A \\ and a | and {this}", r"A \\ and a \| and \{this\}"),
    ],
)
def test_what_little_text_is_made_of_words(text: str, little: str) -> None:
    assert linkedin_little.escaped(text) == little


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("", 0), ("abc", 3), ("a_b (c) #d", 10), ("😀", 2), ("é", 1), ("e\u0301", 2), ("नमस्ते", 6), ("漢字", 2),
        ("سلام", 4), ("👩‍👩‍👧", 8), ("fernhill.example", 16),
    ],
)  # fmt: skip
def test_a_text_is_counted_as_people_see_it_not_as_it_is_sent(text: str, used: int) -> None:
    assert linkedin.measure(text).used == used


def test_a_mention_counts_as_its_name_a_card_as_nothing_and_an_answer_has_less_room() -> None:
    assert linkedin.measure("@[Fernhill](urn:li:organization:1)!", link="https://fernhill.example/long").used == 9
    assert (linkedin.measure("a").limit, linkedin.measure_reply("a").limit) == (3000, 1250)
    assert linkedin.measure_reply("@[Fernhill](urn:li:organization:1)").used == 34


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"status": 401, "serviceErrorCode": 65602, "message": "expired"}, "401"),
        (422, {"message": "RequestException: Content is a duplicate of urn:li:share:1"}, "422 DUPLICATE_POST"),
        (422, {"message": "x", "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]}}, "422 DUPLICATE_POST"),
        (422, {"errorDetails": {"inputErrors": [{"code": "FIELD_LENGTH_TOO_LONG"}]}}, "422 FIELD_LENGTH_TOO_LONG"),
        (422, {"message": "something else"}, "422"),
        (400, {"errorDetails": {"inputErrors": "odd"}}, "400"),
        (409, {}, "409"),
        (426, {"code": "NONEXISTENT_VERSION"}, "426"),
        (502, None, "HTTP 502"),
        (500, {"message": "Content is a duplicate of urn:li:share:1"}, "HTTP 500"),
    ],
)  # fmt: skip
def test_an_answer_has_its_name_in_the_table_of_proofs(status: int, body: Any, code: str) -> None:
    assert linkedin_client.code_of(status, body) == code


@pytest.mark.parametrize("code", ["422", "422 DUPLICATE_POST", "409", "HTTP 500"])
def test_what_proves_nothing_is_uncertain(code: str) -> None:
    assert code not in linkedin.PROOF
    ending = after_write("LinkedIn", linkedin_client.TABLE, Answered(code))
    assert isinstance(ending, Uncertain)


@pytest.mark.parametrize(
    ("headers", "detail", "wait"),
    [
        ({"Retry-After": "240"}, "", 240),
        ({}, "", 0),
        ({"Date": "Mon, 30 Nov 2026 23:00:00 GMT"}, "APPLICATION DAY limit for calls", 3600),
        ({"Date": "Mon, 30 Nov 2026 23:59:30 GMT"}, "APPLICATION DAY limit for calls", 60),
    ],
)
def test_a_daily_limit_is_waited_for_until_midnight(headers: dict[str, str], detail: str, wait: float) -> None:
    assert linkedin_client.wait_of(headers, detail) == wait


def test_versions_end_on_a_day() -> None:
    assert linkedin.sunset() == date(int(linkedin_client.VERSION[:4]) + 1, int(linkedin_client.VERSION[4:]), 1)
    assert facebook.sunset() == instagram.sunset() == date(2028, 2, 18)


def test_captions_go_out_in_the_form_linkedin_takes() -> None:
    vtt = "WEBVTT\n\nNOTE nothing\n\nintro\n00:01.000 --> 00:02.500 align:start\n<v Jo>Good <i>morning</i>\n\n"
    vtt += "01:00:03.000 --> 01:00:04.000\nTwo\nlines\n"
    first = "1\n00:00:01,000 --> 00:00:02,500\nGood morning\n"
    assert linkedin_media.srt(vtt) == f"{first}\n2\n01:00:03,000 --> 01:00:04,000\nTwo\nlines\n"


@pytest.mark.parametrize(
    ("text", "title", "shown"),
    [
        ("New timetable.\nFrom Monday.", "", "New timetable."),
        ("New timetable.", "Bus 7", "Bus 7"),
        ("", "", "fernhill.example"),
        ("word " * 40, "", f"{'word ' * 22}word…"),
    ],
)
def test_the_card_of_a_link_is_made_of_what_we_have(text: str, title: str, shown: str) -> None:
    link = "https://www.fernhill.example/bus"
    card = linkedin_media.card(Outgoing("post", text, link=link, title=title))
    assert card == {"source": link, "title": shown, "description": "fernhill.example"}


def test_a_link_is_in_the_words_where_there_is_no_card_for_it() -> None:
    link, picture = "https://fernhill.example/bus", Picture("a", "image/png", "", 1, 1, b"")
    assert linkedin.words(Outgoing("post", "New.", link=link)) == "New."
    for more in ({"pictures": [picture]}, {"reply_to": "urn:li:share:1"}):
        assert linkedin.words(Outgoing("post", "New.", link=link, **more)) == f"New.\n\n{link}"
