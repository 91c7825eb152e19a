"""Another picture in place of one: put into what nobody has signed; what is signed or out stays and is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from calendar_app import releasing, replacing, scheduling, signoff, wording
from calendar_app.models import PostPicture
from channels_app.models import Media
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_placement, make_post, whole

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)


@pytest.fixture
def amara():
    return make_user("publisher", name="Amara Osei")


@pytest.fixture
def old() -> Media:
    return make_media(name="old.jpg")


@pytest.fixture
def new() -> Media:
    return make_media(name="new.jpg", alt="The library from above")


def at():
    return releasing.moment(TOMORROW.replace(tzinfo=None), "UTC", 0, NOON)


def shows(post) -> list[tuple[str, str]]:
    return [(one.media.name, one.alt) for one in PostPicture.objects.filter(post=post)]


def test_drafts_and_what_nobody_had_to_sign_show_the_new_one_at_the_same_moment(amara, old, new):
    draft = make_post(author=amara, pictures=[old])
    waits = make_post(author=amara, pictures=[old, make_media(name="other.jpg")])
    scheduling.schedule(waits, list(waits.placements.all()), at(), by=amara, now=NOON)
    found = replacing.swap(old, new, by=amara, now=NOON)
    assert found.done == [draft, waits]
    assert shows(draft) == [("new.jpg", "The library from above")]
    assert [name for name, _ in shows(waits)] == ["new.jpg", "other.jpg"]
    placement = whole(waits).placements.get()
    assert (placement.shown_state, placement.due_at) == ("scheduled", TOMORROW)
    assert placement.delivery.payload["pictures"][0]["media"] == str(new.key)


def test_what_waits_for_a_signature_is_asked_for_again_with_the_new_picture(amara, old, new):
    officer = make_user("officer")
    post = make_post(author=officer, pictures=[old])
    scheduling.schedule(post, list(post.placements.all()), at(), by=officer, now=NOON)
    assert replacing.swap(old, new, by=officer, now=NOON).done == [post]
    placement = whole(post).placements.get()
    assert (placement.state, placement.due_at, shows(post)[0][0]) == ("in_review", TOMORROW, "new.jpg")


def test_signed_ones_stay_and_writer_and_signer_are_told(amara, old, new):
    officer, approver = make_user("officer"), make_user("approver", name="Rosa Lund")
    post = make_post(author=officer, pictures=[old])
    scheduling.schedule(post, list(post.placements.all()), at(), by=officer, now=NOON)
    asked = whole(post).placements.get()
    signoff.approve(asked, wording.content_hash(asked), by=approver, now=NOON)
    ((left, why),) = replacing.swap(old, new, by=amara, now=NOON).left
    assert left == post
    assert why.startswith("Rosa Lund signed it")
    assert shows(post)[0][0] == "old.jpg"
    assert {row.user for row in Notification.objects.filter(event="post.picture")} == {officer, approver}


def test_what_is_out_stays_as_it_went_out(amara, old, new):
    post = make_post(author=amara, pictures=[old])
    make_placement("published", post=post)
    ((_, why),) = replacing.swap(old, new, by=amara, now=NOON).left
    assert "is out" in why


def test_a_post_that_has_both_keeps_one_and_a_quote_card_stays(amara, old, new):
    both = make_post(author=amara, pictures=[old, new])
    card = make_post(author=amara, pictures=[old], quote={"words": "a", "by": "b", "source": "c", "card": str(old.key)})
    found = replacing.swap(old, new, by=amara, now=NOON)
    assert [name for name, _ in shows(both)] == ["new.jpg"]
    assert [post for post, _ in found.left] == [card]


def test_from_the_page_of_the_picture(amara, old, new, client: Client):
    client.force_login(amara)
    post = make_post(author=amara, pictures=[old])
    url = reverse("media:put-away", args=[old.key])
    assert client.post(url, {"why": "Blurred", "swap": "on"}).status_code == 422
    shown = client.post(url, {"why": "Blurred", "swap": "on", "instead": str(new.key)}, follow=True).content.decode()
    assert "1 post shows the new picture now" in shown
    assert shows(post)[0][0] == "new.jpg"
    assert "In 1 post" in client.get(reverse("media:library")).content.decode()


def test_what_somebody_elses_channel_shows_is_counted_only(old, new):
    here, there = make_channel("x"), make_channel("facebook")
    officer = make_user("officer", scope=here.scope)
    make_post(pictures=[old], channels=[there])
    found = replacing.swap(old, new, by=officer, now=NOON)
    assert (found.done, found.left, found.unseen) == ([], [], 1)
