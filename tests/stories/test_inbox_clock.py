"""The clock of a conversation: it starts when the resident wrote, and only an answer that is out stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notification, Town
from channels_app.models import Channel
from engagement import clocks, handling, nudges, rechecking, timing
from engagement.models import ClockEvent, Conversation, Message, ResponsePromise, ServiceCalendar
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def reading(conversation: Conversation) -> clocks.Reading:
    return timing.reading(timing.events_of([conversation.pk])[conversation.pk])


def write_again(conversation: Conversation, at, now=None) -> Message:
    first = conversation.messages.earliest("at")
    return receive(conversation.channel, make_incoming(parent_id=first.remote_id, at=at), now=now)[0]


def test_it_starts_at_the_platforms_time_and_is_due_a_day_later():
    conversation = make_conversation(at=NOON)
    assert (conversation.unanswered_since, conversation.due_at) == (NOON, NOON + DAY)
    assert conversation.clock == "running"


def test_service_hours_run_beside_it():
    make_town(zone="Europe/London", pack="none")
    conversation = make_conversation(at=NOON)  # a Wednesday; five hours of service are left
    assert conversation.service_due_at == NOON + 24 * HOUR
    figures = reading(conversation).current.service(NOON + 6 * HOUR)
    assert (figures.spent, figures.left) == (5 * HOUR, 3 * HOUR)


def test_a_second_message_does_not_start_it_anew():
    conversation = make_conversation(at=NOON)
    write_again(conversation, NOON + 5 * HOUR)
    assert fresh(conversation).due_at == NOON + DAY


def test_the_promise_in_force_when_the_message_came_counts():
    channel = make_channel()
    ResponsePromise.objects.create(hours=48, from_at=NOON - 9 * DAY)
    ResponsePromise.objects.create(hours=12, channel=channel, from_at=NOON - DAY)
    ResponsePromise.objects.create(hours=1, channel=channel, from_at=NOON + HOUR)
    assert make_conversation(channel, at=NOON).due_at == NOON + 12 * HOUR
    assert make_conversation(channel, at=NOON - 2 * DAY).due_at == NOON
    assert make_conversation(make_channel(), at=NOON).due_at == NOON + 2 * DAY


def test_changed_service_hours_do_not_move_what_came_before():
    make_town(zone="Europe/London")
    conversation = make_conversation(at=NOON)
    before = conversation.service_due_at
    Town.objects.update(hours=[[["10:00", "11:00"]]] * 7)
    write_again(conversation, NOON + 2 * HOUR)
    assert fresh(conversation).service_due_at == before
    assert make_conversation(at=NOON + HOUR).service_due_at > NOON + 7 * DAY
    assert ServiceCalendar.objects.count() == 2


def test_an_answer_made_outside_stops_it_and_ends_what_nobody_had_taken_up():
    conversation = make_conversation(at=NOON)
    first = conversation.messages.get()
    receive(conversation.channel, make_own(conversation.channel, parent_id=first.remote_id, at=NOON + 3 * HOUR))
    now = fresh(conversation)
    assert (now.clock, now.due_at, now.state, now.outcome) == ("outside", None, "closed", "answered")
    assert reading(now).last.how == "outside"
    assert reading(now).last.elapsed(NOON + 9 * DAY).spent == 3 * HOUR


def test_our_answer_met_before_the_question_still_counts_as_its_answer():
    channel = make_channel()
    question = make_incoming(at=NOON)
    ours = make_own(channel, parent_id=question.remote_id, thread_key=question.remote_id, at=NOON + HOUR)
    receive(channel, ours)
    receive(channel, question, now=NOON + 2 * HOUR)
    conversation = Conversation.objects.get()
    assert (conversation.clock, conversation.messages.count()) == ("outside", 2)


def test_a_question_written_after_the_answer_is_still_owed():
    conversation = make_conversation(at=NOON)
    first = conversation.messages.get()
    ours = make_own(conversation.channel, parent_id=first.remote_id, at=NOON + HOUR)
    later = make_incoming(parent_id=first.remote_id, at=NOON + 2 * HOUR)
    receive(conversation.channel, later, ours)
    now = fresh(conversation)
    assert (now.clock, now.unanswered_since, now.state) == ("running", NOON + 2 * HOUR, "open")


def test_a_message_found_after_the_answer_is_not_counted_as_answered():
    conversation = make_conversation(at=NOON)
    first = conversation.messages.get()
    receive(conversation.channel, make_own(conversation.channel, parent_id=first.remote_id, at=NOON + 2 * HOUR))
    write_again(conversation, NOON + HOUR, now=NOON + 3 * HOUR)
    now = fresh(conversation)
    assert (now.clock, now.unanswered_since, now.state) == ("running", NOON + HOUR, "open")


def test_a_message_taken_back_stops_it_and_is_kept(scripted: Scripted):
    conversation = make_conversation(at=NOON)
    message = conversation.messages.get()
    scripted.gone = {message.remote_id}
    assert rechecking.due(NOON + 30 * MINUTE) == []
    assert rechecking.due(NOON + 2 * HOUR) == [message.pk]
    assert rechecking.look_again(message.pk, NOON + 2 * HOUR) is False
    message.refresh_from_db()
    now = fresh(conversation)
    assert (message.gone_at, message.text != "") == (NOON + 2 * HOUR, True)
    assert (now.clock, now.state, now.outcome, now.due_at) == ("withdrawn", "closed", "withdrawn", None)


def test_a_message_still_there_is_looked_at_again_after_a_day_and_a_week(scripted: Scripted):
    message = make_conversation(at=NOON).messages.get()
    scripted.items = [
        make_incoming(message.text, remote_id=message.remote_id, author_id=message.person.remote_id, at=NOON)
    ]
    looks = []
    while message.recheck_at:
        looks.append(message.recheck_at - message.ingested_at)
        assert rechecking.look_again(message.pk, message.recheck_at)
        message.refresh_from_db()
    assert looks == [HOUR, DAY, 7 * DAY]


def test_one_of_two_messages_taken_back_leaves_the_other_owed():
    conversation = make_conversation(at=NOON)
    second = write_again(conversation, NOON + HOUR)
    rechecking.mark_gone(conversation.channel, [conversation.messages.earliest("at").remote_id], NOON + 2 * HOUR)
    assert fresh(conversation).unanswered_since == second.at


def test_waiting_for_the_resident_stands_still_until_they_write():
    make_town(zone="UTC")
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    handling.wait(conversation, by=ana, now=NOON + 4 * HOUR)
    paused = fresh(conversation)
    assert (paused.state, paused.clock, paused.due_at) == ("waiting", "paused", None)
    write_again(conversation, NOON + 34 * HOUR)
    now = fresh(conversation)
    assert (now.state, now.clock, now.due_at) == ("open", "running", NOON + 54 * HOUR)


def test_a_pause_ends_after_two_weeks_and_somebody_must_decide():
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    handling.wait(conversation, by=ana, now=NOON + 4 * HOUR)
    end = NOON + 4 * HOUR + clocks.PAUSE_CAP
    assert nudges.due(end - MINUTE) == []
    for pk in nudges.due(end):
        nudges.nudge(pk, end)
    now = fresh(conversation)
    assert (now.state, now.clock, now.due_at) == ("open", "running", end + 20 * HOUR)


def test_closing_settles_it_with_a_reason_and_reopening_owes_it_again():
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    handling.close(conversation, "elsewhere", by=ana, now=NOON + HOUR)
    now = fresh(conversation)
    assert (now.state, now.outcome, now.clock, now.due_at) == ("closed", "elsewhere", "settled", None)
    handling.reopen(conversation, by=ana, now=NOON + 2 * HOUR)
    now = fresh(conversation)
    assert (now.state, now.outcome, now.clock, now.due_at) == ("open", "", "running", NOON + DAY)


def test_clock_events_are_only_ever_added():
    make_conversation()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockEvent.objects.update(at=NOON + DAY)


@pytest.fixture
def desk() -> tuple[Channel, object, object]:
    channel = make_channel()
    return channel, make_user("officer", scope=channel.scope), make_user("manager")


def told(user: object) -> list[str]:
    return list(Notification.objects.filter(user=user, event__startswith="inbox.").values_list("event", flat=True))


def run_nudges(now) -> None:
    for pk in nudges.due(now):
        nudges.nudge(pk, now)


def test_people_are_told_at_half_time_and_each_threshold_once(desk):
    channel, officer, manager = desk
    conversation = make_conversation(channel, at=NOON)
    for hours, count in [(11, 0), (12, 1), (13, 1), (18, 2), (22, 3), (24, 4), (30, 4)]:
        for _ in range(2):
            run_nudges(NOON + hours * HOUR)
        assert len(told(officer)) == count
    assert told(manager) == ["inbox.overdue"]
    words = Notification.objects.filter(user=officer).latest("at").words
    assert words == f"Nobody has answered this for 24 h: {conversation}"


def test_a_message_that_came_too_late_is_told_once_and_not_four_times(desk):
    channel, officer, _ = desk
    conversation = receive(channel, make_incoming(at=NOON - 2 * DAY), now=NOON)[0].conversation
    run_nudges(NOON)
    run_nudges(NOON + HOUR)
    assert told(officer) == ["inbox.overdue"]
    assert fresh(conversation).nudge_at is None


def test_whoever_has_it_is_told_alone_until_it_is_late(desk):
    channel, officer, _ = desk
    other = make_user("officer", scope=channel.scope)
    conversation = make_conversation(channel, at=NOON)
    handling.assign(conversation, other, by=officer, now=NOON)
    run_nudges(NOON + 12 * HOUR)
    assert (told(officer), told(other)) == ([], ["inbox.due_soon", "inbox.assigned"])


def test_what_was_taken_back_whole_is_done_even_where_somebody_had_it():
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    handling.assign(conversation, ana, by=ana, now=NOON)
    rechecking.mark_gone(conversation.channel, [conversation.messages.get().remote_id], NOON + HOUR)
    assert (fresh(conversation).state, fresh(conversation).outcome) == ("closed", "withdrawn")


def test_an_answer_made_outside_leaves_open_what_somebody_has_taken_up():
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    handling.assign(conversation, ana, by=ana, now=NOON)
    first = conversation.messages.get()
    receive(conversation.channel, make_own(conversation.channel, parent_id=first.remote_id, at=NOON + HOUR))
    assert (fresh(conversation).state, fresh(conversation).clock) == ("open", "outside")
