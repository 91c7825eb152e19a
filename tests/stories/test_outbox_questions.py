"""Is it out? What a look at the platform settles, what only time settles, and what only a person can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError

from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Candidate, Lookup, Refused, TryLater
from channels_app.publishing import reconcile, results, rounds
from channels_app.publishing.claim import claim, whole
from channels_app.publishing.publisher import at
from channels_app.publishing.rounds import publisher
from tests.factories import NOON, make_channel, make_delivery, make_payload
from tests.stage import LATER, SILENCE, TOKEN, Stage, after, events, live

pytestmark = pytest.mark.django_db
# An open send at noon has its lease until 12:01:30; it is settled from 12:03:30 on, and a person is asked at 12:15.
SETTLED = after(seconds=210)
ALL_LATER = [LATER] * 99


def candidate(remote_id: str = "theirs-1", text: str = "") -> Candidate:
    return Candidate(remote_id, f"https://stage.example/{remote_id}", text, NOON, 0)


@pytest.fixture
def open_question(stage: Stage) -> Delivery:
    """Sent at noon, and no answer came."""
    stage.answers = [SILENCE]
    return live(make_delivery(), NOON)


def test_found_is_published_and_nothing_is_sent_again(stage: Stage):
    stage.answers = [stage.unseen]
    delivery = live(make_delivery(), NOON)
    assert delivery.state == "unknown"
    assert live(delivery, after(seconds=5)).state == "published"
    assert (delivery.via, delivery.remote_id, len(stage.sent)) == ("reconcile", "ours-1", 1)
    assert events(delivery) == ["intent", "unknown", "reconciled"]


def test_absence_is_proven_by_two_complete_reads_a_minute_apart_after_the_settle_time(stage, open_question):
    live(open_question, after(seconds=5), after(seconds=60), SETTLED - timedelta(seconds=1))
    assert (open_question.state, open_question.absent_once_at) == ("unknown", None)
    live(open_question, SETTLED)
    assert (open_question.state, open_question.absent_once_at) == ("unknown", SETTLED)
    assert open_question.next_action_at == SETTLED + timedelta(seconds=60)
    live(open_question, SETTLED + timedelta(seconds=60))
    assert open_question.state == "published"
    assert events(open_question) == [
        "intent",
        "unknown",
        "empty_read",
        "proven_absent",
        "intent",
        "published",
    ]
    assert len(stage.sent) == 2


def test_a_second_read_too_soon_proves_nothing(stage, open_question):
    live(open_question, SETTLED)
    Delivery.objects.update(next_action_at=SETTLED + timedelta(seconds=59))
    assert live(open_question, SETTLED + timedelta(seconds=59)).state == "unknown"


def test_an_incomplete_read_proves_nothing(stage, open_question):
    stage.looks = [Lookup(complete=False)] * 99
    live(open_question, *(after(minutes=n) for n in range(1, 15)))
    assert (open_question.state, open_question.absent_once_at) == ("unknown", None)
    assert live(open_question, after(minutes=15)).state == "needs_attention"
    assert "no proof" in open_question.why_words


def test_a_platform_that_cannot_be_read_means_asking_a_person_after_fifteen_minutes(stage, open_question):
    stage.looks = ALL_LATER
    live(open_question, *(after(minutes=n) for n in range(1, 15)))
    assert open_question.state == "unknown"
    live(open_question, after(minutes=15))
    assert (open_question.state, open_question.why) == ("needs_attention", "may_be_out")
    assert "could not be read" in open_question.why_words
    assert len(stage.sent) == 1


def test_a_fault_in_our_own_look_is_a_platform_that_cannot_be_read(stage, open_question):
    stage.looks = [ZeroDivisionError("in the SDK")]
    assert live(open_question, after(seconds=5)).state == "unknown"


def test_the_platforms_wish_not_to_be_asked_is_followed(stage, open_question):
    stage.looks = [TryLater("Slowly.", wait=100)]
    assert live(open_question, after(seconds=5)).next_action_at == after(seconds=105)


def test_a_token_refused_while_looking_takes_the_channel_out(stage, open_question):
    stage.looks = [TOKEN]
    live(open_question, after(seconds=5))
    open_question.channel.refresh_from_db()
    assert (open_question.state, open_question.channel.state) == ("unknown", "needs_reconnect")


def test_two_that_it_could_be_mean_asking_a_person(stage, open_question):
    stage.looks = [Lookup([candidate("1"), candidate("2")])] * 99
    live(open_question, *(after(minutes=n) for n in range(1, 16)))
    assert open_question.state == "needs_attention"
    assert "more than one" in open_question.why_words


def test_something_seen_meanwhile_starts_the_two_reads_again(stage, open_question):
    live(open_question, SETTLED)
    stage.looks = [Lookup([candidate("1"), candidate("2")])]
    live(open_question, SETTLED + timedelta(seconds=60))
    assert (open_question.state, open_question.absent_once_at) == ("unknown", None)


def test_what_is_known_as_another_deliverys_is_not_ours(stage, open_question):
    make_delivery("published", channel=open_question.channel, remote_id="theirs-1")
    stage.looks = [Lookup([candidate("theirs-1"), candidate("mine-1")])]
    assert live(open_question, after(seconds=5)).remote_id == "mine-1"


def test_another_open_one_with_the_same_words_makes_a_match_worthless(stage, open_question):
    twin = make_delivery("unknown", channel=open_question.channel, payload=open_question.payload)
    assert twin.text_hash == open_question.text_hash
    stage.looks = [Lookup([candidate()])] * 99
    Delivery.objects.filter(pk=twin.pk).update(next_action_at=after(days=1))
    assert live(open_question, after(seconds=5)).state == "unknown"
    assert live(open_question, after(minutes=15)).state == "needs_attention"


def test_an_exact_answer_outranks_every_doubt(stage, open_question):
    make_delivery("unknown", channel=open_question.channel, next_action_at=after(days=1))
    stage.looks = [Lookup(exact=candidate("exact-1"))]
    assert live(open_question, after(seconds=5)).remote_id == "exact-1"


def test_a_reply_with_the_same_words_to_somebody_else_is_another_thing(stage: Stage):
    channel = make_channel()
    thanks = make_payload("Thank you.", reply_to="a")
    stage.answers = [SILENCE]
    mine = live(make_delivery(channel=channel, kind="reply", payload=thanks), NOON)
    other = make_payload("Thank you.", reply_to="b")
    make_delivery("unknown", channel=channel, kind="reply", payload=other, next_action_at=after(days=1))
    stage.looks = [Lookup([candidate()])]
    assert live(mine, after(seconds=5)).state == "published"


def test_absence_where_others_edit_too_is_asked_of_a_person(stage, open_question):
    Channel.objects.update(outside_editors=True)
    live(open_question, SETTLED, SETTLED + timedelta(seconds=60))
    assert open_question.state == "needs_attention"
    assert "others post and delete" in open_question.why_words


def test_absence_after_three_crashes_is_asked_of_a_person(stage, open_question):
    Delivery.objects.update(crashes=3)
    assert live(open_question, SETTLED, SETTLED + timedelta(seconds=60)).state == "needs_attention"


def test_a_platform_that_takes_our_key_settles_it_by_the_same_call(stage: Stage):
    stage.KEYED, stage.answers, stage.looks = True, [SILENCE], [*ALL_LATER]
    delivery = live(make_delivery(), NOON, after(seconds=5), after(seconds=60))
    assert (delivery.state, len(stage.sent)) == ("unknown", 1)
    live(delivery, SETTLED)
    assert delivery.state == "published"
    assert {one.idem_key for one in stage.sent} == {stage.sent[0].idem_key}
    assert events(delivery) == ["intent", "unknown", "resend_is_safe", "intent", "published"]


def test_the_key_is_used_only_for_half_an_hour(stage: Stage):
    stage.KEYED, stage.answers, stage.looks = True, [SILENCE], [*ALL_LATER]
    delivery = live(make_delivery(), NOON, after(minutes=31))
    assert (delivery.state, len(stage.sent)) == ("needs_attention", 1)


def test_a_keyed_call_due_too_late_is_not_made(stage: Stage):
    stage.KEYED = True
    kept = {"intent_at": NOON, "settle_from": NOON, "settle_by": after(minutes=15), "late_minutes": None}
    delivery = live(make_delivery("retry_wait", **kept), after(minutes=30))
    assert (delivery.state, delivery.why, stage.sent) == ("needs_attention", "may_be_out", [])


def test_a_refusal_of_the_second_call_proves_nothing_about_the_first(stage: Stage):
    refused = Refused("Too long.", cause="content", code="content")
    stage.KEYED, stage.answers, stage.looks = True, [SILENCE, refused], [*ALL_LATER]
    delivery = live(make_delivery(), NOON, SETTLED)
    assert (delivery.state, delivery.intent_at) == ("unknown", NOON)
    assert live(delivery, after(minutes=15)).state == "needs_attention"


@pytest.mark.parametrize("kind", ["hide", "unhide", "like", "unlike", "delete"])
def test_what_can_be_repeated_is_repeated_after_the_settle_time(stage: Stage, kind: str):
    stage.answers = [SILENCE]
    delivery = live(make_delivery(kind=kind, payload=make_payload(target="9")), NOON, after(seconds=60))
    assert (delivery.state, len(stage.sent)) == ("unknown", 1)
    assert live(delivery, SETTLED).state == "published"
    assert len(stage.sent) == 2


def test_a_deletion_that_is_seen_is_done(stage: Stage):
    stage.answers = [stage.unseen]
    delivery = live(make_delivery(kind="delete", payload=make_payload(target="9")), NOON, after(seconds=5))
    assert (delivery.state, delivery.remote_id, len(stage.sent)) == ("published", "9", 1)


def test_looks_come_soon_at_first_and_once_a_minute_later(stage, open_question):
    stage.looks = [Lookup(complete=False)] * 99
    gaps, moment = [], after(seconds=5)
    for _ in range(13):
        live(open_question, moment)
        gaps.append(round((open_question.next_action_at - moment).total_seconds()))
        moment = open_question.next_action_at
    assert gaps[:4] == [5, 5, 5, 7]
    assert max(gaps) == 60


def test_two_publishers_never_look_at_one_question_at_once(stage, open_question):
    assert reconcile.take(after(seconds=5)).pk == open_question.pk
    assert reconcile.take(after(seconds=5)) is None


def test_a_question_settled_elsewhere_is_left_alone(stage: Stage):
    stage.answers = [stage.unseen]
    delivery = live(make_delivery(), NOON)
    mine = reconcile.take(after(seconds=5))
    Delivery.objects.filter(pk=delivery.pk).update(fence=9, state="needs_attention", next_action_at=None)
    reconcile.settle(mine, at(after(seconds=5)))
    delivery.refresh_from_db()
    assert delivery.state == "needs_attention"


def test_a_receipt_that_comes_after_the_lease_outranks_the_sweep(stage: Stage):
    delivery = make_delivery()
    me = publisher(at(NOON))
    claimed = claim(me, NOON)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="unknown", lease_until=None, next_action_at=after(days=1), intent_at=NOON
    )
    claimed.state = "sending"
    results.ended(claimed, stage.publish(_thing(claimed)), NOON, open_before=False)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("published", "ours-1")


def test_a_receipt_of_a_claim_that_was_lost_to_another_is_only_noted(stage: Stage):
    delivery = make_delivery("unknown", fence=5, next_action_at=after(days=1))
    stale = whole(delivery.pk)
    stale.fence, stale.state = 4, "sending"
    results.ended(stale, stage.publish(_thing(stale)), NOON, open_before=False)
    delivery.refresh_from_db()
    assert (delivery.state, events(delivery)) == ("unknown", ["late_receipt"])


def _thing(delivery: Delivery):
    return reconcile.outgoing(delivery)


def test_a_fault_in_settling_one_keeps_no_other_from_its_turn(stage: Stage, open_question, monkeypatch):
    stage.answers = [stage.unseen]
    second = live(make_delivery(), NOON)
    really, faults = reconcile.settle, iter([ZeroDivisionError(), OperationalError()])

    def settle(*args):
        for fault in faults:
            raise fault
        really(*args)

    monkeypatch.setattr(reconcile, "settle", settle)
    with pytest.raises(OperationalError):
        rounds.settle_due(at(after(seconds=5)))
    assert rounds.settle_due(at(after(seconds=5))) == 0
    assert rounds.settle_due(at(after(seconds=95))) == 2
    second.refresh_from_db()
    assert second.state == "published"
