"""Ideas from services: sent from a phone with a photo and its consent, and what became of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.refusals import IllegalMove, Invalid
from calendar_app import deciding, ideas
from calendar_app.ideas import Photo, Told
from calendar_app.models import ContributorCard, Idea, IdeaPicture
from channels_app.models import Media
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_placement, make_upload, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(db):
    return make_user("contributor", name="Lena Novak")


@pytest.fixture
def publisher(db):
    return make_user("publisher")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def photo(**facts) -> Photo:
    return Photo(**{"media": make_media(), "alt": "The oak", "people": "nobody", "consent": "", **facts})


def test_sent_from_a_phone_it_lands_in_the_drawer_and_the_desk_hears_of_it(lena, publisher):
    phone = client_of(lena)
    fields = {"words": "The oak in Mill Park is 300.", "people": "adults", "consent": "spoken", "alt": "The oak"}
    answer = phone.post(reverse("calendar:send-idea"), {**fields, "photo": make_upload()})
    assert answer.status_code == 422
    assert "Say who agreed" in answer.content.decode()
    kept = Media.objects.get()
    phone.post(reverse("calendar:send-idea"), {**fields, "taken": kept.key, "consent_words": "Both, today"})
    idea = Idea.objects.get()
    assert (idea.pictures.get().media, idea.pictures.get().consent) == (kept, "spoken")
    assert "has an idea" in publisher.notifications.get().words
    page = client_of(publisher).get(reverse("calendar:month")).content.decode()
    assert "The oak in Mill Park is 300." in page
    assert "It waits in the drawer" in phone.get(reverse("calendar:idea", args=[idea.key])).content.decode()


def test_the_same_idea_sent_twice_is_one(lena):
    one = ideas.send(Told("The oak"), by=lena, now=NOON)
    assert ideas.send(Told("The oak"), by=lena, now=NOON) == one


def test_another_contributors_idea_is_not_there(lena):
    idea = ideas.send(Told("The oak"), by=make_user("contributor"), now=NOON)
    assert client_of(lena).get(reverse("calendar:idea", args=[idea.key])).status_code == 404


def test_taken_up_it_becomes_a_draft_with_the_photos_that_may_be_used(lena, publisher):
    photos = (photo(), photo(people="adults", consent="no"))
    idea = ideas.send(Told("The oak", photos=photos), by=lena, now=NOON)
    post = ideas.take_up(idea, by=publisher, now=NOON)
    assert (post.text, post.author) == ("The oak", publisher)
    assert [one.media for one in post.pictures.all()] == [photos[0].media]
    assert ideas.take_up(idea, by=publisher, now=NOON) == post
    assert "took up your idea" in lena.notifications.get().words


def test_declined_it_says_why_and_can_still_be_taken_up(lena, publisher):
    idea = ideas.send(Told("The oak"), by=lena, now=NOON)
    with pytest.raises(Invalid):
        ideas.decline(idea, " ", by=publisher, now=NOON)
    ideas.decline(idea, "We had trees last week.", by=publisher, now=NOON)
    assert "We had trees last week." in lena.notifications.get().words
    idea.refresh_from_db()
    assert "We had trees last week." in ideas.became(idea, NOON).words
    ideas.take_up(idea, by=publisher, now=NOON)
    idea.refresh_from_db()
    with pytest.raises(IllegalMove):
        ideas.decline(idea, "After all", by=publisher, now=NOON)


def test_its_sender_sees_the_way_to_the_public_post(lena, publisher):
    idea = ideas.send(Told("The oak"), by=lena, now=NOON)
    post = ideas.take_up(idea, by=publisher, now=NOON)
    assert ideas.became(Idea.objects.get(), NOON).word == "Taken up"
    channel = make_channel()
    post.placements.create(channel=channel)
    placement = make_placement("published", post=whole(post), remote_url="https://social.fernhill.example/@f/1")
    deciding.after(placement.delivery, NOON)
    deciding.after(placement.delivery, NOON)
    assert lena.notifications.filter(event="idea.published").count() == 1
    page = client_of(lena).get(reverse("calendar:idea", args=[idea.key])).content.decode()
    assert "https://social.fernhill.example/@f/1" in page
    assert client_of(lena).get(reverse("calendar:post", args=[post.key])).status_code == 404


@pytest.mark.parametrize(
    ("people", "consent", "words", "fine"),
    [
        ("nobody", "", "", True),
        ("adults", "", "", False),
        ("adults", "spoken", "", False),
        ("adults", "spoken", "Both, today", True),
        ("adults", "no", "", True),
        ("children", "spoken", "The mother", False),
        ("children", "written", "The mother", True),
    ],
)
def test_consent_is_said_where_somebody_can_be_recognised(people, consent, words, fine):
    assert (ideas.problems(people, consent, words) == "") is fine


@pytest.mark.parametrize(
    ("people", "consent", "usable"), [("nobody", "", True), ("adults", "no", False), ("children", "written", True)]
)
def test_a_photo_is_used_only_with_the_consent_it_needs(people, consent, usable):
    assert IdeaPicture(people=people, consent=consent).usable is usable


def test_a_photo_can_be_added_while_it_waits_and_only_by_its_sender(lena, publisher):
    idea = ideas.send(Told("The oak"), by=lena, now=NOON)
    path = reverse("calendar:add-idea-photo", args=[idea.key])
    assert client_of(lena).post(path, {}).status_code == 422
    client_of(lena).post(path, {"photo": make_upload(), "people": "nobody"})
    assert idea.pictures.count() == 1
    with pytest.raises(Invalid):
        ideas.add_photo(idea, (photo(),), by=publisher, now=NOON)


def test_the_directory_says_who_can_tell_what(lena, publisher):
    ideas.send(Told("The oak"), by=lena, now=NOON)
    client_of(lena).post(reverse("calendar:contributor-card"), {"service": "Parks", "about": "Trees and ponds"})
    assert ContributorCard.objects.get().user == lena
    page = client_of(publisher).get(reverse("calendar:contributors")).content.decode()
    assert "Trees and ponds" in page
    assert "1 idea, 0 taken up" in page
