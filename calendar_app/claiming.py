"""“Attach the live post”: a person pastes a link for one whose fate is open, and the channel, read, confirms it.

A page only writes the row; a tick of the workers reads. What cannot be read is tried again, then said. A fault that
nobody foresaw ends the tick and is seen; the row comes back when its lease is over, a few times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from accounts import audit
from accounts.access import require
from accounts.keyring import CannotOpen
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace, Refusal
from calendar_app.models import LinkClaim, Placement
from channels_app.platforms.base import Ending, TryLater
from channels_app.publishing import attaching

LEASE = timedelta(seconds=90)
TRIES = 4


def claim(placement: Placement, url: str, *, by: User, now: datetime) -> LinkClaim:
    """Write down where somebody saw it; it is looked at within seconds."""
    require(by, "decide_delivery", now, placement.channel.scope)
    delivery, parts = placement.delivery, urlsplit(url.strip())
    if delivery is None or placement.shown_state not in attaching.OPEN:
        raise LostRace("Nobody doubts any more what became of it.", next_step="Look at its state.")
    if parts.scheme != "https" or not parts.hostname:
        raise Invalid("Paste the link to it on the platform.", next_step="It starts with https://.")
    try:
        with transaction.atomic():
            row = LinkClaim.objects.create(
                placement=placement, delivery=delivery, url=url.strip()[:500], by=by, at=now, due_at=now
            )
            audit.record("claimed_link", placement, by=by, now=now, url=row.url)
    except IntegrityError:
        raise LostRace("A link is being looked at already.", next_step="Wait a moment, then look again.") from None
    return row


def check_due(now: datetime, limit: int = 5) -> int:
    """Look at the links that wait; how many. Any number of processes may run this at once."""
    done = 0
    while done < limit and (row := _take(now)) is not None:
        if row.tries > TRIES:  # every look ended in a fault that nobody foresaw
            _settled(row, False, "It could not be looked at.", now)
        else:
            _check(row, now)
        done += 1
    return done


def _take(now: datetime) -> LinkClaim | None:
    with transaction.atomic():
        due = LinkClaim.objects.filter(due_at__lte=now).order_by("due_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            LinkClaim.objects.filter(pk=row.pk).update(due_at=now + LEASE, tries=F("tries") + 1)
            row.refresh_from_db()
    return row


def _check(row: LinkClaim, now: datetime) -> None:
    delivery = row.delivery
    try:
        seen = attaching.find(delivery.channel, row.url)
    except (Ending, CannotOpen) as problem:
        _later(row, str(problem), problem.wait if isinstance(problem, TryLater) else 30, now)
        return
    words = attaching.objection(delivery, seen)
    if seen is None or words:
        _settled(row, False, words, now)
        return
    try:
        with transaction.atomic():
            attaching.attach(delivery, seen, by=row.by, now=now)
            _settled(row, True, "", now)
    except Refusal as refusal:
        _settled(row, False, refusal.words, now)


def _later(row: LinkClaim, words: str, wait: float, now: datetime) -> None:
    if row.tries >= TRIES:
        _settled(row, False, f"It could not be looked at: {words}", now)
    else:
        LinkClaim.objects.filter(pk=row.pk).update(due_at=now + timedelta(seconds=min(max(wait, 10), 300)))


def _settled(row: LinkClaim, found: bool, words: str, now: datetime) -> None:
    LinkClaim.objects.filter(pk=row.pk).update(found=found, why=words[:300], due_at=None)
    post = row.placement.post
    said = "It is there: noted as published." if found else f"Not taken. {words}"
    url, once = reverse("calendar:post", args=[post.key]), f"claim:{row.key}"
    tell(row.by, "delivery.link", f"Your link for “{post}”: {said}", url, now=now, once=once)
