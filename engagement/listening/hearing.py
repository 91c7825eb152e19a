"""What the watches hear in what comes in and in what a search finds: each thing once per watch, and counted by day.

Watches are read and made ready once per batch. One that has ended or run out is not among them. Private messages, our
own words, and what is older than the town keeps such things are never listened to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from accounts.models import Town
from channels_app.models import Channel
from channels_app.platforms.base import Incoming
from engagement import threads
from engagement.listening import danger
from engagement.models import ListeningChoices, Message, Person, PublicVoice, Watch, WatchHit
from engagement.rules.matching import handle
from engagement.wordmatch import Phrases, Text
from policy import adding

COLUMNS = [field.attname for field in WatchHit._meta.concrete_fields if not field.primary_key]
PUBLIC = frozenset({"public", "unlisted"})
COUNT = """
INSERT INTO engagement_watchday (watch_id, channel_id, day, heard)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::int[])
ON CONFLICT (watch_id, channel_id, day) DO UPDATE SET heard = engagement_watchday.heard + EXCLUDED.heard
"""
VOICE = """
INSERT INTO engagement_watchvoice (watch_id, voice_id, heard, first_at, last_at, url) VALUES (%s, %s, 1, %s, %s, %s)
ON CONFLICT (watch_id, voice_id) DO UPDATE SET heard = engagement_watchvoice.heard + 1,
  first_at = least(engagement_watchvoice.first_at, EXCLUDED.first_at),
  url = CASE WHEN EXCLUDED.last_at > engagement_watchvoice.last_at THEN EXCLUDED.url ELSE engagement_watchvoice.url END,
  last_at = greatest(engagement_watchvoice.last_at, EXCLUDED.last_at)
"""


@dataclass(frozen=True)
class Ear:
    """One watch made ready to be asked."""

    watch: Watch
    names: Phrases
    without: Phrases

    def hears(self, text: Text) -> str:
        """By which name; "" where it hears nothing. One on a worker hears only what sounds like abuse or danger."""
        found = self.names.found_in(text)
        if not found or (self.without.said and self.without.found_in(text)):
            return ""
        if self.watch.kind == "worker" and not danger.words().found_in(text):
            return ""
        return found


@dataclass(frozen=True)
class Heard:
    """One thing that may be heard: a message that is in the inbox, or an item that a search found."""

    remote_id: str
    text: str
    author: str
    url: str
    at: datetime
    message: Message | None = None
    item: Incoming | None = None


def ears(now: datetime) -> list[Ear]:
    """The watches that listen now."""
    return [ear(watch) for watch in Watch.objects.listening(now)]


def ear(watch: Watch) -> Ear:
    return Ear(watch, Phrases(tuple(watch.names), slips=watch.slips), Phrases(tuple(watch.without)))


def hear(channel: Channel, new: Sequence[Message], now: datetime) -> int:
    """Let the watches hear the new messages of a channel; the caller's transaction files these. Returns the hits."""
    fresh = [one for one in new if not one.ours and one.visibility in PUBLIC and one.kind != "post"]
    fresh = [one for one in fresh if not threads.is_history(channel, one.at)]
    listening = ears(now) if fresh else []
    if not listening:
        return 0
    names = dict(Person.objects.filter(pk__in={one.person_id for one in fresh}).values_list("pk", "handle"))
    return _note(
        channel,
        [
            Heard(one.remote_id, one.text, names.get(one.person_id or 0, ""), one.url, one.at, message=one)
            for one in fresh
        ],
        listening,
        now,
    )


@transaction.atomic
def take(watch: Watch, channel: Channel, items: Iterable[Incoming], now: datetime) -> int:
    """Let one watch hear what a search on this channel found; what is in the inbox already was heard there."""
    threads.hold(channel)
    found = [one for one in items if one.visibility in PUBLIC and one.author_id != channel.remote_id]
    ids = [one.remote_id for one in found]
    there = set(Message.objects.filter(channel=channel, remote_id__in=ids).values_list("remote_id", flat=True))
    heard = [
        Heard(one.remote_id, one.text, one.author_handle, one.url, one.at, item=one)
        for one in found
        if one.remote_id not in there
    ]
    fresh = Watch.objects.listening(now).filter(pk=watch.pk).first()
    return _note(channel, heard, [ear(fresh)], now) if fresh and heard else 0


def _note(channel: Channel, heard: Sequence[Heard], listening: Sequence[Ear], now: datetime) -> int:
    """Write down what is heard. The channel's inbox is held, so nobody else notes the same."""
    oldest = now - timedelta(days=ListeningChoices.here().forget_days)
    hits = []
    for one in heard:
        text = Text(one.text)
        for listener in listening if oldest <= one.at <= now else ():
            found = listener.hears(text)
            if found:
                hits.append((listener.watch, one, found))
    known = _known(channel, [one for _, one, _ in hits])
    fresh = [hit for hit in hits if (hit[0].pk, hit[1].remote_id) not in known]
    voices = _voices({one.author for _, one, _ in fresh if one.author})
    rows = [_hit(channel, watch, one, found, voices, now) for watch, one, found in fresh]
    adding.add(WatchHit, COLUMNS, map(attrgetter(*COLUMNS), rows))
    _count(channel, rows)
    count_voices((row, one.url) for row, (_, one, _) in zip(rows, fresh, strict=True))
    return len(rows)


def _known(channel: Channel, heard: Sequence[Heard]) -> set[tuple[int, str]]:
    """What was heard already. A find of a search that has come to the inbox since is only pointed at from now on."""
    found = WatchHit.objects.filter(channel=channel, remote_id__in={one.remote_id for one in heard})
    messages = {one.remote_id: one.message for one in heard if one.message}
    known = set()
    for hit in found:
        known.add((hit.watch_id, hit.remote_id))
        message = messages.get(hit.remote_id)
        if message and hit.message_id is None:
            facts: dict[str, Any] = {"message": message, "conversation_id": message.conversation_id, "item": {}}
            WatchHit.objects.filter(pk=hit.pk).update(**facts)
    return known


def _voices(authors: Iterable[str]) -> dict[str, PublicVoice]:
    """The organisations, groups and public roles among these authors, by handle."""
    wanted = {handle(one) for one in authors}
    return {row.handle: row for row in PublicVoice.objects.filter(handle__in=wanted, ended_at=None)}


def _hit(
    channel: Channel, watch: Watch, one: Heard, found: str, voices: dict[str, PublicVoice], now: datetime
) -> WatchHit:
    return WatchHit(
        watch=watch,
        channel=channel,
        remote_id=one.remote_id,
        message=one.message,
        conversation_id=one.message.conversation_id if one.message else None,
        voice=voices.get(handle(one.author)),
        matched=found[:120],
        item=kept(one.item) if one.item else {},
        at=one.at,
        heard_at=now,
    )


def kept(item: Incoming) -> dict[str, Any]:
    """Of a search's find only what is needed to show it and to answer it."""
    names = ("text", "author_id", "author_handle", "author_name", "url", "language")
    return {name: getattr(item, name).replace("\x00", "\ufffd") for name in names}


def _count(channel: Channel, rows: Sequence[WatchHit]) -> None:
    if not rows:
        return
    zone = Town.here().tz
    tally: Counter[tuple[int, date]] = Counter((row.watch_id, row.at.astimezone(zone).date()) for row in rows)
    columns = [(watch, channel.pk, day, heard) for (watch, day), heard in sorted(tally.items())]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(column) for column in zip(*columns, strict=True)])


def count_voices(rows: Iterable[tuple[WatchHit, str]]) -> None:
    """Count public voices, each with the link to what it wrote; never for a watch on a worker."""
    with connection.cursor() as cursor:
        for row, url in rows:
            if row.voice_id and row.watch.kind != "worker":
                cursor.execute(VOICE, [row.watch_id, row.voice_id, row.at, row.at, url[:500]])
