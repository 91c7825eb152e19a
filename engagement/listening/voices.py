"""The list of public voices: organisations, groups and public roles, each with what makes it public."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from engagement.listening import acting, hearing
from engagement.models import PublicVoice, WatchHit
from engagement.rules.matching import handle


def add(voice: PublicVoice, *, by: User, now: datetime) -> PublicVoice:
    """Put it on the list; what is still kept of it counts from now on."""
    with transaction.atomic():
        voice.by, voice.at = by, now
        voice.save()
        audit.record("listed_voice", voice, by=by, now=now, what=voice.kind, why=voice.why)
        rows = WatchHit.objects.filter(voice=None).select_related("message__person", "watch")
        theirs = [row for row in rows if handle(acting.author_of(row)["handle"]) == voice.handle]
        WatchHit.objects.filter(pk__in=[row.pk for row in theirs]).update(voice=voice)
        for row in theirs:
            row.voice = voice
        hearing.count_voices((row, acting.author_of(row)["url"]) for row in theirs)
    return voice


def end(voice: PublicVoice, *, by: User, now: datetime) -> None:
    """Take it off the list: it may no longer be named, and is no longer counted or shown."""
    with transaction.atomic():
        PublicVoice.objects.filter(pk=voice.pk, ended_at=None).update(ended_at=now)
        WatchHit.objects.filter(voice=voice).update(voice=None)
        audit.record("unlisted_voice", voice, by=by, now=now)
