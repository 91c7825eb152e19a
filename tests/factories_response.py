"""Response promises, closed days and acknowledgements, as the settings make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from channels_app.models import Channel
from engagement.models import Acknowledgement, Closing, ResponsePromise
from tests.factories import COUNT, NOON, make_channel, make_user


def make_promise(hours: float = 24, *, from_at: datetime = NOON - timedelta(days=30), **facts: Any) -> ResponsePromise:
    """One that holds already, everywhere and for every priority unless told otherwise."""
    return ResponsePromise.objects.create(hours=hours, from_at=from_at, **facts)


def make_closing(**facts: Any) -> Closing:
    """A day far ahead, another one each time."""
    day = facts.pop("day", NOON.date() + timedelta(days=400 + next(COUNT)))
    by = facts.pop("by", None) or make_user("manager")
    return Closing.objects.create(day=day, why=facts.pop("why", "Staff day"), by=by, at=NOON, **facts)


def make_acknowledgement(channel: Channel | None = None, **facts: Any) -> Acknowledgement:
    """Switched on since yesterday."""
    return Acknowledgement.objects.create(
        channel=channel or make_channel(),
        on=facts.pop("on", True),
        text=facts.pop("text", "Your message is here. A person answers it."),
        emergency=facts.pop("emergency", "In danger call 999."),
        by=facts.pop("by", None) or make_user("manager"),
        at=facts.pop("at", NOON - timedelta(days=1)),
        **facts,
    )
