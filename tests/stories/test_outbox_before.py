"""The last questions before a delivery goes out, and what becomes of it when one is answered against it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Grant
from channels_app import connecting, outbox
from channels_app.models import Channel, Delivery
from channels_app.publishing import claim as claiming
from channels_app.publishing import rounds, sending
from channels_app.publishing.publisher import at
from policy import approvals
from policy.models import ModeSpan
from tests.factories import NOON, make_approval, make_channel, make_delivery, make_payload, make_user
from tests.stage import LATER, SILENCE, Stage, after, events, live

pytestmark = pytest.mark.django_db
LATE = after(minutes=31)


def test_up_to_half_an_hour_late_it_goes_out_and_is_marked_late(stage: Stage):
    delivery = live(make_delivery(), after(minutes=30))
    assert (delivery.state, delivery.late) == ("published", True)


def test_later_than_that_it_is_missed_and_a_person_decides(stage: Stage):
    publisher = make_user("publisher")
    delivery = live(make_delivery(), LATE)
    assert (delivery.state, stage.sent) == ("missed", [])
    assert "missed its moment" in publisher.notifications.get().words


def test_one_that_may_be_however_late_goes_out_at_any_time(stage: Stage):
    assert live(make_delivery(late_minutes=None), after(days=9)).state == "published"


def test_the_late_rule_holds_after_a_proven_rejection_too(stage: Stage):
    stage.answers = [LATER]
    assert live(make_delivery(), NOON, LATE).state == "missed"


def test_the_claim_itself_asks_about_lateness(stage: Stage):
    delivery = make_delivery()
    me = rounds.publisher(at(LATE))
    sending.work(me, claiming.claim(me, LATE))
    delivery.refresh_from_db()
    assert delivery.state == "missed"


def test_a_withdrawn_approval_stops_it(stage: Stage):
    approver = make_user("approver")
    delivery = make_delivery()
    approvals.void(delivery.approval, by=approver, now=NOON)
    live(delivery, NOON, after(minutes=1))
    assert (delivery.state, delivery.why, stage.sent) == ("blocked", "approval", [])


def test_an_approval_withdrawn_after_the_claim_still_stops_it(stage: Stage):
    delivery = make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = claiming.claim(me, NOON)
    approvals.void(delivery.approval, by=make_user("approver"), now=NOON)
    sending.work(me, claimed)
    delivery.refresh_from_db()
    assert (delivery.state, stage.sent) == ("scheduled", [])
    assert live(delivery, NOON).state == "blocked"


def test_words_changed_behind_the_approval_are_not_sent(stage: Stage):
    delivery = make_delivery()
    Delivery.objects.filter(pk=delivery.pk).update(payload=make_payload("Other words"))
    assert (live(delivery, NOON).why, stage.sent) == ("approval", [])


def test_a_channel_paused_after_the_claim_sends_nothing(stage: Stage):
    make_delivery()
    me = rounds.publisher(at(NOON))
    claimed = claiming.claim(me, NOON)
    Channel.objects.update(state="paused")
    sending.work(me, claimed)
    assert stage.sent == []


def test_a_paused_channel_blocks_what_is_due_and_lets_it_go_when_it_is_back(stage: Stage):
    manager = make_user("manager")
    delivery, tomorrow = make_delivery(), None
    tomorrow = make_delivery(channel=delivery.channel, due_at=after(days=1))
    connecting.pause(delivery.channel, "Strike", by=manager, now=NOON)
    live(delivery, NOON)
    tomorrow.refresh_from_db()
    assert (delivery.state, delivery.why, tomorrow.state) == ("blocked", "channel", "scheduled")
    connecting.resume(Channel.objects.get(pk=delivery.channel_id), by=manager, now=NOON)
    assert live(delivery, after(minutes=5)).state == "published"
    assert "cleared" in events(delivery)


def test_what_waited_too_long_for_its_channel_is_missed(stage: Stage):
    delivery = make_delivery(channel=make_channel(state="paused"))
    live(delivery, NOON)
    Channel.objects.update(state="ok")
    assert live(delivery, LATE).state == "missed"


@pytest.mark.parametrize("state", ["connecting", "archived", "needs_reconnect"])
def test_a_channel_that_is_out_blocks_what_is_due(stage: Stage, state: str):
    assert live(make_delivery(channel=make_channel(state=state)), NOON).why == "channel"


def test_a_key_that_is_lost_means_connecting_again(stage: Stage):
    delivery = make_delivery()
    delivery.channel.credentials.create(field="access_token", sealed="k9.garbled")
    live(delivery, NOON)
    delivery.channel.refresh_from_db()
    assert (delivery.state, delivery.why, delivery.channel.state) == ("blocked", "channel", "needs_reconnect")


def test_who_may_no_longer_publish_here_does_not_publish(stage: Stage):
    asker = make_user("publisher")
    delivery = make_delivery(asked_by=asker)
    grant = Grant.objects.get(user=asker)
    Grant.objects.update(ends_at=NOON - timedelta(hours=1))
    assert (live(delivery, NOON).why, stage.sent) == ("rights", [])
    Grant.objects.filter(pk=grant.pk).update(ends_at=None)
    assert live(delivery, after(minutes=1)).state == "published"


def test_an_officers_words_signed_by_an_approver_go_out(stage: Stage):
    officer, approver = make_user("officer"), make_user("approver")
    channel, payload = make_channel(), make_payload()
    signed = make_approval(payload, channel, by=approver, asked_by=officer)
    assert (
        live(make_delivery(channel=channel, payload=payload, approval=signed, asked_by=officer), NOON).state
        == "published"
    )


def test_an_officers_words_that_nobody_signed_do_not(stage: Stage):
    assert live(make_delivery(asked_by=make_user("officer")), NOON).why == "rights"


def test_a_reply_needs_the_right_to_answer(stage: Stage):
    officer = make_user("officer")
    assert live(make_delivery(kind="reply", asked_by=officer), NOON).state == "published"


def test_posts_are_held_back_in_an_emergency_and_never_flushed_afterwards(stage: Stage):
    span = ModeSpan.objects.create(mode="emergency", starts_at=NOON - timedelta(hours=1), reason="Flood")
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.why) == ("blocked", "mode")
    ModeSpan.objects.filter(pk=span.pk).update(ends_at=after(minutes=1))
    assert live(delivery, after(minutes=2)).state == "missed"
    assert stage.sent == []


def test_in_an_emergency_its_own_posts_and_answers_go_out(stage: Stage):
    ModeSpan.objects.create(mode="emergency", starts_at=NOON - timedelta(hours=1), reason="Flood")
    warning = make_delivery(priority=outbox.EMERGENCY)
    answer = make_delivery(kind="reply")
    assert (live(warning, NOON).state, live(answer).state) == ("published", "published")


def test_an_election_leaves_approved_posts_alone(stage: Stage):
    ModeSpan.objects.create(mode="election", starts_at=NOON - timedelta(hours=1), reason="Council election")
    assert live(make_delivery(), NOON).state == "published"


def test_the_layer_that_asked_is_asked_last(stage: Stage, layer):
    layer.block = outbox.Block("parent_gone", "The message it answers is gone.")
    delivery = live(make_delivery(origin="layer"), NOON)
    assert (delivery.state, delivery.why, delivery.why_words) == (
        "blocked",
        "parent_gone",
        "The message it answers is gone.",
    )
    layer.block = None
    assert live(delivery, after(minutes=1)).state == "published"


def test_what_follows_something_that_never_comes_waits_for_a_person(stage: Stage):
    first = make_delivery("failed")
    second = make_delivery(channel=first.channel, follows=first)
    assert (live(second, NOON).state, second.why) == ("blocked", "follows")
    assert live(second, after(minutes=1)).state == "blocked"


def test_after_ten_sends_a_person_is_asked(stage: Stage):
    delivery = live(make_delivery(sends=10), NOON)
    assert (delivery.state, delivery.why) == ("needs_attention", "tries")


def test_three_claims_that_end_in_a_fault_go_to_a_person(stage: Stage, layer):
    layer.fault = RuntimeError("in a layer above")
    delivery = make_delivery(origin="layer", late_minutes=None)
    live(delivery, NOON, after(minutes=1), after(minutes=2))
    assert (delivery.state, delivery.why, stage.sent) == ("needs_attention", "crashes", [])
    assert events(delivery) == ["crashed"] * 3


def test_what_may_be_out_is_never_called_missed_or_blocked(stage: Stage):
    """Mastodon takes our key: an open send is repeated under it. In between it is nobody's to lose."""
    stage.KEYED = True
    stage.answers = [SILENCE]
    stage.looks = [LATER] * 20
    delivery = live(make_delivery(due_at=NOON - timedelta(minutes=29)), NOON, after(seconds=5))
    approvals.void(delivery.approval, by=make_user("approver"), now=NOON)
    live(delivery, after(seconds=211))
    assert (delivery.state, delivery.why) == ("needs_attention", "approval")
    assert delivery.why_words.startswith("It may be out already")
