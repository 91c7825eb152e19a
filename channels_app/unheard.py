"""Mentions that a platform told of and did not let be read: a person looks at them there, and says so.

All that is known of one is its number and when it was told of, so that is what the person gets. It stands on the page
of its channel and is an alarm until somebody has looked at it; one that could be read after all ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove
from channels_app.models import Channel, Cursor, UnheardMention

MOST = 100  # shown at once


def note(cursor: Cursor, why: str, now: datetime) -> None:
    """This one is given up. Noting one that is noted already changes nothing."""
    row = {"told_at": cursor.root_at, "at": now, "why": why[:200]}
    UnheardMention.objects.get_or_create(channel=cursor.channel, named=cursor.root, ended_at=None, defaults=row)


def heard(cursor: Cursor, now: datetime) -> None:
    """It could be read after all."""
    UnheardMention.objects.filter(channel=cursor.channel, named=cursor.root, ended_at=None).update(ended_at=now)


def open_on(channels: Iterable[Channel]) -> list[UnheardMention]:
    """Those that nobody has looked at, channel by channel, the oldest first."""
    rows = UnheardMention.objects.filter(channel__in=channels, ended_at=None).select_related("channel__scope")
    return list(rows.order_by("channel", "at", "pk")[:MOST])


def look_at(mention: UnheardMention, *, by: User, now: datetime) -> None:
    """Somebody has looked at it on the platform: it ends, and the audit trail says who looked."""
    with transaction.atomic():
        if not UnheardMention.objects.filter(pk=mention.pk, ended_at=None).update(ended_at=now, ended_by=by):
            raise IllegalMove("Somebody has looked at it already.")
        audit.record("looked_at_mention", mention.channel, by=by, now=now, mention=mention.named)
