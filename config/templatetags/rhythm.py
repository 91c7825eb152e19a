"""What a page about channels says of their rhythm in the calendar, which such a page does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from accounts.models import Town
from calendar_app import cadence
from channels_app.models import Channel

register = template.Library()


@register.simple_tag(takes_context=True)
def rhythm_of(context: Mapping[str, Any], rows: Sequence[tuple[Channel, object]]) -> dict[str, str]:
    """Channels with too little or too much in this week or the next: row id and words."""
    channels = [channel for channel, _ in rows]
    found: dict[str, str] = {}
    for one in cadence.now_and_next(Town.here(), channels, context["request"].now):
        found.setdefault(str(one.channel.pk), one.words[:1].upper() + one.words[1:])
    return found
