"""What the plan is made of: the topics register, reader benefits, link-only posts, and the town's ceilings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Town
from calendar_app import balance
from policy.models import PlanLimits, Topic
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_placement, make_post, make_topic

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def town(monkeypatch) -> Town:
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London", pack="england")


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def desk() -> Client:
    return signed_in("publisher")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def test_the_register_shows_its_places_its_shares_and_who_is_silent():
    manager = signed_in("manager")
    bins, ponds = make_topic(name="Bins"), make_topic(name="Ponds", niche=True)
    for number in range(3):
        make_placement("published", post=make_post(topic=bins), due_at=NOON - number * DAY)
    make_placement("published", post=make_post(topic=ponds), due_at=NOON - 90 * DAY)
    shown = page(manager, "/calendar/topics/")
    assert "1 topic went silent" in shown
    assert "1 of 5 · 4 places open" in shown
    assert "100 %" in shown
    sent = {"name": "Ponds", "niche": "on", "audience": "walkers", "evidence": "40 questions a month", "active": "on"}
    manager.post(reverse("calendar:edit-topic", args=[ponds.pk]), sent)
    assert Topic.objects.get(pk=ponds.pk).evidence == "40 questions a month"
    assert "40 questions a month" in page(manager, "/calendar/topics/")


def test_the_benefit_chart_counts_every_tagged_post_once(desk: Client):
    for benefit in ("learn", "learn", "say"):
        make_placement("published", post=make_post(benefit=benefit), due_at=NOON - DAY)
    make_placement("draft", post=make_post(benefit=""), due_at=NOON - DAY)
    shown = page(desk, "/calendar/balance/")
    assert "3 posts with a reader benefit" in shown
    assert "“Learn something” makes up 67 % of posts" in shown


def test_link_only_posts_are_listed_over_fourteen_days(desk: Client):
    bare = make_post(text="Minutes: https://fernhill.example/m")
    make_placement("published", post=bare, due_at=NOON - DAY)
    make_placement("published", post=make_post(text="Minutes https://a.example/old"), due_at=NOON - 20 * DAY)
    make_placement("published", due_at=NOON - 2 * DAY)
    rows = balance.lines(make_user("publisher"), NOON - 30 * DAY, NOON + DAY, NOON)
    share, listed = balance.link_only(rows, NOON, 40)
    assert (share.percent, share.over, [one.post for one in listed]) == (50, True, [bare.pk])
    assert "Over the ceiling." in page(desk, "/calendar/balance/")


def test_the_ceilings_are_the_towns_to_set():
    manager = signed_in("manager")
    limits = {"unplanned_share": 10, "link_only_share": 20, "niche_slots": 3, "general_slots": 4, "silent_days": 14}
    assert manager.post(reverse("calendar:set-limits"), {**limits, "unplanned_share": 101}).status_code == 422
    manager.post(reverse("calendar:set-limits"), limits)
    manager.post(reverse("calendar:set-limits"), limits)
    assert (PlanLimits.here().unplanned_share, PlanLimits.here().version) == (10, 3)
    assert "0 of 3" in page(manager, "/calendar/topics/")
    assert 'value="10"' in page(manager, "/calendar/balance/")
