"""An answer goes out once, to those who may see it, and stops the clock when it is out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.platforms.base import Candidate, Lookup, Refused, Uncertain
from engagement import filing, handling, rechecking, replies, wording
from engagement.models import ClockEvent, Conversation, Message, Reply
from engagement.replies import Sending
from policy.models import Approval
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    return make_conversation(at=NOON)


def send(conversation: Conversation, by: User, text: str = "On Thursday.", now=NOON + HOUR, **how) -> Reply:
    return replies.release(conversation, Sending(text, **how), by=by, now=now)


def publish(now=NOON + HOUR) -> None:
    outbox.step(now)


def test_a_published_answer_stops_the_clock_and_is_a_message_of_ours(asked, officer, scripted: Scripted):
    reply = send(asked, officer)
    assert (reply.state, reply.delivery.state, fresh(asked).clock) == ("released", "scheduled", "running")
    assert fresh(asked).assignee == officer
    publish()
    reply.refresh_from_db()
    now, ours = fresh(asked), Message.objects.get(ours=True)
    assert (reply.state, now.clock, now.due_at, now.state) == ("published", "answered", None, "open")
    assert (ours.delivery, ours.conversation, ours.parent_id) == (
        reply.delivery,
        asked,
        asked.messages.get(ours=False).remote_id,
    )
    assert scripted.sent[0].reply_to == ours.parent_id


def test_every_answer_has_an_approval_that_names_its_rule(asked, officer):
    assert send(asked, officer).approval == Approval.objects.get()
    assert Approval.objects.get().rule_words == "No sign-off needed: officers answer for their own replies."


def test_pressing_send_stops_nothing_while_nobody_knows_whether_it_is_out(asked, officer, scripted: Scripted):
    scripted.endings = [Uncertain("no answer")]
    reply = send(asked, officer)
    publish()
    reply.refresh_from_db()
    assert (reply.delivery.state, reply.state, fresh(asked).clock) == ("unknown", "released", "running")
    parent = asked.messages.get(ours=False)
    text = scripted.words(scripted.sent[0])
    seen = Candidate("ours-1", "", text, NOON + HOUR, 0, parent.remote_id)
    scripted.found = [Lookup([seen])] * 3
    for minutes in range(61, 90):
        publish(NOON + minutes * MINUTE)
    reply.refresh_from_db()
    assert (reply.delivery.state, reply.state, fresh(asked).clock) == ("published", "published", "answered")


def test_our_answer_met_by_polling_while_unknown_is_not_counted_as_made_outside(asked, officer, scripted: Scripted):
    scripted.endings = [Uncertain("no answer")]
    send(asked, officer)
    publish()
    parent = asked.messages.get(ours=False)
    met = make_own(asked.channel, "On Thursday.", remote_id="ours-1", parent_id=parent.remote_id, at=NOON + HOUR)
    receive(asked.channel, met)
    assert fresh(asked).clock == "running"
    scripted.found = [Lookup([Candidate("ours-1", "", "On Thursday.", met.at, 0, parent.remote_id)])] * 3
    for minutes in range(61, 90):
        publish(NOON + minutes * MINUTE)
    assert Message.objects.filter(ours=True).count() == 1
    assert list(ClockEvent.objects.filter(kind="answered").values_list("reason", flat=True)) == [""]


def test_meeting_our_own_answer_again_is_one_message(asked, officer):
    send(asked, officer)
    publish()
    ours = Message.objects.get(ours=True)
    item = make_own(asked.channel, "On Thursday. #edited", remote_id=ours.remote_id, parent_id=ours.parent_id)
    filing.file(asked.channel, [item], NOON + 2 * HOUR)
    assert Message.objects.filter(ours=True).count() == 1
    assert ours.versions.count() == 2
    assert ClockEvent.objects.filter(kind="answered").count() == 1


def test_taking_up_the_end_twice_changes_nothing(asked, officer):
    reply = send(asked, officer)
    publish()
    reply.refresh_from_db()
    replies.after(Delivery.objects.get(), NOON + 3 * HOUR)
    assert (Message.objects.filter(ours=True).count(), ClockEvent.objects.count()) == (1, 2)


def test_a_double_click_is_one_answer(asked, officer):
    first = send(asked, officer, form_key="form-1")
    assert send(asked, officer, form_key="form-1") == first
    publish()
    assert send(asked, officer, form_key="form-1") == first
    assert (Reply.objects.count(), Delivery.objects.count()) == (1, 1)


def test_two_officers_answering_at_once_send_one_and_keep_both_texts(asked, officer):
    other = make_user("officer", name="Sam Okoro")
    seen = replies.answers_of(asked)
    send(asked, officer, "On Thursday.", answers=seen)
    with pytest.raises(LostRace, match="An answer by Dana Whitlock is on its way already"):
        send(asked, other, "Next week.", answers=seen)
    publish()
    with pytest.raises(LostRace, match="Somebody answered this while you were writing"):
        send(asked, other, "Next week.", answers=seen)
    assert Delivery.objects.count() == 1
    assert wording.draft_of(asked, other).text == "Next week."
    send(asked, other, "And on Friday too.", answers=replies.answers_of(asked))


def test_a_refused_answer_is_a_draft_again_with_its_words_and_the_reason(asked, officer, scripted: Scripted):
    scripted.endings = [Refused("X does not allow this reply.", cause="content", code="refused")]
    reply = send(asked, officer, "On Thursday.", form_key="form-1")
    publish()
    reply.refresh_from_db()
    assert (reply.state, reply.text, reply.why) == ("draft", "On Thursday.", "Not sent: X does not allow this reply.")
    assert fresh(asked).clock == "running"
    again = send(asked, officer, "On Thursday, then.", form_key="form-2", now=NOON + 2 * HOUR)
    publish(NOON + 2 * HOUR)
    again.refresh_from_db()
    assert (again.pk, again.state, Delivery.objects.count()) == (reply.pk, "published", 2)


def test_an_answer_can_be_taken_back_before_it_goes_out(asked, officer, scripted: Scripted):
    reply = replies.withdraw(send(asked, officer), by=officer, now=NOON + HOUR)
    publish()
    assert (reply.state, reply.text, scripted.sent) == ("draft", "On Thursday.", [])


def test_send_and_close_closes_once_it_is_out(asked, officer):
    send(asked, officer, close_after=True)
    assert fresh(asked).state == "open"
    publish()
    assert (fresh(asked).state, fresh(asked).outcome) == ("closed", "answered")


def test_what_came_while_the_answer_was_on_its_way_is_still_owed(asked, officer):
    send(asked, officer, close_after=True)
    first = asked.messages.get(ours=False)
    late = make_incoming("And the lamps?", parent_id=first.remote_id, at=NOON + 50 * MINUTE)
    receive(asked.channel, late, now=NOON + HOUR + MINUTE)
    publish(NOON + HOUR + 2 * MINUTE)
    now = fresh(asked)
    assert (now.state, now.clock, now.unanswered_since) == ("open", "running", NOON + 50 * MINUTE)


def test_nothing_is_sent_to_a_message_taken_back_meanwhile(asked, officer, scripted: Scripted):
    reply = send(asked, officer)
    rechecking.mark_gone(asked.channel, [asked.messages.get(ours=False).remote_id], NOON + HOUR)
    publish()
    reply.refresh_from_db()
    assert (reply.delivery.state, scripted.sent) == ("blocked", [])
    assert "taken back by its author" in reply.delivery.why_words


def test_writing_makes_parley_look_whether_the_message_is_still_there(asked, officer):
    wording.save(asked, "On Th", by=officer, now=NOON + HOUR)
    assert rechecking.due(NOON + HOUR) == [asked.messages.get().pk]


@pytest.mark.parametrize("platform", ["mastodon", "x", "facebook"])
@pytest.mark.parametrize("visibility", ["direct", "private"])
def test_a_private_message_is_never_answered_in_public(platform: str, visibility: str, officer, scripted: Scripted):
    channel = make_channel(platform)
    secret = make_incoming("My address is Mill Road 4", kind="direct", visibility=visibility, at=NOON)
    conversation = receive(channel, secret)[0].conversation
    reply = send(conversation, officer)
    assert (reply.visibility, reply.delivery.payload["visibility"]) == ("direct", "direct")
    publish()
    assert [outgoing.visibility for outgoing in scripted.sent] == ["direct"]
    assert Message.objects.get(ours=True).visibility == "direct"


def test_an_answer_that_would_show_a_private_message_is_stopped_at_the_last_moment(asked, officer, scripted: Scripted):
    reply = send(asked, officer)
    Message.objects.filter(pk=reply.parent_id).update(visibility="direct")
    publish()
    reply.refresh_from_db()
    assert (reply.delivery.state, reply.delivery.why, scripted.sent) == ("blocked", "visibility", [])


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_an_answer_is_seen_by_those_who_saw_the_question(visibility: str, officer, scripted: Scripted):
    conversation = receive(make_channel(), make_incoming(visibility=visibility, at=NOON))[0].conversation
    assert send(conversation, officer).delivery.payload["visibility"] == visibility


@pytest.mark.parametrize(("text", "words"), [("  ", "Write an answer first"), ("x" * 600, "too long for Mastodon")])
def test_words_that_cannot_be_sent_are_refused(text: str, words: str, asked, officer):
    with pytest.raises(Invalid, match=words):
        send(asked, officer, text)
    assert not Delivery.objects.exists()


def test_words_that_were_refused_are_kept_as_a_draft(asked, officer):
    with pytest.raises(Invalid):
        send(asked, officer, "x" * 600)
    assert wording.draft_of(asked, officer).text == "x" * 600


def test_an_officer_whose_right_ended_sends_nothing(asked, scripted: Scripted):
    temporary = make_user("officer", scope=asked.channel.scope)
    reply = send(asked, temporary)
    temporary.grants.update(ends_at=NOON + HOUR)
    publish(NOON + HOUR + MINUTE)
    reply.refresh_from_db()
    assert (reply.delivery.state, scripted.sent) == ("blocked", [])


def test_closing_waits_for_an_answer_that_is_on_its_way(asked, officer):
    send(asked, officer)
    with pytest.raises(Exception, match="still on its way"):
        handling.close(asked, "answered", by=officer, now=NOON + HOUR)


def nobody_knows(asked: Conversation, officer: User, scripted: Scripted) -> Reply:
    """An answer that was sent, and that could not be found on the platform nor proven absent."""
    scripted.endings = [Uncertain("no answer")]
    scripted.KEYED = False
    reply = send(asked, officer)
    scripted.found = [Lookup(complete=False)] * 60
    for minutes in range(60, 85):
        publish(NOON + minutes * MINUTE)
    reply.refresh_from_db()
    assert reply.delivery.state == "needs_attention"
    return reply


def test_a_persons_word_that_it_is_there_stops_the_clock_and_the_poll_links_it(asked, officer, scripted: Scripted):
    reply = nobody_knows(asked, officer, scripted)
    publisher, now = make_user("publisher", name="Pia Holt"), NOON + 2 * HOUR
    version, link = reply.delivery.version, "https://social.fernhill.example/1"
    replies.decide(reply, "it_is_there", "I see it", url=link, version=version, by=publisher, now=now)
    assert (reply.state, fresh(asked).clock) == ("published", "answered")
    parent = asked.messages.get(ours=False)
    receive(asked.channel, make_own(asked.channel, "On Thursday.", parent_id=parent.remote_id, at=NOON + HOUR))
    assert Message.objects.get(ours=True).delivery == reply.delivery
    assert ClockEvent.objects.filter(kind="answered").count() == 1


def test_who_may_decide_is_led_to_the_conversation(asked, officer, scripted: Scripted):
    publisher = make_user("publisher")
    nobody_knows(asked, officer, scripted)
    assert publisher.notifications.get().url == f"/inbox/{asked.key}/"


def test_a_person_can_have_it_sent_or_drop_it(asked, officer, scripted: Scripted):
    reply = nobody_knows(asked, officer, scripted)
    publisher, now = make_user("publisher"), NOON + 2 * HOUR
    replies.decide(reply, "drop", "Not there", url="", version=reply.delivery.version, by=publisher, now=now)
    assert (reply.state, reply.text, fresh(asked).clock) == ("draft", "On Thursday.", "running")
