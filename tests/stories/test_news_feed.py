"""The town's own feed: what is out, and nothing else, for whoever asks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.conf import LazySettings
from django.test import Client

from calendar_app import syndicating
from calendar_app.models import Post
from channels_app.models import Delivery
from channels_app.platforms import rss_reading
from tests.factories import NOON, make_channel, make_payload, make_town
from tests.factories_calendar import make_media, make_placement, make_post, picture_bytes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def out(text: str, state: str = "published", **facts: Any) -> Post:
    """A post whose one delivery is in that state, with this frozen payload."""
    more = {name: facts.pop(name) for name in ("visibility", "parts", "pictures", "link") if name in facts}
    media = [one["media"] for one in more.get("pictures", [])]
    post = make_post(channels=[make_channel()], text=text, pictures=media)
    more |= {"pictures": [one | {"media": str(one["media"].key)} for one in more.get("pictures", [])]}
    return make_placement(state, post=post, payload=make_payload(text, **more), **facts).post


def read() -> list[rss_reading.Item]:
    """The feed as any reader finds it."""
    answer = Client().get("/news.atom")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return list(rss_reading.read(answer.content, "", "http://testserver/news.atom").items)


def test_what_is_out_is_in_the_feed_and_nothing_else_is():
    make_town()
    shown = out("The weir is closed.", link="https://fernhill.example/weir")
    for state in ("scheduled", "needs_attention", "removed", "failed", "unknown"):
        out(f"This is {state}.", state)
    make_placement("draft", post=make_post(channels=[make_channel()], text="A draft"))
    out("For one person only.", visibility="direct")
    (entry,) = read()
    assert entry.remote_id == f"urn:uuid:{shown.key}"
    assert entry.title == "The weir is closed."
    assert entry.text.startswith("The weir is closed.\n\nhttps://fernhill.example/weir")


def test_an_entry_says_what_was_published_and_not_what_is_being_written_now():
    make_town()
    post = out("The words that were signed.")
    Post.objects.filter(pk=post.pk).update(text="Words nobody has signed.")
    assert "nobody has signed" not in read()[0].text


def test_a_thread_is_one_text_and_markup_in_words_stays_words():
    make_town()
    out("Bins & <b>bags</b>.", parts=["Two: put them out."])
    assert read()[0].text.startswith("Bins & <b>bags</b>.\n\nTwo: put them out.")


def test_what_cannot_stand_in_a_feed_does_not_break_it():
    make_town(name="Fernhill & <Sons>")
    out("A bell\x07 and a half \ud83d emoji".encode("utf-8", "ignore").decode())
    assert "A bell and a half" in read()[0].text


def test_the_newest_comes_first_and_a_post_taken_down_leaves():
    make_town()
    first, second = out("First."), out("Second.")
    Delivery.objects.filter(release__placement__post=second).update(published_at=NOON + HOUR)
    assert [one.title for one in read()] == ["Second.", "First."]
    Delivery.objects.filter(release__placement__post=first).update(state="removed")
    assert [one.title for one in read()] == ["Second."]


def test_a_reader_who_has_it_is_told_so_in_one_line():
    make_town()
    out("The weir is closed.")
    client = Client()
    answer = client.get("/news.atom")
    marks = [{"If-None-Match": answer["ETag"]}, {"If-Modified-Since": answer["Last-Modified"]}]
    for mark in marks:
        again = client.get("/news.atom", headers=mark)
        assert (again.status_code, again.content) == (304, b"")
    out("The weir is open.")
    assert client.get("/news.atom", headers=marks[0]).status_code == 200


def test_a_picture_is_enclosed_with_its_alt_text_and_served_as_long_as_it_is_out(
    settings: LazySettings, tmp_path: Path
):
    make_town()
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "one.jpg").write_bytes(picture_bytes())
    media, hidden = make_media(file="one.jpg"), make_media(file="one.jpg")
    post = out("Look.", pictures=[{"media": media, "alt": 'The "weir" & pond'}])
    out("Not yet.", "scheduled", pictures=[{"media": hidden, "alt": "Later"}])
    (entry,) = read()
    (shown,) = entry.pictures
    assert shown["alt"] == 'The "weir" & pond'
    client = Client()
    answer = client.get(shown["url"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer) == picture_bytes()
    assert client.get(f"/news/pictures/{hidden.key}/").status_code == 404
    Delivery.objects.filter(release__placement__post=post).update(state="removed")
    assert client.get(shown["url"]).status_code == 404


def test_public_pages_name_the_feed_and_an_empty_one_is_a_feed():
    make_town()
    assert b'type="application/atom+xml"' in Client().get("/account/login/").content
    assert fromstring(Client().get("/news.atom").content).tag.endswith("feed")
    assert read() == []


def test_however_many_posts_there_are_the_feed_asks_the_database_as_little(django_assert_max_num_queries):
    make_town()
    for number in range(12):
        out(f"Number {number}.")
    with django_assert_max_num_queries(2):
        assert len(syndicating.entries(most=10)) == 10
