"""An escalated conversation goes to whoever has the final say at that hour, and nothing goes out without their word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Notification, User
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from channels_app import outbox
from channels_app.models import Delivery
from engagement import deciding, escalating, handling, recording, replies, signing
from engagement.models import Conversation, Decision, Reply
from engagement.replies import Sending
from policy import finalsay, records
from policy.models import Absence, PolicyChoices
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_deciding import make_decision, make_question, make_say
from tests.factories_inbox import fresh, make_conversation
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture(autouse=True)
def _in_town() -> None:
    make_town(zone="Europe/London", pack="england")


@pytest.fixture
def officer() -> User:
    return make_user("officer", name="Tom Birch")


@pytest.fixture
def line() -> list[User]:
    """Ana decides on housing, then Ben, then Cy; all of them may sign."""
    people = [make_user("approver", name=name) for name in ("Ana", "Ben", "Cy")]
    make_say("Housing", holder=people[0], deputy=people[1], second=people[2])
    return people


@pytest.fixture
def asked(scripted: Scripted) -> Conversation:
    return make_conversation(at=NOON - HOUR)


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("words", flat=True))


def approve(decision: Decision, by: User, now: datetime = NOON + HOUR, **how: str) -> Reply:
    reply = Reply.objects.get(pk=decision.reply_id)
    return replies.approve(reply, signing.seal(reply), by=by, now=now, **how)


def test_it_goes_to_whoever_is_named_and_says_why(asked, officer, line):
    ana, ben, cy = line
    decision = make_decision(asked, by=officer)
    assert (decision.holder, decision.why) == (ana, "Ana decides on Housing.")
    assert fresh(asked).escalated
    assert (fresh(asked).assignee, decision.reply.state) == (officer, "in_review")
    assert len(told(ana)) == 1
    assert told(ana)[0].startswith("Tom Birch asks for your decision on an answer")
    assert (told(ben), told(cy), Delivery.objects.count()) == ([], [], 0)
    assert deciding.deputy(decision, decision.reply, NOON) == ben


def test_absence_conflict_and_a_missing_right_pass_it_on_in_words(asked, officer, line):
    ana, ben, cy = line
    manager = make_user("manager")
    facts = {"starts_at": NOON - HOUR, "ends_at": NOON + 9 * HOUR}
    finalsay.be_away(Absence(user=ana, kind="away", **facts), by=manager, now=NOON - HOUR)
    why = "owns a flat there"
    finalsay.be_away(Absence(user=ben, kind="conflict", subject="Housing", why=why, **facts), by=manager, now=NOON)
    decision = make_decision(asked, by=officer)
    assert decision.holder == cy
    assert "Ana is away until 18 November" in decision.why
    assert "Ben has a conflict of interest: owns a flat there" in decision.why


def test_nobody_is_asked_about_their_own_words_nor_who_may_not_sign_there(asked, line):
    ana, ben, cy = line
    give(ana, "officer")
    assert make_decision(asked, by=ana).holder == ben
    elsewhere = make_user("approver", name="Eli", scope=make_channel().scope)
    make_say("Parks", holder=elsewhere, deputy=cy)
    decision = make_decision(subject="Parks")
    assert decision.holder == cy
    assert "Eli may not sign answers on" in decision.why


def test_where_nobody_named_can_decide_every_approver_is_asked(asked, officer):
    ana = make_user("approver", name="Ana")
    decision = make_decision(asked, by=officer, subject="Trams")
    assert decision.holder is None
    assert deciding.EVERYBODY in decision.why
    assert len(told(ana)) == 1
    assert approve(decision, ana).state == "released"


@pytest.mark.parametrize(
    ("local", "whose"),
    [
        (datetime(2026, 12, 23, 15, 0, tzinfo=UTC), "Ana"),
        (datetime(2026, 12, 24, 23, 50, tzinfo=UTC), "Night"),  # the eve
        (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), "Night"),  # a Friday, and a holiday
        (datetime(2026, 12, 28, 11, 0, tzinfo=UTC), "Night"),  # Boxing Day's substitute
        (datetime(2026, 12, 29, 11, 0, tzinfo=UTC), "Ana"),
    ],
)
def test_on_the_eve_of_a_holiday_and_on_it_whoever_has_the_night_is_asked(officer, scripted, local, whose):
    ana, ben, night = (make_user("approver", name=name) for name in ("Ana", "Ben", "Night"))
    make_say("Housing", holder=ana, deputy=ben, hours=OFFICE, after_hours=night)
    decision = make_decision(make_conversation(at=local - HOUR), by=officer, now=local)
    assert decision.holder.name == whose


def test_without_somebody_for_the_night_the_deputy_has_it_and_the_holder_comes_last(line):
    ana, ben, cy = line
    row = finalsay.who("Housing", NOON).row
    people = {"holder": ana, "deputy": ben, "second": cy, "hours": OFFICE}
    finalsay.name("Housing", people, by=make_user("manager"), now=NOON, was=row)
    eve = datetime(2026, 12, 24, 23, 50, tzinfo=UTC)
    assert finalsay.who("Housing", eve).line == (ben, cy, ana)
    assert finalsay.who("Housing", eve).why == "Ben decides on Housing for Ana, as deputy out of hours."


def test_at_the_limit_it_moves_up_the_line_both_are_told_and_nothing_is_ever_approved_by_time(asked, officer, line):
    ana, ben, cy = line
    decision = make_decision(asked, by=officer)
    assert signing.move_on(decision.pk, NOON + 2 * HOUR - MINUTE) is None
    moved = signing.move_on(decision.pk, NOON + 2 * HOUR)
    assert (moved.holder, moved.limit_at) == (ben, NOON + 4 * HOUR)
    assert moved.why == "Ana had not decided by 14:00 on 18 November. Ben is next in the register."
    assert len(told(ben)) == 1
    assert "It has moved to Ben" in told(ana)[-1]
    assert "It has moved to Ben" in told(officer)[-1]
    assert signing.move_on(decision.pk, NOON + 4 * HOUR).holder == cy
    last = signing.move_on(decision.pk, NOON + 6 * HOUR)
    assert (last.holder, last.limit_at, last.state) == (None, None, "open")
    assert signing.move_on(decision.pk, NOON + timedelta(days=400)) is None
    assert [step.to for step in decision.steps.all()] == [ana, ben, cy, None]
    assert (Reply.objects.get().state, Delivery.objects.count()) == ("in_review", 0)


def test_who_leaves_or_steps_aside_meanwhile_is_not_waited_for(asked, officer, line):
    ana, ben, _ = line
    decision = make_decision(asked, by=officer)
    ana.is_active = False
    ana.save()
    audit.record("disabled", ana, by=None, now=NOON + MINUTE)
    assert decision.pk in deciding.over_limit(NOON + 2 * MINUTE)
    assert signing.move_on(decision.pk, NOON + 2 * MINUTE).holder == ben


def test_only_whom_it_lies_with_decides_and_after_the_limit_the_deputy(asked, officer, line):
    ana, ben, _ = line
    decision = make_decision(asked, by=officer)
    for act in (approve, lambda one, by: signing.send_back(one.reply, "No.", by=by, now=NOON)):
        with pytest.raises(NotAllowed, match="Ana decides on this"):
            act(decision, ben)
    signing.move_on(decision.pk, NOON + 2 * HOUR)
    assert approve(decision, ben, NOON + 3 * HOUR).state == "released"


def test_when_the_register_changes_the_one_it_names_now_decides(asked, officer, line):
    ana, ben, _ = line
    decision = make_decision(asked, by=officer)
    row = finalsay.who("Housing", NOON).row
    finalsay.name("Housing", {"holder": ben}, by=make_user("manager"), now=NOON + MINUTE, was=row)
    with pytest.raises(NotAllowed):
        approve(decision, ana)
    approve(decision, ben)


def test_without_a_suggestion_whoever_decides_writes_the_words(asked, officer, line):
    decision = make_decision(asked, by=officer, text="")
    with pytest.raises(Invalid, match="no words to sign"):
        approve(decision, line[0])
    reply = approve(decision, line[0], text="Yes: by Easter.")
    outbox.step(NOON + HOUR)
    assert Delivery.objects.get().payload["text"] == f"Yes: by Easter. ^{officer.signature()}"
    assert reply.author == officer


def test_edited_words_are_the_ones_signed_and_sent_byte_for_byte(asked, officer, line, scripted: Scripted):
    decision = make_decision(asked, by=officer)
    reply = approve(decision, line[0], text="They are let by Easter, we hope.", remark="Careful.")
    outbox.step(NOON + HOUR)
    delivery = Delivery.objects.get()
    decision.refresh_from_db()
    assert delivery.approval.hash == delivery.content_hash == signing.seal(reply)
    assert delivery.approval.by == line[0]
    assert delivery.approval.rule == "final_say"
    assert scripted.sent[0].text == f"They are let by Easter, we hope. ^{officer.signature()}"
    assert scripted.sent[0].reply_to == decision.reply.parent.remote_id
    assert decision.said == "They are let by Easter, we hope."
    assert "changed your answer and signed it" in told(officer)[-1]
    assert [step.what for step in decision.steps.all()] == ["asked", "edited", "approved", "sent"]
    assert not fresh(asked).escalated


def test_words_read_an_hour_ago_are_not_the_words_that_are_there(asked, officer, line):
    decision = make_decision(asked, by=officer)
    seen = signing.seal(decision.reply)
    Reply.objects.filter(pk=decision.reply_id).update(text="Never.")
    for text in (None, "Other words."):
        with pytest.raises(LostRace, match="changed while you were reading"):
            replies.approve(Reply.objects.get(), seen, by=line[0], now=NOON, text=text)


def test_sent_back_and_asked_again_the_change_is_marked_against_what_was_seen(asked, officer, line):
    decision = make_decision(asked, by=officer)
    signing.send_back(decision.reply, "Say who lets them.", by=line[0], now=NOON + MINUTE)
    assert not fresh(asked).escalated
    again = make_decision(asked, by=officer, text="The trust lets them by Easter.", now=NOON + 2 * MINUTE)
    assert again.reply == decision.reply
    assert deciding.last_seen(again.reply) == "They are let by Easter."


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"reason": "because"}, "Choose a reason"),
        ({"words": " "}, "Say in a sentence"),
        ({"subject": ""}, "Choose a subject"),
        ({"due_at": NOON}, "Choose a time to decide by"),
        ({"due_at": NOON + timedelta(days=30)}, "Choose a time to decide by"),
    ],
)
def test_a_question_that_is_not_whole_is_refused(asked, officer, line, parts, words):
    with pytest.raises(Invalid, match=words):
        escalating.escalate(asked, make_question(**{"subject": "Housing"} | parts), "", by=officer, now=NOON)
    assert not Decision.objects.exists()


def test_one_escalation_at_a_time_by_rule_and_by_constraint(asked, officer, line):
    decision = make_decision(asked, by=officer)
    with pytest.raises(IllegalMove, match="escalated already"):
        make_decision(asked, by=make_user("officer"))
    with pytest.raises(IllegalMove, match="waits for a decision"):
        handling.close(asked, "elsewhere", by=officer, now=NOON)
    other = Reply.objects.create(
        conversation=asked, parent=decision.reply.parent, author=officer, text="x", visibility="public", at=NOON
    )
    decision.pk, decision.reply, decision.key = None, other, other.key
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)


def test_taken_back_it_is_a_draft_and_the_flag_is_gone(asked, officer, line):
    decision = make_decision(asked, by=officer)
    signing.withdraw(decision.reply, by=officer, now=NOON + MINUTE)
    decision.refresh_from_db()
    assert (decision.state, fresh(asked).escalated, Reply.objects.get().state) == ("withdrawn", False, "draft")


def test_who_signed_and_may_no_longer_sign_when_it_goes_out_stops_it(asked, officer, line):
    approve(make_decision(asked, by=officer), line[0])
    line[0].grants.all().delete()
    outbox.step(NOON + HOUR)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why) == ("blocked", "rights")
    assert delivery.why_words == "Ana signed it and may no longer sign here. Ask for sign-off again."


def test_who_asked_and_may_no_longer_answer_stops_it_too(asked, officer, line):
    approve(make_decision(asked, by=officer), line[0])
    officer.grants.all().delete()
    outbox.step(NOON + HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().why) == ("blocked", "rights")


def test_a_signature_stays_one_when_the_register_changes_afterwards(asked, officer, line):
    approve(make_decision(asked, by=officer), line[0])
    row = finalsay.who("Housing", NOON).row
    finalsay.end(row, by=make_user("manager"), now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    assert Delivery.objects.get().state == "published"


def test_the_whole_decision_is_one_record_with_every_step_and_its_words(asked, officer, line):
    decision = make_decision(asked, by=officer, clause="policy:escalation")
    signing.move_on(decision.pk, NOON + 2 * HOUR)
    approve(decision, line[1], NOON + 3 * HOUR, text="By Easter, we hope.", remark="It is not certain.")
    outbox.step(NOON + 3 * HOUR)
    records.seal()
    decided, sent = recording.kept(decision)
    whole = sent.body.payload
    assert whole["question"]["asked_by"] == "Tom Birch"
    assert [(step["what"], step["by"], step["to"]) for step in whole["steps"]] == [
        ("Asked", "Tom Birch", "Ana"),
        ("Moved on", "", "Ben"),
        ("Words changed", "Ben", ""),
        ("Approved", "Ben", ""),
        ("Sent", "", ""),
    ]
    assert [step["words"] for step in whole["steps"]][1:3] == ["They are let by Easter.", "By Easter, we hope."]
    assert (whole["decision"]["by"], whole["decision"]["reason"]) == ("Ben", "It is not certain.")
    assert whole["sent"]["hash"] == whole["sent"]["approved_hash"]
    assert whole["sent"]["state"] == "published"
    assert whole["message"]["words"] == decision.reply.parent.text
    assert decided.body.payload["sent"]["state"] == "scheduled"
    assert records.verify() is None
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.steps.update(why="Nothing of it.")


def test_a_signature_that_a_rule_wants_has_a_limit_a_deputy_and_a_record_too(asked, officer):
    ana, deputy = make_user("approver", name="Ana"), make_user("approver", name="Deb")
    PolicyChoices.here()
    PolicyChoices.objects.update(sign_hours=3, sign_deputy=deputy)
    reply = replies.release(asked, Sending("You can ask for a refund here."), by=officer, now=NOON)
    decision = Decision.objects.get(reply=reply)
    assert (decision.escalated, decision.limit_at, fresh(asked).escalated) == (False, NOON + 3 * HOUR, False)
    assert "asks for your sign-off of an answer" in told(ana)[0]
    assert signing.move_on(decision.pk, NOON + 3 * HOUR).why.endswith("Deb is asked as deputy.")
    assert len(told(ana)) == 2
    approve(decision, ana, NOON + 4 * HOUR)
    assert recording.kept(decision)[0].subject.startswith("Approved: Sign-off")


def test_a_published_fact_goes_straight_out_and_what_has_risk_does_not(officer, scripted: Scripted):
    make_user("approver")
    fact, risk = make_conversation(at=NOON), make_conversation(at=NOON)
    assert replies.release(fact, Sending("We open at 9."), by=officer, now=NOON).state == "released"
    asked = replies.release(risk, Sending("You will get compensation."), by=officer, now=NOON)
    assert asked.state == "in_review"
