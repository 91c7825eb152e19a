"""Videos that go in one piece: into a blog's library with their captions, and to Pinterest, which is waited for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater, Uncertain, Video
from tests.contract.conftest import Desk, can, picture, prepared, video
from tests.contract.test_filming import CUES, media

BOTH, BLOG, BOARD = ("pinterest", "wordpress"), can("video", only=("wordpress",)), can("video", only=("pinterest",))
EMPTY = '{"code": "rest_upload_no_data", "message": "No data supplied.", "data": {"status": 400}}'
LARGE = "<Error><Code>EntityTooLarge</Code></Error>"


def captioned() -> Video:
    return replace(video(), captions=Captions(CUES, "en"))


def filmed(**more: object) -> Outgoing:
    return Outgoing("post", "The weir.", video=video(), idem_key="v", **more)


@can("video", only=BOTH)
def test_an_upload_whose_answer_is_lost_is_made_again_and_one_post_shows_it(desk: Desk) -> None:
    desk.fault("drop_after", "media", times=1)
    with pytest.raises(TryLater) as ending:
        prepared(desk, filmed())
    assert not ending.value.anew
    desk.send(prepared(desk, filmed()))
    whole = hashlib.sha256(Path(video().path).read_bytes()).hexdigest()
    assert [one["sha256"] for one in media(desk)] == [whole]


@can("video", only=BOTH)
@pytest.mark.parametrize("kind", ["drop_after", "html_after", "drop_before"])
def test_an_answer_lost_while_it_is_published_is_asked_for(desk: Desk, kind: str) -> None:
    before, ready = desk.since(), prepared(desk, filmed())
    desk.fault(kind, "publish", times=1)
    with pytest.raises(Uncertain):
        desk.send(ready)
    lookup = desk.platform.look_up(desk.account, ready, before)
    assert lookup.complete
    assert [one.remote_id for one in lookup.candidates] == [one["id"] for one in desk.public()]


@can("video", only=BOTH)
def test_what_is_read_back_tells_of_the_video(desk: Desk) -> None:
    seen = desk.platform.read(desk.account, desk.send(prepared(desk, filmed())).remote_id, "post")
    assert seen is not None
    assert seen.videos is not None
    assert [(one.alt, one.url.startswith("https://")) for one in seen.videos] == [("The weir from the bridge.", True)]
    assert (seen.text, seen.pictures) == ("The weir.", [])


@can("video", only=BOTH)
def test_one_larger_than_is_taken_is_refused_with_proof_and_nothing_is_public(desk: Desk) -> None:
    body, path = (EMPTY, "") if desk.name == "wordpress" else (LARGE, "/uploads")
    desk.fault("refuse", "media", times=1, status=400, body=body, path=path)
    with pytest.raises(Refused) as ending:
        prepared(desk, filmed())
    assert ending.value.cause == "content"
    assert ending.value.code in desk.platform.PROOF
    assert "larger than" in ending.value.words
    assert desk.public() == []


# --- the blog ------------------------------------------------------------------------------------------------------


@BLOG
def test_an_article_shows_pictures_and_a_video_with_its_captions(desk: Desk) -> None:
    pictures = [picture("a", "The library."), picture("b", 'Its "new" -- door > wall.', "maroon")]
    film = replace(captioned(), alt='The weir -- "new" & <wide>.')
    outgoing = desk.post('"Look" -- done.', pictures=pictures, video=film, link="https://fernhill.example/weir")
    assert list(outgoing.prepared) == ["image:a", "image:b", "video:film", "captions:film"]
    seen = desk.platform.read(desk.account, desk.send(outgoing).remote_id, "post")
    assert seen is not None
    assert seen.text == desk.platform.words(outgoing)
    assert [one["alt"] for one in seen.pictures] == [one.alt for one in pictures]
    assert [(one.alt, one.captions) for one in seen.videos or ()] == [(film.alt, ["en"])]
    assert [one["captions"] for one in media(desk)] == [{}, {}, {"en": CUES}]


@BLOG
def test_captions_that_are_not_there_are_told_as_missing(desk: Desk) -> None:
    seen = desk.platform.read(desk.account, desk.posted("The weir.", video=video()), "post")
    assert seen is not None
    assert [one.captions for one in seen.videos or ()] == [[]]


# --- Pinterest -----------------------------------------------------------------------------------------------------


@BOARD
def test_a_pin_of_a_video_has_its_title_its_link_and_the_picture_that_stands_for_it(desk: Desk, tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(picture().data)
    film = replace(video(), cover=str(cover))
    outgoing = desk.post("The weir.", video=film, title="Weir", link="https://fernhill.example/weir")
    assert [step.partition(":")[0] for step in outgoing.prepared] == ["video", "ready"]
    assert len(set(outgoing.prepared.values())) == 1  # the number alone: no address, no form
    desk.send(outgoing)
    (shown,) = desk.public()
    assert (shown["title"], shown["link"]) == ("Weir", "https://fernhill.example/weir")
    cover.write_bytes(b"no picture")
    with pytest.raises(Refused):
        desk.send(replace(outgoing, text="Another."))


@BOARD
def test_pinterest_is_waited_for_and_says_where_it_cannot_use_a_video(desk: Desk, tmp_path: Path) -> None:
    desk.emulator.rules(media_seconds=600)
    try:
        with pytest.raises(TryLater) as waiting:
            prepared(desk, filmed())
    finally:
        desk.emulator.rules(media_seconds=0)
    assert waiting.value.code == "200 processing"
    path = tmp_path / "noise.mp4"
    path.write_bytes(bytes(4096))
    with pytest.raises(Refused) as ending:
        prepared(desk, replace(filmed(), video=replace(video(), path=str(path), size=4096)))
    assert (ending.value.cause, ending.value.code) == ("content", "failed")
    assert "failed" in desk.platform.PROOF
    assert desk.public() == []


@BOARD
def test_a_video_pinterest_has_no_more_is_brought_anew(desk: Desk) -> None:
    first = filmed()
    step = desk.platform.steps(desk.account, first)[0]
    brought = replace(first, prepared={step: desk.platform.prepare(desk.account, first, step)})
    desk.emulator.advance(3 * 86_400)
    try:
        with pytest.raises(TryLater) as ending:
            prepared(desk, brought)
    finally:
        desk.emulator.go_live()
    assert ending.value.anew


@BOARD
def test_a_picture_with_the_same_words_is_not_taken_for_the_video(desk: Desk) -> None:
    before, ready = desk.since(), prepared(desk, filmed())
    desk.posted("The weir.")
    assert desk.platform.look_up(desk.account, ready, before).candidates == []
    made = desk.send(ready).remote_id
    assert [one.remote_id for one in desk.platform.look_up(desk.account, ready, before).candidates] == [made]
