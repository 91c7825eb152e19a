"""Strong on one or thin on five: what the numbers propose, what is decided, and which network fits."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import audit, clock
from accounts.models import Notification, User
from calendar_app.models import Audience, Cadence
from channels_app import cases
from channels_app.models import Channel
from metrics import fit, presence
from metrics.models import Reading, Review, Tracked
from metrics.presence import Numbers, Share
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_inbox import make_incoming, make_own, receive

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STRONG = Numbers(5.0, 3.0, Share(9, 10), Share(5, 10), Share(4, 10), Decimal("4.0"), Decimal("5.0"))


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(
    ("weak", "end"),
    [
        ({}, "keep"),
        ({"posts": 1.0}, "keep"),
        ({"posts": 1.0, "in_time": Share(7, 10)}, "merge"),
        ({"in_time": Share(7, 10), "back": Share(1, 10)}, "merge"),
        ({"posts": 1.0, "in_time": Share(7, 10), "back": Share(1, 10)}, "close"),
        ({"posts": 1.0, "in_time": Share(0, 0), "back": Share(0, 0)}, "keep"),
        ({"posts": 1.0, "in_time": Share(8, 10), "back_before": Share(0, 0)}, "keep"),
    ],
)
def test_thin_slow_and_falling_together_are_proposed_for_closing(weak: dict[str, Any], end: str) -> None:
    assert presence.judge(replace(STRONG, **weak))[0] == end


def test_the_proposal_names_its_numbers_and_the_last_channel_is_never_closed() -> None:
    weak = replace(STRONG, posts=1.0, in_time=Share(7, 10), back=Share(1, 10))
    end, why = presence.judge(weak)
    assert (end, why) == (
        "close",
        "1 post a week, 3 wanted; 7 of 10 (70 %) answered in time, below 80 %; "
        "1 of 10 (10 %) came back, before it was 4 of 10 (40 %).",
    )
    assert presence.judge(weak, alone=True)[0] == "keep"


@pytest.mark.parametrize(
    ("day", "first"), [(date(2026, 1, 1), date(2026, 1, 1)), (date(2026, 11, 30), date(2026, 10, 1))]
)
def test_a_quarter_begins_with_its_first_day(day: date, first: date) -> None:
    assert presence.quarter_of(day) == first


def test_changing_an_input_changes_the_ranking_and_every_input_is_listed() -> None:
    x, page = Channel(pk=1, name="A", platform="x"), Channel(pk=2, name="B", platform="facebook")
    known = {"audience": 1000.0, "followers": 500.0, "came_back": 40.0, "in_time": 90.0}
    before = fit.rank([(x, known, []), (page, known | {"audience": 2000.0}, [])])
    after = fit.rank([(x, known | {"audience": 3000.0}, []), (page, known | {"audience": 2000.0}, [])])
    assert [one.channel.name for one in before] == ["B", "A"]
    assert [one.channel.name for one in after] == ["A", "B"]
    assert (before[0].points, before[1].points) == (100.0, 75.0)
    assert [name for name, _ in before[0].rows] == list(fit.NAMES.values())
    assert fit.rank([(x, {"audience": None}, [])])[0].missing == list(fit.NAMES.values())
    assert fit.rank([]) == []


@pytest.mark.django_db
def test_the_numbers_are_counted_from_what_was_sent_and_heard() -> None:
    make_town(zone="UTC")
    channel, quiet = make_channel(created_at=NOON - 400 * DAY), make_channel("x", created_at=NOON - 400 * DAY)
    Cadence.objects.create(channel=channel, least=2)
    for n in range(13):
        make_delivery("published", channel=channel, published_at=NOON - timedelta(days=6 * n + 1))
    make_delivery("published", channel=channel, kind="reply", published_at=NOON - DAY)
    first = make_incoming(at=NOON - 40 * DAY, author_id="ada")
    answer = make_own(channel, at=NOON - 40 * DAY + HOUR, parent_id=first.remote_id, thread_key=first.remote_id)
    again = [
        make_incoming(
            at=NOON - 40 * DAY + n * HOUR, author_id="ada", kind="reply", thread_key=first.remote_id,
            parent_id=answer.remote_id,
        )
        for n in (2, 3)
    ]  # fmt: skip
    other = make_incoming(at=NOON - 30 * DAY, author_id="ben")
    told = make_own(channel, at=NOON - 29 * DAY, parent_id=other.remote_id, thread_key=other.remote_id)
    for item in (first, answer, *again, other, told):
        receive(channel, item)
    found = presence.numbers([channel, quiet], NOON)
    assert (found[channel.pk].posts, found[channel.pk].wanted) == (1.0, 2.0)
    assert found[channel.pk].back == Share(1, 2)
    assert found[channel.pk].back_before == Share(0, 0)
    assert found[channel.pk].in_time.whole >= 1
    assert (found[quiet.pk].posts, found[quiet.pk].wanted, found[quiet.pk].in_time) == (0.0, 1.0, Share(0, 0))


@pytest.mark.django_db
def test_a_person_decides_once_a_quarter_with_a_reason_and_the_last_word_stands() -> None:
    make_town(zone="UTC")
    channel, boss = make_channel(name="Fernhill"), make_user("manager", name="Dev Patel")
    cases.write(channel, {"weekly_hours": Decimal(0)}, by=boss, now=NOON)
    desk, address = seat(boss), f"/channels/{channel.key}/review/"
    page = text_of(desk.get("/channels/review/"))
    assert "Proposed: keep" in page
    assert "About 2.0 needed, 0.0 kept" in page
    wrong = desk.post(address, {"decision": "close", "why": ""})
    assert (wrong.status_code, "Say in a sentence why." in text_of(wrong)) == (422, True)
    desk.post(address, {"decision": "keep", "why": "The flood desk follows it."})
    page = text_of(desk.post(address, {"decision": "merge", "why": "Two are enough."}, follow=True))
    assert "Decided: merge. Two are enough. Dev Patel" in page
    row = Review.objects.get()
    assert (row.decision, row.proposal, row.quarter) == ("merge", "keep", presence.quarter_of(clock.now().date()))
    assert row.numbers["hours_kept"] == "0.0"
    assert audit.history_of(channel).filter(act="reviewed_channel").count() == 2
    assert seat(make_user("officer")).post(address, {"decision": "keep", "why": "x"}).status_code == 403


@pytest.mark.django_db
def test_two_weeks_into_a_quarter_whoever_decides_is_reminded_once() -> None:
    make_town(zone="UTC")
    make_channel()
    boss = make_user("manager")
    assert presence.remind(NOON.replace(month=10, day=14)) == 0
    assert presence.remind(NOON.replace(month=10, day=15)) == 1
    assert presence.remind(NOON) == 0
    assert Notification.objects.get(user=boss).words.startswith("1 channel waits for this quarter's review")
    presence.decide(presence.proposals(list(Channel.objects.all()), NOON)[0], "keep", "Well.", by=boss, now=NOON)
    Notification.objects.all().delete()
    assert presence.remind(NOON) == 0


@pytest.mark.django_db
def test_a_channel_that_is_only_days_old_is_not_judged_and_nobody_is_reminded_of_it() -> None:
    make_town(zone="UTC", pack="none")
    boss = make_user("manager")
    old, young = (make_channel(name=name, created_at=NOON - days * DAY) for name, days in (("Old", 42), ("Young", 41)))
    first, second = presence.proposals([old, young], NOON)
    assert (first.young, first.why) == (False, "0 posts a week, 1 wanted.")
    assert (second.young, second.end) == (True, "keep")
    assert (
        second.why == "It has been here for 41 days. Numbers judge it once 6 weeks are behind it, on 19 November 2026."
    )
    presence.decide(first, "keep", "Well.", by=boss, now=NOON)
    assert presence.remind(NOON) == 0
    assert presence.remind(NOON + DAY) == 1
    Channel.objects.filter(pk=young.pk).update(created_at=clock.now() - HOUR)
    page = text_of(seat(boss).get("/channels/review/"))
    assert "Too young to judge" in page
    assert "It has been here for less than a day." in page


@pytest.mark.django_db
def test_the_table_of_fit_is_made_of_audience_cards_and_own_results() -> None:
    make_town(zone="UTC")
    now = clock.now()
    page, x = make_channel("facebook", name="Page"), make_channel("x", name="Bird")
    young = Audience.objects.create(name="Young people", size=4000)
    young.reaches.create(channel=page, percent=50)
    young.reaches.create(channel=x, percent=10)
    Audience.objects.create(name="Walkers").reaches.create(channel=x, percent=90)
    tracked = Tracked.objects.create(channel=x, published_at=now)
    Reading.objects.create(tracked=tracked, measure="followers", at=now - DAY, value=120)
    shown = text_of(seat(make_user("officer")).get("/channels/review/"))
    assert "Young people: 50 % of 4,000" in shown
    assert "Walkers: 90 %, size not known" in shown
    rows = fit.table([x, page], presence.numbers([x, page], now), now)
    assert [(one.channel.name, one.points) for one in rows] == [("Page", 50.0), ("Bird", 30.0)]
    assert rows[1].inputs["followers"] == 120.0


@pytest.mark.django_db
def test_without_any_channel_the_page_says_that_this_is_a_finding() -> None:
    make_town(zone="UTC")
    make_channel(state="archived")
    assert "That is a finding" in text_of(seat(make_user("manager")).get("/channels/review/"))
