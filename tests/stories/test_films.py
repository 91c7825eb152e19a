"""Videos of the library: their streams alone survive; what cannot be shown is said; captions are read by a person."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import av
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from accounts.refusals import Invalid, LostRace
from calendar_app import pictures
from channels_app import captioning, films, media, ranges
from channels_app.models import Captions, Media
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_media
from tests.factories_films import NAME, PLACE, VTT, film_bytes, film_upload, make_captions, make_film, take_film

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def writer():
    return make_user("officer", name="Tom Birch")


@pytest.fixture
def desk(writer, client: Client) -> Client:
    make_town()
    client.force_login(writer)
    return client


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("kind", "how", "mime"),
    [
        ("mp4", {}, "video/mp4"),
        ("mov", {"sound": ""}, "video/mp4"),
        ("webm", {"picture": "libvpx", "sound": "libopus"}, "video/webm"),
    ],
)
def test_picture_and_sound_survive_as_they_are_and_nothing_else(writer, folder: Path, kind, how, mime):
    data = film_bytes(kind, seconds=2, **how)
    assert NAME in data
    one = take_film(writer, data, f"weir.{kind}")
    assert (one.state, one.kind, one.mime, one.width, one.height) == ("ready", "video", mime, 64, 48)
    assert 1.9 < one.seconds < 2.2
    fresh = (folder / one.file).read_bytes()
    assert not [mark for mark in (NAME, PLACE[:8], b"x264 - core", b"2026") if mark in fresh]
    with av.open(io.BytesIO(fresh)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 16
        assert bool(film.streams.audio) == (how.get("sound") != "")
    assert "weir" not in one.file
    assert (folder / one.original).read_bytes() == data
    assert all(media.path_of(one, name).read_bytes()[:2] == b"\xff\xd8" for name in ("poster", "small"))


def test_a_video_can_be_played_before_it_is_whole_and_as_it_was_held(writer, folder: Path):
    one = take_film(writer, film_bytes(turned=90))
    fresh = (folder / one.file).read_bytes()
    assert fresh.index(b"moov") < fresh.index(b"mdat")
    assert (one.width, one.height) == (48, 64)
    with av.open(io.BytesIO(fresh)) as film:
        assert next(film.decode(video=0)).rotation % 180 == 90


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("old.mp4", film_bytes(picture="mpeg4"), "many platforms and browsers do not show"),
        ("odd.mp4", film_bytes("mov", sound="pcm_s16le"), "do not play"),
        ("song.mp4", film_bytes(picture=""), "sound alone"),
        ("blink.mp4", film_bytes(seconds=0.25, sound=""), "shorter than half a second"),
        ("half.mp4", film_bytes(seconds=2)[:2500], "damaged or not complete"),
        ("empty.mp4", b"\0\0\0\x18ftypmp42" + bytes(90), "damaged or not complete"),
        ("page.webm", b"\x1aE\xdf\xa3" + b"<script>" * 20, "damaged or not complete"),
        ("photo.mp4", b"\0\0\0\x18ftypheic" + bytes(90), "is a HEIC or AVIF photo"),
        ("play.m3u8", b"#EXTM3U\nfile:///etc/passwd", "not a picture, whatever its name says"),
    ],
)
def test_what_cannot_be_used_is_said_and_leaves_nothing(writer, folder: Path, name, data, sentence):
    with pytest.raises(Invalid, match=sentence):
        take_film(writer, data, name)
    assert not Media.objects.exists()
    assert files(folder) == []


def test_where_pictures_alone_are_wanted_a_video_is_none(writer):
    with pytest.raises(Invalid, match="is a video. Parley takes pictures"):
        media.take(film_upload(), by=writer, now=NOON)


def test_a_child_that_hangs_has_said_no(writer, folder: Path, monkeypatch, tmp_path_factory):
    slow = tmp_path_factory.mktemp("child") / "slow.py"
    slow.write_text("import time; time.sleep(9)")
    monkeypatch.setattr(films, "CHILD", slow)
    monkeypatch.setattr(films, "CHILD_SECONDS", 0.3)
    with pytest.raises(Invalid, match="in time"):
        take_film(writer)
    assert files(folder) == []


def test_a_large_one_is_looked_into_by_the_workers_and_whoever_added_it_is_told_when_it_is_none(
    writer, monkeypatch, desk: Client
):
    monkeypatch.setattr(films, "AT_ONCE", 100)
    good, bad = take_film(writer), take_film(writer, film_bytes(picture="mpeg4"), "old.mp4")
    assert (good.state, bad.state) == ("waiting", "waiting")
    assert "Being checked" in desk.get(reverse("media:library")).content.decode()
    assert [media.inspect_due(NOON + timedelta(seconds=61)) for _ in range(3)] == [1, 1, 0]
    good.refresh_from_db()
    assert good.state == "ready"
    assert "do not show" in Notification.objects.get(user=writer).words


def test_it_is_served_in_parts_under_its_seal(client: Client, writer, folder: Path, monkeypatch):
    make_town()
    one = take_film(writer)
    monkeypatch.setattr("accounts.clock.now", lambda: one.at)
    data, address = (folder / one.file).read_bytes(), media.played(one, one.at)
    whole = client.get(address)
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "video/mp4", "bytes")
    part = client.get(address, headers={"range": "bytes=100-199"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{len(data)}")
    assert part["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert part.getvalue() == data[100:200]
    end = client.get(address, headers={"range": "bytes=-10"})
    assert end.getvalue() == data[-10:]
    beyond = client.get(address, headers={"range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    assert client.get(address, headers={"range": "bytes=1-2,5-6"}).status_code == 200
    assert client.get(media.link(one, one.at))["Content-Type"] == "image/jpeg"
    monkeypatch.setattr(ranges, "MOST", 50)
    assert client.get(address, headers={"range": "bytes=0-"})["Content-Range"] == f"bytes 0-49/{len(data)}"


def test_what_is_published_is_the_file_that_was_checked_with_the_captions_that_were_signed(writer, folder: Path):
    one = take_film(writer)
    signed = make_captions(one)
    make_captions(one, text=VTT.replace("weir", "mill"))
    sent = films.video(str(one.key), "A weir", str(signed.key))
    assert (sent.path, sent.size, sent.alt) == (str(folder / one.file), one.bytes, "A weir")
    assert (sent.captions.text, sent.captions.language) == (VTT, "en")
    assert Path(sent.cover).read_bytes().startswith(b"\xff\xd8\xff")
    assert films.facts(str(one.key), captions=str(signed.key)).path == ""
    signed.delete()
    with pytest.raises(Invalid, match="captions of this video are no longer there"):
        films.video(str(one.key), "", str(signed.key))
    (folder / one.file).write_bytes(film_bytes(seconds=2))
    with pytest.raises(Invalid, match="not the one that was checked"):
        films.video(str(one.key))


def test_captions_are_kept_as_given_and_read_once_by_a_person(writer):
    film = make_film()
    assert captioning.standing(film, film.newest_captions) == "none"
    row = make_captions(film, read=False)
    assert captioning.standing(film, film.newest_captions) == "auto"
    captioning.note_read(row, by=writer, now=NOON)
    assert captioning.standing(film, film.newest_captions) == "reviewed"
    with pytest.raises(LostRace):
        captioning.note_read(row, by=writer, now=NOON)
    with pytest.raises(Invalid, match="Line 1"):
        make_captions(film, text="1\n00:00:00.000 --> 00:00:01.000\nHello")
    with pytest.raises(Invalid, match="Only a video"):
        make_captions(make_media())


def test_the_library_takes_videos_and_finds_those_without_captions(desk: Client, writer):
    answer = desk.post(reverse("media:add"), {"pictures": [film_upload()]})
    bare, told = Media.objects.get(), make_film(name="mill.mp4")
    assert answer["Location"] == reverse("media:picture", args=[bare.key])
    make_captions(told)
    burned, photo = make_film(burned=True), make_media()
    shown = {name: set(pictures.search(writer, NOON, "", name)) for name in ("videos", "no-captions", "")}
    assert shown == {"videos": {bare, told, burned}, "no-captions": {bare}, "": {bare, told, burned, photo}}
    page = desk.get(reverse("media:library")).content.decode()
    assert "0:12" in page
    assert "No captions" in page


def test_a_large_upload_comes_in_on_the_volume_and_leaves_nothing_there(desk: Client, settings, folder: Path):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 500
    desk.post(reverse("media:add"), {"pictures": [film_upload()]})
    assert Media.objects.get().state == "ready"
    assert (folder / "incoming").is_dir()
    assert list((folder / "incoming").iterdir()) == []


def test_the_page_of_a_video_plays_it_and_takes_captions_line_by_line(desk: Client, writer):
    film = take_film(writer)
    address = reverse("media:picture", args=[film.key])
    page = desk.get(address).content.decode()
    assert f'poster="{media.link(film, NOON).rsplit("/", 2)[0]}' in page
    assert "<track" not in page
    add = reverse("media:add-captions", args=[film.key])
    wrong = desk.post(add, {"captions-text": "WEBVTT\n\nHello", "captions-language": "en"})
    assert (wrong.status_code, "Line 3" in wrong.content.decode()) == (422, True)
    file = io.BytesIO(VTT.encode())
    file.name = "weir.vtt"
    desk.post(add, {"captions-file": file, "captions-language": "en"})
    row = Captions.objects.get()
    assert (row.text, row.read_by) == (VTT, None)
    desk.post(reverse("media:note-captions-read", args=[film.key, row.key]))
    page = desk.get(address).content.decode()
    assert '<track kind="captions"' in page
    assert "Read against the video by Tom Birch" in page
    answer = desk.get(reverse("media:captions", args=[film.key]))
    assert (answer["Content-Type"], answer.content.decode()) == ("text/vtt; charset=utf-8", VTT)
    facts = {"name": "Weir", "transcript": "The weir is open.", "described": "no", "flashes": "no"}
    desk.post(address, {**facts, "watch_at": "https://fernhill.example/weir"})
    film.refresh_from_db()
    assert (film.transcript, film.described, film.watch_at) == (
        "The weir is open.", "no", "https://fernhill.example/weir",
    )  # fmt: skip
