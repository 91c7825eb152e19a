"""Today and Objectives: what they show, to whom, and that a thousand rows cost no more queries than ten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import User
from policy.models import Objective
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_incoming, receive

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def fill(channel: object, count: int, first: int = 0) -> None:
    now = clock.now()
    items = [
        make_incoming(f"Question {number}", at=now - timedelta(minutes=10 + number % 60))
        for number in range(first, first + count)
    ]
    receive(channel, *items, now=now)


def test_today_costs_the_same_with_ten_and_with_a_thousand_rows() -> None:
    make_town()
    channel, client = make_channel(), signed_in(make_user("officer"))
    fill(channel, 10)
    few = queries_of(client, reverse("desk:today"))
    fill(channel, 990, first=10)
    assert queries_of(client, reverse("desk:today")) == few
    assert few <= 30


@pytest.mark.parametrize(
    "role", ["contributor", "officer", "publisher", "approver", "manager", "records_officer", "administrator"]
)
def test_today_opens_for_every_role(role: str) -> None:
    make_town()
    fill(make_channel(), 2)
    page = signed_in(make_user(role)).get(reverse("desk:today"))
    assert page.status_code == 200
    assert "This week" in page.content.decode()


def test_a_contributor_does_not_see_residents_on_today() -> None:
    make_town()
    fill(make_channel(), 1)
    assert "Question 0" not in signed_in(make_user("contributor")).get(reverse("desk:today")).content.decode()


def test_a_manager_sets_an_objective_and_its_page_says_where_it_comes_from() -> None:
    make_town()
    manager = make_user("manager")
    client = signed_in(manager)
    answer = client.post(
        reverse("measures:new-objective"),
        {
            "sentence": "Answer nine in ten residents within a day",
            "family": "service",
            "owner": manager.pk,
            "measure": "answered_in_time",
            "baseline": "62",
            "baseline_on": "2026-09-01",
            "baseline_source": "hand count in September",
            "target": "90",
            "target_on": "2027-03-31",
        },
    )
    objective = Objective.objects.get()
    assert answer["Location"] == reverse("measures:objective", args=[objective.key])
    page = client.get(answer["Location"]).content.decode()
    assert "hand count in September" in page
    assert "no reading yet" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"baseline_on": ""}, "A starting number needs its day and where it comes from."),
        ({"target_on": "2026-01-01"}, "The target&#x27;s day must come after"),
        ({"measure": "likes"}, "Choose one of the listed measures."),
        ({"target": "many"}, "Enter a number."),
    ],
)
def test_an_objective_that_cannot_be_measured_is_refused_in_words(wrong: dict[str, str], sentence: str) -> None:
    make_town()
    manager = make_user("manager")
    form = {
        "sentence": "Answer",
        "family": "service",
        "owner": manager.pk,
        "measure": "answered_in_time",
        "baseline": "62",
        "baseline_on": "2026-09-01",
        "baseline_source": "count",
        "target": "90",
        "target_on": "2027-03-31",
    } | wrong
    page = signed_in(manager).post(reverse("measures:new-objective"), form)
    assert sentence in page.content.decode()
    assert not Objective.objects.exists()


def test_an_officer_reads_objectives_but_does_not_set_them() -> None:
    make_town()
    client = signed_in(make_user("officer"))
    assert client.get(reverse("measures:objectives")).status_code == 200
    assert client.get(reverse("measures:new-objective")).status_code == 403
