"""Who came back after our answer: an answer is what a person wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_app import outbox
from channels_app.models import Channel
from engagement import acknowledging
from engagement.models import Message
from metrics import presence
from metrics.measures import from_inbox, from_weeks
from metrics.measures.shape import Span
from tests.factories import NOON, make_channel, make_town
from tests.factories_inbox import make_conversation, make_incoming, make_own, receive
from tests.factories_response import make_acknowledgement
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = NOON + 12 * DAY


def test_an_automatic_acknowledgement_is_no_answer_that_people_come_back_after(scripted: Scripted) -> None:
    make_town(zone="UTC", pack="none")
    channel = make_channel(name="Fernhill")
    make_acknowledgement(channel)
    make_conversation(channel, author_id="ada", at=NOON)
    acknowledging.step(NOON + HOUR / 30)
    outbox.step(NOON + HOUR / 30)
    assert Message.objects.get(ours=True).delivery.origin == "acknowledgement"
    receive(channel, *(make_incoming(author_id="ada", at=NOON + 2 * n * HOUR) for n in (1, 2)))
    span = Span(NOON - DAY, NOON + DAY, NOW)
    assert from_inbox.answered(span) == []
    assert from_weeks.came_back([span]) == [None]
    assert presence_of(channel).whole == 0
    (first,) = receive(channel, make_incoming(author_id="ben", at=NOON))
    again = {"thread_key": first.remote_id, "parent_id": first.remote_id}
    receive(channel, make_own(channel, at=NOON + 2 * HOUR, **again))
    assert [one.after for one in from_inbox.answered(span)] == [0]
    assert from_weeks.came_back([span]) == [0.0]
    assert presence_of(channel).whole == 1


def presence_of(channel: Channel) -> presence.Share:
    return presence.numbers([channel], NOW)[channel.pk].back
