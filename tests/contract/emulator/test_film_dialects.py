"""What YouTube's, Vimeo's and Pinterest's rules make of a caller who does not keep them."""

from __future__ import annotations

import requests

from channels_app.emulator.client import Emulator

TUBE = "https://youtube.googleapis.example"
VIMEO = "https://api.vimeo.example"
PINS = "https://api.pinterest.example/v5"


def bearer(practice: Emulator, platform: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {practice.create_account(platform, 'fernhill')['token']}"}


def reason(answer: requests.Response) -> str:
    return str(answer.json()["error"]["errors"][0]["reason"])


def test_youtube_counts_units_and_calls_that_are_wrong_cost_as_much(practice: Emulator, web: requests.Session) -> None:
    mine = bearer(practice, "youtube")
    practice.rules(limits=True)
    try:
        wrong = [web.post(f"{TUBE}/upload/youtube/v3/captions", headers=mine) for _ in range(25)]
        assert {reason(one) for one in wrong} == {"contentRequired"}
        over = web.get(f"{TUBE}/youtube/v3/channels?part=id&mine=true", headers=mine)
        assert (over.status_code, reason(over)) == (403, "quotaExceeded")
    finally:
        practice.rules(limits=False)


def test_youtube_takes_only_chunks_of_whole_pieces_and_no_gaps(practice: Emulator, web: requests.Session) -> None:
    mine = bearer(practice, "youtube")
    opened = web.post(
        f"{TUBE}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status",
        json={"snippet": {"title": "The weir"}},
        headers=mine | {"X-Upload-Content-Length": "1000000"},
    )
    address = opened.headers["Location"]
    for span, size in (("bytes 0-999/1000000", 1000), ("bytes 262144-524287/1000000", 262_144), ("bytes 0-9/20", 10)):
        refused = web.put(address, data=b"x" * size, headers=mine | {"Content-Range": span})
        assert refused.status_code == 400
    asked = web.put(address, headers=mine | {"Content-Range": "bytes */1000000"}, allow_redirects=False)
    assert (asked.status_code, "Range" in asked.headers) == (308, False)
    taken = web.put(
        address, data=b"x" * 262_144, headers=mine | {"Content-Range": "bytes 0-262143/1000000"}, allow_redirects=False
    )
    assert (taken.status_code, taken.headers["Range"]) == (308, "bytes=0-262143")
    assert practice.public("youtube") == []


def test_vimeo_takes_bytes_only_from_where_the_upload_stands(practice: Emulator, web: requests.Session) -> None:
    mine = bearer(practice, "vimeo")
    body = {"upload": {"approach": "tus", "size": "10"}, "name": "The weir", "privacy": {"view": "nobody"}}
    made = web.post(f"{VIMEO}/me/videos", json=body, headers=mine).json()
    link = made["upload"]["upload_link"]
    assert web.patch(link, data=b"12345", headers={"Upload-Offset": "0"}).headers["Upload-Offset"] == "5"
    again = web.patch(link, data=b"12345", headers={"Upload-Offset": "0"})
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "5")
    early = web.patch(f"{VIMEO}{made['uri']}", json={"privacy": {"view": "anybody"}}, headers=mine)
    assert (early.status_code, early.json()["error_code"]) == (400, 2204)
    assert web.head(link).headers["Upload-Offset"] == "5"
    assert practice.public("vimeo") == []


def test_pinterest_takes_a_video_by_its_own_form_alone_and_pins_none_that_is_not_ready(
    practice: Emulator, web: requests.Session
) -> None:
    mine = bearer(practice, "pinterest")
    made = web.post(f"{PINS}/media", json={"media_type": "video"}, headers=mine).json()
    where, form, name = made["upload_url"], made["upload_parameters"], made["media_id"]
    file = {"file": ("video", b"\0\0\0\x18ftypmp42")}
    for wrong, headers in (({**form, "x-amz-signature": "0"}, {}), (form, mine)):
        assert web.post(where, data=wrong, files=file, headers=headers).status_code == 403
    source = {"source_type": "video_id", "media_id": name, "cover_image_key_frame_time": 0}
    board = web.get(f"{PINS}/boards", headers=mine).json()["items"][0]["id"]
    pin = {"board_id": board, "media_source": source}
    assert web.get(f"{PINS}/media/{name}", headers=mine).json()["status"] == "registered"
    assert web.post(f"{PINS}/pins", json=pin, headers=mine).status_code == 400
    assert web.post(where, data=form, files=file).status_code == 204
    assert web.get(f"{PINS}/media/{name}", headers=mine).json()["status"] == "succeeded"
    bare = pin | {"media_source": {"source_type": "video_id", "media_id": name}}
    assert web.post(f"{PINS}/pins", json=bare, headers=mine).status_code == 400
    assert web.post(f"{PINS}/pins", json=pin, headers=mine).json()["media"]["media_type"] == "video"
