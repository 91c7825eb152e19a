"""Videos on their way: in parts, taken up again where the line broke, and never twice."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels_app.platforms import http, vimeo_upload, youtube_upload
from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater, Uncertain, Video
from tests.contract.conftest import Desk, can, prepared

PIECE = 256 * 1024
WORDS = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nThe weir opens.\n"
OFF = {
    "youtube": '{"error": {"code": 403, "errors": [{"reason": "commentsDisabled"}]}}',
    "vimeo": '{"error": "Comments are off.", "error_code": 3413}',
}


pytestmark = can("video", only=("vimeo", "youtube"))


@pytest.fixture
def cinema(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An account on a platform of videos whose parts are small."""
    small_parts(monkeypatch)
    yield desk
    desk.emulator.rules(media_seconds=0)
    desk.emulator.clear_faults()


def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (youtube_upload, vimeo_upload):
        monkeypatch.setattr(module, "CHUNK", 2 * PIECE)


def film(folder: Path, size: int = 5 * PIECE + 700, *, captions: str = "", broken: bool = False) -> Outgoing:
    path = folder / "weir.mp4"
    head = b"\x00\x00\x00\x18" + (b"free" if broken else b"ftyp") + b"isom\x00\x00\x02\x00isommp42"
    path.write_bytes((head + bytes(range(256)) * (size // 256 + 1))[:size])
    words = Captions(captions, "en") if captions else None
    video = Video("weir", "video/mp4", 640, 360, 12.0, size, str(path), captions=words)
    return Outgoing("post", "The weir opens.\nCome and see.", idem_key="weir", title="The weir", video=video)


def taken(desk: Desk) -> list[tuple[int, int]]:
    """The byte ranges the platform took, in the order they came."""
    said = [str(row["committed"]).split()[-1] for row in desk.requests("media")]
    return sorted((int(a), int(b)) for a, b in (one.split("-") for one in said if "-" in one and one[0].isdigit()))


def is_whole_and_once(desk: Desk, outgoing: Outgoing) -> None:
    """One video, with exactly our bytes, none of which went twice."""
    assert outgoing.video is not None
    (shown,) = desk.public()
    data = Path(outgoing.video.path).read_bytes()
    assert [one["sha256"] for one in shown["media"]] == [hashlib.sha256(data).hexdigest()]  # type: ignore[attr-defined]
    ranges = taken(desk)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == outgoing.video.size - 1
    assert all(end + 1 == start for (_, end), (start, _) in zip(ranges, ranges[1:], strict=False))


def test_a_video_goes_out_in_parts_with_its_title_and_words(cinema: Desk, tmp_path: Path) -> None:
    ready = prepared(cinema, film(tmp_path))
    assert cinema.public() == []
    receipt = cinema.platform.send(cinema.account, ready)
    assert not receipt.pending
    is_whole_and_once(cinema, ready)
    (item,) = cinema.platform.fetch(cinema.account, "posts", "").items
    assert (item.remote_id, item.text, item.url) == (receipt.remote_id, ready.text, receipt.url)
    assert "The weir" in str(item.raw)


@pytest.mark.parametrize("place", ["mid_body", "after_body", "after_connect"])
def test_a_line_cut_at_any_part_is_taken_up_where_it_broke(
    cinema: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    outgoing = film(tmp_path)
    first, *parts = cinema.platform.steps(cinema.account, outgoing)
    kept = {first: cinema.platform.prepare(cinema.account, outgoing, first)}
    for step in parts:
        outgoing = replace(outgoing, prepared=dict(kept))
        with monkeypatch.context() as broken:
            cut(broken, place)
            with pytest.raises(TryLater):
                cinema.platform.prepare(cinema.account, outgoing, step)
        time.sleep(0.05)  # what had come by then is kept by the platform
        kept[step] = cinema.platform.prepare(cinema.account, outgoing, step)
    ready = replace(outgoing, prepared=kept)
    cinema.platform.send(cinema.account, ready)
    is_whole_and_once(cinema, ready)
    pieces = len(taken(cinema))
    assert pieces > len(parts) if place == "mid_body" else pieces == len(parts)


def cut(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Break every line that carries bytes of a film at this place."""
    request = http.Session.request

    def spy(self: http.Session, method: str, url: str, *args: object, **options: object) -> object:
        carries = len(options.get("data") or b"") > 0
        monkeypatch.setattr(http, "fail", fail if carries else lambda name: None)
        return request(self, method, url, *args, **options)

    def fail(name: str) -> None:
        if name == place:
            raise OSError("cut")

    monkeypatch.setattr(http.Session, "request", spy)


def test_steps_repeated_after_a_crash_send_no_byte_again(cinema: Desk, tmp_path: Path) -> None:
    """Killed between a part's answer and keeping it, the part is asked for and not sent again."""
    outgoing = film(tmp_path)
    ready = prepared(cinema, outgoing)
    first = cinema.platform.steps(cinema.account, outgoing)[0]
    again = prepared(cinema, replace(outgoing, prepared={first: ready.prepared[first]}))
    last = cinema.platform.steps(cinema.account, outgoing)[-1]
    assert again.prepared[last] == ready.prepared[last]
    cinema.platform.send(cinema.account, again)
    is_whole_and_once(cinema, again)


@pytest.mark.parametrize("kind", ["drop_after", "html_after"])
def test_a_lost_answer_to_the_last_byte_is_asked_for_and_nothing_is_uploaded_a_second_time(
    cinema: Desk, tmp_path: Path, kind: str
) -> None:
    outgoing = film(tmp_path)
    steps = cinema.platform.steps(cinema.account, outgoing)
    kept: dict[str, str] = {}
    for step in steps:
        outgoing = replace(outgoing, prepared=dict(kept))
        if step == steps[-1]:
            cinema.fault(kind, "media", times=1)
            with pytest.raises(TryLater):
                cinema.platform.prepare(cinema.account, outgoing, step)
        kept[step] = cinema.platform.prepare(cinema.account, outgoing, step)
    ready = replace(outgoing, prepared=kept)
    assert cinema.public() == []
    cinema.platform.send(cinema.account, ready)
    is_whole_and_once(cinema, ready)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_publishing_is_the_same_however_often_it_is_done(cinema: Desk, tmp_path: Path, kind: str) -> None:
    ready = prepared(cinema, film(tmp_path))
    before = datetime.now(UTC)
    cinema.fault(kind, "publish", times=1)
    with pytest.raises(Uncertain):
        cinema.platform.send(cinema.account, ready)
    found = cinema.platform.look_up(cinema.account, ready, before)
    assert (found.exact is not None) == (kind == "drop_after")
    remote_id = cinema.platform.send(cinema.account, ready).remote_id
    assert remote_id == cinema.platform.send(cinema.account, ready).remote_id
    assert found.exact is None or found.exact.remote_id == remote_id
    is_whole_and_once(cinema, ready)


def test_what_a_restored_backup_forgot_is_found_by_its_words(cinema: Desk, tmp_path: Path) -> None:
    ready = prepared(cinema, film(tmp_path))
    remote_id = cinema.platform.send(cinema.account, ready).remote_id
    forgotten = replace(ready, prepared={})
    found = cinema.platform.look_up(cinema.account, forgotten, datetime.now(UTC) - timedelta(minutes=1))
    assert [one.remote_id for one in found.candidates] == [remote_id]


def test_an_upload_the_platform_has_closed_says_so_and_nothing_is_public(cinema: Desk, tmp_path: Path) -> None:
    outgoing = film(tmp_path)
    first = cinema.platform.steps(cinema.account, outgoing)[0]
    address = cinema.platform.prepare(cinema.account, outgoing, first)
    closed = replace(outgoing, prepared={first: address[:-4] + "0000"})
    with pytest.raises(Refused) as ending:
        prepared(cinema, closed)
    assert ending.value.code == "404 upload"
    assert "begins anew" in ending.value.words
    assert cinema.public() == []


def test_an_upload_is_never_sent_to_another_host(cinema: Desk, tmp_path: Path) -> None:
    outgoing = film(tmp_path)
    first = cinema.platform.steps(cinema.account, outgoing)[0]
    address = cinema.platform.prepare(cinema.account, outgoing, first)
    elsewhere = address.replace(cinema.account.host, "elsewhere.example")
    with pytest.raises((TryLater, Refused)):
        prepared(cinema, replace(outgoing, prepared={first: elsewhere}))
    assert taken(cinema) == []


@pytest.mark.parametrize("fault", ["", "drop_before", "drop_after"])
def test_captions_go_with_the_video_once_and_where_they_fail_it_is_told(
    cinema: Desk, tmp_path: Path, fault: str
) -> None:
    outgoing = film(tmp_path, captions=WORDS)
    captions = cinema.platform.steps(cinema.account, outgoing)[-1]
    before = prepared(cinema, replace(outgoing, video=replace(outgoing.video, captions=None)))  # type: ignore[type-var]
    ready = replace(outgoing, prepared=before.prepared)
    if fault:
        cinema.fault(fault, "captions", times=1)
        with pytest.raises(TryLater):
            cinema.platform.prepare(cinema.account, ready, captions)
    first = cinema.platform.prepare(cinema.account, ready, captions)
    assert cinema.platform.prepare(cinema.account, ready, captions) == first
    cinema.platform.send(cinema.account, prepared(cinema, ready))
    is_whole_and_once(cinema, ready)
    (track,) = [one for one in cinema.public()[0]["captions"] if one.get("active", True)]  # type: ignore[attr-defined]
    assert (track["language"], track["text"]) == ("en", WORDS)


def test_a_video_in_processing_is_pending_until_it_can_be_seen(cinema: Desk, tmp_path: Path) -> None:
    cinema.emulator.rules(media_seconds=600)
    ready = prepared(cinema, film(tmp_path))
    receipt = cinema.platform.send(cinema.account, ready)
    assert receipt.pending
    with pytest.raises(TryLater) as ending:
        cinema.platform.read(cinema.account, receipt.remote_id, "post")
    assert "still processing" in ending.value.words
    cinema.emulator.advance(700)
    try:
        seen = cinema.platform.read(cinema.account, receipt.remote_id, "post")
        assert seen is not None
    finally:
        cinema.emulator.go_live()


def test_a_video_the_platform_cannot_process_is_refused_with_proof(cinema: Desk, tmp_path: Path) -> None:
    ready = prepared(cinema, film(tmp_path, broken=True))
    receipt = cinema.platform.send(cinema.account, ready)
    assert receipt.pending
    with pytest.raises(Refused) as ending:
        cinema.platform.read(cinema.account, receipt.remote_id, "post")
    assert (ending.value.cause, ending.value.code) == ("content", "not processed")
    assert ending.value.code in cinema.platform.PROOF


def test_answers_beyond_those_beside_a_comment_are_all_read(cinema: Desk, tmp_path: Path) -> None:
    post = cinema.platform.send(cinema.account, prepared(cinema, film(tmp_path))).remote_id
    top = cinema.hear("Is the path open?", reply_to=post)
    below = {cinema.hear(f"I wonder too, {n}.", reply_to=top) for n in range(7)}
    items = cinema.platform.fetch(cinema.account, "comments", "", post).items
    assert {one.remote_id for one in items if one.parent_id == top} == below
    assert len(items) == 8


def test_others_words_under_our_video_can_be_deleted_and_our_own_too(cinema: Desk, tmp_path: Path) -> None:
    post = cinema.platform.send(cinema.account, prepared(cinema, film(tmp_path))).remote_id
    theirs = cinema.hear("Buy cheap watches", reply_to=post)
    answer = Outgoing("reply", "No.", reply_to=theirs, root=post, idem_key="no")
    ours = cinema.platform.send(cinema.account, answer).remote_id
    for one in (ours, theirs, theirs):
        assert cinema.platform.send(cinema.account, Outgoing("delete", target=one)).remote_id == one
        act = Outgoing("delete", target=one)
        assert cinema.platform.look_up(cinema.account, act, datetime.now(UTC)).exact is not None
    assert cinema.platform.fetch(cinema.account, "comments", "", post).items == []


def test_comments_that_are_turned_off_are_told_and_nothing_is_left_open(cinema: Desk, tmp_path: Path) -> None:
    cinema.fault("refuse", "reply", status=403, body=OFF[cinema.name])
    post = cinema.platform.send(cinema.account, prepared(cinema, film(tmp_path))).remote_id
    asked = cinema.hear("Is it open?", reply_to=post)
    with pytest.raises(Refused) as ending:
        cinema.platform.send(cinema.account, Outgoing("reply", "Yes.", reply_to=asked, root=post, idem_key="y"))
    assert "turned off" in ending.value.words
