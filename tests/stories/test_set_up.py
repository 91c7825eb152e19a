"""The guided set-up: one account, only defaults, and then a post and an answer that needed nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.access import may, roles_of
from accounts.models import Mail, Town, User
from channels_app import outbox
from channels_app.models import Delivery
from config.trial import cast, guiding
from policy import guides
from policy.models import PolicyChoices
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_post
from tests.factories_inbox import make_conversation
from tests.factories_people import WORDS
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return make_user("administrator", password=WORDS)


@pytest.fixture
def desk(chief: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": chief.email, "password": WORDS})
    return client


def step(client: Client, name: str, /, **typed: str) -> str:
    """Send one step with these fields; the address it leads on to."""
    answer = client.post(reverse("desk:set-up-step", args=[name]), typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(client.get(answer["Location"])["Location"])


def all_steps(client: Client) -> str:
    town = Town.here()
    step(client, "town", name="Fernhill", zone=town.zone, locale=town.locale, version=str(town.version))
    step(client, "hours", **{f"{which}-{day}-0": at for day in range(5) for which, at in HOURS})
    step(client, "pack", pack="england")
    step(client, "mail")
    step(client, "policy", contact="Ruth", complaints="fernhill.example/complain", emergency_number="999", read="on")
    step(client, "colleague", how="alone", role="approver")
    return step(client, "channel")


HOURS = (("start", "09:00"), ("end", "17:00"))


def test_the_first_administrator_is_led_to_it_and_nobody_else_is(desk: Client) -> None:
    assert desk.get("/")["Location"] == "/set-up/"
    assert desk.get("/set-up/")["Location"] == "/set-up/town/"
    officer = Client()
    officer.force_login(make_user("officer"))
    assert officer.get("/").status_code == 200
    assert officer.get("/set-up/").status_code == 403


def test_every_step_is_kept_and_taken_up_again_where_it_was_left(desk: Client) -> None:
    town = Town.here()
    step(desk, "town", name="Fernhill", zone=town.zone, locale=town.locale, version=str(town.version))
    assert Town.here().name == "Fernhill"
    assert desk.get("/set-up/")["Location"] == "/set-up/hours/"
    assert "Parley is not set up yet" in desk.get("/settings/").content.decode()
    page = desk.get("/set-up/hours/").content.decode()
    assert "Step 2 of 7" in page
    wrong = desk.post("/set-up/hours/", {"start-0-0": "17:00", "end-0-0": "09:00"})
    assert wrong.status_code == 422
    assert 'value="17:00"' in wrong.content.decode()


def test_with_defaults_one_person_publishes_and_answers_with_nobody_else(
    desk: Client, chief: User, scripted: Scripted
) -> None:
    channel = make_channel()
    assert all_steps(desk) == "/set-up/end/"
    desk.post("/set-up/end/")
    now = clock.now()
    assert {"publisher", "manager"} <= roles_of(chief, now)
    assert [guides.current(guide) is not None for guide in guides.NAMES] == [True, True]
    assert guides.owed(chief, now) == []
    choices = PolicyChoices.here()
    assert (choices.alone, choices.contact, choices.set_up_ended_at is not None) == (True, "Ruth", True)
    post = make_post(author=chief, channels=[channel], unplanned=True)
    desk.post(reverse("calendar:publish-post", args=[post.key]), {"version": post.version})
    conversation = make_conversation(channel, "When is bin day?", at=NOON)
    desk.post(reverse("inbox:reply", args=[conversation.key]), {"text": "On Thursday, Ruth."})
    outbox.step(clock.now() + timedelta(seconds=1))
    outbox.step(clock.now() + timedelta(seconds=60))
    assert {row.kind: row.state for row in Delivery.objects.all()} == {"post": "published", "reply": "published"}
    assert all(row.approval.by is None for row in Delivery.objects.select_related("approval"))


def test_with_a_colleague_no_right_is_added_and_the_link_is_mailed(desk: Client, chief: User) -> None:
    step(desk, "colleague", how="with", name="Ruth", email="ruth@fernhill.example", role="approver")
    assert roles_of(chief, clock.now()) == {"administrator"}
    mail = Mail.objects.get(kind="invitation")
    assert (mail.to, mail.subject) == ("ruth@fernhill.example", "Your invitation to Parley")
    wrong = desk.post("/set-up/colleague/", {"how": "with", "role": "approver"})
    assert "Whom shall the invitation go to?" in wrong.content.decode()


def test_keys_rest_for_whoever_has_not_read_a_guide_when_the_grace_is_over(desk: Client, chief: User) -> None:
    step(desk, "policy", contact="Ruth", complaints="x", emergency_number="999", read="on")
    now, officer = clock.now(), make_user("officer")
    scope = make_channel().scope
    assert may(officer, "answer", now, scope)
    late = now + timedelta(days=15)
    assert not may(officer, "answer", late, scope)
    assert may(officer, "see_inbox", late, scope)
    for version in guides.owed(officer, late):
        guides.acknowledge(version, by=officer, now=late)
    assert may(officer, "answer", late, scope)


def test_the_trial_has_done_what_it_says_and_no_more(desk: Client, chief: User) -> None:
    make_town(**cast.TOWN)
    make_user("administrator", email=f"inge@{cast.DOMAIN}")
    guiding.adopt(NOON)
    guiding.finish()
    page = desk.get("/set-up/end/").content.decode()
    assert "1 of 7 steps is left" in page
    assert 'Do it now<span class="hidden-text">: First channel' in page
    make_channel()
    guiding.finish()
    assert desk.get("/set-up/")["Location"] == "/set-up/end/"
    page = desk.get("/set-up/end/").content.decode()
    assert "Everything is set up." in page
    assert "Left for later" not in page
    assert "Finish the set-up" not in page
