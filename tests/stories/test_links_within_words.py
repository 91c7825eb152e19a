"""Addresses within words become the town's own short links where it chose so: shown, counted, signed and sent alike."""

from __future__ import annotations

import pytest

from calendar_app import composing, drafting, leading, previewing, releasing, wording
from calendar_app.carrying import More
from calendar_app.words import words_of
from channels_app import links, text_links
from channels_app.models import Click, Link, LinkScheme
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_post, whole
from tests.stories.test_short_links import TOMORROW, scheduled

pytestmark = pytest.mark.django_db
SHORT = "https://talk.fernhill.example/go/"
LONG = "https://fernhill.example/bins?street=" + "mill" * 30
TEXT = f"When is it? See {LONG}, or ask (https://fernhill.example/a_(b)). Bye."


@pytest.fixture(autouse=True)
def chosen(settings) -> LinkScheme:
    settings.PUBLIC_URL = "https://talk.fernhill.example"
    return LinkScheme.objects.create(pk=1, in_text=True)


@pytest.fixture
def amara():
    return make_user("publisher")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nothing here", []),
        (TEXT, [LONG, "https://fernhill.example/a_(b)"]),
        ("“https://a.example/x” and https://a.example/x!", ["https://a.example/x"]),
        ("http://[ and https://", []),
        ("See HTTPS://A.example/Q?a=1&b=2;", ["HTTPS://A.example/Q?a=1&b=2"]),
    ],
)
def test_addresses_are_found_without_the_marks_of_the_sentence(text, found):
    assert text_links.addresses([text]) == found
    assert text_links.put(text, dict.fromkeys(found, "S")).count("S") >= len(found)


def test_one_address_does_not_cut_another():
    short = {"https://a.example": "S1", "https://a.example/b": "S2"}
    assert text_links.put("https://a.example/b https://a.example.", short) == "S2 S1."


def test_what_is_signed_is_what_is_sent_and_what_was_shown_and_counted(amara):
    post = make_post(author=amara, text=TEXT, channels=[make_channel("facebook")])
    channel = post.placements.get().channel
    beside = drafting.beside(
        words_of(post), {str(channel.key): channel}, post, amara, NOON, releasing.right_now("UTC", NOON)
    )
    placement = scheduled(post, amara)
    sent = placement.delivery.payload["text"]
    assert sent.count(SHORT) == 2
    assert LONG not in sent
    assert sent.startswith(f"When is it? See {SHORT}")
    assert sent.endswith("). Bye.")
    assert placement.approval.hash == placement.delivery.content_hash == wording.content_hash(placement)
    assert beside.previews[0].text == wording.as_sent(wording.said(placement)) == sent
    assert beside.counts[0].measured == wording.measured(wording.said(placement))
    assert beside.counts[0].measured.used < len(TEXT)
    assert text_links.expanded(sent) == TEXT


def test_words_that_are_no_post_yet_are_counted_as_they_will_be(amara):
    channel = make_channel("facebook")
    words = words_of(make_post(text=TEXT, channels=[channel]))
    keyed = {str(channel.key): channel}
    beside = drafting.beside(words, keyed, None, amara, NOON, releasing.right_now("UTC", NOON))
    assert beside.counts[0].measured.used == len(TEXT) - len(LONG) - len("https://fernhill.example/a_(b)") + 2 * len(
        f"{SHORT}12345678/" if links.to_be("a", channel.key, None, "b").endswith("/") else f"{SHORT}12345678"
    )


def test_another_choice_changes_nothing_that_was_signed(amara):
    short, plain = make_post(author=amara, text=TEXT), make_post(author=amara, text=f"Again {LONG}")
    first = scheduled(short, amara)
    LinkScheme.objects.update(in_text=False)
    second = scheduled(plain, amara)
    assert LONG in second.delivery.payload["text"]
    LinkScheme.objects.update(in_text=True)
    for one in (first, second):
        assert releasing.approval_holds(whole(one.post).placements.get())


def test_nothing_is_made_where_the_town_did_not_choose_it(amara, settings):
    LinkScheme.objects.update(in_text=False)
    assert TEXT in scheduled(make_post(author=amara, text=TEXT), amara).delivery.payload["text"]
    LinkScheme.objects.update(in_text=True)
    settings.PUBLIC_URL = ""
    assert TEXT in scheduled(make_post(author=amara, text=TEXT), amara).delivery.payload["text"]
    assert not Link.objects.exists()
    assert "Short links are off" in leading.note()


def test_own_short_links_and_posts_of_the_network_stay_as_they_are(amara):
    channel = make_channel("mastodon")
    text = f"Look: {SHORT}abcdefgh and https://{channel.host}/@a/1 and {LONG}"
    sent = scheduled(make_post(author=amara, text=text, channels=[channel]), amara).delivery.payload["text"]
    assert f"{SHORT}abcdefgh and https://{channel.host}/@a/1 and {SHORT}" in sent


def test_the_link_of_the_post_is_one_address_beside_the_words_and_within_them(amara):
    post = make_post(author=amara, text=f"Read {LONG}", link=LONG, channels=[make_channel("mastodon")])
    channel = post.placements.get().channel
    at = releasing.right_now("UTC", NOON)
    beside = drafting.beside(words_of(post), {str(channel.key): channel}, post, amara, NOON, at)
    placement = scheduled(post, amara)
    payload = placement.delivery.payload
    assert payload["text"] == f"Read {payload['link']}"
    assert beside.previews[0].text == wording.as_sent(wording.said(placement))


def test_further_parts_are_shortened_too_and_clicks_count_for_the_post(amara):
    post = make_post(author=amara, text="First", channels=[make_channel("mastodon")])
    key = str(post.placements.get().channel.key)
    more = {key: More((f"Then {LONG}",))}
    composing.save(post, words_of(post).but(more=more), post.version, by=amara, now=NOON)
    placement = scheduled(whole(post), amara)
    assert placement.delivery.payload["parts"] == [f"Then {links.short(Link.objects.get())}"]
    assert previewing.preview(wording.said(placement), NOON).parts == tuple(placement.delivery.payload["parts"])
    Click.objects.create(link=Link.objects.get(), at=NOON)
    assert links.clicks_of("post", post.key) == 1
    assert links.clicks_by_ref("post", [post.key]) == {post.key: 1}


def test_the_same_words_soon_are_seen_through_their_short_links(amara):
    channel = make_channel("x")
    scheduled(make_post(author=amara, text=f"Bins {LONG}", channels=[channel]), amara)
    other = make_post(author=amara, text=f"Bins {LONG}", channels=[channel])
    sayings = [wording.with_expected(wording.said(one), other.key) for one in other.placements.all()]
    assert channel.pk in wording.same_words_soon(other, sayings, TOMORROW, "UTC")
