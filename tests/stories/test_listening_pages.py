"""The pages of listening, from the form of a watch to the inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from engagement.listening import volumes
from engagement.models import (
    ListeningChoices,
    Watch,
    WatchDay,
)
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, receive
from tests.factories_listening import make_hit, make_watch

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def town(db):
    return make_town(zone="Europe/London")


@pytest.fixture
def channel(db):
    return make_channel()


@pytest.fixture
def manager(db):
    return make_user("manager")


def heard(watch):
    return [hit.matched for hit in watch.hits.order_by("at", "id")]


def seat(user):
    client = Client()
    client.force_login(user)
    return client


TYPED = {
    "name": "The town hall", "kind": "organisation", "names": "Town Hall\nToon Hall", "purpose": "To answer in time.",
    "basis": "reputation", "slips": "on", "search": "on",
}  # fmt: skip


def typed(**more):
    return TYPED | {"ends_on": (clock.now() + 30 * DAY).date().isoformat()} | more


def test_from_the_form_to_the_inbox_by_the_pages_alone(channel, manager):
    client, now = seat(manager), clock.now()
    page = client.post(reverse("listening:new-watch"), typed(), follow=True).content.decode()
    watch = Watch.objects.get()
    assert "The town hall" in page
    assert "To answer in time." in page
    hit = make_hit(channel, watch, "The Toon Hall roof leaks", at=now - HOUR)
    desk = seat(make_user("officer"))
    assert "The Toon Hall roof leaks" in desk.get(reverse("listening:all")).content.decode()
    seen = desk.get(reverse("listening:watch", args=[watch.key])).content.decode()
    assert "Heard 1 time in the last 7 days" in seen
    assert hit.item["author_handle"] not in seen
    shown = desk.post(reverse("listening:author", args=[hit.key]), {}, follow=True).content.decode()
    assert hit.item["author_handle"] in shown
    desk.post(reverse("listening:hold-hit", args=[hit.key]), {"reason": "For the roofer"})
    assert "For the roofer" in desk.get(reverse("listening:all") + "?show=held").content.decode()
    moved = desk.post(reverse("listening:take-hit", args=[hit.key]), follow=True).content.decode()
    assert "The Toon Hall roof leaks" in moved
    assert "It is in the inbox now." in moved


def test_a_residents_handle_is_refused_on_the_form_with_its_clause_and_nothing_is_lost(channel, manager):
    receive(channel, make_incoming("hello", author_handle="@ann", author_name="Ann"))
    answer = seat(manager).post(reverse("listening:new-watch"), typed(names="Town Hall\n@ann"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“@ann” is a resident who has written to the town. Parley does not watch residents." in page
    assert "To answer in time." in page
    assert "@ann" in page
    assert Watch.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"purpose": ""}, "Say what it is for"), ({"ends_on": ""}, "Say until when"), ({"names": ""}, "at least one name"),
     ({"names": "ab"}, "too short"), ({"ends_on": "2020-01-01"}, "a day to come")],
)  # fmt: skip
def test_a_form_with_a_mistake_says_which(manager, wrong, words):
    answer = seat(manager).post(reverse("listening:new-watch"), typed(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_watch_is_changed_and_ended_by_its_pages(manager):
    client, watch = seat(manager), make_watch("pool", by=manager, now=clock.now())
    edit = reverse("listening:edit-watch", args=[watch.key])
    assert 'name="version" value="1"' in client.get(edit).content.decode()
    client.post(edit, typed(kind="topic", basis="service", names="lido", version="1"))
    assert Watch.objects.get().names == ["lido"]
    assert "Somebody else changed this watch" in client.post(edit, typed(kind="topic", version="1")).content.decode()
    client.post(reverse("listening:end-watch", args=[watch.key]))
    assert Watch.objects.get().state == "ended"
    assert client.post(reverse("listening:end-watch", args=[watch.key])).status_code == 409


def test_the_days_come_as_a_table_and_a_gap_is_an_empty_cell(channel, manager):
    watch, today = make_watch("pool", now=clock.now()), clock.now().date()
    WatchDay.objects.create(watch=watch, channel=channel, day=today - 2 * DAY, heard=3)
    rows = seat(manager).get(reverse("listening:days", args=[watch.key])).content.decode().splitlines()
    assert f"{today - 2 * DAY},3" in rows
    assert f"{today - DAY}," in rows
    assert len(rows) == volumes.DAYS + 1


def test_the_page_says_which_channels_can_be_searched(manager):
    make_channel("facebook")
    make_channel("mastodon")
    page = seat(manager).get(reverse("listening:all")).content.decode()
    assert "Facebook lets nobody search" in page
    assert "Searched for public posts" in page


def test_the_list_of_voices_and_the_limits(manager):
    client = seat(manager)
    voice = {"name": "Library Friends", "kind": "group", "handle": "@Friends", "why": "A charity"}
    assert client.post(reverse("listening:add-voice"), voice | {"why": ""}).status_code == 422
    page = client.post(reverse("listening:add-voice"), voice, follow=True).content.decode()
    assert "@friends" in page
    assert "on the list already" in client.post(reverse("listening:add-voice"), voice).content.decode()
    limits = {"forget_days": "7", "views_a_day": "5", "loud_times": "4", "loud_least": "20"}
    client.post(reverse("listening:set-limits"), limits)
    assert ListeningChoices.here().forget_days == 7
    assert (
        "Between 2 and 90"
        in client.post(reverse("listening:set-limits"), limits | {"forget_days": "1"}).content.decode()
    )
    assert "Take off" not in seat(make_user("officer")).get(reverse("listening:voices")).content.decode()


def test_a_channels_hits_are_not_there_for_those_who_do_not_see_it(channel):
    hit = make_hit(channel, at=clock.now() - HOUR)
    elsewhere = seat(make_user("officer", scope=make_channel().scope))
    assert hit.item["text"] not in elsewhere.get(reverse("listening:all")).content.decode()
    assert elsewhere.post(reverse("listening:take-hit", args=[hit.key])).status_code == 404
