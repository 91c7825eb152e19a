"""Uploaded pictures: only pixels survive, and whatever else a file is, it gets a sentence and leaves nothing."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from accounts.refusals import Invalid
from channels_app import media
from channels_app.models import Media
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_upload, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def writer():
    return make_user("officer")


def take(writer, data: bytes | None = None, name: str = "library.jpg") -> Media:
    return media.take(make_upload(data, name), by=writer, now=NOON)


def stored(one: Media, folder: Path) -> Image.Image:
    return Image.open(folder / one.file)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_picture_is_ready_under_a_random_name_with_its_upload_kept_apart(writer, folder: Path):
    one = take(writer)
    assert (one.state, one.mime, one.width, one.height) == ("ready", "image/jpeg", 80, 60)
    assert "library" not in one.file
    assert one.original.startswith("originals/")
    assert (folder / one.original).read_bytes() == picture_bytes()
    assert hashlib.sha256((folder / one.file).read_bytes()).hexdigest() == one.sha256


def big_png() -> bytes:
    """169 megapixels in 20 KB."""
    into = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(into, "PNG")
    return into.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("huge.png", big_png(), "169 million pixels; at most 50 million"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "is an SVG drawing"),
        ("logo.png", b"<?xml version='1.0'?><svg/>", "is an SVG drawing"),
        ("half.jpg", picture_bytes(size=(400, 400))[:900], "damaged or not complete"),
        ("photo.jpg", b"MZ this is a program", "not a picture, whatever its name says"),
        ("page.jpg", b"%PDF-1.7 ...", "is a PDF"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0", "is a HEIC or AVIF photo"),
        ("film.jpg", b"\0\0\0\x18ftypmp42\0\0", "is a video"),
        ("empty.jpg", b"", "is empty"),
    ],
)
def test_what_cannot_be_used_is_said_and_leaves_nothing(writer, folder: Path, name: str, data: bytes, sentence: str):
    with pytest.raises(Invalid, match=sentence):
        take(writer, data, name)
    assert not Media.objects.exists()
    assert files(folder) == []


def test_a_renamed_picture_is_what_it_is(writer):
    assert take(writer, picture_bytes("PNG"), "photo.jpg").mime == "image/png"


def test_a_file_that_is_two_kinds_at_once_comes_out_as_a_picture_only(writer, folder: Path):
    one = take(writer, picture_bytes() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"<script>" not in (folder / one.file).read_bytes()


def test_place_and_camera_are_gone_and_the_picture_stands_upright(writer, folder: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Jo Webb"
    exif.get_ifd(0x8825)[2] = (53.9, 0.0, 0.0)
    one = take(writer, picture_bytes(exif=exif))
    assert (one.width, one.height) == (60, 80)
    assert dict(stored(one, folder).getexif()) == {}
    assert b"Jo Webb" not in (folder / one.file).read_bytes()


def test_what_can_be_seen_through_stays_so(writer, folder: Path):
    into = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 128, 128, 100)).save(into, "PNG")
    assert stored(take(writer, into.getvalue()), folder).mode == "RGBA"


def test_a_webp_becomes_what_every_platform_takes(writer):
    assert take(writer, picture_bytes("WEBP"), "photo.webp").mime == "image/jpeg"


def test_a_moving_gif_keeps_moving(writer, folder: Path):
    into = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(into, "GIF", save_all=True, append_images=frames[1:], duration=120)
    one = take(writer, into.getvalue(), "wave.gif")
    assert (one.mime, stored(one, folder).n_frames) == ("image/gif", 3)  # type: ignore[attr-defined]


def test_a_full_library_says_so(writer, settings):
    settings.MEDIA_QUOTA_BYTES = 1000
    with pytest.raises(Invalid, match="room for pictures is full"):
        take(writer)


def test_a_file_too_large_is_not_even_opened(writer, monkeypatch):
    monkeypatch.setattr(media, "LARGEST", 100)
    with pytest.raises(Invalid, match="at most"):
        take(writer)


def test_a_child_that_hangs_has_said_no(writer, monkeypatch, tmp_path_factory):
    slow = tmp_path_factory.mktemp("child") / "slow.py"
    slow.write_text("import time; time.sleep(9)")
    monkeypatch.setattr(media, "CHILD", slow)
    monkeypatch.setattr(media, "CHILD_SECONDS", 0.5)
    with pytest.raises(Invalid, match="in time"):
        take(writer)


def test_with_no_room_for_a_child_it_waits_and_is_settled_later(writer, monkeypatch):
    class Full:
        def acquire(self, timeout: float) -> bool:
            return False

    with monkeypatch.context() as patch:
        patch.setattr(media, "ROOM", Full())
        one = take(writer)
        assert one.state == "waiting"
    assert media.inspect_due(NOON + timedelta(seconds=30)) == 0
    assert media.inspect_due(NOON + timedelta(seconds=61)) == 1
    one.refresh_from_db()
    assert one.state == "ready"


def test_the_link_is_sealed_sandboxed_and_ends(client: Client, writer, monkeypatch):
    make_town()
    one = take(writer)
    now = one.at
    monkeypatch.setattr("accounts.clock.now", lambda: now)
    answer = client.get(media.link(one, now))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(media.link(one, now, small=True)).status_code == 200
    assert client.get(media.link(one, now)[:-3] + "xx/").status_code == 404
    assert client.get(media.link(one, now).replace("/whole/", "/small/")).status_code == 404
    assert client.get(media.link(one, now - timedelta(hours=3))).status_code == 404


def test_a_file_that_was_swapped_is_not_published(writer, folder: Path):
    one = take(writer)
    assert media.picture(str(one.key), "Alt").data == (folder / one.file).read_bytes()
    (folder / one.file).write_bytes(picture_bytes(size=(10, 10)))
    with pytest.raises(Invalid, match="not the one that was checked"):
        media.picture(str(one.key))
    (folder / one.file).unlink()
    with pytest.raises(Invalid, match="no longer there"):
        media.picture(str(one.key))
