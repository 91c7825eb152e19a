"""The queue: which conversations are shown, in which order, and how many wait where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.db import connection
from django.db.models import F, OuterRef, Q

from accounts.access import places_for
from accounts.models import User
from channels_app.models import Channel
from engagement.models import Conversation, Label
from engagement.models.conversations import ConversationQuerySet

TABS = {"mine": "Mine", "unassigned": "Unassigned", "team": "Team", "waiting": "Waiting", "done": "Done"}
COUNTED = ("mine", "unassigned", "team", "waiting")
SORTS = {"deadline": "Deadline", "newest": "Newest", "oldest": "Oldest"}
MOST_COUNTED = 99
PAGE = 30
BUCKET = 300  # seconds: a page that changed nothing is still drawn anew this often, for its countdowns
MINE = "state = 'open' AND assignee_id = %(user)s"
UNASSIGNED = "state = 'open' AND assignee_id IS NULL"
TEAM = "state = 'open'"
WAITING = "state = 'waiting'"
HERE = "AND channel_id IN (SELECT id FROM channels_app_channel WHERE scope_id = ANY(%(places)s::bigint[]))"
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM engagement_conversation WHERE {tab} {here} LIMIT 100) AS capped)"
LABELS = "ARRAY(SELECT name FROM engagement_label ORDER BY name)::text[]"
CHANNELS = """(SELECT coalesce(json_agg(json_build_array(key, name, platform) ORDER BY name, platform), '[]')
  FROM channels_app_channel WHERE state <> 'archived' AND remote_id <> '' {there})"""
THERE = "AND scope_id = ANY(%(places)s::bigint[])"
LOOK = "SELECT {parts}, (SELECT coalesce(sum(beats), 0) FROM engagement_pulse WHERE true {here})"


@dataclass(frozen=True)
class Wish:
    """What the address bar asks for. `after` is the last row of the page before, `found` marks where it stands."""

    tab: str = "mine"
    channel: str = ""
    label: str = ""
    sort: str = ""
    after: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], default: str = "mine") -> Wish:
        """From the query string; what is not known is left out."""
        tab = asked.get("tab", "")
        sort = asked.get("sort", "")
        return cls(
            tab=tab if tab in TABS else default,
            channel=_key(asked.get("channel", "")),
            label=asked.get("label", "")[:40],
            sort=sort if sort in SORTS else "",
            after=asked.get("after", "")[:200],
        )

    @property
    def order(self) -> str:
        """Nothing that is done is due any more: the newest stand first there."""
        if self.tab == "done" and self.sort == "deadline":
            return "newest"
        return self.sort or ("newest" if self.tab in {"done", "waiting"} else "deadline")

    def query(self, **changes: str) -> str:
        """The query string of this wish with some of it changed; a changed filter starts from the top."""
        wish = replace(self, **({"after": ""} | changes))
        parts = {name: getattr(wish, name) for name in ("tab", "channel", "label", "sort", "after")}
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Shown:
    """One page of rows, and the wish that asks for the next one ("" after the last)."""

    rows: Sequence[Conversation]
    after: str


@dataclass(frozen=True)
class Look:
    """How many wait in each tab that can be brought to zero, never counted beyond 99; every label; the channels one can
    filter by, with no more than their names; the beat.
    """

    counts: dict[str, str]
    labels: list[str]
    channels: list[Channel]
    beat: str


def page(wish: Wish, user: User, now: datetime) -> Shown:
    """The rows of one page, each with its labels' names as `label_names`."""
    names = Label.objects.filter(conversations=OuterRef("pk")).values("name")
    rows = _ordered(_after(_asked(wish, user, now), wish), wish.order)
    rows = rows.select_related("channel", "person", "assignee").annotate(label_names=ArraySubquery(names))
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    return Shown(found[:PAGE], _mark(found[PAGE - 1], wish.order) if more else "")


def look(user: User, now: datetime) -> Look:
    """What stands around the rows, in one query. The beat changes whenever anything changed in what this person sees,
    and every few minutes for the countdowns.
    """
    places = places_for(user, "see_inbox", now)
    here, there = ("", "") if places is None else (HERE, THERE)
    parts = [LABELS, CHANNELS.format(there=there)]
    parts += [COUNT.format(tab=tab, here=here) for tab in (MINE, UNASSIGNED, TEAM, WAITING)]
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(parts=", ".join(parts), here=here), {"user": user.pk, "places": places})
        labels, named, *found, beats = cursor.fetchone()
    numbers = [str(n) if n <= MOST_COUNTED else f"{MOST_COUNTED}+" for n in found]
    return Look(
        counts=dict(zip(COUNTED, numbers, strict=True)),
        labels=labels,
        channels=[Channel(key=key, name=name, platform=platform) for key, name, platform in named],
        beat=f"{beats}.{int(now.timestamp()) // BUCKET}",
    )


def counts(user: User, now: datetime) -> dict[str, str]:
    """How many wait in each tab; see `look`."""
    return look(user, now).counts


def beat(user: User, now: datetime) -> str:
    """What changes when the queue does, alone: pages that wait ask for nothing else."""
    places = places_for(user, "see_inbox", now)
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(parts="0", here="" if places is None else HERE), {"places": places})
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
    if wish.label:
        rows = rows.filter(labels=Label.objects.filter(name=wish.label).values_list("pk", flat=True).first() or 0)
    return _tab(rows, wish.tab, user)


def _tab(rows: ConversationQuerySet, tab: str, user: User) -> ConversationQuerySet:
    if tab == "mine":
        return rows.filter(state="open", assignee=user)
    if tab == "unassigned":
        return rows.filter(state="open", assignee=None)
    return rows.filter(state={"team": "open", "waiting": "waiting", "done": "closed"}[tab])


def _ordered(rows: ConversationQuerySet, order: str) -> ConversationQuerySet:
    if order == "deadline":
        return rows.order_by(F("due_at").asc(nulls_last=True), "id")
    return rows.order_by("-last_at", "-id") if order == "newest" else rows.order_by("last_at", "id")


def _mark(row: Conversation, order: str) -> str:
    at = row.due_at if order == "deadline" else row.last_at
    return signing.dumps([at.isoformat() if at else "", row.pk], salt="queue")


def _after(rows: ConversationQuerySet, wish: Wish) -> ConversationQuerySet:
    """What comes after the marked row; a mark that is not ours is the top."""
    try:
        when, pk = signing.loads(wish.after, salt="queue")
    except signing.BadSignature:
        return rows
    at = datetime.fromisoformat(when) if when else None
    # The first half lets the index begin there; the second settles rows of the very same moment.
    if wish.order == "newest":
        return rows.filter(Q(last_at__lte=at) & (Q(last_at__lt=at) | Q(pk__lt=pk)))
    if wish.order == "oldest":
        return rows.filter(Q(last_at__gte=at) & (Q(last_at__gt=at) | Q(pk__gt=pk)))
    if at is None:
        return rows.filter(due_at=None, pk__gt=pk)
    return rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk) | Q(due_at=None))


def _key(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        return ""
