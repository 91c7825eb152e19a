"""What the plan is made of: the topics register, reader benefits, link-only posts, and the town's ceilings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Town
from calendar_app import balance, mix
from calendar_app.models import MixLimits, Readback
from calendar_app.planned import NOBODY
from channels_app.models import Click, Link
from policy.models import PlanLimits, Topic
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_media, make_placement, make_post, make_topic

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
    limits["about_us_share"] = 25
    assert manager.post(reverse("calendar:set-limits"), {**limits, "unplanned_share": 101}).status_code == 422
    manager.post(reverse("calendar:set-limits"), limits)
    manager.post(reverse("calendar:set-limits"), limits)
    assert (PlanLimits.here().unplanned_share, PlanLimits.here().version) == (10, 3)
    assert MixLimits.here().about_us_share == 25
    assert AuditEntry.objects.filter(act="set_limits", kind="mixlimits").count() == 1
    assert "0 of 3" in page(manager, "/calendar/topics/")
    assert 'value="10"' in page(manager, "/calendar/balance/")


@pytest.mark.parametrize(
    ("text", "call", "language", "about_us"),
    [
        ("We are proud of our new town hall.", "", "en", True),
        ("We opened the pool. You can swim from Monday.", "", "en", False),
        ("What should we build next?", "", "en", False),
        ("We need 20 more helpers.", "sign_up", "en", False),
        ("The pool opens on Monday.", "", "en", False),
        ("Us, wir und our", "", "de", False),
        ("OUR mayor met the minister.", "", "", True),
    ],
)
def test_a_post_is_about_ourselves_when_it_never_speaks_to_the_reader(text, call, language, about_us):
    assert mix.is_about_us(text, call, language) is about_us


OURS = {"https://x.com/fernhill/status/1"}


@pytest.mark.parametrize(
    ("text", "link", "whose"),
    [
        ("Look at this", "https://x.com/somebody/status/2", "passed-on"),
        ("See https://www.facebook.com/police/posts/7.", "", "passed-on"),
        ("Ours again", "https://x.com/fernhill/status/1", "link-only"),
        ("Minutes", "https://fernhill.example/m", "link-only"),
        ("The pool opens on Monday, and children swim for nothing all week.", "https://fernhill.example", "own"),
        ("Hello", "", "own"),
        ("Broken http://[x", "", "link-only"),
    ],
)
def test_every_post_is_own_or_passed_on_or_little_but_a_link(text, link, whose):
    line = balance.Line(1, NOBODY, NOON, text, link, "", None)
    found = mix.of_whom([line], set(), mix.NETWORKS, OURS)
    assert [name for name, rows in found.items() if rows] == [whose]


def test_the_shares_of_a_known_plan_are_right_and_each_number_opens_its_posts(desk: Client):
    told = ["Our mayor met us.", "You can swim again from Monday at the pool in Mill Road.", "Look https://x.com/a/1"]
    for number, text in enumerate(told):
        make_placement("published", post=make_post(text=text), due_at=NOON - (number + 1) * DAY)
    make_placement("published", post=make_post(text="Minutes https://a.example", unplanned=True), due_at=NOON - DAY)
    rows = balance.lines(make_user("publisher"), NOON - 30 * DAY, NOON + DAY, NOON)
    parts = mix.parts(make_user("publisher"), rows, PlanLimits.here(), NOON)
    assert {key: (one.share.part, one.share.whole) for key, one in parts.items()} == {
        "unplanned": (1, 4),
        "link-only": (2, 4),
        "about-us": (1, 4),
        "own-content": (2, 4),
        "passed-on": (1, 4),
        "bare-content": (1, 4),
    }
    for key, one in parts.items():
        shown = page(desk, reverse("calendar:balance-rows", args=[key]))
        assert f"{one.share.part} of 4 posts" in shown
        for line in one.counted:
            assert str(line.key) in shown
    assert desk.get("/calendar/balance/nothing/").status_code == 404


def test_what_is_useful_to_keep_shows_how_it_was_used(desk: Client):
    media = make_media()
    guide = make_post(text="How to sort your bins.", kind="keep", pictures=[media], link="https://a.example")
    placement = make_placement("published", post=guide, due_at=NOON - DAY)
    numbers = {"bookmarks": 7, "shares": None}
    Readback.objects.create(delivery=placement.delivery, placement=placement, numbers=numbers)
    link = Link.objects.create(
        code="abc", origin="post", ref=guide.key, channel=placement.channel, url="a", target="a", at=NOON
    )
    Click.objects.create(link=link, at=NOON)
    make_post(pictures=[media])
    rows = balance.lines(make_user("publisher"), NOON - 30 * DAY, NOON + DAY, NOON)
    (kept,) = mix.kept(rows)
    assert (kept.saved, kept.shared, kept.clicks, kept.again) == (7, None, 1, 1)
    assert "How to sort your bins." in page(desk, "/calendar/balance/")
