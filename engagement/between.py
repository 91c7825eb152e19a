"""What stands between the town and somebody it works with: besides threads and contacts, what they were promised, and
the issues they reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from accounts.models import Town, User
from engagement import issues, promising, relations
from engagement.models import Conversation, Issue, IssueMember, Promise, PromiseReport, Relationship
from engagement.models.conversations import ConversationQuerySet
from engagement.relations import Event

MOST = 30


def history(one: Relationship, user: User, now: datetime) -> list[Event]:
    """Everything, as far as this person sees it; newest first."""
    people = [pk for pks in relations.authors(one.handles.all()).values() for pk in pks]
    threads = Conversation.objects.visible_to(user, now).filter(person__in=people)
    found = [*relations.history(one, user, now), *_promised(threads, user, now), *_took_part(threads, user, now)]
    return sorted(found, key=lambda event: event.on, reverse=True)


def _promised(threads: ConversationQuerySet, user: User, now: datetime) -> Iterable[Event]:
    """What they were told will be done, and how it stands; a promise in words that are not out is none yet."""
    reports = PromiseReport.objects.filter(conversation__in=threads)
    rows = Promise.objects.visible_to(user, now).given().filter(pk__in=reports.values("promise"))
    tz = Town.here().tz
    today = now.astimezone(tz).date()
    for row in rows.select_related("owner").order_by("-made_at")[:MOST]:
        on = row.ended_on or row.made_at.astimezone(tz).date()
        yield Event(on, f"Promise, {_standing(row, today)}", row.what, promising.address(row), row.owner.name)


def _standing(row: Promise, today: date) -> str:
    if row.state == "open":
        late = row.due_on < today
        return f"{'overdue since' if late else 'open, due'} {row.due_on.day} {row.due_on:%B %Y}"
    on = f"{row.ended_on.day} {row.ended_on:%B %Y}" if row.ended_on else ""
    return f"{row.get_state_display().lower()} on {on}"


def _took_part(threads: ConversationQuerySet, user: User, now: datetime) -> Iterable[Event]:
    """What they reported with others, and how it stands; what was taken out again is left out."""
    members = IssueMember.objects.filter(conversation__in=threads, out_at=None)
    reported = dict(members.order_by("-reported_at").values_list("issue", "reported_at"))
    rows = Issue.objects.visible_to(user, now).filter(pk__in=reported)
    tz = Town.here().tz
    for row in rows.order_by("-last_at")[:MOST]:
        words = f"{row.title}: {row.status}" if row.status else row.title
        on = (row.closed_at or reported[row.pk]).astimezone(tz).date()
        yield Event(on, f"Issue, {row.get_state_display().lower()}", words, issues.address(row))
