"""Escalating, choosing and deciding through the pages: what each says, and that nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from channels_app import outbox
from channels_app.models import Delivery
from config.trial import deciding as trial
from engagement import handling, replies, signing, wording
from engagement.models import Conversation, Decision, Reply
from engagement.replies import Sending
from policy import finalsay, permitted, records
from policy.models import Absence, FinalSay, PolicyChoices
from tests.factories import make_town, make_user
from tests.factories_deciding import make_decision, make_say
from tests.factories_inbox import fresh, make_conversation
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SHARP = "As we have ALREADY told you!!"


@pytest.fixture
def now(scripted: Scripted):
    make_town(zone="UTC")
    return clock.now().replace(microsecond=0)


@pytest.fixture
def asked(now) -> Conversation:
    return make_conversation(text="Who gets the new flats?", at=now - 3 * HOUR)


@pytest.fixture
def tom(now) -> User:
    return make_user("officer", name="Tom Birch")


@pytest.fixture
def ruth(now) -> User:
    return make_user("approver", name="Ruth Calder")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(conversation: Conversation, act: str) -> str:
    return reverse(f"inbox:{act}", args=[conversation.key])


def text_of(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_an_officer_escalates_with_what_stands_in_the_draft(asked, tom, ruth, now):
    make_say("Housing", holder=ruth, since=now - HOUR)
    wording.save(asked, "The trust lets them.", by=tom, now=now)
    desk = seat(tom)
    page = desk.get(address(asked, "escalate")).content.decode()
    assert "The trust lets them." in page
    assert "Housing (Ruth Calder)" in page
    sent = {"subject": "Housing", "reason": "law", "words": "May we say who?", "text": "The trust lets them.",
            "due": f"{now + 2 * HOUR:%Y-%m-%dT%H:%M}", "clause": ""}  # fmt: skip
    answer = desk.post(address(asked, "escalate"), sent, follow=True)
    assert "Escalated. Ruth Calder decides on Housing." in text_of(answer)
    assert "Escalated: Ruth Calder decides on Housing by" in text_of(answer)
    assert "Tom Birch escalated it to Ruth Calder" in text_of(answer)
    assert fresh(asked).escalated


def test_a_question_that_is_refused_keeps_every_word(asked, tom, now):
    sent = {"subject": finalsay.ANYTHING, "words": "May we?", "text": "My words.", "due": f"{now:%Y-%m-%dT%H:%M}"}
    answer = seat(tom).post(address(asked, "escalate"), sent)
    assert answer.status_code == 422
    for words in ("May we?", "My words.", "Choose a reason."):
        assert words in answer.content.decode()
    late = seat(tom).post(address(asked, "escalate"), sent | {"reason": "law"})
    assert "Choose a time to decide by" in late.content.decode()
    assert not Decision.objects.exists()


def test_the_approver_sees_all_of_it_edits_and_approves(asked, tom, ruth, now):
    make_say("Housing", holder=ruth, deputy=make_user("approver", name="Deb Hall"), since=now - HOUR)
    decision = make_decision(asked, by=tom, now=now, clause="policy:final-say")
    desk = seat(ruth)
    shown = text_of(desk.get("/sign-off/"))
    for words in ("Housing: answer to", "Tom Birch asks", decision.words, "Who gets the new flats?", "Escalated",
                  "They are let by Easter.", "then Deb Hall is asked as deputy", "Approve and send"):  # fmt: skip
        assert words in shown, words
    form = {"reply": decision.reply.key, "seen": signing.seal(decision.reply), "text": "Let by Easter, we hope."}
    answer = desk.post(address(asked, "edit-and-approve-reply"), form, follow=True)
    assert "Signed in your words" in text_of(answer)
    assert Delivery.objects.get().payload["text"].startswith("Let by Easter, we hope.")


def test_what_the_approver_typed_is_kept_when_it_cannot_be_signed(asked, tom, ruth, now):
    make_say("Housing", holder=ruth, since=now - HOUR)
    decision = make_decision(asked, by=tom, now=now)
    form = {"reply": decision.reply.key, "seen": "of other words", "text": "Let by Easter, we hope."}
    answer = seat(ruth).post(address(asked, "edit-and-approve-reply"), form)
    assert answer.status_code == 409
    assert "changed while you were reading" in text_of(answer)
    assert "Let by Easter, we hope.</textarea>" in answer.content.decode()
    signing.withdraw(Reply.objects.get(), by=tom, now=now)
    gone = seat(ruth).post(address(asked, "edit-and-approve-reply"), form)
    assert "Nothing waits here any more" in text_of(gone)
    assert "Let by Easter, we hope.</textarea>" in gone.content.decode()


def test_the_queue_opens_though_the_town_has_forbidden_such_answers_meanwhile(asked, tom, ruth, now):
    make_decision(asked, by=tom, now=now, text="There is no refund.")
    permitted.decide("reply:3", "officer", "no", by=make_user("manager"), now=now)
    answer = seat(ruth).get("/sign-off/")
    assert answer.status_code == 200
    assert seat(tom).get("/sign-off/").status_code == 200


def test_another_approver_reads_who_decides_and_has_no_button(asked, tom, ruth, now):
    make_say("Housing", holder=ruth, since=now - HOUR)
    make_decision(asked, by=tom, now=now)
    shown = text_of(seat(make_user("approver")).get("/sign-off/"))
    assert "Ruth Calder decides on this." in shown
    assert "Approve and send" not in shown


def test_two_answers_stand_side_by_side_and_one_is_chosen(asked, tom, ruth, now):
    sam = make_user("officer", name="Sam Okoro")
    replies.release(asked, Sending("You can ask for a refund."), by=tom, now=now - HOUR)
    draft = wording.save(asked, "On Thursday.", by=sam, now=now - HOUR)
    assert "Sam Okoro has an answer waiting here too" in text_of(seat(ruth).get("/sign-off/"))
    desk = seat(sam)
    assert "2 answers wait here; none goes out until one is chosen" in text_of(desk.get(address(asked, "conversation")))
    shown = text_of(desk.get(address(asked, "choose-answer")))
    assert "You can ask for a refund." in shown
    assert "On Thursday." in shown
    assert desk.post(address(asked, "choose-answer")).status_code == 422
    answer = desk.post(address(asked, "choose-answer"), {"reply": draft.key}, follow=True)
    assert "Sam Okoro's answer was chosen" in text_of(answer)
    assert "Sam Okoro chose Sam Okoro's answer; the others were dropped" in text_of(answer)
    assert "At most" not in shown
    assert "One answer at most waits here" in text_of(desk.get(address(asked, "choose-answer")))


def test_a_decision_has_a_page_of_its_own_with_the_proof(asked, tom, ruth, now):
    make_say("Housing", holder=ruth, since=now - HOUR)
    decision = make_decision(asked, by=tom, now=now)
    reply = Reply.objects.get()
    replies.approve(reply, signing.seal(reply), by=ruth, now=now, text="Let by Easter, we hope.", remark="Careful.")
    outbox.step(now)
    records.seal()
    desk = seat(make_user("records_officer"))
    shown = text_of(desk.get(reverse("inbox:decision", args=[decision.key])))
    for words in ("What was asked", "Tom Birch", "Step by step", "Approved by Ruth Calder", "Careful.",
                  "Let by Easter, we hope.", "The same", "of the chain; its words fit their hash."):  # fmt: skip
        assert words in shown, words
    for query in ("", "?show=escalated"):
        assert decision.words in text_of(desk.get(reverse("inbox:decisions") + query))
    assert "No decision yet" in text_of(desk.get(reverse("inbox:decisions") + "?show=open"))


def test_a_decision_on_another_channel_is_not_there(asked, tom, ruth, now):
    decision = make_decision(asked, by=tom, now=now)
    stranger = make_user("officer", scope=make_conversation().channel.scope)
    assert seat(stranger).get(reverse("inbox:decision", args=[decision.key])).status_code == 404
    assert decision.words not in text_of(seat(stranger).get(reverse("inbox:decisions")))


def test_a_held_answer_counts_down_and_says_so(asked, tom, now):
    PolicyChoices.here()
    PolicyChoices.objects.update(cool_minutes=10)
    desk = seat(tom)
    answer = desk.post(address(asked, "reply"), {"text": SHARP}, follow=True)
    assert "It reads sharp, so it goes out in" in text_of(answer)
    assert "held to cool off, goes out" in text_of(answer)
    assert "Take back" in text_of(answer)


def test_the_town_chooses_how_long_a_sharp_answer_is_held(now):
    desk = seat(make_user("manager"))
    page = desk.get(reverse("policy:choices")).content.decode()
    fields = dict(re.findall(r'<input type="number" name="(\w+)" value="(\d+)"', page))
    sent = {**fields, "cool_minutes": "10", "version": PolicyChoices.here().version}
    desk.post(reverse("policy:choices"), sent)
    assert PolicyChoices.here().cool_minutes == 10
    answer = desk.post(reverse("policy:choices"), sent | {"cool_minutes": "500", "version": 2})
    assert (answer.status_code, PolicyChoices.here().cool_minutes) == (422, 10)


def test_who_had_the_final_say_is_answered_with_one_person_and_why(now):
    ana, ben, cy = (make_user("approver", name=name) for name in ("Ana", "Ben", "Cy"))
    moment = datetime(2026, 5, 3, 21, 10, tzinfo=UTC)
    make_say("Housing", holder=ana, deputy=ben, second=cy, since=moment - timedelta(days=30))
    gone = Absence(user=ana, kind="away", starts_at=moment - HOUR, ends_at=moment + timedelta(days=4), why="On leave.")
    finalsay.be_away(gone, by=make_user("manager"), now=moment - HOUR)
    shown = text_of(seat(ana).get("/policy/final-say/?subject=Housing&at=2026-05-03T21:10"))
    for words in ("Ben decides on Housing for Ana, who is away until 7 May.", "Housing, 3 May 2026, 21:10.",
                  "Cy stands in.", "Passed by: Ana is away until 7 May.", "version of 3 April 2026"):  # fmt: skip
        assert words in shown, words
    assert "Who had it at" in text_of(seat(ana).get(reverse("policy:final-say-history", args=[_row().key])))


def _row() -> FinalSay:
    return FinalSay.objects.get(subject="Housing")


def test_a_note_that_names_a_colleague_tells_her(asked, tom, ruth, now):
    seat(tom).post(address(asked, "note"), {"note": "@Ruth Calder: is this so?"})
    assert "Tom Birch asks you in a note" in text_of(seat(ruth).get(reverse("accounts:notifications")))


def test_the_trial_has_one_question_that_waits_and_one_that_was_decided(tom, ruth, now):
    for words in ("When is the vote on the plan?", "My tax bill is wrong"):
        make_conversation(text=words, at=now - 2 * HOUR)
    staff = {"tom": tom, "amara": make_user("publisher"), "ruth": ruth, "dev": make_user("manager")}
    trial.leave(staff, now)
    assert set(Decision.objects.values_list("state", "holder__name")) == {
        ("approved", "Ruth Calder"),
        ("open", "Ruth Calder"),
    }


def test_a_conversation_with_a_question_is_closed_only_when_it_is_decided(asked, tom, ruth, now):
    make_decision(asked, by=tom, now=now)
    answer = seat(tom).post(address(asked, "close"), {"outcome": "elsewhere"})
    assert "An answer waits for a decision here." in text_of(answer)
    signing.withdraw(Reply.objects.get(), by=tom, now=now)
    handling.close(asked, "elsewhere", by=tom, now=now)
