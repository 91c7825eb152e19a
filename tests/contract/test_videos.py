"""A video on a Page: in parts, with its captions, published once, shown when Facebook is done with it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from channels_app.platforms import facebook_videos
from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater, Uncertain, Video
from tests.contract.conftest import Desk, can, prepared, video

pytestmark = can(only=("facebook",))
VTT = """WEBVTT

NOTE who

00:01.000 --> 00:02.500 align:start
The weir.

2
01:00:03.000 --> 01:00:04.000
Two
lines.
"""
SRT = "1\n00:00:01,000 --> 00:00:02,500\nThe weir.\n\n2\n01:00:03,000 --> 01:00:04,000\nTwo\nlines.\n"


def large(folder: Path) -> Video:
    path = folder / "large.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(2_500_000))
    return replace(video(), path=str(path), size=path.stat().st_size)


def test_a_video_goes_out_in_parts_and_is_shown(desk: Desk, tmp_path: Path) -> None:
    film = large(tmp_path)
    outgoing = desk.post("The weir.", video=film, link="https://fernhill.example/weir", title="Weir")
    assert list(outgoing.prepared) == ["video", "part:0", "part:1048576", "part:2097152"]
    assert desk.public() == []
    receipt = desk.send(outgoing)
    assert receipt.pending
    (shown,) = desk.public()
    assert shown["media"][0]["sha256"] == hashlib.sha256(Path(film.path).read_bytes()).hexdigest()
    seen = desk.platform.read(desk.account, receipt.remote_id, "post")
    assert seen is not None
    assert (seen.remote_id, seen.text) == (shown["id"], "The weir.\n\nhttps://fernhill.example/weir")
    assert seen.url.startswith("https://")


def test_captions_go_with_it(desk: Desk) -> None:
    assert facebook_videos.srt(VTT) == SRT
    film = replace(video(), captions=Captions(VTT, "en"))
    outgoing = desk.post("The weir.", video=film)
    assert list(outgoing.prepared)[-1] == "captions"
    desk.send(outgoing)
    assert len(desk.public()) == 1


def test_a_part_that_is_lost_is_brought_again(desk: Desk) -> None:
    outgoing = Outgoing("post", "The weir.", video=video())
    outgoing = replace(outgoing, prepared={"video": desk.platform.prepare(desk.account, outgoing, "video")})
    desk.fault("drop_after", "media", times=1)
    with pytest.raises(TryLater) as ending:
        prepared(desk, outgoing)
    assert not ending.value.anew
    desk.send(prepared(desk, outgoing))
    assert len(desk.public()) == 1


def test_a_session_that_lost_its_place_is_begun_anew(desk: Desk) -> None:
    outgoing = Outgoing("post", "The weir.", video=video())
    outgoing = replace(outgoing, prepared={"video": desk.platform.prepare(desk.account, outgoing, "video")})
    body = '{"error": {"code": 6001, "error_subcode": 1363037, "message": "There was a problem"}}'
    desk.fault("refuse", "media", times=1, status=400, body=body)
    with pytest.raises(TryLater) as ending:
        prepared(desk, outgoing)
    assert ending.value.anew


@pytest.mark.parametrize("kind", ["drop_after", "html_after"])
def test_a_last_call_without_an_answer_is_found_by_its_number_and_never_made_twice(desk: Desk, kind: str) -> None:
    before, outgoing = desk.since(), desk.post("The weir.", video=video())
    desk.fault(kind, "publish", times=1)
    with pytest.raises(Uncertain):
        desk.send(outgoing)
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert [one.remote_id for one in lookup.candidates] == [one["id"] for one in desk.public()]
    with pytest.raises(Uncertain):
        desk.send(outgoing)
    assert len(desk.public()) == 1


def test_a_last_call_that_never_came_may_be_made_again(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post("The weir.", video=video())
    desk.fault("drop_before", "publish", times=1)
    with pytest.raises(Uncertain):
        desk.send(outgoing)
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert (list(lookup.candidates), lookup.complete, lookup.resend_safe) == ([], True, True)
    desk.send(outgoing)
    assert len(desk.public()) == 1


def test_what_facebook_is_at_work_on_is_neither_there_nor_absent(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post("The weir.", video=video())
    desk.emulator.rules(media_seconds=600)
    receipt = desk.send(outgoing)
    assert desk.platform.read(desk.account, receipt.remote_id, "post") is None
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert (list(lookup.candidates), lookup.complete, lookup.resend_safe) == ([], False, False)
    with pytest.raises(Uncertain):
        desk.send(outgoing)


def test_a_video_that_cannot_be_read_is_not_shown_and_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    path.write_bytes(bytes(4096))
    before, outgoing = desk.since(), desk.post("Noise.", video=replace(video(), path=str(path), size=4096))
    receipt = desk.send(outgoing)
    desk.emulator.advance(2)
    try:
        assert desk.platform.read(desk.account, receipt.remote_id, "post") is None
        assert desk.platform.look_up(desk.account, outgoing, before).complete
        with pytest.raises(Refused) as ending:
            desk.send(outgoing)
    finally:
        desk.emulator.go_live()
    assert ending.value.cause == "content"
    assert desk.public() == []
