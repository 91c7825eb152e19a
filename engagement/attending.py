"""Who has a conversation open just now, and who is typing an answer in it: rows that count for seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from accounts.models import User
from engagement import aside
from engagement.models import Attendance, Conversation

GONE = timedelta(seconds=25)  # a page says every ten seconds that it is open
STOPPED = timedelta(seconds=12)
FORGOTTEN = timedelta(minutes=10)
# Changes when somebody else comes, goes, begins to type or stops: lists that wait look at it.
BEAT = """(SELECT coalesce(sum(id * 2 + CASE WHEN typed_at > %(typing)s THEN 1 ELSE 0 END), 0)
  FROM engagement_attendance WHERE seen_at > %(open)s AND user_id <> %(user)s)"""

IN_ROWS = """ARRAY(SELECT jsonb_build_object('name', u.name,
    'does', CASE WHEN a.typed_at > %s THEN 'is typing' ELSE 'has it open' END)
   FROM engagement_attendance a JOIN accounts_user u ON u.id = a.user_id
  WHERE a.conversation_id = engagement_conversation.id AND a.seen_at > %s AND a.user_id <> %s ORDER BY a.id)"""


@dataclass(frozen=True)
class Other:
    """A colleague who has it open, and whether words of theirs came in the last seconds."""

    name: str
    types: bool


def here(conversation: Conversation, user: User, now: datetime, *, typed: bool = False) -> None:
    """This person has it open; `typed`: and words of theirs have just come."""
    facts = {"seen_at": now} | ({"typed_at": now} if typed else {})
    Attendance.objects.update_or_create(conversation=conversation, user=user, defaults=facts)
    Attendance.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def moments(now: datetime) -> dict[str, datetime]:
    """The times that `BEAT` compares with, and now."""
    return {"now": now, "open": now - GONE, "typing": now - STOPPED}


def others(conversation: Conversation, user: User, now: datetime) -> list[Other]:
    """The colleagues who have it open, those who type first."""
    rows = Attendance.objects.filter(conversation=conversation, seen_at__gt=now - GONE).exclude(user=user)
    found = [
        Other(row.user.name, bool(row.typed_at and row.typed_at > now - STOPPED)) for row in rows.select_related("user")
    ]
    return sorted(found, key=lambda one: (not one.types, one.name))


def in_rows(user: User, now: datetime) -> RawSQL:
    """The same for each row of the queue, as plain data: name and what they do."""
    return aside.column(IN_ROWS, [now - STOPPED, now - GONE, user.pk], ArrayField(JSONField()))
