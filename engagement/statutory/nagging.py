"""Telling people of the law's days while there is time: five days before, and each day once it has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.models import Town
from accounts.notifications import tell, tell_role
from engagement.models import LegalRequest
from engagement.statutory.handling import address

SOON = timedelta(days=5)
UNSEEN = timedelta(days=1)  # after which somebody has to look at what was only suggested
AT_ONCE = 200
EVENT = "statutory.due"


def nag(now: datetime) -> None:
    """Whoever deals with it is told; where nobody does, those who give work to others."""
    today = now.astimezone(Town.here().tz).date()
    rows = LegalRequest.objects.pending().select_related(
        "conversation__channel__scope", "conversation__assignee", "officer"
    )
    for row in rows.filter(due_on__lte=today + SOON).order_by("due_on", "id")[:AT_ONCE]:
        _tell(row, _sentence(row, today), f"{today if row.due_on and row.due_on < today else 'soon'}", now)
    for row in rows.filter(state="suggested", at__lt=now - UNSEEN).order_by("id")[:AT_ONCE]:
        words = f"Nobody has said yet whether this is a legal request ({row}): “{row.conversation}”"
        _tell(row, words, "unseen", now)


def _sentence(row: LegalRequest, today: date) -> str:
    day = row.due_on or today
    left = (day - today).days
    when = f"was due on {day:%-d %B}" if left < 0 else "is due today" if not left else f"is due on {day:%-d %B}"
    return f"{row} {when}: “{row.conversation}”"


def _tell(row: LegalRequest, words: str, step: str, now: datetime) -> None:
    here, once = (row.officer, row.conversation.assignee), f"statutory:{row.key}:{step}"
    who = next((one for one in here if one is not None and one.is_active), None)  # who has left is told nothing
    if who is not None:
        tell(who, EVENT, words, address(row), now=now, once=once)
    else:
        tell_role("assign", row.conversation.channel.scope, EVENT, words, address(row), now=now, once=once)
