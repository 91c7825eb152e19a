"""From due to an end: what each way a call can end does to a delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.refusals import IllegalMove, Invalid
from channels_app import outbox
from channels_app.models import Attempt, Channel, Delivery
from channels_app.platforms.base import Receipt, Refused, TryLater, Uncertain
from policy.models import Record
from tests.factories import NOON, make_approval, make_channel, make_delivery, make_payload, make_user
from tests.stage import (
    CONTENT,
    LATER,
    LIMIT,
    PERMISSION,
    SILENCE,
    TOKEN,
    Stage,
    after,
    events,
    live,
)

pytestmark = pytest.mark.django_db


def test_what_is_due_is_published_with_its_link(stage: Stage):
    delivery = live(make_delivery(text="The library opens at nine."), NOON)
    assert (delivery.state, delivery.remote_id, delivery.via) == ("published", "ours-1", "answer")
    assert (delivery.remote_url, delivery.late, delivery.lease_until) == ("https://stage.example/ours-1", False, None)
    assert [one.text for one in stage.sent] == ["The library opens at nine."]
    assert events(delivery) == ["intent", "published"]


def test_what_is_not_due_yet_stays(stage: Stage):
    delivery = live(make_delivery(due_at=after(seconds=1)), NOON)
    assert (delivery.state, stage.sent) == ("scheduled", [])


def test_the_intent_names_key_hash_and_epoch_and_the_receipt_is_on_record(stage: Stage):
    delivery = live(make_delivery(), NOON)
    intent = Attempt.objects.get(event="intent")
    assert intent.request_hash == delivery.approval.hash
    assert (len(intent.idem_key), len(intent.epoch), intent.fence) == (36, 36, 1)
    record = Record.objects.get(kind="delivery", ref=str(delivery.key))
    assert record.body.payload["remote_id"] == delivery.remote_id
    assert record.body.payload["payload"] == delivery.payload


def test_the_key_is_the_same_for_every_attempt(stage: Stage):
    stage.answers = [LATER]
    delivery = live(make_delivery(), NOON, after(minutes=1, seconds=1))
    assert delivery.state == "published"
    assert len({one.idem_key for one in stage.sent}) == 1


def test_an_open_answer_is_never_sent_again_by_itself(stage: Stage):
    stage.answers, stage.looks = [SILENCE], [LATER] * 99
    delivery = live(make_delivery(), *(after(minutes=n) for n in range(60)))
    assert delivery.state == "needs_attention"
    assert len(stage.sent) == 1


def test_an_exception_nobody_foresaw_leaves_the_question_open(stage: Stage):
    stage.answers = [ZeroDivisionError("in the SDK")]
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, events(delivery)) == ("unknown", ["intent", "unknown"])


def test_proven_and_not_now_waits_longer_each_time(stage: Stage):
    stage.answers = [LATER] * 6
    delivery, moment, waits = make_delivery(late_minutes=None), NOON, []
    for _ in range(6):
        live(delivery, moment)
        assert delivery.state == "retry_wait"
        waits.append((delivery.next_action_at - moment).total_seconds() / 60)
        Channel.objects.update(next_send_at=None)
        moment = moment + timedelta(minutes=waits[-1])
    assert waits == [1, 5, 15, 60, 60, 60]
    assert live(delivery, moment).state == "published"


@pytest.mark.parametrize("wish", [3600, 5])
def test_a_platforms_own_wish_is_followed(stage: Stage, wish: float):
    stage.answers = [TryLater("In a while.", code="busy", wait=wish)]
    assert live(make_delivery(), NOON).next_action_at == after(seconds=wish)


def test_a_limit_holds_the_whole_channel_back_and_no_other(stage: Stage):
    stage.answers = [LIMIT]
    channel = make_channel()
    first, second, other = make_delivery(channel=channel), make_delivery(channel=channel), make_delivery()
    live(first, NOON)
    channel.refresh_from_db()
    assert (first.state, first.why, channel.next_send_why) == ("retry_wait", "limit", "limit")
    assert after(seconds=600) <= channel.next_send_at <= after(seconds=605)
    second.refresh_from_db()
    other.refresh_from_db()
    assert (second.state, other.state) == ("scheduled", "published")
    live(first, after(seconds=606), after(seconds=640))
    assert Delivery.objects.filter(state="published").count() == 3


@pytest.mark.parametrize(
    ("ending", "state", "why"),
    [
        (CONTENT, "failed", "content"),
        (Refused("It is gone.", cause="gone", code="gone"), "failed", "gone"),
        (PERMISSION, "blocked", "permission"),
        (TOKEN, "blocked", "channel"),
    ],
)
def test_proven_and_useless_to_repeat(stage: Stage, ending: Refused, state: str, why: str):
    stage.answers = [ending]
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.why, delivery.may_be_out) == (state, why, False)
    assert events(delivery) == ["intent", "proven_rejected"]
    assert ending.words in delivery.why_words


def test_a_refused_token_is_told_at_once_even_for_one_post(stage: Stage):
    publisher, stage.answers = make_user("publisher"), [TOKEN]
    live(make_delivery(), NOON)
    assert "1 post is waiting" in publisher.notifications.get().words


def test_a_token_that_is_refused_takes_its_channel_out_and_all_that_waits(stage: Stage):
    publisher = make_user("publisher")
    stage.answers = [TOKEN]
    channel = make_channel()
    now, tomorrow = make_delivery(channel=channel), make_delivery(channel=channel, due_at=after(days=1))
    live(now, NOON, after(seconds=1))
    channel.refresh_from_db()
    tomorrow.refresh_from_db()
    assert (channel.state, tomorrow.state, tomorrow.why) == ("needs_reconnect", "blocked", "channel")
    assert "2 posts are waiting" in publisher.notifications.get().words
    assert len(stage.sent) == 1


@pytest.mark.parametrize("ending", [TryLater("Odd.", code="418"), Refused("Odd.", cause="content", code="409")])
def test_an_answer_that_is_not_listed_proves_nothing(stage: Stage, ending: TryLater | Refused):
    stage.answers = [ending]
    assert live(make_delivery(), NOON).state == "unknown"


@pytest.mark.parametrize("code", ["not sent", "barred", "unusable", "unable"])
def test_what_never_left_is_proven_by_ourselves(stage: Stage, code: str):
    stage.answers = [TryLater("It never left.", code=code)]
    assert live(make_delivery(), NOON).state == "retry_wait"


def test_a_limit_named_with_an_open_answer_holds_the_channel_back_too(stage: Stage):
    stage.answers = [Uncertain("Too many.", code="429", wait=300)]
    delivery = live(make_delivery(), NOON)
    delivery.channel.refresh_from_db()
    assert (delivery.state, delivery.channel.next_send_why) == ("unknown", "limit")


def test_accepted_but_still_being_processed_is_followed_until_it_is_there(stage: Stage, incoming):
    stage.answers = [Receipt("vid-1", pending=True)]
    stage.reads = [LATER, None, incoming("vid-1")]
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.remote_id) == ("awaiting_platform", "vid-1")
    assert live(delivery, after(seconds=6), after(seconds=15)).state == "awaiting_platform"
    assert live(delivery, after(seconds=40)).state == "published"
    assert events(delivery) == ["intent", "accepted", "reconciled"]


def test_what_was_processed_is_known_by_the_name_the_platform_gives_it_in_the_end(stage: Stage, incoming):
    stage.answers, stage.reads = [Receipt("vid-1", pending=True)], [incoming("post-7")]
    delivery = live(make_delivery(), NOON, after(seconds=6))
    assert (delivery.state, delivery.remote_id) == ("published", "post-7")


def test_accepted_and_never_shown_becomes_an_open_question(stage: Stage):
    stage.answers = [Receipt("vid-1", pending=True)]
    delivery = live(make_delivery(), NOON, after(minutes=16))
    assert (delivery.state, delivery.why) == ("unknown", "checking")


def test_accepted_and_found_broken_in_processing_has_failed_with_proof(stage: Stage):
    stage.answers, stage.reads = [Receipt("vid-1", pending=True)], [CONTENT]
    delivery = live(make_delivery(), NOON, after(seconds=6))
    assert (delivery.state, delivery.why_words) == ("failed", CONTENT.words)
    assert events(delivery) == ["intent", "accepted", "proven_rejected"]


def test_steps_before_sending_are_kept_one_by_one_and_never_repeated(stage: Stage):
    stage.step_names = ["image:1", "image:2"]
    delivery = live(make_delivery(), NOON)
    assert delivery.state == "published"
    assert stage.uploaded == ["image:1", "image:2"]
    assert dict(stage.sent[0].prepared) == {"image:1": "id of image:1", "image:2": "id of image:2"}
    assert events(delivery) == ["preparing", "prepared", "preparing", "intent", "published"]


def test_a_step_that_does_not_work_now_is_done_later(stage: Stage):
    stage.step_names, stage.uploads = ["image:1"], [Uncertain("Cut.", code="cut"), LATER]
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.sends) == ("retry_wait", 0)
    assert live(delivery, after(minutes=1), after(minutes=6)).state == "published"
    assert len(stage.sent) == 1


ANEW = TryLater("It has expired.", code="busy", anew=True)
AT_WORK = TryLater("The platform is still working on the video.", code="200 processing", wait=30, at_work=True)


@pytest.mark.parametrize(
    ("faults", "minutes"),
    [
        ([LATER, LATER, None, LATER, None, LATER], [1, 5, 1, 1]),  # each step that is done is a new beginning
        ([None, ANEW] * 4, [1, 5, 15, 60]),  # what is prepared anew has got nowhere
        ([None, *[AT_WORK] * 6], [0.5, 0.5, 0.5, 5, 5, 5]),  # what is being worked on is soon done
    ],
)
def test_waits_grow_with_the_failures_since_something_was_done(
    stage: Stage, faults: list[TryLater | None], minutes: list[int]
):
    stage.step_names, stage.uploads = ["part:1", "part:2", "part:3"], list(faults)
    delivery, moment, waits = make_delivery(late_minutes=None), NOON, []
    while live(delivery, moment).state == "retry_wait":
        waits.append((delivery.next_action_at - moment).total_seconds() / 60)
        Channel.objects.update(next_send_at=None)
        moment = delivery.next_action_at or moment
    assert waits == minutes
    assert delivery.state == "published"


@pytest.mark.parametrize(("fault", "rests"), [(TryLater("An error occurred.", code="2"), "breaker"), (AT_WORK, "")])
def test_what_ails_a_platform_is_no_work_on_a_film(stage: Stage, fault: TryLater, rests: str):
    stage.step_names, stage.uploads = ["part:1"], [fault] * 3
    delivery = make_delivery(late_minutes=None)
    live(delivery, NOON, after(minutes=2), after(minutes=8))
    delivery.channel.refresh_from_db()
    assert (delivery.state, delivery.channel.next_send_why) == ("retry_wait", rests)


def test_a_film_too_large_for_the_line_keeps_no_other_post_from_going_out(stage: Stage):
    channel = make_channel()
    slow = TryLater("30 s were not enough to send this: it is too large for the line from here.", code="slow")
    stage.step_names, stage.uploads = ["video:1"], [slow] * 3
    film = live(make_delivery(channel=channel, late_minutes=20), NOON, after(minutes=1), after(minutes=6))
    channel.refresh_from_db()
    assert (film.state, channel.failures, channel.next_send_at) == ("retry_wait", 0, None)
    stage.step_names = []
    assert live(make_delivery(channel=channel, due_at=after(minutes=7)), after(minutes=7)).state == "published"
    live(film, after(minutes=40))
    assert (film.state, "too large for the line" in film.why_words) == ("missed", True)


@pytest.mark.parametrize("where", ["uploads", "answers"])
def test_what_was_prepared_and_is_of_no_use_any_more_is_prepared_anew(stage: Stage, where: str):
    stage.step_names = ["image:1"]
    setattr(stage, where, [TryLater("It has expired.", code="busy", anew=True)])
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.prepared) == ("retry_wait", {})
    assert live(delivery, after(minutes=2)).state == "published"
    assert stage.uploaded == ["image:1", "image:1"]
    assert len([one for one in stage.sent if one.prepared]) == len(stage.sent)


def test_a_step_that_is_refused_ends_it_before_anything_was_sent(stage: Stage):
    stage.step_names, stage.uploads = ["image:1"], [CONTENT]
    delivery = live(make_delivery(), NOON)
    assert (delivery.state, delivery.sends, stage.sent) == ("failed", 0, [])


def test_a_picture_that_is_gone_is_our_own_proof(stage: Stage):
    stage.step_names = ["image:1"]
    payload = make_payload(pictures=[{"media": "6f2d3ac5-54f0-4b44-8d5f-0a0a0a0a0a0a", "alt": "A bench."}])
    delivery = live(make_delivery(payload=payload), NOON)
    assert (delivery.state, delivery.why) == ("failed", "media")
    assert "no longer there" in delivery.why_words


@pytest.mark.parametrize(("out", "ended"), [(False, ("failed", "media")), (True, ("needs_attention", "may_be_out"))])
def test_a_picture_that_goes_with_the_post_and_is_gone_by_then_is_no_crash(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, out: bool, ended: tuple[str, str]
):
    monkeypatch.setattr(Stage, "SENDS_PICTURES", True, raising=False)
    monkeypatch.setattr(stage, "KEYED", True)
    payload = make_payload(pictures=[{"media": "6f2d3ac5-54f0-4b44-8d5f-0a0a0a0a0a0a", "alt": "A bench."}])
    more = {"intent_at": NOON, "sends": 1} if out else {}
    delivery = live(make_delivery(payload=payload, **more), NOON)
    assert (delivery.state, delivery.why, delivery.crashes) == (*ended, 0)
    assert "no longer there" in delivery.why_words
    assert stage.sent == []


def test_parts_of_a_thread_go_out_in_order_and_answer_the_one_before(stage: Stage):
    channel = make_channel()
    first = make_delivery(channel=channel, text="One")
    second = make_delivery(channel=channel, text="Two", kind="reply", follows=first, part=1)
    stage.answers = [SILENCE]
    live(second, NOON)
    assert second.state == "scheduled"
    stage.publish(stage.sent[0])
    live(second, after(seconds=10))
    assert (second.state, stage.sent[1].reply_to, stage.sent[1].root) == ("published", "ours-1", "ours-1")


def test_deleting_takes_the_deleted_one_off(stage: Stage):
    post = live(make_delivery(), NOON)
    payload = make_payload(target=post.remote_id)
    gone = live(
        make_delivery(kind="delete", channel=post.channel, payload=payload, due_at=after(hours=1)), after(hours=1)
    )
    post.refresh_from_db()
    assert (gone.state, post.state) == ("published", "removed")
    assert outbox.removed(post.channel, post.remote_id, after(hours=2)) is None


def test_only_approved_words_become_a_delivery(stage: Stage):
    channel, payload = make_channel(), make_payload("Agreed words")
    approval = make_approval(payload, channel)
    delivery = outbox.create(channel, "post", "post", payload, approval, None, NOON, NOON)
    assert (delivery.state, delivery.next_action_at, len(delivery.text_hash)) == ("scheduled", NOON, 64)
    with pytest.raises(IllegalMove, match="not the words that were approved"):
        outbox.create(channel, "post", "post", make_payload("Other words"), approval, None, NOON, NOON)
    approval.withdrawn_at = NOON
    with pytest.raises(IllegalMove):
        outbox.create(channel, "post", "post", payload, approval, None, NOON, NOON)


def test_what_a_platform_cannot_do_is_refused_at_once_and_at_the_last_moment(stage: Stage):
    channel, payload = make_channel(), make_payload(target="1")
    waiting = make_delivery(channel=channel, kind="hide", payload=payload)
    stage.CAN = frozenset({"publish"})
    with pytest.raises(Invalid, match="Stage cannot do this"):
        outbox.create(channel, "hide", "post", payload, make_approval(payload, channel), None, NOON, NOON)
    assert live(waiting, NOON).state == "failed"


def test_the_same_words_on_a_channel_within_two_days_are_found(stage: Stage):
    channel, payload = make_channel(), make_payload("Market on Saturday")
    approval = make_approval(payload, channel)
    outbox.create(channel, "post", "post", payload, approval, None, NOON, NOON)
    alike = make_payload("Market  on\nSaturday")
    assert outbox.same_words(channel, alike, "post", NOON + timedelta(hours=47)).count() == 1
    assert outbox.same_words(channel, alike, "post", NOON + timedelta(hours=49)).count() == 0
    assert outbox.same_words(make_channel(), alike, "post", NOON).count() == 0
