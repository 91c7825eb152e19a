"""When posts go out: at a time that exists and is still to come, once, approved, and movable until they leave."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from accounts.walltime import Twice
from calendar_app import releasing, scheduling
from calendar_app.models import Placement, Release
from calendar_app.readiness import NotReady
from calendar_app.releasing import Moment
from channels_app import outbox
from channels_app.models import Delivery
from policy.models import Approval
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_media, make_placement, make_post, whole
from tests.stage import Stage, live

LATER = NOON + timedelta(hours=3)
LONDON = "Europe/London"


def at(moment: datetime) -> Moment:
    return Moment(moment.replace(tzinfo=None), LONDON, moment)


@pytest.fixture
def writer(db):
    return make_user("publisher", name="Sam Okoro")


@pytest.fixture
def officer(db):
    return make_user("officer", name="Jo Webb")


def schedule(post, by, moment=LATER):
    return scheduling.schedule(post, list(whole(post).placements.all()), at(moment), by=by, now=NOON)


def publish(post, by, now=NOON):
    return scheduling.publish(post, list(whole(post).placements.all()), zone=LONDON, by=by, now=now)


def test_a_scheduled_post_waits_in_the_outbox_with_its_approval(writer):
    post = make_post(author=writer)
    outcome = schedule(post, writer)
    delivery = Delivery.objects.get()
    assert [one.shown_state for one in outcome.going] == ["scheduled"]
    assert (delivery.due_at, delivery.asked_by, delivery.payload["text"]) == (LATER, writer, post.text)
    assert delivery.approval.rule == "own_post"
    assert delivery.approval.hash == delivery.content_hash


def test_it_goes_out_at_its_time_and_the_page_sees_it(writer, stage: Stage):
    post = make_post(author=writer)
    schedule(post, writer)
    live(Delivery.objects.get(), NOON)
    assert stage.sent == []
    live(Delivery.objects.get(), LATER)
    assert [one.text for one in stage.sent] == [post.text]
    assert Placement.objects.get().shown_state == "published"


def test_a_time_that_is_over_is_refused():
    with pytest.raises(Invalid, match="is over; it is 12:00 now"):
        releasing.moment(datetime(2026, 11, 18, 11, 59), LONDON, None, NOON)  # noqa: DTZ001


def test_a_time_that_does_not_exist_is_refused():
    with pytest.raises(Invalid, match="01:30 does not exist on 28 March 2027"):
        releasing.moment(datetime(2027, 3, 28, 1, 30), LONDON, None, NOON)  # noqa: DTZ001


def test_a_time_that_comes_twice_is_asked_about():
    wall = datetime(2027, 10, 31, 1, 30)  # noqa: DTZ001
    with pytest.raises(Twice):
        releasing.moment(wall, LONDON, None, NOON)
    assert releasing.moment(wall, LONDON, 0, NOON).due_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert releasing.moment(wall, LONDON, 1, NOON).due_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_year_typed_wrong_is_noticed():
    with pytest.raises(Invalid, match="more than two years away"):
        releasing.moment(datetime(2062, 11, 18, 12, 0), LONDON, None, NOON)  # noqa: DTZ001


def test_everything_that_is_missing_is_said_at_once(writer):
    post = make_post(author=writer, objective=None, benefit="", pictures=[make_media()], text="𝐅𝐑𝐄𝐄 swimming")
    post.pictures.update(alt="")
    post.topic = None
    post.save()
    with pytest.raises(NotReady) as refused:
        schedule(whole(post), writer)
    said = " ".join(refused.value.problems)
    for part in ("topic", "what readers get", "objective", "no alt text", "look-alike"):
        assert part in said
    assert not Delivery.objects.exists()


def test_a_text_too_long_for_one_channel_stops_it_there(writer):
    post = make_post(author=writer, channels=[make_channel("x"), make_channel("facebook")], text="Long words. " * 60)
    with pytest.raises(NotReady, match="too many for X"):
        schedule(post, writer)
    assert not Delivery.objects.exists()


def test_a_picture_still_being_checked_is_waited_for(writer):
    post = make_post(author=writer, pictures=[make_media(state="waiting")])
    with pytest.raises(NotReady, match="still being checked"):
        schedule(post, writer)


def test_unplanned_posts_are_capped(writer):
    for _ in range(12):
        make_placement(post=make_post(author=writer, objective=None, unplanned=True))
    with pytest.raises(NotReady, match="had no objective"):
        schedule(make_post(author=writer, objective=None, unplanned=True), writer)


def test_publish_now_is_due_now(writer, stage: Stage):
    post = make_post(author=writer)
    publish(post, writer)
    live(Delivery.objects.get(), NOON)
    assert len(stage.sent) == 1


def test_a_second_click_on_publish_now_changes_nothing(writer):
    post = make_post(author=writer)
    publish(post, writer)
    outcome = publish(post, writer, NOON + timedelta(seconds=1))
    assert (len(outcome.going), len(outcome.left)) == (0, 1)
    assert (Delivery.objects.count(), Approval.objects.count(), Release.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("transactional_db")
def test_two_clicks_at_the_same_instant_send_once():
    writer = make_user("publisher")
    post = make_post(author=writer)
    start = threading.Barrier(4)

    def click():
        start.wait()
        publish(post, writer)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Delivery.objects.count() == 1


def test_what_waits_for_later_can_be_published_now(writer):
    post = make_post(author=writer)
    schedule(post, writer)
    publish(post, writer)
    assert Delivery.objects.get().due_at == NOON


def test_a_paused_channel_publishes_nothing_now(writer):
    post = make_post(author=writer, channels=[make_channel(state="paused")])
    with pytest.raises(NotReady, match="is paused"):
        publish(post, writer)


def test_moving_keeps_the_approval_and_tells_who_gave_it(officer, writer):
    signer = make_user("approver", name="Priya Nair")
    placement = make_placement(due_at=LATER, post=make_post(author=officer))
    Approval.objects.update(by=signer)
    moved = scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=1)), LATER, by=writer, now=NOON)
    delivery = Delivery.objects.get()
    assert (delivery.due_at, delivery.approval_id) == (LATER + timedelta(days=1), placement.approval_id)
    assert moved[0].due_at == delivery.due_at
    assert "which you signed" in Notification.objects.get(user=signer).words


def test_the_second_of_two_who_move_is_told(writer):
    placement = make_placement(due_at=LATER)
    scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=1)), LATER, by=writer, now=NOON)
    with pytest.raises(LostRace, match="A colleague moved it to Thu 19 November, 15:00"):
        scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=2)), LATER, by=writer, now=NOON)


def test_what_is_out_cannot_be_moved_or_cancelled(writer):
    placement = make_placement("published")
    with pytest.raises(Invalid, match="cannot be moved"):
        scheduling.move_to(placement.post, [placement], at(LATER), placement.due_at, by=writer, now=NOON)
    with pytest.raises(Invalid, match="cannot be cancelled"):
        scheduling.cancel(placement.post, [placement], by=writer, now=NOON)


def test_an_officer_does_not_move_what_a_publisher_scheduled(officer):
    placement = make_placement(due_at=LATER)
    with pytest.raises(NotAllowed, match="Only a publisher"):
        scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=1)), LATER, by=officer, now=NOON)


def test_a_draft_gets_a_day_without_going_out(officer):
    placement = make_placement("draft", due_at=LATER, post=make_post(author=officer))
    scheduling.move_to(placement.post, [placement], at(LATER + timedelta(days=1)), LATER, by=officer, now=NOON)
    assert not Delivery.objects.exists()
    scheduling.plan(placement.post, [placement], None)
    placement.refresh_from_db()
    assert (placement.due_at, placement.wall_at) == (None, None)


def test_cancelling_calls_the_delivery_off(writer):
    placement = make_placement(due_at=LATER)
    scheduling.cancel(placement.post, [placement], by=writer, now=NOON)
    placement.refresh_from_db()
    assert (placement.shown_state, Delivery.objects.get().state) == ("cancelled", "cancelled")


def test_a_failed_one_is_sent_again_as_a_new_delivery_of_the_same_approval(writer):
    post = make_post(author=writer)
    publish(post, writer)
    failed = Delivery.objects.get()
    Delivery.objects.filter(pk=failed.pk).update(state="failed", next_action_at=None)
    publish(post, writer)
    again = Placement.objects.get().delivery
    assert again is not None
    assert again.pk != failed.pk
    assert (again.approval, Release.objects.count()) == (failed.approval, 2)


def test_a_dropped_post_is_held_back_at_the_last_moment(writer, stage: Stage):
    post = make_post(author=writer)
    publish(post, writer)
    type(post).objects.update(dropped_at=NOON)
    delivery = live(Delivery.objects.get(), NOON)
    assert (delivery.state, stage.sent) == ("blocked", [])
    assert "dropped" in outbox.words_for(delivery, NOON).detail


def test_a_publisher_who_left_publishes_nothing(writer, stage: Stage):
    post = make_post(author=writer)
    schedule(post, writer)
    type(writer).objects.filter(pk=writer.pk).update(is_active=False)
    assert live(Delivery.objects.get(), LATER).state == "blocked"
    assert stage.sent == []
