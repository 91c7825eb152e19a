"""Objectives: what they can be measured by, their pace by week and month, what is done for them, what nobody does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notification, User
from accounts.refusals import Invalid
from channels_app import cases
from metrics import anomalies, costs, coverage, forecasting
from metrics.models import Aim, Reading, Tracked, UnitCost
from policy.models import Objective
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective, make_placement, make_post, make_topic
from tests.factories_inbox import make_incoming, receive
from tests.factories_measures import bring_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(owner: User, **facts: Any) -> dict[str, Any]:
    told = {
        "sentence": "Fewer calls about bins",
        "family": "service",
        "owner": owner.pk,
        "measure": "contacts",
        "target": "20",
        "target_on": "2027-06-30",
        "active": "on",
    }
    return told | facts


def test_a_measure_of_calls_needs_its_topic_and_its_rows_open_from_the_objective(boss: User) -> None:
    bins = make_topic(name="Bins")
    client = seat(boss)
    without = client.post(reverse("measures:new-objective"), form(boss))
    assert (without.status_code, "whose calls and e-mails" in without.content.decode()) == (422, True)
    same = client.post(reverse("measures:new-objective"), form(boss, topic=bins.pk, control=bins.pk))
    assert "another one" in same.content.decode()
    made = client.post(reverse("measures:new-objective"), form(boss, topic=bins.pk, since="2026-10-01"))
    objective = Objective.objects.get()
    assert (made.status_code, Aim.objects.get().topic) == (302, bins)
    bring_in([("2026-11-09", "Bins", "Phone", "40")], by=boss)
    page = client.get(reverse("measures:objective", args=[objective.key])).content.decode()
    assert "no number for the week of" in page
    rows = client.get(reverse("measures:figure", args=["contacts"]), {
        "from": "2026-11-09", "to": "2026-11-16", "objective": str(objective.key),
    }).content.decode()  # fmt: skip
    assert "Call centre, weekly list" in rows
    client.post(reverse("measures:set-objective", args=[objective.key]), form(boss, measure="problem_solving"))
    assert not Aim.objects.exists()


@pytest.mark.parametrize(("family", "measure"), [("ideas", "contacts"), ("engage", "likes"), ("service", "nothing")])
def test_each_family_takes_its_own_measures_only(boss: User, family: str, measure: str) -> None:
    page = seat(boss).post(reverse("measures:new-objective"), form(boss, family=family, measure=measure))
    assert "Choose one of the listed measures." in page.content.decode()
    assert not Objective.objects.exists()


@pytest.mark.parametrize("measure", ["useful_followers", "continuation", "accessible", "own_clicks"])
def test_an_objective_with_any_measure_stands_on_its_page_and_among_the_others(boss: User, measure: str) -> None:
    objective = make_objective(owner=boss)
    Objective.objects.filter(pk=objective.pk).update(measure=measure)
    client = seat(boss)
    for by in ("week", "month"):
        page = client.get(reverse("measures:objective", args=[objective.key]), {"by": by}).content.decode()
        assert "Without a dated starting number nobody can say how fast it moves." in page
    assert client.get(reverse("measures:objective-weeks", args=[objective.key]), {"by": "month"}).status_code == 200
    for name in ("objectives", "measures", "coverage", "costs"):
        assert client.get(reverse(f"measures:{name}")).status_code == 200
    assert client.get("/").status_code == 200


def test_coverage_shows_the_empty_cells_and_the_work_that_serves_nothing(boss: User) -> None:
    channel, other = make_channel(name="Fernhill"), make_channel("x", name="Fernhill X")
    bins, roads = make_topic(name="Bins"), make_topic(name="Roads")
    served, idle = make_objective(sentence="Answer", owner=boss), make_objective(sentence="Gather", owner=boss)
    for facts in ({"objective": served, "topic": bins}, {"unplanned": True, "topic": roads}):
        make_placement("published", post=make_post(channels=[channel], **facts), due_at=NOON)
    make_placement("scheduled", post=make_post(channels=[other], objective=served, topic=bins), due_at=NOON)
    make_placement("failed", post=make_post(channels=[other], objective=idle, topic=roads), due_at=NOON)
    topics, channels = coverage.tables(boss, NOON + timedelta(days=1))
    assert [
        (str(line.objective or "none"), [cell.posts for cell in line.cells], line.posts) for line in topics.lines
    ] == [
        ("Answer", [2, 0], 2),
        ("Gather", [0, 0], 0),
        ("none", [0, 1], 1),
    ]
    assert [[cell.posts for cell in line.cells] for line in channels.lines] == [[1, 1], [0, 0], [1, 0]]
    assert (topics.gaps, channels.gaps) == (3, 2)
    assert len(coverage.posts(boss, NOON, served, str(bins.pk), other)) == 1
    unlinked = coverage.unlinked(NOON)
    assert (unlinked.part, unlinked.whole, unlinked.over) == (1, 4, False)


def test_a_post_behind_a_cell_is_listed_and_nothing_of_a_channel_nobody_sees(boss: User) -> None:
    channel, objective = make_channel(name="Fernhill"), make_objective(owner=boss)
    post = make_post(channels=[channel], objective=objective, text="Bins are taken on Friday.")
    make_placement("published", post=post, due_at=NOON)
    asked = {"objective": str(objective.key)}
    assert len(coverage.posts(boss, NOON, objective, "", None)) == 1
    neighbour = make_user("officer", scope=make_channel().scope)
    assert coverage.posts(neighbour, NOON, objective, "", None) == []
    assert seat(neighbour).get(reverse("measures:coverage"), asked).status_code == 200


def test_next_weeks_posts_are_held_against_the_hours_kept_for_the_channels(boss: User) -> None:
    channel = make_channel(name="Fernhill")
    cases.write(channel, {"weekly_hours": Decimal(2)}, by=boss, now=NOON)
    for n in range(2):
        make_delivery("published", channel=channel, published_at=NOON - timedelta(days=n + 1), remote_id=f"p{n}")
    for n in range(6):
        receive(channel, make_incoming(kind="comment", at=NOON - timedelta(hours=20 + n), root_id="p0", parent_id="p0"))
    receive(channel, *(make_incoming(at=NOON - timedelta(hours=n)) for n in (1, 2, 3, 4)))
    due_at = NOON + timedelta(days=7)
    make_placement("scheduled", post=make_post(channels=[channel]), due_at=due_at)
    make_placement("draft", post=make_post(channels=[channel]), due_at=due_at)
    once, twice = forecasting.next_week(NOON), forecasting.next_week(NOON, 2)
    assert (once.planned, once.per_post, once.inbound, once.over) == (1, 3.0, 3 + 1, False)
    assert (twice.inbound, twice.over) == (6 + 1, True)
    assert "Over capacity. 2 posts planned" in twice.words


def test_followers_that_jump_in_a_night_are_told_once(boss: User) -> None:
    channel = make_channel(name="Fernhill")
    profile = Tracked.objects.create(channel=channel, remote_id="", published_at=NOON)
    fans = [5000 + 4 * n for n in range(20)]
    for n, value in enumerate([*fans, fans[-1] + 2000]):
        at = NOON - timedelta(days=20 - n)
        Reading.objects.create(tracked=profile, measure="followers", at=at, value=value)
    told = anomalies.watch(NOON + timedelta(hours=1))
    assert told == Notification.objects.filter(event="channel.followers").count() == 1
    assert anomalies.watch(NOON + timedelta(hours=2)) == 0


def test_costs_are_examples_until_the_town_says_its_own_and_old_ones_are_marked(boss: User) -> None:
    assert {one.source for one in costs.at(NOON).values()} == {"Socitm 2011/12, replace"}
    client = seat(boss)
    told = {"route": "hour", "low": "20", "high": "30", "source": "Finance", "dated": "2026-04-01"}
    wrong = client.post(reverse("measures:settle-cost"), told | {"high": "10"})
    assert (wrong.status_code, "below the lowest" in wrong.content.decode()) == (422, True)
    assert client.post(reverse("measures:settle-cost"), told).status_code == 302
    later = UnitCost.objects.get().at
    social = costs.of_an_answer(costs.at(later))
    assert social is not None
    assert (social.low, social.high) == (4.0, 6.0)  # twelve minutes
    assert costs.of_an_answer(costs.at(NOON - timedelta(days=3650))) is None
    page = client.get(reverse("measures:costs")).content.decode()
    assert "example, replace it" in page
    assert "An answer of ours: 4.00 to 6.00" in page
    with pytest.raises(Invalid):
        costs.settle("hour", Decimal(3), Decimal(2), "Finance", NOON.date(), by=boss, now=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitCost.objects.update(low=0)
