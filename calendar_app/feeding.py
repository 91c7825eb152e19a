"""The plan as a calendar that other programs follow, under a private address that its owner can end at once.

Whoever has the address sees what its owner may see at that moment, and nothing when the owner may see nothing any more.
Only the hash of the address's secret is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from icalendar import Calendar, Event

from accounts import audit
from accounts.access import may
from accounts.models import Town, User
from accounts.throttling import HOUR, QUARTER, Limit
from calendar_app import month, outcomes
from calendar_app.models import Feed, Placement, Post
from calendar_app.month import Card
from channels_app.models import Channel

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
LENGTH = timedelta(minutes=15)
MOST = 4000  # events of one feed
READS = 120  # of one address in an hour
GUESSES = 30  # of addresses that do not exist, from one place in a quarter of an hour


def feed_of(owner: User) -> Feed | None:
    return Feed.objects.filter(owner=owner, revoked_at=None).first()


@transaction.atomic
def renew(owner: User, now: datetime) -> tuple[Feed, str]:
    """A new address, and its path, which cannot be read again later; an earlier one ends."""
    revoke(owner, now)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(owner=owner, secret_hash=_hash(secret), created_at=now)
    audit.record("made_feed", feed, by=owner, now=now)
    return feed, reverse("plan:feed", kwargs={"secret": secret})


@transaction.atomic
def revoke(owner: User, now: datetime) -> bool:
    """End the address; whether there was one."""
    feed = Feed.objects.select_for_update().filter(owner=owner, revoked_at=None).first()
    if feed is None:
        return False
    Feed.objects.filter(pk=feed.pk).update(revoked_at=now)
    audit.record("revoked_feed", feed, by=owner, now=now)
    return True


def opened(secret: str, now: datetime) -> Feed | None:
    """The feed of this secret, if its owner may still see the calendar."""
    feed = Feed.objects.select_related("owner").filter(secret_hash=_hash(secret), revoked_at=None).first()
    if feed is None or not may(feed.owner, "see_calendar", now):
        return None
    Feed.objects.filter(pk=feed.pk).update(read_at=now)
    return feed


def too_often(feed: Feed) -> bool:
    """Whether this address was read too often; counts this reading."""
    return _over(Limit(f"feed {feed.key}", READS, HOUR))


def guessed_too_often(place: str) -> bool:
    """Whether too many addresses were tried from there; counts this try."""
    return _over(Limit(f"feeds from {place}", GUESSES, QUARTER))


def _over(limit: Limit) -> bool:
    limit.add()
    return limit.count() > limit.most


def calendar_for(owner: User, now: datetime) -> bytes:
    """What this person sees from two months back to a year ahead, as an iCalendar file with the town's zone."""
    town = Town.here()
    book = Calendar()
    book.add("prodid", "-//Parley//Plan//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"{town.name}: posts")
    book.add("x-wr-timezone", town.zone)
    book.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    found = Placement.objects.visible_to(owner, now).in_days(now - BACK, now + AHEAD)
    rows = list(found.select_related("delivery", "channel").order_by("due_at", "pk")[:MOST])
    channels = {one.channel_id: one.channel for one in rows}
    by_key = {str(one.key): one for one in rows}
    placed = [
        month.Row(one.post_id, one.channel_id, one.due_at, one.shown_state, str(one.key)) for one in rows if one.due_at
    ]
    cards = month.cards(placed, town.zone)
    posts = Post.objects.select_related("campaign").in_bulk({card.post for card in cards})
    for card in cards:
        book.add_component(_event(card, posts[card.post], channels, by_key, town.zone))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _event(card: Card, post: Post, channels: dict[int, Channel], placements: dict[str, Placement], zone: str) -> Event:
    """One post at one moment. Its name stays the same for as long as its first channel is in the plan."""
    first = min((placements[row.key] for row in card.rows), key=lambda one: one.pk)
    begins = when(card.due_at, zone)
    event = Event()
    event.add("uid", f"{first.key}@parley")
    event.add("dtstamp", post.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", post.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", begins)
    event.add("dtend", when(card.due_at + LENGTH, zone) if begins.tzinfo is not UTC else begins + LENGTH)
    event.add("summary", f"{post} ({outcomes.words(card.state)})")
    event.add("description", _told(card, channels))
    if settings.PUBLIC_URL:
        event.add("url", settings.PUBLIC_URL.rstrip("/") + reverse("calendar:post", args=[post.key]))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if card.state in {"scheduled", "published"} else "TENTATIVE")
    if post.campaign:
        event.add("categories", [post.campaign.name])
    return event


def when(moment: datetime, zone: str) -> datetime:
    """On the town's clocks, or in UTC for the second of two times: a file cannot say which of two it means."""
    local = moment.astimezone(ZoneInfo(zone))
    return moment.astimezone(UTC) if local.fold else local


def _told(card: Card, channels: dict[int, Channel]) -> str:
    """A line for each channel."""
    lines: Iterable[str] = (
        f"{channels[row.channel].name} ({channels[row.channel].get_platform_display()}): {outcomes.words(row.state)}"
        for row in card.rows
    )
    return "\n".join(lines)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
