"""The queue: which conversations are shown, in which order, and how many wait where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import connection
from django.db.models import F, Q

from accounts.access import places_for
from accounts.models import User
from channels_app.models import Channel
from engagement import aside, attending, finding
from engagement.models import Conversation
from engagement.models.conversations import ConversationQuerySet
from engagement.statutory import pending
from engagement.wishes import PRIORITIES, SORTS, TABS, Wish

__all__ = ["SORTS", "TABS", "Look", "Shown", "Wish", "beat", "counts", "look", "page"]
COUNTED = ("mine", "unassigned", "team", "waiting", "escalated", "mentions")
MOST_COUNTED = 99
PAGE = 30
BUCKET = 300  # seconds: a page that changed nothing is still drawn anew this often, for its countdowns
AWAKE = "(snoozed_until IS NULL OR snoozed_until <= %(now)s)"
TEAM = f"state = 'open' AND {AWAKE}"
MINE = f"{TEAM} AND assignee_id = %(user)s"
UNASSIGNED = f"{TEAM} AND assignee_id IS NULL"
WAITING = "state = 'waiting'"
ESCALATED = "escalated AND state <> 'closed'"
MENTIONS = "state = 'open' AND kind = 'mention'"
HERE = "AND channel_id IN (SELECT id FROM channels_app_channel WHERE scope_id = ANY(%(places)s::bigint[]))"
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM engagement_conversation WHERE {tab} {here} LIMIT 100) AS capped)"
LABELS = "ARRAY(SELECT name FROM engagement_label ORDER BY name)::text[]"
CHANNELS = """(SELECT coalesce(json_agg(json_build_array(key, name, platform) ORDER BY name, platform), '[]')
  FROM channels_app_channel WHERE state <> 'archived' AND remote_id <> '' {there})"""
THERE = "AND scope_id = ANY(%(places)s::bigint[])"
LANGUAGES = """(WITH RECURSIVE known AS (
  (SELECT language FROM engagement_conversation WHERE language <> '' ORDER BY language LIMIT 1) UNION ALL
  SELECT (SELECT language FROM engagement_conversation
           WHERE language > known.language AND language <> '' ORDER BY language LIMIT 1)
    FROM known WHERE known.language IS NOT NULL)
  SELECT array_agg(language)::text[] FROM known WHERE language IS NOT NULL)"""  # by the index, one step for each
# Beside each row: its labels' names, and when the resident of a private one last wrote.
LABELLED = """ARRAY(SELECT l.name FROM engagement_conversation_labels c JOIN engagement_label l ON l.id = c.label_id
  WHERE c.conversation_id = engagement_conversation.id ORDER BY l.name)::text[]"""
HEARD = """CASE WHEN engagement_conversation.private THEN (SELECT m.at FROM engagement_message m
  WHERE m.conversation_id = engagement_conversation.id AND NOT m.ours ORDER BY m.at DESC, m.id DESC LIMIT 1) END"""
DEPARTMENTS = """ARRAY(SELECT name FROM accounts_scope WHERE kind = 'department' AND closed_at IS NULL
  ORDER BY name)::text[]"""
HOLDERS = """(SELECT json_agg(json_build_array(u.key, u.name) ORDER BY u.name) FROM accounts_user u
  WHERE EXISTS (SELECT 1 FROM engagement_conversation WHERE assignee_id = u.id))"""
VIEWS = """(SELECT json_agg(json_build_array(name, query) ORDER BY name, id)
  FROM engagement_savedview WHERE owner_id = %(user)s OR shared)"""
NAMED = """SELECT (SELECT id FROM engagement_label WHERE name = %(label)s),
  (SELECT id FROM accounts_scope WHERE kind = 'department' AND name = %(department)s ORDER BY closed_at DESC LIMIT 1),
  (SELECT id FROM accounts_user WHERE key = %(holder)s::uuid),
  (SELECT person_id FROM engagement_conversation WHERE key = %(person)s::uuid)"""
LOOK = "SELECT {parts}, (SELECT coalesce(sum(beats), 0) FROM engagement_pulse WHERE true {here}) || '.' || {seats}"


@dataclass(frozen=True)
class Shown:
    """One page of rows, and the wish that asks for the next one ("" after the last)."""

    rows: Sequence[Conversation]
    after: str


@dataclass(frozen=True)
class Look:
    """How many wait in each tab that can be brought to zero, never counted beyond 99; every label; the channels one can
    filter by, with no more than their names; the beat. Then what else one can filter by, colleagues as (key, name),
    and the saved views as (name, query).
    """

    counts: dict[str, str]
    labels: list[str]
    channels: list[Channel]
    beat: str
    languages: list[str]
    departments: list[str]
    holders: list[tuple[str, str]]
    views: list[tuple[str, str]]


def page(wish: Wish, user: User, now: datetime) -> Shown:
    """The rows of one page, each with its labels' names as `label_names`, who has it open as `there`, and when the
    resident of a private one last wrote as `heard_at`. Which rows is asked first, what is around them only for these.
    """
    wanted = _ordered(_after(_asked(wish, user, now), wish), wish.order).values("pk")[: PAGE + 1]
    rows = _ordered(Conversation.objects.filter(pk__in=wanted), wish.order)
    rows = rows.select_related("channel", "person", "assignee").annotate(
        label_names=aside.column(LABELLED),
        there=attending.in_rows(user, now),
        told_legal=aside.column(pending.NEXT_DAY),
        heard_at=aside.column(HEARD),
    )
    found = list(rows)
    more = len(found) > PAGE
    return Shown(found[:PAGE], _mark(found[PAGE - 1], wish.order) if more else "")


def look(user: User, now: datetime) -> Look:
    """What stands around the rows, in one query. The beat changes whenever anything changed in what this person sees,
    and every few minutes for the countdowns.
    """
    places = places_for(user, "see_inbox", now)
    here, there = ("", "") if places is None else (HERE, THERE)
    parts = [LABELS, CHANNELS.format(there=there), LANGUAGES, DEPARTMENTS, HOLDERS, VIEWS]
    parts += [COUNT.format(tab=tab, here=here) for tab in (MINE, UNASSIGNED, TEAM, WAITING, ESCALATED, MENTIONS)]
    facts = {"user": user.pk, "places": places} | attending.moments(now)
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(parts=", ".join(parts), here=here, seats=attending.BEAT), facts)
        labels, named, languages, departments, holders, views, *found, beats = cursor.fetchone()
    numbers = [str(n) if n <= MOST_COUNTED else f"{MOST_COUNTED}+" for n in found]
    return Look(
        counts=dict(zip(COUNTED, numbers, strict=True)),
        labels=labels,
        channels=[Channel(key=key, name=name, platform=platform) for key, name, platform in named],
        beat=f"{beats}.{int(now.timestamp()) // BUCKET}",
        languages=languages or [],
        departments=departments,
        holders=[(key, name) for key, name in holders or ()],
        views=[(name, query) for name, query in views or ()],
    )


def counts(user: User, now: datetime) -> dict[str, str]:
    """How many wait in each tab; see `look`."""
    return look(user, now).counts


def beat(user: User, now: datetime) -> str:
    """What changes when the queue does, alone: pages that wait ask for nothing else."""
    places = places_for(user, "see_inbox", now)
    facts = {"user": user.pk, "places": places} | attending.moments(now)
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(parts="0", here="" if places is None else HERE, seats=attending.BEAT), facts)
        return f"{cursor.fetchone()[1]}.{int(now.timestamp()) // BUCKET}"


def _asked(wish: Wish, user: User, now: datetime) -> ConversationQuerySet:
    """By row ids, not by names: the database then knows how common what is asked for is, and where to begin.

    A channel that this person does not see has no rows for them, and is not looked for among those they do see.
    """
    if wish.channel:
        seen = Channel.objects.visible_to(user, now, "see_inbox").filter(key=wish.channel)
        rows = Conversation.objects.filter(channel=seen.values_list("pk", flat=True).first() or 0)
    else:
        rows = Conversation.objects.visible_to(user, now)
    label, department, holder, person = _named(wish)
    chosen = {
        "labels": label,
        "department": department,
        "assignee": holder,
        "person": person,
        "language": wish.language or None,
        "priority": PRIORITIES.get(wish.priority),
    }
    rows = rows.filter(**{name: value for name, value in chosen.items() if value is not None})
    if wish.q:
        rows = rows.none() if wish.too_short else rows.filter(finding.saying(wish.q, wish.tab))
    return _tab(rows, wish, user, now)


def _named(wish: Wish) -> tuple[int | None, ...]:
    """The row ids of what the address names, in one query; 0 for what is not there, None for what is not named."""
    names = (wish.label, wish.department, wish.holder, wish.person)
    if not any(names):
        return (None,) * len(names)
    asked = {"label": wish.label, "department": wish.department}
    with connection.cursor() as cursor:
        cursor.execute(NAMED, asked | {"holder": wish.holder or None, "person": wish.person or None})
        found = cursor.fetchone()
    return tuple(row or 0 if name else None for name, row in zip(names, found, strict=True))


def _tab(rows: ConversationQuerySet, wish: Wish, user: User, now: datetime) -> ConversationQuerySet:
    if wish.snoozed:
        rows = rows.filter(snoozed_until__gt=now)
    elif wish.tab in {"mine", "unassigned", "team"}:
        rows = rows.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    if wish.tab in {"mine", "unassigned"}:
        return rows.filter(state="open", assignee=user if wish.tab == "mine" else None)
    if wish.tab == "escalated":
        return rows.filter(escalated=True).exclude(state="closed")
    if wish.tab == "mentions":
        return rows.filter(state="open", kind="mention")
    return rows.filter(state={"team": "open", "waiting": "waiting", "done": "closed"}[wish.tab])


def _ordered(rows: ConversationQuerySet, order: str) -> ConversationQuerySet:
    if order == "deadline":
        return rows.order_by(F("due_at").asc(nulls_last=True), "id")
    if order == "priority":
        return rows.order_by("-priority", F("due_at").asc(nulls_last=True), "id")
    return rows.order_by("-last_at", "-id") if order == "newest" else rows.order_by("last_at", "id")


def _mark(row: Conversation, order: str) -> str:
    at = row.due_at if order in {"deadline", "priority"} else row.last_at
    return signing.dumps([at.isoformat() if at else "", row.pk, row.priority], salt="queue")


def _after(rows: ConversationQuerySet, wish: Wish) -> ConversationQuerySet:
    """What comes after the marked row; a mark that is not ours is the top."""
    try:
        when, pk, priority = signing.loads(wish.after, salt="queue")
    except (signing.BadSignature, ValueError):
        return rows
    at = datetime.fromisoformat(when) if when else None
    # The first half lets the index begin there; the second settles rows of the very same moment.
    if wish.order == "newest":
        return rows.filter(Q(last_at__lte=at) & (Q(last_at__lt=at) | Q(pk__lt=pk)))
    if wish.order == "oldest":
        return rows.filter(Q(last_at__gte=at) & (Q(last_at__gt=at) | Q(pk__gt=pk)))
    later = Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk) | Q(due_at=None) if at else Q(due_at=None, pk__gt=pk)
    if wish.order == "priority":
        return rows.filter(Q(priority__lte=priority) & (Q(priority__lt=priority) | later))
    return rows.filter(later)
