"""A channel that only warns: nobody is answered, no ordinary post goes out, and danger to life is told at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from accounts.refusals import Invalid
from calendar_app import readiness
from channels_app import connecting, outbox
from channels_app.models import Channel
from engagement import acknowledging, danger, replies
from engagement.models import ClockEvent
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_post
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.factories_response import make_acknowledgement
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def siren(scripted: Scripted) -> Channel:
    make_town(zone="UTC", pack="none")
    return make_channel(name="Fernhill warns", purpose="broadcast")


def test_what_is_written_there_waits_for_nobody(siren: Channel):
    conversation = make_conversation(siren, at=NOON)
    assert (conversation.state, conversation.outcome, conversation.clock) == ("closed", "one_way", "none")
    assert not ClockEvent.objects.exists()


def test_it_is_acknowledged_once_with_where_help_is(siren: Channel, scripted: Scripted):
    make_acknowledgement(siren, every_hours=1)
    conversation = make_conversation(siren, at=NOON)
    first = conversation.messages.get()
    made = [acknowledging.step(NOON + 2 * MINUTE)]
    outbox.step(NOON + 2 * MINUTE)
    receive(siren, make_incoming(parent_id=first.remote_id, at=NOON + 90 * MINUTE))
    made.append(acknowledging.step(NOON + 92 * MINUTE))
    assert (made, [one.text[-20:] for one in scripted.sent]) == ([1, 0], [" In danger call 999."])


def test_danger_to_life_is_told_at_once_and_once(siren: Channel):
    officer, manager, reader = make_user("officer"), make_user("manager"), make_user("records_officer")
    conversation = make_conversation(siren, "My father is trapped in the cellar", at=NOON)
    assert fresh(conversation).state == "open"
    item = make_incoming("again", remote_id=conversation.messages.get().remote_id, at=NOON)
    receive(siren, item)
    told = Notification.objects.filter(event="emergency.life_risk")
    assert {note.user for note in told} == {officer, manager}
    assert told.count() == 2
    assert "trapped" in told[0].words
    assert reader not in {note.user for note in told}


def test_on_a_channel_that_answers_danger_is_told_as_well():
    officer = make_user("officer")
    make_conversation(text="Please help us, the flat is on fire", at=NOON)
    assert Notification.objects.get(event="emergency.life_risk").user == officer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He is TRAPPED under the bridge", "TRAPPED"),
        ("I can’t breathe", "can't breathe"),
        ("I want to die", "want to die"),
        ("The bus was late and I could die of boredom", ""),
        ("The car park is a trap", ""),
        ("Fire safety talk on Monday", ""),
    ],
)
def test_few_and_strong_words_speak_of_danger(text: str, words: str):
    assert danger.found(text) == words


def test_there_is_no_reply_box_and_no_way_round_it(client: Client, siren: Channel):
    conversation, officer = make_conversation(siren, "My father is trapped", at=NOON), make_user("officer")
    with pytest.raises(Invalid, match="only warns"):
        replies.release(conversation, Sending("Hold on."), by=officer, now=NOON + MINUTE)
    client.force_login(officer)
    page = client.get(reverse("inbox:conversation", args=[conversation.key])).content.decode()
    assert "This channel only warns" in page
    assert "answer-panel" not in page


def test_an_ordinary_post_does_not_go_out_there(siren: Channel):
    post = make_post(channels=[siren])
    found = readiness.problems(post, list(post.placements.all()), NOON, NOON)
    assert f"{siren} only warns in an emergency: an ordinary post does not go out there." in found


def test_an_administrator_says_what_a_channel_is_for(client: Client, siren: Channel):
    client.force_login(make_user("administrator"))
    address = reverse("channels:set-purpose", args=[siren.key])
    page = client.post(address, {"purpose": "conversation"}, follow=True).content.decode()
    assert "said what it is for" in page
    siren.refresh_from_db()
    assert siren.purpose == "conversation"
    with pytest.raises(Invalid):
        connecting.set_purpose(siren, "gossip", by=make_user("administrator"), now=NOON)
