"""A sharp answer waits as long as the town has chosen; until then it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_app import outbox
from channels_app.models import Delivery
from engagement import cooling, replies, signing
from engagement.models import Conversation, Reply
from engagement.replies import Sending
from policy.models import PolicyChoices
from tests.factories import NOON, make_user
from tests.factories_inbox import make_conversation
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SHARP = "As we have ALREADY told you!!"


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    PolicyChoices.here()
    PolicyChoices.objects.update(cool_minutes=10)
    return make_conversation(at=NOON - MINUTE)


def send(conversation: Conversation, text: str, **how: object) -> Reply:
    by = how.pop("by", None) or make_user("officer")
    return replies.release(conversation, Sending(text), by=by, now=NOON)


def test_a_sharp_answer_is_held_for_the_ten_minutes_and_then_goes_out(asked, scripted: Scripted):
    reply = send(asked, SHARP)
    assert cooling.until(reply.delivery, NOON) == NOON + 10 * MINUTE
    for minutes in (0, 5, 9):
        outbox.step(NOON + minutes * MINUTE)
        assert scripted.sent == []
    outbox.step(NOON + 10 * MINUTE)
    assert len(scripted.sent) == 1
    assert Delivery.objects.get().state == "published"


def test_while_it_is_held_it_can_be_taken_back(asked, scripted: Scripted):
    officer = make_user("officer")
    reply = send(asked, SHARP, by=officer)
    replies.withdraw(reply, by=officer, now=NOON + 9 * MINUTE)
    outbox.step(NOON + 11 * MINUTE)
    reply.refresh_from_db()
    assert (reply.state, reply.text, scripted.sent) == ("draft", SHARP, [])


def test_a_calm_answer_goes_out_at_once_and_so_does_a_sharp_one_where_the_town_has_no_hold(asked, scripted: Scripted):
    send(asked, "On Thursday.")
    outbox.step(NOON)
    PolicyChoices.objects.update(cool_minutes=0)
    send(make_conversation(at=NOON - MINUTE), SHARP)
    outbox.step(NOON)
    assert len(scripted.sent) == 2


def test_what_another_person_signed_is_not_held(asked, scripted: Scripted):
    approver, officer = make_user("approver"), make_user("officer")
    reply = send(asked, f"{SHARP} There is no refund.", by=officer)
    assert reply.state == "in_review"
    replies.approve(Reply.objects.get(), signing.seal(reply), by=approver, now=NOON)
    outbox.step(NOON)
    assert len(scripted.sent) == 1
