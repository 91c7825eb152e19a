"""Today lists what waits for a person's decision: who asks what and until when, the most urgent first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.access import remember
from accounts.models import User
from engagement import awaiting, deciding, signing
from engagement.deciding import Question
from engagement.models import Reply
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_deciding import ASKED, make_decision, make_say
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NIGHT = [[["09:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture(autouse=True)
def town(db) -> None:
    make_town(zone="UTC", pack="none")


@pytest.fixture
def ruth() -> User:
    return make_user("approver", name="Ruth Calder")


def to_sign(by: User, now=NOON) -> Reply:
    """An answer for which a rule alone wants a signature."""
    home = make_conversation(at=now - HOUR)
    facts = {"state": "in_review", "asked_at": now, "author": by, "visibility": "public", "at": now}
    reply = Reply.objects.create(conversation=home, parent=home.messages.get(), text="There is a refund.", **facts)
    deciding.ask(reply, Question(), [], by=by, now=now)
    return reply


def subjects(user: User, now=NOON) -> list[str]:
    return [one.decision.subject for one in awaiting.waiting_for(user, now)]


def test_the_most_urgent_comes_first_with_who_asks_what_and_until_when(ruth):
    now, tom = clock.now(), make_user("officer", name="Tom Birch")
    make_say("Housing", holder=ruth)
    make_say("Roads", holder=ruth)
    make_decision(subject="Housing", by=tom, now=now, due_at=now + 3 * HOUR)
    make_decision(subject="Roads", by=tom, now=now, due_at=now + HOUR)
    client = Client()
    client.force_login(ruth)
    page = client.get(reverse("desk:today")).content.decode()
    assert page.index("Decide on Roads for Tom Birch") < page.index("Decide on Housing for Tom Birch")
    assert "2 decisions wait for you." in page
    assert ASKED in page
    reply = Reply.objects.filter(decisions__subject="Roads").get()
    assert f"{reverse('desk:sign-off')}#answer-{reply.key}" in page
    assert "60 min left" in page or "59 min left" in page or "1 h left" in page


def test_it_is_listed_for_whom_it_lies_with_and_for_nobody_else(ruth):
    other, tom = make_user("approver"), make_user("officer")
    make_say("Housing", holder=ruth, deputy=other)
    decision = make_decision(subject="Housing", by=tom)
    assert (subjects(ruth), subjects(other), subjects(tom)) == (["Housing"], [], [])
    assert signing.move_on(decision.pk, NOON + 3 * HOUR) is not None
    later = NOON + 3 * HOUR
    assert (subjects(ruth, later), subjects(other, later)) == (["Housing"], ["Housing"])
    elsewhere = make_user("approver", scope=make_channel().scope)
    assert subjects(elsewhere) == []


def test_at_night_it_is_also_for_whoever_has_the_night(ruth):
    owl = make_user("approver", name="Noor Haddad")
    make_say("Housing", holder=ruth, after_hours=owl, hours=NIGHT)
    make_decision(subject="Housing")
    assert (subjects(ruth), subjects(owl)) == (["Housing"], [])
    assert subjects(owl, NOON + 10 * HOUR) == ["Housing"]


def test_a_signature_that_a_rule_wants_waits_for_every_approver_but_its_writer(ruth):
    writer = make_user("approver")
    to_sign(writer)
    assert [one.what for one in awaiting.waiting_for(ruth, NOON)] == ["An answer is to be signed."]
    assert awaiting.waiting_for(writer, NOON) == []


def test_what_is_settled_is_gone_and_many_cost_no_more_than_one(ruth, django_assert_max_num_queries):
    tom, client = make_user("officer"), Client()
    client.force_login(ruth)
    remember(ruth, NOON)
    rows = [to_sign(tom)]
    with django_assert_max_num_queries(1):
        assert len(awaiting.waiting_for(ruth, NOON)) == 1
    rows += [to_sign(tom) for _ in range(9)]
    with django_assert_max_num_queries(1):
        assert len(awaiting.waiting_for(ruth, NOON)) == 10
    assert "All 10 in Sign-off" in client.get(reverse("desk:today")).content.decode()
    signing.withdraw(rows[0], by=tom, now=NOON)
    assert len(awaiting.waiting_for(ruth, NOON)) == 9
