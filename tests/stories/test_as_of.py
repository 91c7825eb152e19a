"""Rows as of a moment: what was done, said or heard later is not in them, and what has changed since is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import User
from channels_app.models import Channel
from engagement import handling, promising, rehousing, suggestions
from engagement.models import Conversation
from engagement.statutory import handling as statutory
from metrics.measures import from_inbox
from metrics.measures.shape import Span
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_asking import make_suggestion
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_promises import FRIDAY, make_promise

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPAN = Span(NOON - DAY, NOON + DAY, NOON + HOUR)
LATER, TODAY = (replace(SPAN, now=NOON + n * DAY) for n in (3, 9))


@pytest.fixture
def officer() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("officer")


def asked(channel: Channel | None = None, thread: str = "street") -> Conversation:
    return make_conversation(channel, at=NOON, thread_key=thread, author_id="ada")


def cases(span: Span) -> list[tuple[bool, str]]:
    return [(one.closed, one.outcome) for one in from_inbox.cases(span)]


def test_what_is_done_later_was_open_and_what_is_opened_again_was_done(officer: User) -> None:
    channel = make_channel()
    one = asked(channel)
    handling.close(one, "elsewhere", by=officer, now=NOON + 2 * DAY)
    more = make_incoming(kind="reply", at=NOON + 4 * DAY, thread_key="street", author_id="ada")
    receive(channel, more, now=NOON + 4 * DAY)
    one.refresh_from_db()
    assert one.state == "open", "a new message opens it"
    assert [cases(span) for span in (SPAN, LATER, TODAY)] == [[(False, "")], [(True, "elsewhere")], [(False, "")]]
    handling.close(one, "elsewhere", by=officer, now=NOON + 10 * DAY)
    told = [*(cases(span) for span in (SPAN, LATER, TODAY)), cases(replace(SPAN, now=NOON + 11 * DAY))]
    assert told == [[(False, "")], [(True, "elsewhere")], [(False, "")], [(True, "elsewhere")]]


def test_what_a_person_opened_again_was_done_before(officer: User) -> None:
    one = asked()
    handling.close(one, "elsewhere", by=officer, now=NOON + 2 * DAY)
    handling.reopen(one, by=officer, now=NOON + 4 * DAY)
    assert [cases(span) for span in (LATER, TODAY)] == [[(True, "elsewhere")], [(False, "")]]
    assert [one.reopened for span in (LATER, TODAY) for one in from_inbox.cases(span)] == [0, 1]


def test_what_turned_out_to_ask_nothing_counted_until_then(officer: User) -> None:
    handling.close(asked(), "spam", by=officer, now=NOON + 4 * DAY)
    assert [cases(span) for span in (LATER, TODAY)] == [[(False, "")], []]


def test_what_went_into_another_conversation_stood_alone_before(officer: User) -> None:
    channel = make_channel()
    one, other = asked(channel, "street"), asked(channel, "bins")
    rehousing.merge(one, other, by=officer, now=NOON + 4 * DAY)
    assert [len(cases(span)) for span in (LATER, TODAY)] == [2, 1]


def test_what_was_heard_later_was_not_known(officer: User) -> None:
    channel = make_channel()
    receive(channel, make_incoming(at=NOON), now=NOON + 4 * DAY)
    for rows in (from_inbox.cases, from_inbox.inbound, from_inbox.writers):
        assert [len(rows(span)) for span in (LATER, TODAY)] == [0, 1]


def test_an_idea_stands_as_it_stood(officer: User) -> None:
    one = make_suggestion(by=officer)
    suggestions.change(one, "taken_up", officer, "", by=officer, now=NOON + 2 * DAY)
    suggestions.change(one, "done", officer, "There is a tap.", by=officer, now=NOON + 4 * DAY)
    states = [[row.state for row in from_inbox.ideas(span)] for span in (SPAN, LATER, TODAY)]
    assert states == [["new"], ["taken_up"], ["done"]]


def test_a_complaint_is_one_from_when_somebody_says_so_until_nobody_does(officer: User) -> None:
    manager = make_user("manager")
    row = statutory.note_by_hand(asked(), "complaint", by=manager, now=NOON + 2 * DAY)
    statutory.settle(row, "answered", "We wrote to her.", by=manager, now=NOON + 4 * DAY)
    told = [[(one.complaint, one.days) for one in from_inbox.inbound(span)] for span in (SPAN, LATER, TODAY)]
    assert told == [[(False, None)], [(True, None)], [(True, 4.0)]]


def test_a_promise_that_was_given_more_time_or_kept_later_was_overdue(officer: User) -> None:
    week = Span(NOON - 3 * DAY, NOON + 4 * DAY, NOON + 5 * DAY)
    row = make_promise(by=officer)
    later = NOON + 6 * DAY
    promising.re_date(row, later.date() + DAY, "The part is late.", by=officer, now=later)
    promising.end(row, "kept", by=officer, now=later + 8 * HOUR, closing="The lamp shines.")
    moments = (NOON + DAY, week.now, later + HOUR, later + DAY)
    told = [[one.outcome for one in from_inbox.promises(replace(week, now=now))] for now in moments]
    assert week.now.date() > FRIDAY
    assert told == [[], ["overdue"], ["extended"], ["extended"]]
