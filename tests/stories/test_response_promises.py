"""Response promises: set for a channel and a priority from a moment on, and held against what came under them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from accounts.refusals import IllegalMove, Invalid
from channels_app import outbox
from channels_app.platforms.base import Uncertain
from engagement import handling, nudges, ranking, replies, response, storyline, timing, words
from engagement.models import Closing, Conversation, ResponsePromise
from engagement.replies import Sending
from engagement.response import Wanted
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.factories_response import make_closing, make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def raise_to(conversation: Conversation, priority: str, now: datetime) -> Conversation:
    """As the desk changes the priority."""
    number = next(number for number, name in Conversation.PRIORITIES if name.lower() == priority)
    ranking.rank(conversation, number, "Asked for.", by=make_user("officer", name="Ana Reyes"), now=now)
    return fresh(conversation)


def test_the_closest_promise_counts_for_each_channel_and_priority():
    one, other = make_channel(), make_channel()
    make_promise(48)
    make_promise(12, priority="urgent")
    make_promise(20, channel=one)
    make_promise(2, channel=one, priority="urgent")
    table = {
        (channel, priority): timing.promise_at(timing.promises_of(channel), NOON, priority).hours
        for channel in (one, other)
        for priority in ("normal", "high", "urgent")
    }
    assert [table[one, name] for name in ("normal", "high", "urgent")] == [20, 20, 2]
    assert [table[other, name] for name in ("normal", "high", "urgent")] == [48, 48, 12]


def test_of_one_level_the_newest_counts_and_an_ended_one_leaves_it_to_the_next():
    channel = make_channel()
    make_promise(48)
    make_promise(20, channel=channel, from_at=NOON - 9 * DAY)
    make_promise(0, channel=channel, from_at=NOON - 2 * DAY, ends=True)
    make_promise(6, channel=channel, from_at=NOON + DAY)
    rows = timing.promises_of(channel)
    assert [timing.promise_at(rows, NOON + days * DAY).hours for days in (-5, 0, 2)] == [20, 48, 6]


def test_what_comes_is_promised_by_the_priority_of_its_conversation():
    make_promise(24)
    make_promise(3, priority="urgent")
    channel, officer = make_channel(), make_user("officer")
    conversation = make_conversation(channel, at=NOON, thread_key="bins")
    raise_to(conversation, "urgent", NOON + HOUR)
    handling.close(conversation, "thanks", by=officer, now=NOON + 2 * HOUR)
    receive(channel, make_incoming(at=NOON + DAY, thread_key="bins"))
    assert fresh(conversation).due_at == NOON + DAY + 3 * HOUR


@pytest.mark.parametrize(("number", "word"), [(0, "normal"), (10, "normal"), (20, "high"), (30, "urgent")])
def test_a_priority_has_a_word_that_promises_know(number: int, word: str):
    assert timing.priority_of(Conversation(priority=number)) == word
    assert {one for one, _ in Conversation.PRIORITIES} == set(timing.PROMISED_AS)
    assert timing.priority_of(None) == "normal"


def test_a_raised_priority_counts_from_when_it_was_written_and_what_was_due_stays_readable():
    make_promise(24)
    make_promise(4, priority="urgent")
    conversation = make_conversation(at=NOON)
    raised = raise_to(conversation, "urgent", NOON + HOUR)
    assert raised.due_at == NOON + 4 * HOUR
    beside = storyline.beside_of(conversation, make_user("officer"), NOON)
    _, lines = timing.told(beside.clock, beside.moves, beside.calendars)
    assert (lines[-1].kind, lines[-1].reason, lines[-1].by) == ("prioritised", "urgent", "Ana Reyes")
    assert (lines[-1].was_due, lines[-1].due) == (NOON + DAY, NOON + 4 * HOUR)


def test_the_version_in_force_when_it_was_written_counts_for_a_raised_priority_too():
    make_promise(24)
    make_promise(6, priority="high")
    make_promise(1, priority="high", from_at=NOON + MINUTE)
    conversation = make_conversation(at=NOON)
    assert raise_to(conversation, "high", NOON + HOUR).due_at == NOON + 6 * HOUR


def test_lowering_the_priority_does_not_undo_a_miss():
    make_promise(24)
    make_promise(2, priority="urgent")
    conversation = make_conversation(at=NOON)
    raise_to(conversation, "urgent", NOON + HOUR)
    assert raise_to(conversation, "normal", NOON + 3 * HOUR).due_at == NOON + 2 * HOUR


def test_raising_reaches_thresholds_that_were_not_told_yet_each_once():
    make_promise(24)
    make_promise(4, priority="urgent")
    channel = make_channel()
    officer = make_user("officer", scope=channel.scope)
    conversation = make_conversation(channel, at=NOON)
    raise_to(conversation, "urgent", NOON + 3 * HOUR)
    for minutes in (180, 181, 216, 217, 240, 241):
        for pk in nudges.due(NOON + minutes * MINUTE):
            nudges.nudge(pk, NOON + minutes * MINUTE)
    assert Notification.objects.filter(user=officer, event__startswith="inbox.").count() == 3  # 75, 90, 100


def test_a_colleague_who_takes_over_is_not_told_again_of_what_was_told():
    channel = make_channel()
    one, two = make_user("officer", scope=channel.scope), make_user("officer", scope=channel.scope)
    conversation = make_conversation(channel, at=NOON)
    handling.assign(conversation, one, by=one, now=NOON)
    for hours in (12, 18, 20, 22, 24):
        if hours == 20:
            handling.assign(conversation, two, by=one, now=NOON + 20 * HOUR)
        for pk in nudges.due(NOON + hours * HOUR):
            nudges.nudge(pk, NOON + hours * HOUR)
    told = {
        user: Notification.objects.filter(user=user, event__in=["inbox.due_soon", "inbox.overdue"])
        for user in (one, two)
    }
    assert [note.event for note in told[one].order_by("at")] == ["inbox.due_soon", "inbox.due_soon", "inbox.overdue"]
    assert [note.event for note in told[two].order_by("at")] == ["inbox.due_soon", "inbox.overdue"]


def test_nobody_is_nudged_while_we_wait_for_the_resident_and_the_rest_counts_afterwards():
    channel = make_channel()
    officer = make_user("officer", scope=channel.scope)
    conversation = make_conversation(channel, at=NOON)
    handling.wait(conversation, by=officer, now=NOON + HOUR)
    assert nudges.due(NOON + 3 * DAY) == []
    handling.reopen(conversation, by=officer, now=NOON + 3 * DAY)
    assert nudges.due(NOON + 3 * DAY + 10 * HOUR) == []
    assert nudges.due(NOON + 3 * DAY + 11 * HOUR) == [conversation.pk]


def test_night_and_weekend_keep_no_nudge_back():
    make_town(zone="Europe/London")
    channel = make_channel()
    officer = make_user("officer", scope=channel.scope)
    conversation = make_conversation(channel, at=NOON + 2 * DAY + 5 * HOUR)  # Friday 17:00
    due = fresh(conversation).due_at
    for pk in nudges.due(due - 12 * HOUR):
        nudges.nudge(pk, due - 12 * HOUR)
    assert Notification.objects.filter(user=officer, event="inbox.due_soon").count() == 1


def test_done_as_answered_wants_an_answer():
    conversation, ana = make_conversation(at=NOON), make_user("officer")
    with pytest.raises(Invalid, match="no answer yet"):
        handling.close(conversation, "answered", by=ana, now=NOON + HOUR)
    assert fresh(conversation).state == "open"


def test_the_page_says_so_beside_the_choice_and_closes_for_a_coded_reason(client: Client):
    conversation = make_conversation(at=NOON)
    client.force_login(make_user("officer"))
    address = reverse("inbox:close", args=[conversation.key])
    refused = client.post(address, {"outcome": "answered"})
    assert refused.status_code == 422
    assert "has no answer yet" in refused.content.decode()
    assert client.post(address, {"outcome": "thanks"}).status_code == 302
    assert fresh(conversation).clock == "settled"


def test_a_promise_is_added_from_a_moment_on_and_written_into_the_trail():
    chief, channel = make_user("manager"), make_channel()
    row = response.set_promise(Wanted(channel, "urgent", 2, 1, NOON, why="Flood season"), by=chief, now=NOON)
    assert (row.hours, row.by, row.set_at, row.why) == (2, chief, NOON, "Flood season")
    assert AuditEntry.objects.get(act="promised").data["became"] == "2 h, 1 service hours"
    assert response.history() == [row]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(None, "", 24, 8, NOON - MINUTE), "in the past"),
        (Wanted(None, "", 0, 8, NOON), "between"),
        (Wanted(None, "", 24, None, NOON), "between"),
        (Wanted(None, "soon", 24, 8, NOON), "priorities"),
        (Wanted(None, "", None, None, NOON, ends=True), "could end"),
        (Wanted(None, "high", None, None, NOON, ends=True), "could end"),
    ],
)
def test_what_cannot_be_promised_is_refused(wanted: Wanted, words: str):
    with pytest.raises(Invalid, match=words):
        response.set_promise(wanted, by=make_user("manager"), now=NOON)
    assert not ResponsePromise.objects.exists()


def test_the_preview_holds_the_last_weeks_answers_against_it(scripted: Scripted):
    officer, channel = make_user("officer"), make_channel()
    for hours in (1, 5, 30):
        conversation = make_conversation(channel, at=NOON)
        replies.release(conversation, Sending("On Thursday."), by=officer, now=NOON + hours * HOUR)
        for _ in range(3):
            outbox.step(NOON + hours * HOUR)
    make_conversation(channel, at=NOON)
    seen = response.preview(Wanted(channel, "", 4, 8, NOON + 2 * DAY), NOON + 2 * DAY)
    assert (seen.answered, seen.kept, seen.would, seen.running) == (3, 2, 1, 1)
    make_promise(1, channel=channel, priority="normal")
    assert response.preview(Wanted(None, "", 4, 8, NOON + 2 * DAY), NOON + 2 * DAY).answered == 0


def test_a_closed_day_counts_no_service_hours_for_what_comes_from_then_on():
    make_town(zone="UTC", pack="none")
    before = make_conversation(at=NOON)  # Wednesday noon: five hours today, three tomorrow
    chief = make_user("manager")
    row = response.close_day(date(2026, 11, 19), "Staff day", by=chief, now=NOON)
    after = make_conversation(at=NOON + MINUTE)
    assert (before.service_due_at, after.service_due_at) == (NOON + 24 * HOUR, NOON + 48 * HOUR + MINUTE)
    with pytest.raises(Invalid, match="closed already"):
        response.close_day(row.day, "Twice", by=chief, now=NOON)
    with pytest.raises(Invalid, match="over"):
        response.close_day(date(2026, 11, 17), "Too late", by=chief, now=NOON)
    response.open_day(row, by=chief, now=NOON)
    with pytest.raises(IllegalMove):
        response.open_day(row, by=chief, now=NOON)
    assert make_conversation(at=NOON + 2 * MINUTE).service_due_at == NOON + 24 * HOUR + 2 * MINUTE


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client) -> Client:
    make_town()
    client.force_login(make_user("manager"))
    return client


def test_a_manager_sees_what_holds_looks_ahead_and_promises(desk: Client):
    channel = make_channel(name="Fernhill Council")
    page = desk.get(reverse("response:promises")).content.decode()
    assert "Fernhill Council" in page
    assert "the house rule of 24 h holds" in page
    form = {"channel": str(channel.key), "priority": "urgent", "hours": "4", "service_hours": "2", "why": "Safety"}
    seen = desk.post(reverse("response:set-promise"), form | {"look": "1"})
    assert "What it would have meant" in seen.content.decode()
    assert not ResponsePromise.objects.exists()
    assert desk.post(reverse("response:set-promise"), form).status_code == 302
    assert ResponsePromise.objects.get().hours == 4
    assert "urgent priority" in desk.get(reverse("response:promises")).content.decode()


def test_a_form_that_cannot_be_keeps_what_was_typed(desk: Client):
    form = {"hours": "900", "service_hours": "2", "why": "Slow", "from_at": "2020-01-01T10:00"}
    answer = desk.post(reverse("response:set-promise"), form)
    assert answer.status_code == 422
    assert "cannot begin in the past" in answer.content.decode()
    assert 'value="900.0"' in answer.content.decode() or 'value="900"' in answer.content.decode()


def test_days_are_closed_and_opened_on_the_page(desk: Client):
    day = (clock.now() + 40 * DAY).date()
    assert desk.post(reverse("response:close-day"), {"day": day, "reason": "Staff day"}).status_code == 302
    assert "Staff day" in desk.get(reverse("response:promises")).content.decode()
    assert desk.post(reverse("response:close-day"), {"day": day, "reason": "Again"}).status_code == 422
    assert desk.post(reverse("response:open-day", args=[Closing.objects.get().pk])).status_code == 302
    assert "Staff day" not in desk.get(reverse("response:promises")).content.decode()
    assert make_closing().ended_at is None


def test_both_clocks_of_a_friday_evening_are_on_its_page(client: Client):
    """Written on Friday at 17:05, after the desk closed: due on Saturday by the clock, on Monday in service hours."""
    make_town(zone="UTC", pack="none")
    now = clock.now()
    friday = now - timedelta(days=14 + (now.weekday() - 4) % 7)
    friday = friday.replace(hour=17, minute=5, second=0, microsecond=0)
    conversation = make_conversation(at=friday)
    saturday, monday = friday + DAY, (friday + 3 * DAY).replace(minute=0)
    assert (conversation.due_at, conversation.service_due_at) == (saturday, monday)
    client.force_login(make_user("officer"))
    page = client.get(reverse("inbox:conversation", args=[conversation.key])).content.decode()
    for name, due in (("By the clock", saturday), ("In service hours", monday)):
        assert name in page
        assert f"was due {words.when(due, now)}" in page


def test_an_answer_nobody_is_sure_of_keeps_the_clock_running_and_says_so(client: Client, scripted: Scripted):
    officer = make_user("officer")
    now = clock.now()
    conversation = make_conversation(at=now - HOUR)
    scripted.endings = [Uncertain("no answer")]
    replies.release(conversation, Sending("On Thursday."), by=officer, now=now)
    outbox.step(now)
    client.force_login(officer)
    page = client.get(reverse("inbox:conversation", args=[conversation.key])).content.decode()
    assert "Nobody knows yet whether it is out, so the clock runs on." in page
    assert fresh(conversation).clock == "running"
