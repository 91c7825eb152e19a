"""What is not settled yet: it keeps its conversation from being closed, and shows its day wherever this is listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.refusals import IllegalMove
from engagement.models import Conversation, LegalRequest
from policy.requests import KINDS

SHOWN = 5
# Beside a conversation: its legal requests as plain data, those with the nearest day first.
BESIDE = """ARRAY(SELECT jsonb_build_object('key', l.key, 'kind', l.kind, 'state', l.state, 'due_on', l.due_on,
    'matched', l.matched, 'officer', (SELECT name FROM accounts_user WHERE id = l.officer_id))
   FROM engagement_legalrequest l WHERE l.conversation_id = engagement_conversation.id AND l.state <> 'declined'
  ORDER BY l.due_on NULLS LAST, l.id LIMIT {legal})"""
# Beside a row of the queue: the nearest day of the law there, as text; "none" for a request without a day.
NEXT_DAY = """SELECT coalesce(l.due_on::varchar, 'none') FROM engagement_legalrequest l
  WHERE l.conversation_id = engagement_conversation.id AND l.state IN ('suggested', 'open', 'handed')
  ORDER BY l.due_on NULLS LAST, l.id LIMIT 1"""


def on(conversations: Iterable[int]) -> set[int]:
    """Those of these conversations in which a legal request is not settled."""
    rows = LegalRequest.objects.pending().filter(conversation__in=list(conversations))
    return set(rows.values_list("conversation", flat=True))


def stop(conversation: Conversation) -> None:
    """Raises IllegalMove where nobody has said yet what became of a legal request."""
    row = LegalRequest.objects.pending().filter(conversation=conversation).order_by("id").first()
    if row is None:
        return
    what = f"“{row.get_kind_display()}”"
    words = f"It may be a legal request ({what}): nobody has looked at that yet."
    raise IllegalMove(
        words if row.state == "suggested" else f"A legal request here ({what}) is not settled.",
        next_step="Say what it is, or what became of it, beside the conversation first.",
        rule="statutory",
    )


def days_of(conversation: int | None) -> set[date]:
    """The law's days in one conversation: an answer that names one promises nothing new."""
    rows = LegalRequest.objects.pending().filter(conversation=conversation, due_on__isnull=False)
    return {day for day in rows.values_list("due_on", flat=True) if day}


def badge(said: str | None, today: date) -> dict[str, str] | None:
    """That day in the words and tone of a badge; None where there is no legal request."""
    if said is None:
        return None
    if said == "none":
        return {"words": "Legal request", "tone": "sign"}
    day = date.fromisoformat(said)
    if day < today:
        return {"words": f"By law: was due {day:%-d %b}", "tone": "alarm"}
    return {"words": f"By law until {day:%-d %b}", "tone": "warn" if (day - today).days <= 5 else "sign"}


def told(rows: Iterable[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """These with their names, their days and how near these are."""
    return [_told(row, today) for row in rows]


def _told(row: dict[str, Any], today: date) -> dict[str, Any]:
    day = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    live = row["state"] in {"suggested", "open", "handed"}
    late = bool(day and day < today and live)
    left = (day - today).days if day else None
    tone = "alarm" if late else "warn" if live and left is not None and left <= 5 else "sign" if live else "good"
    return row | {"name": KINDS[row["kind"]], "day": day, "live": live, "late": late, "left": left, "tone": tone}
