"""The calendar's pages: what they show, to whom, and in how many questions to the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendar_app.models import Placement, Post
from policy.models import CivicDate
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import fill_calendar, make_campaign, make_placement, make_post, make_topic

pytestmark = pytest.mark.django_db
MONTH = "/calendar/?month=2026-11"


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London", pack="england")


def signed_in(role: str = "publisher", **where: object) -> Client:
    client = Client()
    client.force_login(make_user(role, **where))
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_month_shows_what_goes_out_where_and_how_it_stands():
    post = make_post(text="The pool opens again", channels=[make_channel("x")], campaign=make_campaign(name="Summer"))
    make_placement("scheduled", due_at=NOON + timedelta(days=2), post=post)
    shown = page(signed_in(), MONTH)
    assert "The pool opens again" in shown
    assert "12:00" in shown
    assert 'aria-label="Scheduled"' in shown
    assert "Campaign: </span>Summer" in shown
    assert "Fernhill time (GMT)" in shown


def test_gaps_holidays_and_the_towns_own_dates_are_marked():
    CivicDate.objects.create(day=datetime(2026, 12, 16, tzinfo=UTC).date(), name="Council meeting", kind="meeting")
    shown = page(signed_in(), "/calendar/?month=2026-12")
    assert "Council meeting" in shown
    assert "Christmas Day" in shown
    assert "Nothing planned" in shown


def test_filters_are_in_the_address_and_can_be_taken_away():
    one, other = make_channel("x", name="Town"), make_channel("facebook", name="Town")
    campaign, topic = make_campaign(), make_topic(name="Roads")
    make_placement(post=make_post(text="On X", channels=[one], campaign=campaign))
    make_placement("failed", post=make_post(text="On Facebook", channels=[other], topic=topic))
    client = signed_in()
    for query, there, gone in [
        (f"channel={one.key}", "On X", "On Facebook"),
        (f"campaign={campaign.key}", "On X", "On Facebook"),
        (f"topic={topic.pk}", "On Facebook", "On X"),
        ("state=needs_you", "On Facebook", "On X"),
        ("state=scheduled", "On X", "On Facebook"),
    ]:
        shown = page(client, f"{MONTH}&{query}")
        assert there in shown, query
        assert f">{gone}<" not in shown, query
        assert "Remove the filter" in shown


def test_nonsense_in_the_address_shows_this_month():
    client = signed_in()
    for month in ("2026-13", "abc", "0000-00", "99999-01", "2026-1"):
        assert "November 2026" in page(client, f"/calendar/?month={month}&channel=x&state=y&topic=9&campaign=z")


def test_more_on_a_day_leads_to_all_of_that_day():
    for number in range(7):
        make_placement(post=make_post(text=f"Post number {number}"), due_at=NOON + timedelta(minutes=number))
    client = signed_in()
    assert "4 more on 18 November" in page(client, MONTH)
    shown = page(client, "/calendar/day/2026-11-18/")
    assert all(f"Post number {number}" in shown for number in range(7))


def test_a_day_that_is_none_is_not_found():
    client = signed_in()
    for day in ("2026-02-30", "2026-2-3", "today", "9999-01-01"):
        page(client, f"/calendar/day/{day}/", 404)


def test_the_agenda_lists_the_month():
    make_placement("missed", post=make_post(text="The pool opens again"))
    shown = page(signed_in(), f"{MONTH}&view=agenda")
    assert "Wednesday 18 November" in shown
    assert "Missed" in shown


def test_pages_ask_the_database_as_often_for_a_thousand_as_for_ten():
    client = signed_in()
    channels = [make_channel("x"), make_channel("facebook"), make_channel()]
    paths = [MONTH, f"{MONTH}&view=agenda", "/calendar/day/2026-11-18/", "/calendar/drafts/", "/sign-off/"]
    fill_calendar(10, channels)
    few = [questions(client, path) for path in paths]
    fill_calendar(990, channels)
    many = [questions(client, path) for path in paths]
    assert few == many
    assert max(many) <= 18


def questions(client: Client, path: str) -> int:
    page(client, path)
    with CaptureQueriesContext(connection) as asked:
        page(client, path)
    return len(asked)


def test_a_posts_page_asks_as_often_with_long_history_and_many_versions():
    client = signed_in()
    post = make_post(channels=[make_channel("x"), make_channel("facebook"), make_channel()])
    path = reverse("calendar:post", args=[post.key])
    few = questions(client, path)
    fill_calendar(200, [one.channel for one in post.placements.all()])
    for number in range(2, 202):
        post.versions.create(n=number, words=post.versions.first().words, by=post.author, at=NOON)
    assert questions(client, path) == few


def test_a_posts_page_says_honestly_where_it_stands():
    for state, words in [
        ("scheduled", "Scheduled"),
        ("sending", "Publishing…"),
        ("unknown", "will not be sent twice"),
        ("published", "Published"),
        ("needs_attention", "Needs you"),
        ("missed", "Missed"),
        ("failed", "It was not sent."),
        ("removed", "Removed on"),
    ]:
        placement = make_placement(state, post=make_post())
        shown = page(signed_in(), reverse("calendar:post", args=[placement.post.key]))
        assert words in shown, state
        assert ("Send again" in shown) is (state == "failed"), state


def test_the_states_answer_only_when_something_changed():
    client = signed_in()
    placement = make_placement("scheduled")
    path = reverse("calendar:post-states", args=[placement.post.key])
    seen = client.get(path).context["seen"]
    assert client.get(f"{path}?seen={seen}").status_code == 204
    type(placement.delivery).objects.update(state="published", remote_id="1", next_action_at=None)
    assert client.get(f"{path}?seen={seen}").status_code == 200


def test_what_is_not_theirs_to_see_is_not_there():
    mine, foreign = make_channel("x"), make_channel("facebook")
    placement = make_placement(post=make_post(text="Secret of another channel", channels=[foreign]))
    post = placement.post
    inside = signed_in("publisher", scope=mine.scope)
    assert "Secret" not in page(inside, MONTH)
    for name in ("post", "edit-post", "post-states", "versions", "publish-post", "move-post"):
        page(inside, reverse(f"calendar:{name}", args=[post.key]), 404)
    for name in ("schedule-post", "cancel-post", "drop-post", "take-up-post", "withdraw-post"):
        assert inside.post(reverse(f"calendar:{name}", args=[post.key])).status_code == 404, name
    for name in ("decide", "send-again", "delete-post"):
        assert inside.post(reverse(f"calendar:{name}", args=[placement.key])).status_code == 404, name


def test_a_contributor_sees_their_own_posts_only():
    writer = make_user("contributor")
    client = Client()
    client.force_login(writer)
    own, foreign = make_post(author=writer, text="My own idea"), make_post(text="Somebody else's idea")
    for post in (own, foreign):
        Placement.objects.filter(post=post).update(due_at=NOON, wall_at=NOON, zone="UTC")
    shown = page(client, MONTH)
    assert "My own idea" in shown
    assert "Somebody else" not in shown
    page(client, reverse("calendar:post", args=[foreign.key]), 404)


def test_who_may_only_look_is_offered_no_act():
    post = make_placement("scheduled").post
    shown = page(signed_in("manager"), reverse("calendar:post", args=[post.key]))
    for words in ("Cancel on", "Move to…", "Publish now", ">Edit<"):
        assert words not in shown
    assert signed_in("manager").post(reverse("calendar:cancel-post", args=[post.key])).status_code == 403


def test_drafts_are_listed_and_dropped_ones_are_not():
    make_post(text="A draft of mine")
    make_post(text="A dropped idea", channels=[make_channel()])
    Post.objects.filter(text="A dropped idea").update(dropped_at=NOON)
    shown = page(signed_in(), "/calendar/drafts/")
    assert "A draft of mine" in shown
    assert "A dropped idea" not in shown
