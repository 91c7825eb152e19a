"""Around an answer: its links, its language, the case's reference, and what to do when it did not go out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.refusals import Invalid
from channels_app import links, outbox
from channels_app.models import Click, Delivery, Link
from channels_app.platforms.base import Refused
from engagement import cases, failing, languages, linking, picking, replies, signing, wording
from engagement.models import CaseReference, Conversation, Reply
from engagement.replies import Sending
from policy.models import PolicyChoices
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.factories_replies import make_saved
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONG = "https://fernhill.example/bins?street=mill-road"


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    make_town(name="Fernhill")
    return make_conversation(at=NOON, text="Quand est la collecte ?", language="fr")


def send(conversation: Conversation, by: User, text: str = "On Thursday.", **how) -> Reply:
    return replies.release(conversation, Sending(text, **how), by=by, now=NOON + HOUR)


# --- links -----------------------------------------------------------------------------------------------------------


def test_links_are_short_before_anybody_signs_and_clicks_are_counted(asked, officer, settings):
    settings.PUBLIC_URL = "https://parley.fernhill.example"
    reply = send(asked, officer, f"See {LONG}. Bye")
    made = Link.objects.get()
    assert (made.origin, made.ref, made.url) == ("reply", reply.key, LONG)
    assert reply.text == f"See {links.short(made)}. Bye"
    assert Delivery.objects.get().payload["text"].startswith(reply.text)
    Click.objects.create(link=made, at=NOON)
    assert linking.clicks(reply) == 1
    assert linking.freeze(reply, NOON) == reply.text
    assert Link.objects.count() == 1


def test_the_conversation_says_how_often_its_links_were_followed(asked, officer, settings, client: Client):
    settings.PUBLIC_URL = "https://parley.fernhill.example"
    send(asked, officer, f"See {LONG}")
    outbox.step(NOON + HOUR)
    client.force_login(officer)
    url = reverse("inbox:conversation", args=[asked.key])
    assert "Links in our answers" not in client.get(url).content.decode()
    for _ in range(2):
        Click.objects.create(link=Link.objects.get(), at=NOON)
    assert "Followed 2 times" in client.get(url).content.decode()


def test_a_private_answer_keeps_its_links_and_so_does_a_desk_without_an_address(asked, officer, settings, scripted):
    assert send(asked, officer, f"See {LONG}").text == f"See {LONG}"
    settings.PUBLIC_URL = "https://parley.fernhill.example"
    private = make_conversation(kind="direct", visibility="direct", at=NOON)
    assert send(private, officer, f"See {LONG}").text == f"See {LONG}"
    assert not Link.objects.exists()


# --- language --------------------------------------------------------------------------------------------------------


def test_an_answer_is_in_the_language_of_the_message_unless_another_is_chosen(asked, officer):
    reply = send(asked, officer)
    assert Delivery.objects.get().payload["language"] == "fr"
    replies.withdraw(reply, by=officer, now=NOON + HOUR)
    reply = send(asked, officer, language="en")
    assert (reply.language, Delivery.objects.latest("pk").payload["language"]) == ("en", "en")


def test_the_language_is_part_of_what_is_signed(asked, officer):
    wording.save(asked, "On Thursday.", by=officer, now=NOON, language="en")
    english = Reply.objects.get()
    was = signing.seal(english)
    wording.save(asked, "On Thursday.", by=officer, now=NOON, language="cy")
    assert signing.seal(Reply.objects.get()) != was
    wording.save(asked, "On Thursday.", by=officer, now=NOON)
    assert Reply.objects.get().language == "cy"
    wording.save(asked, "On Thursday.", by=officer, now=NOON, language="xx")
    assert Reply.objects.get().language == ""


def test_a_language_that_differs_is_pointed_out(asked):
    parent = wording.last_asked(asked)
    english = "We will come to you on Thursday and the bins are collected by noon."
    assert languages.warning(parent, "Jeudi.", "") == ""
    assert languages.warning(parent, "Jeudi.", "en") == "They wrote in French; this answer is in English."
    assert (
        languages.warning(parent, english, "") == "These words look like English, and the answer is marked as French."
    )


# --- references ------------------------------------------------------------------------------------------------------


def test_a_case_has_one_reference_that_is_found_by_it(asked, officer, client: Client):
    number = cases.give(asked, by=officer, now=NOON).number
    assert cases.give(asked, by=officer, now=NOON).number == number
    assert cases.NUMBER.fullmatch(number)
    assert number.startswith("FE-2026-")
    other = cases.give(make_conversation(at=NOON), by=officer, now=NOON).number
    assert other != number
    client.force_login(officer)
    body = client.get(f"/search/?q={number}").content.decode()
    assert reverse("inbox:conversation", args=[asked.key]) in body
    assert number in client.get(reverse("inbox:conversation", args=[asked.key])).content.decode()


def test_a_private_reference_is_never_published_and_may_be_told_in_private(asked, officer, scripted):
    number = cases.give(asked, by=officer, now=NOON).number
    held = make_saved("Quote {reference}.")
    draft = picking.put(asked, "saved", held.key, "", None, by=officer, now=NOON)
    assert draft.text == "Quote {reference}."
    with pytest.raises(Invalid, match="is the reference of a case"):
        send(asked, officer, f"Your number is {number}.")
    private = make_conversation(kind="direct", visibility="direct", at=NOON)
    draft = picking.put(private, "saved", held.key, "", None, by=officer, now=NOON)
    assert draft.text == f"Quote {cases.number_of(private)}."
    assert send(private, officer, draft.text).state == "released"
    assert CaseReference.objects.count() == 2


def test_where_the_town_publishes_them_they_are_filled_in(asked, officer):
    PolicyChoices.objects.update_or_create(pk=1, defaults={"private_references": False})
    draft = picking.put(asked, "saved", make_saved("Quote {reference}.").key, "", None, by=officer, now=NOON)
    assert draft.text == f"Quote {cases.number_of(asked)}."
    assert send(asked, officer, draft.text).state == "released"


# --- what did not go out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "why", "next_step"),
    [
        ("failed", "content", "Shorten or change what the platform names"),
        ("failed", "gone", "is not there any more"),
        ("blocked", "channel", "once an administrator has reconnected the channel"),
        ("blocked", "permission", "grant the missing right"),
        ("blocked", "parent_gone", "Take the answer back"),
        ("missed", "late", "Take it back, read it again, and send it"),
        ("cancelled", "cancelled", "Your words are still here"),
        ("failed", "something", "Your words are still here"),
    ],
)
def test_every_end_says_what_to_do_next(state, why, next_step):
    assert next_step in failing.next_step(Delivery(state=state, why=why))


def test_what_needs_nobody_says_nothing():
    assert failing.next_step(None) == failing.next_step(Delivery(state="published")) == ""


def test_a_dead_token_says_so_in_the_thread_and_the_words_are_not_lost(client: Client, officer, scripted: Scripted):
    make_town()
    now = clock.now().replace(microsecond=0)
    here = make_conversation(make_channel(), at=now - HOUR)
    scripted.endings = [Refused("The token is not valid any more.", cause="token", code="refused")]
    reply = replies.release(here, Sending("On Thursday."), by=officer, now=now)
    outbox.step(now)
    reply.refresh_from_db()
    assert (reply.state, reply.delivery.state) == ("released", "blocked")
    client.force_login(officer)
    url = reverse("inbox:conversation", args=[here.key])
    body = client.get(url).content.decode()
    assert "On Thursday. ^DW" in body
    assert "It goes out once an administrator has reconnected the channel" in body
    client.post(f"{url}withdraw/")
    assert "On Thursday.</textarea>" in client.get(url).content.decode()


def test_a_refused_answer_says_over_its_words_what_to_do(client: Client, officer, scripted: Scripted):
    make_town()
    now = clock.now().replace(microsecond=0)
    here = make_conversation(make_channel(), at=now - HOUR)
    scripted.endings = [Refused("X says it is a duplicate.", cause="content", code="refused")]
    replies.release(here, Sending("On Thursday."), by=officer, now=now)
    outbox.step(now)
    client.force_login(officer)
    body = client.get(reverse("inbox:conversation", args=[here.key])).content.decode()
    assert "Not sent: X says it is a duplicate." in body
    assert "Shorten or change what the platform names" in body
    assert "On Thursday.</textarea>" in body
