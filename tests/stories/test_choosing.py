"""Two answers that wait for one conversation: one is chosen, and none goes out until then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notification, User
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app.models import Delivery
from engagement import choosing, replies, signing, wording
from engagement.models import Conversation, Decision, Reply
from engagement.replies import Sending
from tests.factories import NOON, make_user
from tests.factories_deciding import make_decision, make_say
from tests.factories_inbox import make_conversation
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
RISKY = "You can ask for a refund here."  # a word that wants a signature


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    return make_conversation(at=NOON - HOUR)


@pytest.fixture
def tom() -> User:
    return make_user("officer", name="Tom")


@pytest.fixture
def sam() -> User:
    return make_user("officer", name="Sam")


@pytest.fixture
def ruth() -> User:
    return make_user("approver", name="Ruth")


def send(conversation: Conversation, by: User, text: str) -> Reply:
    return replies.release(conversation, Sending(text), by=by, now=NOON)


def approve(reply: Reply, by: User) -> Reply:
    reply = Reply.objects.get(pk=reply.pk)
    return replies.approve(reply, signing.seal(reply), by=by, now=NOON)


def test_an_answer_that_waits_for_a_signature_stops_a_colleagues_until_one_is_chosen(asked, tom, sam, ruth):
    send(asked, tom, RISKY)
    with pytest.raises(LostRace, match="Tom has an answer waiting here too"):
        send(asked, sam, "On Thursday.")
    assert wording.draft_of(asked, sam).text == "On Thursday."
    assert [one.author for one in choosing.pending(asked)] == [tom, sam]
    mine = wording.draft_of(asked, sam)
    choosing.choose(asked, str(mine.key), by=sam, now=NOON)
    assert send(asked, sam, "On Thursday.").state == "released"
    assert Delivery.objects.count() == 1


def test_a_colleagues_draft_stops_the_signature_until_one_is_chosen(asked, tom, sam, ruth):
    first = send(asked, tom, RISKY)
    draft = wording.save(asked, "I would say Thursday.", by=sam, now=NOON - HOUR)
    with pytest.raises(LostRace, match="Sam has an answer waiting"):
        approve(first, ruth)
    with pytest.raises(LostRace):
        replies.approve(first, signing.seal(first), by=ruth, now=NOON, text="Other words.")
    choosing.choose(asked, str(first.key), by=ruth, now=NOON)
    draft.refresh_from_db()
    assert (draft.state, draft.text) == ("dropped", "I would say Thursday.")
    words = Notification.objects.get(user=sam).words
    assert words.startswith("Ruth chose the answer of Tom. Yours is not sent; its words are kept")
    assert approve(first, ruth).state == "released"


def test_of_two_that_wait_for_a_signature_one_is_chosen_and_the_other_kept_on_record(asked, tom, sam, ruth):
    first, second = send(asked, tom, RISKY), send(asked, sam, "A refund is possible.")
    for one in (first, second):
        with pytest.raises(LostRace):
            approve(one, ruth)
    with pytest.raises(Invalid, match="Choose one"):
        choosing.choose(asked, "", by=ruth, now=NOON)
    choosing.choose(asked, str(second.key), by=ruth, now=NOON)
    lost = Decision.objects.get(reply=first)
    assert (lost.state, lost.said, lost.remark) == ("dropped", RISKY, "Ruth chose the answer of Sam.")
    assert approve(second, ruth).state == "released"
    with pytest.raises(LostRace, match="only one answer left"):
        choosing.choose(asked, str(first.key), by=ruth, now=NOON)


def test_nobody_gets_past_an_escalation_by_choosing_their_own_words(asked, tom, sam, ruth):
    make_say("Housing", holder=ruth)
    decision = make_decision(asked, by=tom)
    with pytest.raises(LostRace):
        send(asked, sam, "On Thursday.")
    mine = wording.draft_of(asked, sam)
    with pytest.raises(NotAllowed, match="Ruth decides on this"):
        choosing.choose(asked, str(mine.key), by=sam, now=NOON)
    assert Reply.objects.get(pk=decision.reply_id).state == "in_review"
    choosing.choose(asked, str(mine.key), by=tom, now=NOON)
    assert send(asked, sam, "On Thursday.").state == "released"


def test_two_drafts_alone_are_no_choice_whoever_sends_first_is_first(asked, tom, sam):
    wording.save(asked, "Perhaps.", by=tom, now=NOON)
    assert choosing.pending(asked) == []
    assert send(asked, sam, "On Thursday.").state == "released"
