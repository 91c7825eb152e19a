"""What is planned in a stretch of days, read in a fixed number of queries however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.models import Town, User
from calendar_app.models import Campaign, Placement, Post, PostPicture
from calendar_app.models.placements import OUT
from calendar_app.month import Card, Day, Row
from channels_app import media
from channels_app.models import Channel
from policy import packs
from policy.models import CivicDate, Topic

UNDER_WAY = ("scheduled", "retry_wait", "claimed", "preparing", "sending", "awaiting_platform", "unknown")
FOR_A_PERSON = ("needs_attention", "missed", "blocked", "failed")
STATES = {
    "draft": ("Draft", Q(state="draft")),
    "in_review": ("In review", Q(state="in_review")),
    "approved": ("Approved, not scheduled", Q(state="approved", delivery=None)),
    "scheduled": ("Scheduled", Q(state="approved", delivery__state__in=UNDER_WAY)),
    "needs_you": ("Needs a person", Q(state="approved", delivery__state__in=FOR_A_PERSON)),
    "published": ("Published", Q(state="approved", delivery__state__in=("published", "removed"))),
}


@dataclass(frozen=True)
class Filters:
    """What the address asks to see, as rows; what it names and nobody has is left out."""

    channel: Channel | None = None
    campaign: Campaign | None = None
    topic: Topic | None = None
    state: str = ""

    def condition(self) -> Q:
        wanted = STATES[self.state][1] if self.state else Q()
        if self.channel:
            wanted &= Q(channel=self.channel)
        if self.campaign:
            wanted &= Q(post__campaign=self.campaign)
        if self.topic:
            wanted &= Q(post__topic=self.topic)
        return wanted

    def chips(self) -> list[tuple[str, str]]:
        """The active ones: parameter and words."""
        state = STATES[self.state][0] if self.state else ""
        named = {"channel": self.channel, "state": state, "campaign": self.campaign, "topic": self.topic}
        return [(name, str(value)) for name, value in named.items() if value]


@dataclass
class Choices:
    """What can be filtered by."""

    channels: list[Channel] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What a card shows beside its time: the post, its first picture, the channels with their states."""

    post: Post
    channels: list[tuple[Channel, str]]
    thumb: str
    movable: bool
    keys: str


def choices(user: User, now: datetime) -> Choices:
    return Choices(
        channels=list(Channel.objects.visible_to(user, now, "see_calendar").living()),
        campaigns=list(Campaign.objects.filter(active=True)),
        topics=list(Topic.objects.filter(active=True)),
        states={key: words for key, (words, _) in STATES.items()},
    )


def filters(asked: Mapping[str, str], offered: Choices) -> Filters:
    """From the address to rows this person may filter by."""
    return Filters(
        channel=next((one for one in offered.channels if str(one.key) == asked.get("channel")), None),
        campaign=next((one for one in offered.campaigns if str(one.key) == asked.get("campaign")), None),
        topic=next((one for one in offered.topics if str(one.pk) == asked.get("topic")), None),
        state=asked.get("state", "") if asked.get("state") in STATES else "",
    )


def rows(user: User, start: datetime, end: datetime, wanted: Filters, now: datetime) -> list[Row]:
    """Every placement in these days, as little of it as placing them takes."""
    found = Placement.objects.visible_to(user, now).in_days(start, end).filter(wanted.condition())
    columns = ("post_id", "channel_id", "due_at", "state", "delivery__state", "key")
    return [
        Row(post, channel, due_at, delivery if state == "approved" and delivery else state, str(key))
        for post, channel, due_at, state, delivery, key in found.order_by("due_at", "pk").values_list(*columns)
    ]


def dress(cards: Iterable[Card], channels: Iterable[Channel], now: datetime) -> None:
    """Add to the cards that are drawn what they show. Two queries, whatever their number."""
    cards = list(cards)
    by_key = {channel.pk: channel for channel in channels}
    posts = Post.objects.select_related("campaign", "topic", "author").in_bulk({card.post for card in cards})
    thumbs = thumbnails(posts, now)
    for card in cards:
        card.shown = Shown(
            post=posts[card.post],
            channels=[(by_key[row.channel], row.state) for row in card.rows if row.channel in by_key],
            thumb=thumbs.get(card.post, ""),
            movable=not any(row.state in (*OUT, "failed") for row in card.rows),
            keys=",".join(row.key for row in card.rows),
        )


def thumbnails(posts: Iterable[int], now: datetime) -> dict[int, str]:
    """The small first picture of each post that has one."""
    pictures = PostPicture.objects.filter(post__in=list(posts), media__state="ready").select_related("media")
    first: dict[int, PostPicture] = {}
    for one in pictures.order_by("position", "id"):
        first.setdefault(one.post_id, one)
    return {post: media.link(one.media, now, small=True) for post, one in first.items()}


def events(town: Town, days: Iterable[Day]) -> dict[date, list[str]]:
    """Holidays of the town's pack and its own dates, by day."""
    wanted = [day.date for day in days]
    found: dict[date, list[str]] = {}
    for year in sorted({day.year for day in wanted}):
        for day, name in packs.holidays(town.pack, year).items():
            found.setdefault(day, []).append(name)
    for one in CivicDate.objects.filter(day__range=(min(wanted), max(wanted))):
        found.setdefault(one.day, []).append(one.name)
    return found


def working_days(town: Town) -> list[bool]:
    """Monday first: whether the town works on that day."""
    hours: list[Any] = town.hours
    return [bool(shifts) for shifts in hours]


def undated(user: User, now: datetime, limit: int) -> list[Post]:
    """Drafts without a day, the latest first."""
    posts = Post.objects.visible_to(user, now).living().select_related("author", "campaign")
    return list(posts.exclude(placements__due_at__isnull=False).order_by("-changed_at")[:limit])
