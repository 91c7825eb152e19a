"""What WordPress is given, so that people see exactly the words that were signed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from channels_app.emulator import wp_show
from channels_app.platforms import plaintext, wordpress, wordpress_client, wordpress_writing
from channels_app.platforms.base import Captions, Outgoing, Picture, Shown, Video

LINK = "https://fernhill.example/bus?line=7&day=1"


@pytest.mark.parametrize(
    "text",
    [
        "Bins & bags: Tuesday <early>.",
        "\"Quoted\" and 'single' -- a dash --- and three dots...",
        "A smile :) ;-) (tm) [gallery ids=1] 9x9 - and 5' 9\"",
        "One\nTwo\n\nThree: https://fernhill.example/a_(b)?c=d&e, ok.",
        "نص عربي مع 'علامات' - नमस्ते 👨‍👩‍👧 \u2019already curly\u2019",
    ],
)
def test_people_see_the_words_that_were_signed(text: str):
    content = wordpress_writing.article(Outgoing("post", text, link=LINK, idem_key="k"))["content"]
    wanted = plaintext.with_link(text, LINK)
    shown = wp_show.rendered(wp_show.seen(content))
    assert plaintext.from_page(shown) == wanted
    assert plaintext.from_page(content) == wanted


def test_without_the_entities_they_would_not():
    assert wp_show.seen('<p>"It\'s" -- done...</p>') == "“It’s” — done…"


@pytest.mark.parametrize(
    ("given", "text", "title"),
    [
        ("Bins on Tuesday", "Put them out.", "Bins on Tuesday"),
        ("", "Bins on Tuesday\nPut them out.", "Bins on Tuesday"),
        ("", "word " * 30, "word " * 15 + "word…"),
    ],
)
def test_a_title_is_the_one_given_or_the_first_line(given: str, text: str, title: str):
    assert wordpress_writing.title(Outgoing("post", text, title=given)) == title


def test_the_address_of_a_post_is_readable_its_own_and_always_the_same():
    one, other = Outgoing("post", "Bänke für alle!", idem_key="1"), Outgoing("post", "Bänke für alle!", idem_key="2")
    assert wordpress_writing.address(one).startswith("banke-fur-alle-")
    assert wordpress_writing.address(one) == wordpress_writing.address(one) != wordpress_writing.address(other)
    assert wordpress_writing.address(Outgoing("post", "नमस्ते", idem_key="1")).isalnum()


def test_the_first_picture_is_the_articles_own_and_the_others_stand_below():
    pictures = [Picture(key, "image/png", alt, 1, 1, b"") for key, alt in (("a", "A"), ("b", 'A "b" & c'))]
    prepared = {"image:a": "7 https://blog.example/a.png", "image:b": "8 https://blog.example/b.png"}
    fields = wordpress_writing.article(Outgoing("post", "Look.", pictures=pictures, prepared=prepared, idem_key="k"))
    assert fields["featured_media"] == 7
    assert plaintext.pictures(fields["content"]) == [{"url": "https://blog.example/b.png", "alt": 'A "b" & c'}]


def test_a_video_stands_below_the_words_with_its_captions_and_breaks_out_of_nothing():
    told = 'Water -->"<b>&'
    film = Video("f", "video/mp4", 640, 360, 9.0, 10, "", told, Captions("WEBVTT", "en-GB"))
    prepared = {"video:f": "7 https://blog.example/a--b.mp4", "captions:f": "8 https://blog.example/a--b.vtt?x&y"}
    outgoing = Outgoing("post", "Look.", video=film, prepared=prepared, idem_key="k")
    content = wordpress_writing.article(outgoing)["content"]
    assert plaintext.videos(content) == [Shown("https://blog.example/a--b.mp4", ["en-GB"], told)]
    assert (plaintext.from_page(content), plaintext.pictures(content)) == ("Look.", [])
    opening = content[content.index("<!-- wp:video") :].partition(" -->")[0].partition("{")[2]
    track = json.loads("{" + opening)["tracks"][0]
    assert (track["src"], track["label"]) == ("https://blog.example/a--b.vtt?x&y", "English")
    assert "--" not in opening
    bare = wordpress_writing.article(replace(outgoing, video=replace(film, captions=None)))["content"]
    assert plaintext.videos(bare)[0].captions == []


def test_a_video_of_a_page_is_read_however_it_is_written():
    page = '<video><source src="a"><source src="b"><track srclang="de"><track kind="chapters" srclang="en"></video>'
    assert plaintext.videos(f"<track srclang='x'>{page}") == [Shown("a", ["de"], "")]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"code": "incorrect_password"}, "401"),
        (403, {"code": "rest_cannot_create"}, "403"),
        (404, {"code": "rest_post_invalid_id"}, "rest_post_invalid_id"),
        (409, {"code": "comment_duplicate"}, "comment_duplicate"),
        (400, {"code": "rest_invalid_param"}, "rest_invalid_param"),
        (403, None, "HTTP 403"),  # a firewall's page proves nothing
        (429, None, "429"),
        (413, None, "413"),
        (500, {"code": "rest_invalid_param"}, "HTTP 500"),
        (500, {"code": "rest_upload_sideload_error"}, "rest_upload_sideload_error"),
        (400, {"code": "rest_upload_no_data"}, "rest_upload_no_data"),
        (502, None, "HTTP 502"),
    ],
)
def test_an_answer_is_named_by_what_it_proves(status: int, body: object, code: str):
    assert wordpress_client.code_of(status, body) == code
    assert (code in wordpress.PROOF) != (code.startswith("HTTP") or code == "comment_duplicate")


def test_an_application_password_is_taken_with_the_spaces_it_is_shown_with():
    assert [need.spaced for need in wordpress.NEEDS] == [False, True]
    assert [need.shown for need in wordpress.NEEDS] == [True, False]
