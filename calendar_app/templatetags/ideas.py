"""The part of the calendar's drawer that holds ideas from services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from accounts.access import person
from calendar_app.models import Idea
from calendar_app.views.finding import now_of

register = template.Library()
SHOWN = 5


@register.inclusion_tag("ideas/_waiting.html", takes_context=True)
def ideas_waiting(context: Mapping[str, Any]) -> dict[str, object]:
    """What waits for a word of the desk, the latest first: one query."""
    request = context["request"]
    rows = Idea.objects.visible_to(person(request), now_of(request)).waiting().select_related("by")[: SHOWN + 1]
    found = list(rows)
    return {"ideas": found[:SHOWN], "more": len(found) > SHOWN}
