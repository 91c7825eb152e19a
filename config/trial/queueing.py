"""The trial's queue: what is urgent, what was put off, two letters about one thing, and views the team keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Scope, User
from accounts.refusals import Refusal
from engagement import ranking, rehousing, saved_views
from engagement.models import Conversation

URGENT = (30, "An answer after today is of no use to them.")
HIGH = ((20, "Third question about this since yesterday."), (20, "The councillor for the ward asked about it too."))
PUT_OFF = "The depot answers tomorrow, after the early shift"
PLACES = {"bin": "Streets and bins", "lid": "Streets and bins", "road": "Streets and bins", "pond": "Parks"}
SHARED = (
    ("Urgent and high, by deadline", "tab=team&sort=priority"),
    ("Streets and bins", "tab=team&department=Streets+and+bins"),
)
OWN = ("About bins", "tab=team&q=bins")


def arrange(staff: dict[str, User], now: datetime) -> None:
    """As the team left it an hour ago."""
    amara, tom = staff["amara"], staff["tom"]
    waiting = list(
        Conversation.objects.filter(state="open", unanswered_since__isnull=False, private=False).order_by(
            "due_at", "id"
        )
    )
    for conversation, (priority, reason) in zip(waiting[1:], (URGENT, *HIGH), strict=False):
        ranking.rank(conversation, priority, reason, by=amara, now=now)
    for conversation in waiting[4:][-1:]:
        ranking.snooze(conversation, now + timedelta(hours=20), PUT_OFF, by=tom, now=now)
    _hand_to_departments(waiting)
    _merge_one(waiting[:-1], amara, now)
    for name, query in SHARED:
        saved_views.save(name, query, shared=True, by=amara, now=now)
    saved_views.save(*OWN, shared=False, by=tom, now=now)


def _hand_to_departments(rows: list[Conversation]) -> None:
    places = {scope.name: scope for scope in Scope.objects.filter(kind="department")}
    for row in rows:
        name = next((place for word, place in PLACES.items() if word in row.excerpt.lower()), "")
        if name in places:
            Conversation.objects.filter(pk=row.pk).update(department=places[name])


def _merge_one(rows: list[Conversation], by: User, now: datetime) -> None:
    """Two letters of one person, or else two about one thing on one channel, become one conversation."""
    pairs = [
        (one, two) for place, one in enumerate(rows) for two in rows[place + 1 :] if one.channel_id == two.channel_id
    ]
    for one, two in sorted(pairs, key=lambda pair: pair[0].person_id != pair[1].person_id)[:6]:
        try:
            rehousing.merge(one, two, by=by, now=now)
        except Refusal:
            continue
        return
