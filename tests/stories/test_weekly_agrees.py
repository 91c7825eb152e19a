"""The weekly figures and Kept and missed are the same waits with the same outcomes, to the row; also by department."""

from __future__ import annotations

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_app import outbox
from channels_app.models import Channel
from engagement import departments, kept, promise_list, promises_kept, rates, replies, urgency, waits
from engagement.models import ClockEvent, Conversation, Message, Promise, ResponsePromise
from engagement.promise_list import Wish
from engagement.replies import Sending
from metrics import weekly
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import make_conversation
from tests.factories_promises import make_promise as make_promised
from tests.factories_replies import make_department, make_handed
from tests.factories_response import make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UTC = ZoneInfo("UTC")
LATER = NOON + 4 * DAY


@pytest.fixture
def channel(scripted: Scripted) -> Channel:
    make_town(zone="UTC", pack="none")
    return make_channel(name="Fernhill Council")


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("officer")


def told(channel: Channel, now=LATER) -> tuple[rates.Tally, weekly.Figure, weekly.Figure]:
    """This week's waits as the inbox tallies them, and both figures of the week."""
    (week,) = weekly.weeks(NOON, UTC, 1)
    whole = rates.tally(kept.between([channel.pk], week.start, week.end, now))
    return whole, weekly.answered_in_time([week], now)[0], weekly.first_answer_hours([week], now)[0]


def answer(conversation: Conversation, by: User, after: timedelta) -> None:
    now = conversation.opened_at + after
    replies.release(conversation, Sending("On Thursday."), by=by, now=now)
    outbox.step(now)


@pytest.mark.parametrize(
    ("to", "at", "answered", "outcome"),
    [
        (30, 1, 3, "missed"),  # urgent is promised in two hours, and counts from when it was written
        (30, 1, 1.5, "kept"),
        (30, 1, None, "missed"),
        (0, 1, 20, "kept"),  # low is promised as normal
        (30, 30, 31, "missed"),
        (20, 1, 30, "kept"),  # high has more time than normal here
    ],
)
def test_a_changed_priority_changes_the_promise_in_both(channel, officer, to, at, answered, outcome):
    make_promise(2, priority="urgent")
    make_promise(40, priority="high")
    one = make_conversation(channel, at=NOON)
    Conversation.objects.filter(pk=one.pk).update(priority=to)
    one.refresh_from_db()
    urgency.note_change(one, NOON + at * HOUR, by=officer)
    if answered is not None:
        answer(one, officer, answered * HOUR)
    whole, in_time, hours = told(channel)
    assert [row.outcome for row in kept.of(one, LATER)] == [outcome]
    assert (in_time.part, in_time.whole) == (whole.kept, whole.needing) == (int(outcome == "kept"), 1)
    assert hours.value == answered


def test_each_question_of_one_thread_is_a_wait_of_the_week(channel, officer):
    one = make_conversation(channel, at=NOON)
    answer(one, officer, HOUR)
    Message.objects.filter(conversation=one, ours=False).update(kind="mention")
    second = Message.objects.create(
        channel=channel, kind="reply", remote_id="again", conversation=one, person=one.person, text="And then?",
        at=NOON + 2 * HOUR, ingested_at=NOON + 2 * HOUR,
    )  # fmt: skip
    ClockEvent.objects.create(
        conversation=one, kind="started", at=second.at, noted_at=second.at, message=second, by=None
    )
    whole, in_time, _ = told(channel)
    assert (in_time.part, in_time.whole) == (whole.kept, whole.needing) == (1, 2)


def any_clock(
    one: Conversation, messages: list[Message], promise: ResponsePromise | None, dice: random.Random
) -> list[ClockEvent]:
    """What may happen to a clock, in any order; sometimes nothing but a question and an answer."""
    kinds = (
        ["answered"]
        if dice.random() < 0.4
        else ["answered", "no_reply_needed", "paused", "resumed", "prioritised", "reopened"]
    )
    at, events, left = NOON - 30 * HOUR, list[ClockEvent](), list(messages)
    for _ in range(dice.randint(1, 6)):
        at += timedelta(minutes=dice.randint(1, 1500))
        facts = {"conversation": one, "at": at, "noted_at": at}
        if left and (not events or dice.random() < 0.4):
            asked = at - timedelta(minutes=dice.choice([0, 0, 90]))  # some are found late
            events.append(ClockEvent(**facts | {"at": asked}, kind="started", message=left.pop(), promise=promise))
            continue
        kind = dice.choice(kinds)
        reason = {"no_reply_needed": dice.choice(["thanks", "", "answered"]), "answered": dice.choice(["", "outside"])}
        reason |= {"prioritised": "urgent"}
        given = promise if kind == "prioritised" else None
        events.append(ClockEvent(**facts, kind=kind, reason=reason.get(kind, ""), promise=given))
    return events


def test_whatever_happened_to_a_clock_both_read_the_same_rows(channel):
    dice, promises = random.Random(11), [None, make_promise(2, priority="urgent"), make_promise(60, priority="high")]
    person = make_conversation(channel, at=NOON - 20 * DAY).person
    homes = Conversation.objects.bulk_create(
        Conversation(channel=channel, person=person, kind="mention", opened_at=NOON, last_at=NOON) for _ in range(150)
    )
    asked = Message.objects.bulk_create(
        Message(channel=channel, kind="mention", remote_id=f"q{one.pk}-{n}", conversation=one, person=person,
                text="When?", at=NOON, ingested_at=NOON)
        for one in homes for n in range(3)
    )  # fmt: skip
    events = []
    for place, one in enumerate(homes):
        events += any_clock(one, asked[3 * place : 3 * place + 3], dice.choice(promises), dice)
    ClockEvent.objects.bulk_create(events)
    start, end = NOON - 3 * DAY, NOON + 7 * DAY
    rows = sorted(
        (one.conversation.pk, one.turn.since, one.outcome, one.answered, one.elapsed.spent)
        for one in kept.between([channel.pk], start, end, LATER)
    )
    lean = sorted(
        (one.conversation, one.since, one.outcome, one.answered, one.spent) for one in waits.between(start, end, LATER)
    )
    assert lean == rows
    assert len({row[2] for row in rows}) >= 4
    whole, in_time, hours = told(channel)
    assert (in_time.part, in_time.whole, hours.whole) == (whole.kept, whole.needing, whole.answered)
    assert hours.value == pytest.approx(whole.median / HOUR)


def test_a_wait_was_with_the_department_that_was_asked_before_it_ended(client: Client, channel, officer):
    (parks, _), (roads, _) = make_department("Parks"), make_department("Roads")
    asked, after, alone = (make_conversation(channel, at=NOON - HOUR) for _ in range(3))
    make_handed(department=parks, conversation=asked)
    answer(asked, officer, 3 * HOUR)
    answer(after, officer, HOUR / 2)
    make_handed(department=roads, conversation=after)  # asked once the answer was out
    Conversation.objects.filter(pk=alone.pk).update(department=roads)
    rows = kept.between([channel.pk], NOON - DAY, NOON + DAY, LATER)
    lines = rates.by_department(rows, departments.of_waits(rows))
    assert [(one.name, one.kept, one.missed) for one in lines] == [
        ("Parks", 1, 0),
        ("Roads", 0, 1),
        ("No department", 1, 0),
    ]
    client.force_login(officer)
    page = client.get(reverse("inbox:kept"), {"week": "2026-W47", "department": str(roads.pk), "show": "all"})
    assert [row["one"].conversation for row in page.context["rows"]] == [alone]
    assert "By department" in client.get(reverse("inbox:kept"), {"week": "2026-W47"}).content.decode()


def test_promises_are_counted_by_the_department_they_were_with_and_each_number_opens_its_rows(client: Client, officer):
    (parks, gardener), (roads, _) = make_department("Parks"), make_department("Roads")
    today = NOON.date()
    asked, theirs, nobodys = (make_promised(make_conversation(at=NOON - DAY), by=officer) for _ in range(3))
    make_handed(department=roads, conversation=asked.conversation)
    Promise.objects.filter(pk=theirs.pk).update(owner=gardener)
    ends = {"state": "kept", "ended_on": today, "ended_at": NOON, "ended_by": officer}
    Promise.objects.filter(pk__in=[asked.pk, nobodys.pk]).update(**ends)
    Promise.objects.filter(pk=theirs.pk).update(due_on=today - DAY, first_due_on=today - DAY)
    rows = promises_kept.by_service(Promise.objects.all(), NOON, today, 12)
    assert [(name, one.due, one.kept, one.overdue) for _, name, one in rows] == [
        ("Parks", 1, 0, 1),
        ("Roads", 1, 1, 0),
        ("No department", 1, 1, 0),
    ]
    weeks = promises_kept.by_week(Promise.objects.all(), today, 12)
    assert promises_kept.total(one for _, _, one in rows) == promises_kept.total(one for _, one in weeks)
    for pk, _, one in rows:
        for name in ("due", *promises_kept.OUTCOMES):
            wish = Wish(outcome=name, department=str(pk or departments.NONE))
            assert promise_list.rows(wish, officer, NOON, today).count() == getattr(one, name)
    client.force_login(officer)
    page = client.get(reverse("promises:all"), {"department": str(parks.pk), "tab": "overdue"}).content.decode()
    assert "By department" in page or "Parks" in page
