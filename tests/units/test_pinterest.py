"""What Pinterest is given and what its answers prove."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests

from channels_app.platforms import pinterest, pinterest_client, pinterest_reading, pinterest_video
from channels_app.platforms.base import Account, Outgoing, Picture, Refused, Secret, Shown, Video

ACCOUNT = Account("pinterest", "api.pinterest.example", "1", "@fernhill", {"access_token": Secret("t")}, practice=True)
PNG = Picture("a", "image/png", "The weir", 1, 1, b"\x89PNG\r\n\x1a\n and more")

FILM = Video("f", "video/mp4", 640, 360, 9.0, 10, "/nowhere")


def answer(status: int, body: object, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content = status, b"" if body is None else json.dumps(body).encode()
    made.headers.update(headers)
    return made


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"code": 2, "message": "Authentication failed."}, "401"),
        (403, {"code": 29, "message": "No."}, "403"),
        (404, {"code": 50, "message": "Pin not found."}, "404"),
        (404, {"code": 40, "message": "Board not found."}, "404/40"),
        (429, {"code": 8, "message": "Limit."}, "429"),
        (429, None, "HTTP 429"),
        (403, None, "HTTP 403"),
        (500, {"code": 12, "message": "Oops."}, "HTTP 500"),
        (409, {"code": 9, "message": "?"}, "409"),
    ],
)
def test_only_what_pinterest_itself_says_proves_anything(status: int, body: object, code: str):
    assert pinterest_client.fault_of(answer(status, body)).code == code
    assert (code in pinterest.PROOF) == (not code.startswith("HTTP") and code != "409")


def test_a_limit_says_how_long_it_lasts():
    limit = {"code": 8, "message": "Limit."}
    assert pinterest_client.fault_of(answer(429, limit, **{"Retry-After": "30"})).wait == 30
    assert pinterest_client.fault_of(answer(429, limit)).wait == 0


def test_a_pin_is_refused_here_where_it_cannot_be_one():
    for outgoing in (Outgoing("post", "No picture."), Outgoing("hide", target="1")):
        with pytest.raises(Refused) as refused:
            pinterest.send(ACCOUNT, outgoing)
        assert (refused.value.cause, refused.value.code) == ("content", "unable")
    assert pinterest.prepare(ACCOUNT, Outgoing("post", pictures=[PNG]), "image:a") == "checked"
    for broken in (b"not a picture", PNG.data + bytes(pinterest.LIMITS.image_bytes)):
        with pytest.raises(Refused):
            pinterest.prepare(ACCOUNT, Outgoing("post", pictures=[replace(PNG, data=broken)]), "image:a")


def test_a_title_is_the_one_given_or_the_first_line_and_never_too_long():
    assert pinterest.title(Outgoing("post", "One\nTwo")) == "One"
    assert pinterest.title(Outgoing("post", "One", title="Given")) == "Given"
    assert len(pinterest.title(Outgoing("post", "word " * 60))) <= 100


def test_words_are_counted_without_the_link_which_has_a_field_of_its_own():
    assert pinterest.measure("x" * 500, link="https://fernhill.example").left == 0


def test_a_pin_is_read_whole():
    row = {
        "id": "5", "created_at": "2026-11-18T12:00:00", "description": "The weir", "alt_text": "Water",
        "media": {"images": {"150x150": {"url": "s"}, "1200x": {"url": "l"}}},
        "pin_metrics": {"lifetime_metrics": {"impression": 9, "save": 0}},
    }  # fmt: skip
    item = pinterest_reading.item(ACCOUNT, row)
    assert (item.text, item.at) == ("The weir", datetime(2026, 11, 18, 12, tzinfo=UTC))
    assert item.pictures == [{"url": "l", "alt": "Water"}]
    assert (item.numbers["impressions"], item.numbers["shares"], item.numbers["likes"]) == (9, 0, None)


def test_a_pin_of_a_video_has_a_video_and_no_picture():
    row = {
        "id": "5", "created_at": "2026-11-18T12:00:00", "description": "The weir", "alt_text": "Water",
        "media": {"media_type": "video", "cover_image_url": "c", "images": {"1200x": {"url": "l"}}},
    }  # fmt: skip
    item = pinterest_reading.item(ACCOUNT, row)
    assert (item.pictures, item.videos) == ([], [Shown("https://www.pinterest.com/pin/5/", None, "Water")])
    assert pinterest_reading.candidate(row).pictures == 0


def test_a_video_is_brought_to_pinterests_own_places_alone():
    for address in ("https://elsewhere.example/", "https://x.amazonaws.com/", "https://pinterest-a.example/"):
        with pytest.raises(ValueError, match="another host"):
            pinterest_client.Client(ACCOUNT).bring(address, {}, FILM)


@pytest.mark.parametrize(
    ("text", "code"),
    [("<Error><Code>EntityTooLarge</Code></Error>", "upload EntityTooLarge"), ("<Code>SlowDown</Code>", "HTTP 400")],
)
def test_what_the_place_for_uploads_says_proves_little(text: str, code: str):
    made = requests.Response()
    made.status_code, made._content = 400, text.encode()
    assert pinterest_client.turned_away(made).code == code
    assert (code in pinterest.PROOF) == (code != "HTTP 400")


def test_where_no_picture_stands_for_a_video_its_first_one_does():
    for cover in ("", "/nowhere/cover.jpg"):
        film = replace(FILM, cover=cover)
        source = pinterest_video.source(film, Outgoing("post", video=film, prepared={"ready:f": "7"}))
        assert source == {"source_type": "video_id", "media_id": "7", "cover_image_key_frame_time": 0}
