"""The receipt of a post: what the public sees of it, read back from the platform and set beside what was sent.

Rows say what is read when; a tick of the workers does it, never a page. A post is read soon after it went out and once
more a day later. A fault that nobody foresaw ends the tick and is seen; the row comes back when its lease is over, a
few times. What was lost is told to those who decide, and stays open until somebody says what stands in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from accounts import audit
from accounts.access import require
from accounts.keyring import CannotOpen
from accounts.models import User
from accounts.notifications import tell_role
from accounts.refusals import Invalid
from calendar_app import losing
from calendar_app.models import Readback
from channels_app import connecting, outbox
from channels_app.models import Delivery
from channels_app.platforms.base import Ending, Incoming, Shown, TryLater
from channels_app.publishing.outgoing import outgoing, platform_of

FIRST = timedelta(seconds=15)
AGAIN = timedelta(days=1)
LEASE = timedelta(seconds=90)
GONE_TWICE = timedelta(minutes=10)  # two reads this far apart, before what is missing counts as gone
TRIES = 5
UNREADABLE = "Parley could not read it on the platform."


def expect(delivery: Delivery, placement: int, now: datetime) -> None:
    """It is out: read it soon. Asked twice is asked once; what only a person saw has no number to be read by."""
    if delivery.remote_id:
        first = Readback(delivery=delivery, placement_id=placement, due_at=now + FIRST)
        Readback.objects.bulk_create([first], ignore_conflicts=True)


def read_due(now: datetime, limit: int = 8) -> int:
    """Read what is due; how many. Any number of processes may run this at once."""
    done = 0
    while done < limit and (row := _claim(now)) is not None:
        if row.tries > TRIES:  # every read ended in a fault that nobody foresaw
            _unread(row, UNREADABLE, 0, now)
        else:
            _read(row, now)
        done += 1
    return done


def _claim(now: datetime) -> Readback | None:
    """Take one by pushing its time behind a lease; a crash in between makes it due again."""
    with transaction.atomic():
        due = Readback.objects.filter(due_at__lte=now, delivery__channel__state="ok").order_by("due_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).select_related("delivery__channel__scope").first()
        if row is not None:
            Readback.objects.filter(pk=row.pk).update(due_at=now + LEASE, tries=F("tries") + 1)
            row.tries += 1
    return row


def _read(row: Readback, now: datetime) -> None:
    channel = row.delivery.channel
    try:
        seen = platform_of(channel).read(connecting.account_of(channel), row.delivery.remote_id, "post")
    except (Ending, CannotOpen) as problem:
        _unread(row, str(problem), problem.wait if isinstance(problem, TryLater) else 60, now)
    else:
        if seen is None:
            _missing(row, now)
        else:
            _seen(row, seen, now)


def _unread(row: Readback, words: str, wait: float, now: datetime) -> None:
    """Later, a few times; then it says that nobody could look."""
    due_at = now + timedelta(seconds=max(wait, 60) * 2**row.tries) if row.tries < TRIES else None
    Readback.objects.filter(pk=row.pk).update(due_at=due_at, why=words[:300])


def _missing(row: Readback, now: datetime) -> None:
    """It is not there. Looked for twice before that counts: a platform may show late what it took."""
    if row.gone_at is None or now < row.gone_at + GONE_TWICE:
        first = row.gone_at or now
        Readback.objects.filter(pk=row.pk).update(gone_at=first, due_at=first + GONE_TWICE)
        return
    with transaction.atomic():
        Readback.objects.filter(pk=row.pk).update(due_at=None)
        outbox.removed(row.delivery.channel, row.delivery.remote_id, now)


def _seen(row: Readback, seen: Incoming, now: datetime) -> None:
    sent = outgoing(row.delivery)
    words = platform_of(row.delivery.channel).words(sent)
    lost = losing.losses(words, [one.alt for one in sent.pictures], seen.text, seen.pictures)
    lost += losing.of_video(sent.video, seen.videos)
    with transaction.atomic():
        Readback.objects.filter(pk=row.pk).update(
            read_at=now,
            gone_at=None,
            due_at=now + AGAIN if row.read_at is None else None,
            tries=0,
            text=seen.text,
            pictures=[{"alt": one.get("alt", "")} for one in seen.pictures],
            video=_shown(seen.videos),
            url=seen.url[:500],
            numbers=dict(seen.numbers),
            lost=lost,
            why="",
        )
        if lost and not row.workaround:
            _tell(row, lost, now)


def _shown(videos: Sequence[Shown] | None) -> dict[str, object] | None:
    """What is told of the video, as it is kept."""
    if not videos:
        return None
    captions = videos[0].captions
    return {"url": videos[0].url, "captions": None if captions is None else list(captions)}


def _tell(row: Readback, lost: list[losing.Loss], now: datetime) -> None:
    post = row.placement.post
    words = f"“{post}” is out on {row.delivery.channel}, but not whole: {lost[0]['words']}"
    url = reverse("calendar:post", args=[post.key]) + "#receipts"
    scope = row.delivery.channel.scope
    tell_role("decide_delivery", scope, "delivery.lost", words, url, now=now, once=f"lost:{row.delivery.key}")


def read_again(row: Readback, *, by: User, now: datetime) -> None:
    """Look once more, soon."""
    require(by, "see_receipts", now, row.delivery.channel.scope)
    Readback.objects.filter(pk=row.pk).filter(Q(due_at=None) | Q(due_at__gt=now)).update(due_at=now, tries=0)


@transaction.atomic
def choose_workaround(row: Readback, how: str, words: str, *, by: User, now: datetime) -> None:
    """Say how people learn what was lost."""
    require(by, "decide_delivery", now, row.delivery.channel.scope)
    if how not in dict(Readback.WORKAROUNDS):
        raise Invalid("Choose what stands in for it.")
    if not words.strip():
        raise Invalid("Say in a sentence how people learn it all the same.")
    chosen = {"workaround": how, "workaround_words": words.strip()[:300], "workaround_by": by, "workaround_at": now}
    Readback.objects.filter(pk=row.pk).update(**chosen)
    audit.record("chose_workaround", row.placement, by=by, now=now, how=how, words=words.strip()[:300])


def tally(rows: list[Readback]) -> dict[str, int]:
    """How many arrived whole, have a workaround, are open, could not be read, or are still to be read."""
    found = dict.fromkeys(("whole", "worked_around", "open", "unread", "to_read"), 0)
    for row in rows:
        found[standing(row)] += 1
    return found


def standing(row: Readback) -> str:
    """Where one receipt is: whole, worked_around, open, unread or to_read."""
    if row.read_at is None:
        return "unread" if row.due_at is None else "to_read"
    if not row.lost:
        return "whole"
    return "worked_around" if row.workaround else "open"
