"""RSS and Atom as one list of items, and what cannot be read said in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels_app.platforms import rss, rss_reading
from channels_app.platforms.rss_reading import Broken, identity, moment

ADDRESS = "https://www.fernhill.example/news/feed"
AT = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Fernhill &amp; news</title><link>/news</link>
<item><title>Older</title><guid isPermaLink="false">one</guid><pubDate>Tue, 17 Nov 2026 12:00:00 +0100</pubDate>
<description>Plain words
in two lines</description></item>
<item><title>The weir</title><link>/weir</link><guid>two</guid><pubDate>Wed, 18 Nov 2026 12:00:00 +0100</pubDate>
<description>short</description><content:encoded><![CDATA[<p>It is <b>closed</b>.</p> <p>Until Friday.</p>
<img src="/weir.jpg" alt="The weir">]]></content:encoded>
<enclosure url="/weir.jpg" type="image/jpeg" length="1"/></item>
<item><title>Nobody says when</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Fernhill</title><link rel="self" href="/feed"/>
<link href="/news"/><entry><id>tag:f,1</id><title type="html">The &lt;i&gt;weir&lt;/i&gt;</title>
<published>2026-11-18T11:00:00Z</published><updated>2026-11-19T11:00:00Z</updated>
<link rel="alternate" href="/weir"/><link rel="enclosure" type="image/png" href="/w.png" title="The weir"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Closed.</p><p>Until Friday.</p></div></content>
</entry></feed>"""


def test_rss_is_read_newest_first_with_its_words_links_and_pictures():
    feed = rss_reading.read(RSS, "", ADDRESS)
    assert (feed.title, feed.url) == ("Fernhill & news", "https://www.fernhill.example/news")
    weir, older = feed.items
    assert (weir.remote_id, weir.at, weir.url) == ("two", AT, "https://www.fernhill.example/weir")
    assert weir.text == "It is closed.\n\nUntil Friday."
    assert weir.pictures == [{"url": "https://www.fernhill.example/weir.jpg", "alt": "The weir"}]
    assert (older.remote_id, older.text) == ("one", "Plain words\nin two lines")


def test_atom_is_read_the_same_and_tells_when_an_item_was_changed():
    (weir,) = rss_reading.read(ATOM, "", ADDRESS).items
    assert (weir.remote_id, weir.title, weir.at) == ("tag:f,1", "The weir", AT)
    assert weir.text == "Closed.\n\nUntil Friday."
    assert weir.edited_at == AT.replace(day=19)
    assert weir.pictures == [{"url": "https://www.fernhill.example/w.png", "alt": "The weir"}]


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("Wed, 18 Nov 2026 12:00:00 +0100", AT),
        ("Wed, 18 Nov 2026 11:00:00 GMT", AT),
        ("18 Nov 2026 06:00:00 EST", AT),
        ("2026-11-18T11:00:00Z", AT),
        ("2026-11-18T12:00:00+01:00", AT),
        ("2026-11-18T11:00:00", AT),
        ("2026-11-18", AT.replace(hour=0)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_however_feeds_write_it(told: str, at: datetime | None):
    assert moment(told) == at


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty page"),
        (b"<!doctype html><html><body>News", "a web page"),
        (b'<html><head><link rel="alternate" type="application/rss+xml" href="/f">', "www.fernhill.example/f"),
        (b"<rss><channel><title>cut", "damaged"),
        (b"<rss version='2.0'></rss>", "no channel"),
        (b"<catalogue/>", "neither RSS nor Atom"),
        (b"\xff\xfe\x00", "damaged"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>', "document type"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss><channel/></rss>', "document type"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(data: bytes, words: str):
    with pytest.raises(Broken, match=words):
        rss_reading.read(data, "", ADDRESS)


def test_a_name_too_long_to_keep_is_kept_by_its_checksum():
    assert identity("tag:f,1") == "tag:f,1"
    assert identity("x" * 500) == identity("x" * 500) != identity("x" * 501)
    assert len(identity("x" * 500)) <= 120


def test_the_address_of_a_feed_names_its_server():
    assert rss.host_of({"feed": f" {ADDRESS} "}) == "www.fernhill.example"
    assert rss.host_of({"feed": "not an address"}) == ""
