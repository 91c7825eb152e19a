"""Pictures for platforms that fetch them themselves: as JPEG, at a sealed address, or not at all and why."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from accounts.refusals import Invalid
from channels_app import connecting, media, renditions
from channels_app.models import Media
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_upload, picture_bytes

pytestmark = pytest.mark.django_db
JPEG = frozenset({"image/jpeg"})
HERE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.PRACTICE_URL = tmp_path, f"{HERE}/"
    return tmp_path


def take(kind: str, **how: object) -> Media:
    upload = make_upload(picture_bytes(kind, **how), f"library.{kind.lower()}")
    return media.take(upload, by=make_user("officer"), now=NOON)


def test_a_drawing_is_given_as_jpeg_to_anybody_with_the_address_for_a_time(client: Client, folder: Path, monkeypatch):
    make_town()
    one = take("PNG")
    shown = renditions.fetched(str(one.key), "The library.", JPEG, NOON)
    assert (shown.mime, shown.alt, shown.width, shown.height) == ("image/jpeg", "The library.", 80, 60)
    assert Image.open(io.BytesIO(shown.data)).format == "JPEG"
    assert renditions.fetched(str(one.key), "", JPEG, NOON).data == shown.data
    path = shown.url.removeprefix(HERE)
    monkeypatch.setattr("accounts.clock.now", lambda: NOON + timedelta(minutes=59))
    answer = client.get(path)
    assert (b"".join(answer), answer["Content-Type"]) == (shown.data, "image/jpeg")
    assert client.get(path.replace("/jpeg/", "/whole/")).status_code == 404
    monkeypatch.setattr("accounts.clock.now", lambda: NOON + timedelta(hours=2))
    assert client.get(path).status_code == 404
    assert [one.name for one in folder.rglob("*jpeg*")] == [media.path_of(one, "jpeg").name]


def test_a_drawing_that_can_be_seen_through_stands_on_white():
    into = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(into, "PNG")
    one = media.take(make_upload(into.getvalue(), "sign.png"), by=make_user("officer"), now=NOON)
    data = renditions.fetched(str(one.key), "", JPEG, NOON).data
    assert Image.open(io.BytesIO(data)).getpixel((20, 20)) == (255, 255, 255)


def test_a_photograph_is_given_as_it_is(client: Client, monkeypatch):
    make_town()
    one = take("JPEG")
    shown = renditions.fetched(str(one.key), "", JPEG, NOON)
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    assert b"".join(client.get(shown.url.removeprefix(HERE))) == shown.data == media.picture(str(one.key)).data


def test_a_moving_picture_is_not_given():
    into = io.BytesIO()
    red, blue = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))
    red.save(into, "GIF", save_all=True, append_images=[blue], duration=120)
    one = media.take(make_upload(into.getvalue(), "moving.gif"), by=make_user("officer"), now=NOON)
    with pytest.raises(Invalid):
        renditions.fetched(str(one.key), "", JPEG, NOON)


@pytest.mark.parametrize(
    ("public", "host", "here"),
    [
        ("", "", ""),
        ("http://desk.example", "", ""),
        ("", "https://media.example", ""),
        ("https://desk.example/", "", "https://desk.example"),
        ("https://desk.example", "https://media.example", "https://media.example"),
    ],
)
def test_where_others_find_us_is_said_by_the_settings(settings, public: str, host: str, here: str):
    settings.PRACTICE, settings.PUBLIC_URL, settings.MEDIA_HOST = False, public, host
    assert renditions.here() == here
    assert ("PUBLIC_URL" in renditions.why_off("instagram")) == (here == "")
    assert renditions.why_off("mastodon") == ""


def test_without_an_address_instagram_is_off_and_the_page_says_why(client: Client, settings):
    settings.PRACTICE_URL = ""
    make_town()
    client.force_login(make_user("administrator"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    page = client.get("/channels/connect/").content.decode()
    assert "Instagram fetches pictures itself" in page
    assert "/channels/connect/instagram/" not in page
    assert "/channels/connect/mastodon/" in page
    with pytest.raises(Invalid) as refused:
        connecting.connect("instagram", "", {"access_token": "abc"}, by=None, now=NOON)
    assert "PUBLIC_URL" in refused.value.words
    answer = client.post("/channels/connect/instagram/", {"access_token": "abc"})
    assert "PUBLIC_URL" in answer.content.decode()
