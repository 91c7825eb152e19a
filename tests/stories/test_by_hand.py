"""Posting by hand: Parley reminds, a person posts, and what they say is the proof."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Notification
from calendar_app import scheduling
from calendar_app.models import Placement
from channels_app import health, outbox, trying
from channels_app.models import Channel, Delivery
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_media, make_post, whole
from tests.stage import after

pytestmark = pytest.mark.django_db
ADDRESS = "https://nextdoor.com/p/1"
LINK = "https://fernhill.example/weir"


@pytest.fixture(autouse=True)
def town(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    make_town(zone="Europe/London")


@pytest.fixture
def channel() -> Channel:
    return make_channel("manual", name="Fernhill on Nextdoor", url="https://nextdoor.com/agency/fernhill")


@pytest.fixture
def publisher():
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def desk(publisher) -> Client:
    client = Client()
    client.force_login(publisher)
    return client


def due(channel: Channel, publisher, at: datetime = NOON, **words: object) -> Placement:
    """Released, and its time has come."""
    post = make_post(author=publisher, channels=[channel], **words)
    scheduling.publish(post, list(whole(post).placements.all()), zone="Europe/London", by=publisher, now=NOON)
    outbox.step(at)
    return Placement.objects.get(post=post)


def path(placement: Placement) -> str:
    return reverse("calendar:post-by-hand", args=[placement.key])


def text(answer) -> str:
    return answer.content.decode()


def test_at_its_time_those_who_may_decide_are_told_and_nothing_is_called_published(channel, publisher, desk):
    other = make_user("publisher")
    placement = due(channel, publisher)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why, delivery.published_at) == ("needs_attention", "by_hand", None)
    told = Notification.objects.filter(user__in=[publisher, other])
    assert {one.user_id for one in told} == {publisher.pk, other.pk}
    assert "by hand" in told[0].words
    outbox.step(after(minutes=5))
    assert Notification.objects.filter(user=other).count() == 1
    page = text(desk.get(reverse("calendar:post", args=[placement.post.key])))
    assert "nobody has said yet that it is out" in page
    assert path(placement) in page
    assert "I can see it there" not in page


def test_it_holds_up_no_other_channel_and_no_other_post(channel, publisher):
    due(channel, publisher)
    due(channel, publisher, text="The market moves to Friday.")
    assert list(Delivery.objects.values_list("state", flat=True)) == ["needs_attention"] * 2
    assert not outbox.overdue(after(hours=3)).exists()


def test_its_page_has_the_exact_words_the_link_and_every_picture_with_its_alt_text(channel, publisher, desk):
    media = make_media()
    placement = due(channel, publisher, text="The weir is “closed” & shut.", link=LINK, pictures=[media])
    page = text(desk.get(path(placement)))
    assert "The weir is “closed” &amp; shut.\n\nhttps://fernhill.example/weir</textarea>" in page
    assert "The library with its doors open</textarea>" in page
    assert f"/channels/media/{media.key}/whole/" in page
    assert "https://nextdoor.com/agency/fernhill" in page


def test_the_pasted_address_is_the_proof_and_stands_with_the_name(channel, publisher, desk):
    placement = due(channel, publisher, NOON)
    delivery = Delivery.objects.get()
    given = {"url": ADDRESS, "at": "2026-11-18T12:00", "version": delivery.version}
    answer = desk.post(path(placement), given, follow=True)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_url, delivery.stated_by) == ("published", ADDRESS, publisher)
    assert (delivery.published_at, delivery.via, delivery.late) == (NOON, "person", False)
    assert "by hand, as Sam Okoro said" in text(answer)
    assert ADDRESS in text(answer)
    entry = AuditEntry.objects.get(act="posted_by_hand")
    assert (entry.actor_id, entry.data["url"]) == (publisher.pk, ADDRESS)
    assert delivery.attempts.filter(event="stated").exists()
    assert "does not wait to be posted by hand" in text(desk.get(path(placement)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": ""}, "Paste the address of the post"),
        ({"url": "nextdoor.com/p/1"}, "starts with https://"),
        ({"url": "http://nextdoor.com/p/1"}, "starts with https://"),
        ({"at": ""}, "Say when it was posted"),
        ({"at": "2026-11-18T12:30"}, "still to come"),
        ({"at": "2026-11-18T09:00"}, "before these words were released"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_typed_is_lost(channel, publisher, desk, given, words):
    placement = due(channel, publisher)
    typed = {"url": ADDRESS, "at": "2026-11-18T12:00", "version": placement.delivery.version} | given
    answer = desk.post(path(placement), typed)
    assert answer.status_code == 422
    assert words in text(answer)
    assert typed["url"] in text(answer)
    assert Delivery.objects.get().state == "needs_attention"


def test_one_address_is_the_proof_of_one_post(channel, publisher, desk):
    first, second = due(channel, publisher), due(channel, publisher, text="The market moves to Friday.")
    for placement in (first, second):
        given = {"url": ADDRESS, "at": "2026-11-18T12:00", "version": placement.delivery.version}
        answer = desk.post(path(placement), given)
    assert answer.status_code == 422
    assert "noted for another post" in text(answer)


def test_late_is_what_was_posted_late_and_a_page_says_so_while_it_waits(channel, publisher):
    placement = due(channel, publisher)
    delivery = Delivery.objects.get()
    assert outbox.words_for(delivery, after(minutes=20)).tone == "warn"
    waiting = outbox.words_for(delivery, after(minutes=95))
    assert (waiting.tone, waiting.detail[:11]) == ("alarm", "95 min late")
    when = after(minutes=40)
    done = outbox.posted_by_hand(delivery, ADDRESS, when, publisher, after(minutes=95), placement.delivery.version)
    assert (done.late, done.published_at) == (True, when)


def test_a_reminder_that_comes_too_late_is_missed_like_any_post(channel, publisher):
    due(channel, publisher, after(hours=2))
    assert Delivery.objects.get().state == "missed"


def test_it_can_be_put_off_and_reminds_again_or_dropped_but_never_sent_by_parley(channel, publisher, desk):
    placement = due(channel, publisher)
    decide = reverse("calendar:decide", args=[placement.key])
    assert 'value="send"' not in text(desk.get(decide))
    version = placement.delivery.version
    assert desk.post(decide, {"decision": "send", "version": version}).status_code == 422
    desk.post(decide, {"decision": "reschedule", "version": version, "at": "2026-11-18T15:00"})
    assert Delivery.objects.get().state == "scheduled"
    outbox.step(after(hours=3))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why) == ("needs_attention", "by_hand")
    desk.post(decide, {"decision": "drop", "version": delivery.version})
    assert Delivery.objects.get().state == "cancelled"


def test_two_people_who_post_it_at_once_note_it_once(channel, publisher, desk):
    placement = due(channel, publisher)
    version = placement.delivery.version
    given = {"url": ADDRESS, "at": "2026-11-18T12:00", "version": version}
    desk.post(path(placement), given)
    answer = desk.post(path(placement), given | {"url": f"{ADDRESS}0"})
    assert answer.status_code == 409
    assert Delivery.objects.get().remote_url == ADDRESS


# --- connecting ------------------------------------------------------------------------------------------------------


def connecting_form(client: Client) -> Client:
    client.force_login(make_user("administrator"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_connecting_wants_an_address_alone_and_asks_nobody(client: Client, settings):
    settings.PRACTICE = True
    form = connecting_form(client)
    answer = form.post("/channels/connect/manual/", {"profile": "nextdoor.com/fernhill"})
    assert answer.status_code == 422
    assert "starts with https://" in text(answer)
    assert "nextdoor.com/fernhill" in text(answer)
    form.post("/channels/connect/manual/", {"name": "Nextdoor", "profile": "https://nextdoor.com/agency/fernhill"})
    assert trying.try_due(NOON) == 1
    channel = Channel.objects.get()
    assert (channel.state, channel.name, channel.handle) == ("ok", "Nextdoor", "nextdoor.com/agency/fernhill")
    assert not health.of(channel, NOON + timedelta(days=3)).read_is_stale
    assert not channel.cursors.exists()


def test_a_feed_is_a_channel_nobody_can_post_to(client: Client, settings, publisher):
    settings.PRACTICE = True
    form = connecting_form(client)
    for wrong, words in (("news", "starts with https://"), ("https://www.real.gov/feed", "This is practice")):
        answer = form.post("/channels/connect/rss/", {"feed": wrong})
        assert (answer.status_code, words in text(answer)) == (422, True)
    answer = form.post("/channels/connect/rss/", {"feed": "https://news.fernhill.example/feed.atom"})
    assert answer.status_code == 302
    channel = Channel.objects.get()
    assert channel.host == "news.fernhill.example"
    Channel.objects.update(state="ok", remote_id="1")
    assert list(Channel.objects.proven().speaking()) == []


def test_an_application_password_is_taken_with_its_spaces(client: Client, settings):
    settings.PRACTICE = True
    form = connecting_form(client)
    given = {"host": "blog.fernhill.example", "username": "Web Team", "access_token": "abcd EFGH 1234 ijkl MNOP 5678"}
    assert form.post("/channels/connect/wordpress/", given).status_code == 302
    answer = form.post("/channels/connect/wordpress/", given | {"host": "blog.real.gov"})
    assert "Web Team" in text(answer)
    assert "abcd" not in text(answer)
