"""The labelled automatic acknowledgement: off until switched on, once, through the outbox, and never an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app import outbox
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Uncertain
from engagement import acknowledging, handling, leaving, replies
from engagement.acknowledging import LABEL, Wanted
from engagement.models import Acknowledged, Acknowledgement, Label, Message
from engagement.replies import Sending
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.factories_response import make_acknowledgement
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON = NOON + 2 * MINUTE


@pytest.fixture
def channel(scripted: Scripted) -> Channel:
    make_town(zone="UTC", pack="none")
    return make_channel()


def acknowledge(now=SOON) -> int:
    made = acknowledging.step(now)
    outbox.step(now)
    return made


def test_it_is_off_until_somebody_switches_it_on(channel: Channel):
    make_conversation(channel, at=NOON)
    assert acknowledge() == 0
    make_acknowledgement(channel, on=False)
    assert acknowledge() == 0


def test_it_says_that_it_is_automatic_when_people_are_there_and_whom_to_call(channel: Channel, scripted: Scripted):
    row = make_acknowledgement(channel)
    conversation = make_conversation(channel, at=NOON)
    assert acknowledge() == 1
    sent = scripted.sent[0]
    hours = "We are at the desk Mon to Fri 09:00-17:00."
    assert sent.text == f"{LABEL} Your message is here. A person answers it. {hours} In danger call 999."
    assert sent.reply_to == conversation.messages.get(ours=False).remote_id
    delivery = Delivery.objects.get()
    assert (delivery.origin, delivery.state, delivery.approval.by, delivery.asked_by) == (
        "acknowledgement",
        "published",
        row.by,
        None,
    )
    assert "switched this acknowledgement on" in delivery.approval.rule_words


def test_it_stops_no_clock_and_a_person_can_still_answer(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    conversation, officer = make_conversation(channel, at=NOON), make_user("officer")
    seen = replies.answers_of(conversation)
    acknowledge()
    now = fresh(conversation)
    assert (now.clock, now.state, now.due_at) == ("running", "open", NOON + 24 * HOUR)
    assert Message.objects.get(ours=True).conversation == conversation
    replies.release(now, Sending("On Thursday.", answers=seen), by=officer, now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    assert fresh(conversation).clock == "answered"


def test_met_by_polling_it_is_no_answer_made_outside(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    conversation = make_conversation(channel, at=NOON)
    scripted.endings = [Uncertain("no answer")]
    acknowledge()
    parent = conversation.messages.get(ours=False)
    receive(channel, make_own(channel, "Automatic message: …", parent_id=parent.remote_id, at=NOON + 3 * MINUTE))
    assert fresh(conversation).clock == "running"


def test_a_conversation_is_acknowledged_once_and_then_left_alone(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel, every_hours=6)
    conversation, officer = make_conversation(channel, at=NOON), make_user("officer")
    first = conversation.messages.get()
    assert [acknowledge(), acknowledge(), acknowledge(NOON + HOUR)] == [1, 0, 0]
    replies.release(conversation, Sending("On Thursday."), by=officer, now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    for hours, made in ((2, 0), (7, 1)):
        now = NOON + hours * HOUR
        receive(channel, make_incoming(parent_id=first.remote_id, at=now))
        assert acknowledge(now + 2 * MINUTE) == made
        handling.close(fresh(conversation), "thanks", by=officer, now=now + 3 * MINUTE)


def test_what_came_before_it_was_switched_on_or_long_ago_is_left_alone(channel: Channel):
    make_conversation(channel, at=NOON)
    make_acknowledgement(channel, at=NOON + MINUTE)
    assert acknowledge() == 0
    make_conversation(channel, at=NOON + 2 * MINUTE)
    assert acknowledge(NOON + 3 * HOUR) == 0


def test_where_a_person_answers_already_it_stays_away(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    conversation = make_conversation(channel, at=NOON)
    replies.release(conversation, Sending("On Thursday."), by=make_user("officer"), now=NOON + MINUTE)
    assert acknowledging.step(SOON) == 0


@pytest.mark.parametrize(
    ("private", "text", "label", "made"),
    [
        (False, "When is the bin collected?", "", 0),
        (True, "When is the bin collected?", "", 1),
        (True, "My neighbour's child is abused", "", 0),
        (True, "Please call me", "Safeguarding", 0),
        (True, "I will sue you", "", 0),
    ],
)
def test_private_messages_only_where_wanted_and_never_where_it_is_grave(
    channel: Channel, scripted: Scripted, private: bool, text: str, label: str, made: int
):
    make_acknowledgement(channel, private=private)
    conversation = make_conversation(channel, text, kind="direct", visibility="direct", at=NOON)
    if label:
        conversation.labels.add(Label.objects.create(name=label))
    assert acknowledge() == made
    assert [one.visibility for one in scripted.sent] == ["direct"] * made


def test_one_that_did_not_go_out_is_nobodys_work(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    make_conversation(channel, at=NOON)
    acknowledging.step(SOON)
    Acknowledgement.objects.create(channel=channel, on=False, text="x", emergency="1", by=make_user("manager"), at=SOON)
    outbox.step(SOON)
    assert Delivery.objects.get().state == "blocked"
    acknowledging.step(SOON + MINUTE)
    assert Delivery.objects.get().state == "cancelled"
    assert not scripted.sent


def test_one_that_may_be_out_is_given_up_and_never_sent_again(channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    make_conversation(channel, at=NOON)
    acknowledging.step(SOON)
    Delivery.objects.update(state="needs_attention", next_action_at=None, sends=1, intent_at=SOON, why="may_be_out")
    acknowledging.step(SOON + MINUTE)
    assert Delivery.objects.get().state == "cancelled"
    outbox.step(SOON + HOUR)
    assert not scripted.sent


def test_it_stops_when_whoever_approved_it_leaves(channel: Channel, scripted: Scripted):
    row = make_acknowledgement(channel)
    make_conversation(channel, at=NOON)
    told = leaving.part(row.by, make_user("administrator"), NOON, real=False)
    assert told.done == [f"The automatic acknowledgement on {channel} stops until somebody else approves its words."]
    User.objects.filter(pk=row.by.pk).update(is_active=False)
    assert acknowledge() == 0


def test_hours_are_said_shortly():
    assert acknowledging.opening(
        Town(hours=[[["09:00", "12:00"], ["13:00", "17:00"]]] * 4 + [[["09:00", "12:00"]], [], []]).hours
    ) == ("Mon to Thu 09:00-12:00 and 13:00-17:00, Fri 09:00-12:00")
    assert acknowledging.opening([[]] * 7) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": " "}, "Write what"),
        ({"emergency": "Call us"}, "which number"),
        ({"every_hours": 0}, "between"),
        ({"text": "x" * 300}, None),
    ],
)
def test_what_cannot_be_said_is_refused(channel: Channel, change: dict[str, object], words: str | None):
    wanted = Wanted(
        **({"on": True, "text": "Hello.", "emergency": "Call 999", "every_hours": 24, "private": False} | change)
    )
    if words is None:
        assert acknowledging.set_for(channel, wanted, by=make_user("manager"), now=NOON).on
        return
    with pytest.raises(Invalid, match=words):
        acknowledging.set_for(channel, wanted, by=make_user("manager"), now=NOON)


def test_words_too_long_for_the_platform_are_refused():
    make_town()
    wanted = Wanted(True, "x" * 290, "In danger call 999.", 24, False)
    with pytest.raises(Invalid, match="too long"):
        acknowledging.set_for(make_channel("x"), wanted, by=make_user("manager"), now=NOON)


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(client: Client) -> User:
    make_town()
    user = make_user("manager", name="Ruth Vale")
    client.force_login(user)
    return user


def test_a_manager_reads_it_first_and_switches_it_on_and_off(client: Client, manager: User, scripted: Scripted):
    channel = make_channel()
    address = reverse("response:set-acknowledgement", args=[channel.key])
    form = {"on": "on", "text": "We have read it.", "emergency": "In danger call 112.", "every_hours": "12"}
    seen = client.post(address, form | {"look": "1"}).content.decode()
    assert "Automatic message: We have read it. We are at the desk" in seen
    assert not Acknowledgement.objects.exists()
    assert client.post(address, form).status_code == 302
    row = Acknowledgement.objects.get()
    assert (row.on, row.by, row.every_hours) == (True, manager, 12)
    assert "In danger call 112." in client.get(reverse("response:acknowledgements")).content.decode()
    client.post(address, form | {"on": ""})
    assert Acknowledgement.objects.count() == 2
    assert not acknowledging.in_force(channel).on


def test_the_thread_says_that_it_was_no_person(client: Client, channel: Channel, scripted: Scripted):
    make_acknowledgement(channel)
    conversation = make_conversation(channel, at=NOON)
    acknowledge()
    client.force_login(make_user("officer"))
    page = client.get(reverse("inbox:conversation", args=[conversation.key])).content.decode()
    assert "automatic acknowledgement, no answer" in page
    assert Acknowledged.objects.count() == 1
