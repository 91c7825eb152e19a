"""What people decide about deliveries, and the one switch over all of them."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app import outbox
from channels_app.models import Delivery, Instance
from channels_app.publishing import claim as claiming
from channels_app.publishing import rounds, sending
from channels_app.publishing.publisher import at
from tests.factories import NOON, make_channel, make_delivery, make_user
from tests.stage import SILENCE, Stage, after, events, live

pytestmark = pytest.mark.django_db
OPEN = {"intent_at": NOON, "settle_from": after(seconds=90)}
THERE = "https://stage.example/ours/1"


@pytest.fixture
def publisher():
    return make_user("publisher", name="Ines Marlow")


def test_what_waits_can_be_cancelled_and_its_parts_with_it(stage: Stage, publisher):
    first = make_delivery()
    second = make_delivery(channel=first.channel, follows=first)
    outbox.cancel(first, publisher, NOON, first.version)
    second.refresh_from_db()
    assert (first.state, second.state, first.version) == ("cancelled", "cancelled", 2)
    live(first, NOON)
    assert stage.sent == []
    assert AuditEntry.objects.filter(act="cancelled", actor=publisher).count() == 2


def test_cancelling_what_is_claimed_comes_too_late(stage: Stage, publisher):
    seen = make_delivery()
    claiming.claim(rounds.publisher(at(NOON)), NOON)
    with pytest.raises(LostRace, match="being published right now"):
        outbox.cancel(seen, publisher, NOON, seen.version)
    seen.refresh_from_db()
    with pytest.raises(LostRace, match="being published right now"):
        outbox.cancel(seen, publisher, NOON, seen.version)


def test_the_second_of_two_people_is_told(stage: Stage, publisher):
    delivery = make_delivery()
    outbox.reschedule(delivery, after(hours=1), publisher, NOON, 1)
    stale = Delivery.objects.get(pk=delivery.pk)
    stale.version = 1
    with pytest.raises(LostRace, match="Somebody else"):
        outbox.reschedule(stale, after(hours=2), publisher, NOON, 1)
    with pytest.raises(LostRace, match="Somebody else"):
        outbox.cancel(stale, publisher, NOON, 1)


def test_a_failed_one_cannot_be_cancelled(stage: Stage, publisher):
    with pytest.raises(IllegalMove):
        outbox.cancel(make_delivery("failed"), publisher, NOON, 1)


def test_what_may_be_out_cannot_be_cancelled(stage: Stage, publisher):
    for state in ("retry_wait", "unknown", "needs_attention", "published"):
        with pytest.raises(IllegalMove, match="out, or may be"):
            outbox.cancel(make_delivery(state, intent_at=NOON), publisher, NOON, 1)


def test_moving_it_in_time_keeps_the_approval(stage: Stage, publisher):
    delivery = make_delivery()
    outbox.reschedule(delivery, after(hours=1), publisher, NOON, delivery.version)
    assert live(delivery, NOON).state == "scheduled"
    assert live(delivery, after(hours=1)).state == "published"
    assert AuditEntry.objects.filter(act="rescheduled").exists()


def test_a_time_that_has_passed_is_refused(publisher):
    with pytest.raises(Invalid, match="passed"):
        outbox.reschedule(make_delivery(), after(hours=-1), publisher, NOON, 1)


@pytest.mark.parametrize("state", ["missed", "blocked"])
def test_a_missed_or_blocked_one_can_be_given_another_time(stage: Stage, publisher, state: str):
    delivery = make_delivery(state, why="approval")
    outbox.reschedule(delivery, after(hours=1), publisher, NOON, delivery.version)
    assert live(delivery, after(hours=1)).state == "published"


def test_one_being_checked_cannot_be_moved(stage: Stage, publisher):
    with pytest.raises(IllegalMove, match="may be"):
        outbox.reschedule(make_delivery("unknown"), after(hours=1), publisher, NOON, 1)


def test_send_now_after_it_was_missed(stage: Stage, publisher):
    delivery = make_delivery("missed")
    outbox.decide(delivery, "send", publisher, after(hours=3))
    assert live(delivery, after(hours=3)).state == "published"
    assert not delivery.late


def test_what_may_be_out_gets_no_other_time_without_a_word_on_what_became_of_it(stage: Stage, publisher):
    delivery = make_delivery("needs_attention", **OPEN)
    with pytest.raises(IllegalMove, match="may be"):
        outbox.reschedule(delivery, after(hours=2), publisher, after(hours=1), delivery.version)
    assert live(delivery, after(hours=3)).state == "needs_attention"
    assert stage.sent == []


def test_reschedule_wants_a_time_still_to_come(stage: Stage, publisher):
    delivery = make_delivery("missed")
    for due_at in (None, NOON):
        with pytest.raises(Invalid, match="still to come"):
            outbox.decide(delivery, "reschedule", publisher, after(hours=1), due_at=due_at)
    outbox.decide(delivery, "reschedule", publisher, NOON, due_at=after(hours=2))
    assert (delivery.state, delivery.due_at) == ("scheduled", after(hours=2))


def test_drop_ends_it(stage: Stage, publisher):
    delivery = make_delivery("missed")
    assert outbox.decide(delivery, "drop", publisher, NOON).state == "cancelled"


def test_a_word_on_what_may_be_out_wants_its_reason(stage: Stage, publisher):
    with pytest.raises(Invalid, match="how you know"):
        outbox.decide(make_delivery("needs_attention", **OPEN), "send", publisher, NOON)


def test_it_is_there_stands_with_the_persons_name_and_link(stage: Stage, publisher):
    delivery = make_delivery("needs_attention", **OPEN)
    outbox.decide(delivery, "it_is_there", publisher, after(hours=1), "I see it.", url=THERE)
    assert (delivery.state, delivery.via, delivery.stated_by) == ("published", "person", publisher)
    assert (delivery.remote_url, delivery.published_at) == (THERE, NOON)
    assert AuditEntry.objects.get(act="published").data["reason"] == "I see it."
    assert live(delivery, after(hours=2)).state == "published"
    assert stage.sent == []


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "http://stage.example/1", "https://"])
def test_it_is_there_wants_a_link(publisher, url: str):
    with pytest.raises(Invalid, match="Paste the link"):
        outbox.decide(make_delivery("needs_attention"), "it_is_there", publisher, NOON, "Seen.", url=url)


def test_a_deletion_needs_no_link(stage: Stage, publisher):
    delivery = make_delivery("needs_attention", kind="delete", **OPEN)
    assert outbox.decide(delivery, "it_is_there", publisher, NOON, "It is gone.").state == "published"


def test_send_for_what_may_be_out_is_offered_only_after_the_settle_time(stage: Stage, publisher):
    delivery = make_delivery("needs_attention", **OPEN)
    assert outbox.settled_at(delivery) == after(seconds=210)
    with pytest.raises(IllegalMove, match="too early") as refused:
        outbox.decide(delivery, "send", publisher, after(seconds=209), "Not there.")
    assert refused.value.next_step == "It can be sent again in 1 min."
    outbox.decide(delivery, "send", publisher, after(seconds=210), "I looked: not there.")
    assert live(delivery, after(seconds=210)).state == "published"
    assert events(delivery) == ["stated_absent", "intent", "published"]


def test_dropping_what_is_being_sent_comes_too_late(publisher):
    with pytest.raises(LostRace):
        outbox.decide(make_delivery("sending"), "drop", publisher, NOON)


def test_stop_means_that_no_send_begins(stage: Stage, publisher):
    waiting, claimed = make_delivery(), make_delivery()
    me = rounds.publisher(at(NOON))
    mine = claiming.claim(me, NOON)
    outbox.stop_all(publisher, NOON, "Wrong wording everywhere.")
    sending.work(me, mine)
    live(waiting, NOON)
    claimed.refresh_from_db()
    assert (waiting.state, claimed.state, stage.sent) == ("scheduled", "scheduled", [])
    state = outbox.publishing_state()
    assert (state.on, state.why, state.since) == (False, "Wrong wording everywhere.", NOON)


def test_resume_sends_what_is_still_in_time(stage: Stage, publisher):
    delivery, old = make_delivery(), make_delivery(due_at=after(minutes=-31))
    outbox.stop_all(publisher, NOON, "Checking.")
    outbox.stop_all(publisher, after(minutes=1), "Twice.")
    live(old, NOON)
    assert old.state == "scheduled"
    outbox.resume_all(publisher, after(minutes=2))
    outbox.resume_all(publisher, after(minutes=2))
    live(old, after(minutes=2))
    delivery.refresh_from_db()
    assert (delivery.state, old.state, outbox.publishing_state().on) == ("published", "missed", True)
    acts = AuditEntry.objects.filter(subject="All publishing").order_by("id")
    assert [(one.act, one.actor) for one in acts] == [("stopped", publisher), ("resumed", publisher)]


def test_stopping_wants_a_reason(publisher):
    with pytest.raises(Invalid, match="why"):
        outbox.stop_all(publisher, NOON, " ")
    assert not Instance.objects.filter(publishing=False).exists()


def test_one_under_way_is_shown_while_all_is_stopped(stage: Stage, publisher):
    delivery = make_delivery("sending")
    outbox.stop_all(publisher, NOON, "Checking.")
    assert list(outbox.under_way()) == [delivery]


def test_a_delivery_that_does_not_move_is_counted(stage: Stage):
    late = make_delivery()
    make_delivery(channel=make_channel(), follows=late)
    assert list(outbox.overdue(after(seconds=61))) == [late]
    assert list(outbox.overdue(after(seconds=59))) == []


def test_nothing_in_the_way_of_a_person_is_sent_twice(stage: Stage, publisher):
    """Sent, no answer, a person says it is there, and the publisher goes on: once."""
    stage.answers, stage.looks = [SILENCE], [SILENCE] * 50
    delivery = live(make_delivery(), *(after(minutes=n) for n in range(16)))
    outbox.decide(delivery, "it_is_there", publisher, after(minutes=16), "There.", url=THERE)
    live(delivery, after(minutes=20), after(days=1))
    assert (delivery.state, len(stage.sent)) == ("published", 1)
