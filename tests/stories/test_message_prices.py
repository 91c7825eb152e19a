"""Private messages have prices of their own where a platform charges: they are counted apart from what is public."""

from __future__ import annotations

from decimal import Decimal

import pytest

from channels_app import prices
from engagement import intake
from tests.factories import NOON, make_channel, make_delivery
from tests.factories_inbox import make_incoming
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db


def test_private_answers_and_messages_are_counted_apart(scripted: Scripted) -> None:
    channel = make_channel("x")
    for visibility in ("public", "direct"):
        done = make_delivery("published", channel=channel, text="Thank you.", kind="reply")
        type(done).objects.filter(pk=done.pk).update(payload=done.payload | {"visibility": visibility})
        done.attempts.create(n=1, fence=1, event="published", at=NOON)
    talks = [make_incoming(at=NOON, kind="direct", visibility="direct") for _ in range(3)]
    scripted.items = [make_incoming(at=NOON), *talks]
    intake.ensure_cursors(NOON)
    intake.poll(channel.cursors.get(stream="mentions").pk, NOON)
    found = prices.spent(channel, NOON.date(), prices.history("x"))
    assert [(line.what, line.count, line.amount) for line in found.lines] == [
        ("reply", 1, Decimal("0.010")),
        ("message", 1, Decimal("0.015")),
        ("read", 1, Decimal("0.005")),
        ("message_read", 3, Decimal("0.030")),
    ]
