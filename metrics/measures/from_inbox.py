"""The rows of conversations: waits, cases, promises, problems, messages, people who wrote, ideas. A few queries each.

People are numbers within a table: nobody is named, ranked or followed from one table to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q

from accounts.models import Town
from channels_app.models import Channel
from engagement import kept, promises_kept
from engagement.models import Conversation, Issue, LegalRequest, Message, Promise, Suggestion
from metrics.measures import as_of
from metrics.measures.answers import (
    AnsweredRow,
    CaseRow,
    IdeaRow,
    InboundRow,
    ProblemRow,
    PromiseRow,
    WaitRow,
    WriterRow,
)
from metrics.measures.shape import Span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIRMED = ("open", "handed", "done")
# What a person closed as needing no answer, and what never was for the desk.
NOTHING_ASKED = ("thanks", "not_for_us", "duplicate", "spam", "withdrawn", "history", "one_way")
ANSWERED = """
WITH answered AS (
  SELECT m.channel_id, c.person_id, min(m.at) AS first
    FROM engagement_message m JOIN engagement_conversation c ON c.id = m.conversation_id
   WHERE m.ours AND m.at >= %(start)s AND m.at < %(until)s AND m.ingested_at <= %(now)s AND c.person_id IS NOT NULL
     AND NOT EXISTS (
           SELECT FROM channels_app_delivery d WHERE d.id = m.delivery_id AND d.origin = 'acknowledgement')
   GROUP BY 1, 2)
SELECT a.channel_id, a.first, (
         SELECT count(*) FROM engagement_message t
          WHERE t.channel_id = a.channel_id AND t.person_id = a.person_id AND NOT t.ours
            AND t.at > a.first AND t.at < %(until)s AND t.ingested_at <= %(now)s) AS after
  FROM answered a ORDER BY a.first, a.channel_id, a.person_id
"""
WROTE = """
SELECT m.channel_id, min(m.at) AS first, count(*) AS messages, NOT EXISTS (
         SELECT FROM engagement_message e
          WHERE e.person_id = m.person_id AND NOT e.ours AND e.at < %(start)s AND e.ingested_at <= %(now)s) AS new
  FROM engagement_message m
 WHERE NOT m.ours AND m.person_id IS NOT NULL AND m.at >= %(start)s AND m.at < %(until)s AND m.ingested_at <= %(now)s
 GROUP BY m.channel_id, m.person_id ORDER BY first, m.channel_id, m.person_id
"""


class Name(NamedTuple):
    """What a channel is called, and its key."""

    words: str
    key: str


def name(channel: Channel) -> Name:
    """What this one is called."""
    return Name(str(channel), str(channel.key))


def names() -> dict[int, Name]:
    """What each channel is called, by row id."""
    return {one.pk: name(one) for one in Channel.objects.all()}


def waits(span: Span) -> list[WaitRow]:
    """Every wait that began in the span, as Kept and missed shows it."""
    channels = list(Channel.objects.values_list("pk", flat=True))
    return [
        WaitRow(
            ref=str(one.conversation.key),
            channel=str(one.conversation.channel),
            channel_key=str(one.conversation.channel.key),
            at=one.turn.since,
            outcome=one.outcome,
            answered=one.answered,
            hours=one.elapsed.spent / HOUR,
            service_hours=one.service.spent / HOUR if one.turn.promise.calendar else None,
            promised=float(one.turn.promise.hours),
        )
        for one in kept.between(channels, span.start, span.until, span.now)
    ]


def cases(span: Span) -> list[CaseRow]:
    """Conversations opened in the span that asked for something, as they stood at its `now`; those that had gone into
    another one count there.
    """
    rows = Conversation.objects.filter(opened_at__gte=span.start, opened_at__lt=span.until)
    again = Count("clock_events", filter=Q(clock_events__kind="reopened", clock_events__noted_at__lte=span.now))
    told = list(as_of.known(rows, span.now).annotate(again=again).select_related("channel").order_by("opened_at", "pk"))
    stood = as_of.stood(told, span.now)
    return [
        CaseRow(
            str(one.key),
            str(one.channel),
            one.opened_at,
            stood[one.pk].state == "closed",
            stood[one.pk].outcome,
            one.again,
            channel_key=str(one.channel.key),
        )
        for one in told
        if stood[one.pk].state != "closed" or stood[one.pk].outcome not in NOTHING_ASKED
    ]


def promises(span: Span) -> list[PromiseRow]:
    """Promises first given for a day of the span that had fallen due, as they stood at its `now`."""
    zone, today = Town.here().tz, span.now.astimezone(Town.here().tz).date()
    rows = Promise.objects.given().filter(first_due_on__range=days(span), made_at__lte=span.now)
    told = list(rows.select_related("conversation__channel").order_by("first_due_on", "pk"))
    later = as_of.days_since(told, span.now)
    stood = ((one, promises_kept.outcome(as_of.promised(one, later[one.pk], span.now), today)) for one in told)
    return [
        PromiseRow(
            ref=str(one.key),
            channel=str(one.conversation.channel),
            channel_key=str(one.conversation.channel.key),
            at=datetime.combine(one.first_due_on, time(), zone),
            words=one.what,
            first_due_on=one.first_due_on,
            outcome=outcome,
        )
        for one, outcome in stood
        if outcome in promises_kept.OUTCOMES
    ]


def days(span: Span) -> tuple[date, date]:
    """The first and the last day of the span on the town's calendar."""
    zone = Town.here().tz
    return span.start.astimezone(zone).date(), (span.end - timedelta(microseconds=1)).astimezone(zone).date()


def problems(span: Span) -> list[ProblemRow]:
    """Issues opened in the span, and promises made in it that belong to none."""
    within: dict[str, Any] = {"gte": span.start, "lt": span.until}
    issues = Issue.objects.filter(**{f"opened_at__{name}": value for name, value in within.items()})
    rows = [
        ProblemRow(str(one.key), "", one.opened_at, one.title, _end_of(one, span.now))
        for one in issues.select_related("promise").order_by("opened_at", "pk")
    ]
    alone = Promise.objects.given().filter(~Q(state="withdrawn") | Q(ended_at__gt=span.now), issue=None)
    alone = alone.filter(**{f"made_at__{name}": value for name, value in within.items()})
    ends = {"kept": "fixed", "broken": "refused", "open": "open"}
    for one in alone.select_related("conversation__channel").order_by("made_at", "pk"):
        words, key = name(one.conversation.channel)
        rows.append(
            ProblemRow(str(one.key), words, one.made_at, one.what, ends[_state_of(one, span.now)], channel_key=key)
        )
    return sorted(rows, key=lambda one: one.at)


def _state_of(promise: Promise, now: datetime) -> str:
    """As it was known then: what ended later was open."""
    return "open" if promise.ended_at and promise.ended_at > now else promise.state


def _end_of(issue: Issue, now: datetime) -> str:
    if issue.promise is not None and _state_of(issue.promise, now) == "broken":
        return "refused"
    if issue.closed_at is None or issue.closed_at > now:
        return "open"
    return "fixed" if issue.closing else "dropped"


def inbound(span: Span) -> list[InboundRow]:
    """Every message of a resident that came in the span; what was no complaint yet at its `now`, or not settled, is
    none and is not.
    """
    rows = Message.objects.filter(ours=False, at__gte=span.start, at__lt=span.until, conversation__isnull=False)
    rows = rows.filter(ingested_at__lte=span.now)
    found = list(LegalRequest.objects.filter(kind="complaint", message__in=rows, at__lte=span.now))
    stood = as_of.states(found, span.now)
    complaints = {one.message_id: _days(one, span.now) for one in found if stood[one.pk] in CONFIRMED}
    called = names()
    told = rows.order_by("at", "pk").values_list("pk", "conversation__key", "channel", "at")
    return [
        InboundRow(
            str(key), called[channel].words, at, pk in complaints, complaints.get(pk), channel_key=called[channel].key
        )
        for pk, key, channel, at in told
    ]


def _days(one: LegalRequest, now: datetime) -> float | None:
    return (one.ended_at - one.received_at) / DAY if one.ended_at and one.ended_at <= now else None


def answered(span: Span) -> list[AnsweredRow]:
    """The people we answered in the span, by their first answer in it."""
    called = names()
    return [
        AnsweredRow(f"person {n}", called[channel].words, at, after, channel_key=called[channel].key)
        for n, (channel, at, after) in enumerate(_rows(ANSWERED, span), 1)
    ]


def writers(span: Span) -> list[WriterRow]:
    """The people who wrote in the span, by their first message in it."""
    called = names()
    return [
        WriterRow(f"person {n}", called[channel].words, at, new, messages, channel_key=called[channel].key)
        for n, (channel, at, messages, new) in enumerate(_rows(WROTE, span), 1)
    ]


def _rows(query: str, span: Span) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"start": span.start, "until": span.until, "now": span.now})
        return list(cursor.fetchall())


def ideas(span: Span) -> list[IdeaRow]:
    """Ideas of residents marked in the span, as they stood at its `now`."""
    rows = Suggestion.objects.filter(at__gte=span.start, at__lt=span.until).select_related("message__channel")
    told = list(rows.order_by("at", "pk"))
    stood = as_of.states(told, span.now)
    return [
        IdeaRow(
            ref=str(one.key),
            channel=str(one.message.channel),
            channel_key=str(one.message.channel.key),
            at=one.at,
            words=" ".join(one.message.text.split())[:200],
            state=stood[one.pk],
        )
        for one in told
    ]
