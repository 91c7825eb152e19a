"""What a backup brought back unsent may be out all the same: it is looked for before it is sent.

That holds for what was due when the restore was found out, and for everything else at the moment it becomes due: since
the backup somebody may have sent it early, or the original of a copied database may still be sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from channels_app.models import Attempt, Delivery
from channels_app.models.deliveries import ATTENTION, LEASED, WAITING
from channels_app.publishing.timings import span, times

WORDS = "This database was restored from a backup: posts sent since then are unknown to it."


def ask_about_all(now: datetime) -> int:
    """Everything unsent is to be looked for: what is due now, the rest in its time. How many are due."""
    due = Delivery.objects.filter(Q(state__in=LEASED) | Q(state__in=WAITING, next_action_at__lte=now, due_at__lte=now))
    asked = list(due.select_for_update())
    _ask(asked, now)
    Delivery.objects.filter(state__in=[*WAITING, *ATTENTION]).update(ask_first=True)
    return len(asked)


def ask(delivery: Delivery, now: datetime) -> None:
    """This one's time has come."""
    _ask([delivery], now)
    delivery.state = "unknown"


def _ask(deliveries: Sequence[Delivery], now: datetime) -> None:
    """The one move outside the table of moves: what a restored database calls unsent is in truth unknown."""
    t = times()
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(
        state="unknown",
        fence=F("fence") + 1,
        lease_until=None,
        owner="",
        why="restored",
        why_words=WORDS,
        next_action_at=now,
        absent_once_at=None,
        settle_from=now + span(t.lease),
        settle_by=now + span(t.lease + t.give_up),
        ask_first=False,
    )
    Attempt.objects.bulk_create(
        Attempt(
            delivery=one, n=one.sends, fence=one.fence, event="restored", at=now, words=WORDS[:300], owner=one.owner
        )
        for one in deliveries
    )


def being_looked_for() -> int:
    return Delivery.objects.filter(state="unknown", why="restored").count()
