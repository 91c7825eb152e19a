"""What is planned in a stretch of days, read in a fixed number of queries however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import Town, User
from calendar_app.models import Campaign, Placement, Post, PostPicture
from calendar_app.models.placements import OUT
from calendar_app.month import Card, Day, Row
from channels_app import media
from channels_app.models import Channel, Media
from policy import packs
from policy.models import CivicDate, Topic

UNDER_WAY = ("scheduled", "retry_wait", "claimed", "preparing", "sending", "awaiting_platform", "unknown")
BESIDE = ("campaign", "topic", "author")
SHOWN_OF_IT = ("key", "text", "changed_at", "campaign__name", "campaign__colour", "topic__name", "author__name")
NOBODY = UUID(int=0)
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
class Option:
    """A campaign or topic one can filter by; `key` is what the address says."""

    key: str
    name: str
    hue: int = 0

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Filters:
    """What the address asks to see; what it names and nobody has is left out."""

    channel: Channel | None = None
    campaign: Option | None = None
    topic: Option | None = None
    state: str = ""

    def condition(self) -> Q:
        wanted = STATES[self.state][1] if self.state else Q()
        if self.channel:
            wanted &= Q(channel=self.channel)
        if self.campaign:
            wanted &= Q(post__campaign__key=self.campaign.key)
        if self.topic:
            wanted &= Q(post__topic=int(self.topic.key))
        return wanted

    def chips(self) -> list[tuple[str, str]]:
        """The active ones: parameter and words."""
        state = STATES[self.state][0] if self.state else ""
        named = {"channel": self.channel, "state": state, "campaign": self.campaign, "topic": self.topic}
        return [(name, str(value)) for name, value in named.items() if value]


@dataclass
class Choices:
    """What can be filtered by. `channels` holds the archived ones too, for what went out there."""

    channels: list[Channel] = field(default_factory=list)
    campaigns: list[Option] = field(default_factory=list)
    topics: list[Option] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)

    @property
    def living(self) -> list[Channel]:
        return [one for one in self.channels if one.state != "archived"]


@dataclass(frozen=True)
class Shown:
    """What a card shows beside its time: the post, its first picture, the channels with their states."""

    post: Post
    channels: list[tuple[Channel, str]]
    thumb: str
    movable: bool
    keys: str
    title: str
    url: str
    move_url: str


def choices(user: User, now: datetime) -> Choices:
    """Two queries: the channels, and campaigns with topics in one."""
    named = (
        Campaign.objects.filter(active=True)
        .order_by()
        .values_list(Value("campaign"), Cast("key", CharField()), "name", "colour")
        .union(
            Topic.objects.filter(active=True)
            .order_by()
            .values_list(Value("topic"), Cast("pk", CharField()), "name", Value(""))
        )
    )
    found: dict[str, list[Option]] = {"campaign": [], "topic": []}
    for kind, key, name, colour in sorted(named, key=lambda one: one[2].lower()):
        found[kind].append(Option(key, name, Campaign.HUES.get(colour, 0)))
    return Choices(
        channels=list(Channel.objects.visible_to(user, now, "see_calendar")),
        campaigns=found["campaign"],
        topics=found["topic"],
        states={key: words for key, (words, _) in STATES.items()},
    )


def filters(asked: Mapping[str, str], offered: Choices) -> Filters:
    """From the address to rows this person may filter by."""
    return Filters(
        channel=next((one for one in offered.channels if str(one.key) == asked.get("channel")), None),
        campaign=next((one for one in offered.campaigns if one.key == asked.get("campaign")), None),
        topic=next((one for one in offered.topics if one.key == asked.get("topic")), None),
        state=asked.get("state", "") if asked.get("state") in STATES else "",
    )


def rows(user: User, start: datetime, end: datetime, wanted: Filters, now: datetime) -> list[Row]:
    """Every placement in these days, as little of it as placing them takes."""
    found = Placement.objects.visible_to(user, now).in_days(start, end).filter(wanted.condition())
    columns = ("post_id", "channel_id", "due_at", "state", "delivery__state", "delivery__why", Cast("key", CharField()))
    return [
        Row(post, channel, due_at, _shown(state, delivery, why), key)
        for post, channel, due_at, state, delivery, why, key in found.order_by("due_at", "pk").values_list(*columns)
    ]


def _shown(state: str, delivery: str | None, why: str | None) -> str:
    """The delivery's state once there is one; what an emergency froze is called so."""
    if state != "approved" or not delivery:
        return state
    return "frozen" if delivery == "blocked" and why == "frozen" else delivery


def dress(
    cards: Iterable[Card], channels: Iterable[Channel], now: datetime, drawer: QuerySet[Post] | None = None
) -> list[Post]:
    """Add to the cards that are drawn what they show, and fetch the posts of the drawer along: two queries for all."""
    cards = list(cards)
    by_key = {channel.pk: channel for channel in channels}
    wanted = {card.post for card in cards}
    if drawer is not None:
        wanted.update(drawer.values_list("pk", flat=True))
    rows = with_thumbnail(Post.objects.filter(pk__in=wanted).select_related(*BESIDE).only(*SHOWN_OF_IT))
    posts = {post.pk: post for post in rows}
    for card in cards:
        card.shown = Shown(
            post=posts[card.post],
            channels=[(by_key[row.channel], row.state) for row in card.rows if row.channel in by_key],
            thumb=thumbnail(posts[card.post], now),
            movable=not any(row.state in (*OUT, "failed", "frozen") for row in card.rows),
            keys=",".join(row.key for row in card.rows),
            title=str(posts[card.post]),
            url=_address("calendar:post", posts[card.post].key),
            move_url=_address("calendar:move-post", posts[card.post].key),
        )
    drawn = {card.post for card in cards}
    return sorted((post for pk, post in posts.items() if pk not in drawn), key=lambda one: one.changed_at, reverse=True)


@lru_cache(maxsize=8)
def _pattern(name: str) -> str:
    return reverse(name, kwargs={"key": NOBODY})


def _address(name: str, key: UUID) -> str:
    """The address of a post's page: hundreds of them are on one month."""
    return _pattern(name).replace(str(NOBODY), str(key))


def with_thumbnail(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Posts that know the key of their first picture."""
    first = PostPicture.objects.filter(post=OuterRef("pk"), media__state="ready").order_by("position", "id")
    return posts.annotate(first_picture=Subquery(first.values("media__key")[:1]))


def thumbnail(post: Post, now: datetime) -> str:
    """The small first picture of a post fetched `with_thumbnail`; "" where it has none."""
    key: UUID | None = post.first_picture  # type: ignore[attr-defined]
    return media.link(Media(key=key), now, small=True) if key else ""


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


def undated(user: User, now: datetime, limit: int) -> QuerySet[Post]:
    """Drafts with a channel and without a day, the latest first."""
    waiting = Placement.objects.filter(state="draft", due_at=None)
    posts = Post.objects.visible_to(user, now).living().filter(pk__in=waiting.values("post"))
    return posts.order_by("-changed_at")[:limit]
