"""Videos: sent whole, with the words for those who do not see or hear them, and waited for while they are worked on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater
from tests.contract.conftest import Desk, can, prepared, video

CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nThe weir is closed.\n"
HERE = ("bluesky", "mastodon", "pinterest", "wordpress", "x")


def media(desk: Desk) -> list[dict[str, Any]]:
    """The files of the one post there is."""
    (shown,) = desk.public()
    found: Any = shown["media"]
    return list(found)


@can("publish", "video", only=HERE)
def test_a_video_goes_out_whole_and_is_found_again(desk: Desk) -> None:
    before, film = desk.since(), video()
    outgoing = desk.post("The weir from the bridge.", video=film)
    desk.send(outgoing)
    file = media(desk)[0]
    assert (file["mime"], file["sha256"]) == (film.mime, hashlib.sha256(Path(film.path).read_bytes()).hexdigest())
    assert file["alt"] == ("" if desk.name == "x" else film.alt)  # X has alternative texts for pictures alone
    assert len(desk.platform.look_up(desk.account, outgoing, before).candidates) == 1


@can("publish", "captions", only=HERE)
def test_captions_go_with_their_video(desk: Desk) -> None:
    desk.posted("The weir.", video=replace(video(), captions=Captions(CUES, "en")))
    assert media(desk)[0]["captions"] == {"en": CUES}


@can("publish", "video", only=("mastodon", "pinterest", "x"))
def test_a_video_still_being_worked_on_is_waited_for(desk: Desk) -> None:
    desk.emulator.rules(media_seconds=600)
    try:
        with pytest.raises(TryLater):
            prepared(desk, Outgoing("post", "Soon.", video=video(), idem_key="v"))
    finally:
        desk.emulator.rules(media_seconds=0)
    assert desk.public() == []


@can("publish", "video", only=("mastodon", "x"))
def test_a_video_the_platform_cannot_use_is_refused_before_anything_is_posted(desk: Desk) -> None:
    desk.fault("media_fails", "media", times=0)
    outgoing = Outgoing("post", "Broken.", video=video(), idem_key="v")
    with pytest.raises(TryLater):
        prepared(desk, outgoing)
    desk.emulator.advance(2)
    try:
        steps = desk.platform.steps(desk.account, outgoing)
        kept = {steps[0]: desk.platform.prepare(desk.account, outgoing, steps[0])}
        for step in steps[1:]:
            kept[step] = desk.platform.prepare(desk.account, replace(outgoing, prepared=kept), step)
        desk.emulator.advance(2)
        with pytest.raises(Refused) as ending:
            prepared(desk, replace(outgoing, prepared=kept))
    finally:
        desk.emulator.go_live()
    assert ending.value.cause == "content"


@can("publish", "video", only=("x",))
def test_a_long_video_is_sent_in_parts_and_each_may_be_sent_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    path.write_bytes(Path(video().path).read_bytes() + bytes(range(256)) * 20_000)
    film = replace(video(), path=str(path), size=path.stat().st_size)
    desk.fault("drop_after", "media", times=1, path="/append")
    outgoing = Outgoing("post", "Long.", video=film, idem_key="v")
    steps = list(desk.platform.steps(desk.account, outgoing))
    assert [step.partition(":")[0] for step in steps] == ["begin", "part", "part", "end"]
    begun = {steps[0]: desk.platform.prepare(desk.account, outgoing, steps[0])}
    with pytest.raises(TryLater):
        desk.platform.prepare(desk.account, replace(outgoing, prepared=begun), steps[1])
    desk.send(prepared(desk, replace(outgoing, prepared=begun)))
    assert media(desk)[0]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
