"""What is planned in a stretch of days, read in a fixed number of queries however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, NullIf
from django.urls import reverse

from accounts.models import Town, User
from calendar_app import civic
from calendar_app.filtering import Filters
from calendar_app.models import Placement, Post, PostPicture
from calendar_app.models.placements import OUT
from calendar_app.month import Card, Day, Row
from calendar_app.month import said_again as said_twice
from calendar_app.wording import place
from channels_app import media
from channels_app.models import Channel, Media

BESIDE = ("campaign", "topic", "author")
SHOWN_OF_IT = ("key", "text", "changed_at", "campaign__name", "campaign__colour", "topic__name", "author__name")
NOBODY = UUID(int=0)
UNMOVABLE = frozenset({*OUT, "failed", "frozen"})


@dataclass(frozen=True)
class Shown:
    """What a card shows beside its time: the post, the channels with their states, and all of it as plain data.

    `plain` is for templates, which draw hundreds of cards on a page: every word worked out once.
    """

    post: Post
    channels: list[tuple[Channel, str]]
    title: str
    plain: dict[str, Any]


def rows(user: User, start: datetime, end: datetime, wanted: Filters, now: datetime) -> list[Row]:
    """Every placement in these days, as little of it as placing them takes."""
    return _rows(Placement.objects.visible_to(user, now).in_days(start, end).filter(wanted.condition()))


def said_again(there: Sequence[Row], start: datetime, end: datetime, *, whole: bool) -> set[str]:
    """Which of these say on their channel what was said there within two days of them, by anybody.

    Where `there` is not the `whole` of its channels, because of a filter or of what a person sees, what else is planned
    on them is read as well: one query.
    """
    if whole or not there:
        return said_twice(there)
    every = _rows(Placement.objects.in_days(start, end).filter(channel__in={row.channel for row in there}))
    return said_twice(every) & {row.key for row in there}


def _rows(found: QuerySet[Placement]) -> list[Row]:
    words = MD5(Coalesce(NullIf("text", Value("", TextField())), "post__text"))
    columns = ("post_id", "channel_id", "due_at", "state", "delivery__state", "delivery__why")
    every = found.order_by("due_at", "pk").values_list(*columns, Cast("key", CharField()), words)
    return [
        Row(post, channel, due_at, _shown(state, delivery, why), key, said)
        for post, channel, due_at, state, delivery, why, key, said in every
    ]


def _shown(state: str, delivery: str | None, why: str | None) -> str:
    """The delivery's state once there is one; what an emergency froze is called so."""
    if state != "approved" or not delivery:
        return state
    return "frozen" if delivery == "blocked" and why == "frozen" else delivery


def dress(
    cards: Iterable[Card], channels: Iterable[Channel], now: datetime, drawer: QuerySet[Post] | None = None
) -> list[Post]:
    """Add to the cards that are drawn what they show, and fetch the posts of the drawer along: one query for all."""
    cards = list(cards)
    by_key = {channel.pk: channel for channel in channels}
    names = {pk: place(channel) for pk, channel in by_key.items()}
    drawn = {card.post for card in cards}
    wanted = Post.objects.filter(pk__in=drawn).order_by().values("pk")
    if drawer is not None:
        wanted = wanted.union(drawer.values("pk"))
    rows = with_thumbnail(Post.objects.filter(pk__in=wanted).select_related(*BESIDE).only(*SHOWN_OF_IT))
    posts = {post.pk: post for post in rows}
    glyphs = {pk: {"platform": one.platform, "label": one.get_platform_display()} for pk, one in by_key.items()}
    for card in cards:
        post = posts[card.post]
        there = [row for row in card.rows if row.channel in by_key]
        plain = _plain(card, post, now) | {
            "names": ", ".join(names[row.channel] for row in there),
            "glyphs": [glyphs[row.channel] for row in there],
        }
        card.shown = Shown(post, [(by_key[row.channel], row.state) for row in there], plain["title"], plain)
    return sorted((post for pk, post in posts.items() if pk not in drawn), key=lambda one: one.changed_at, reverse=True)


def _plain(card: Card, post: Post, now: datetime) -> dict[str, Any]:
    """What is drawn of a card and its post; `movable` are those of which nothing is out yet."""
    keys, move = ",".join(row.key for row in card.rows), _address("calendar:move-post", post.key)
    return {
        "state": card.state,
        "time": card.time,
        "moment": card.moment,
        "was": card.due_at.isoformat(),
        "again": card.again,
        "movable": not any(row.state in UNMOVABLE for row in card.rows),
        "keys": keys,
        "title": str(post),
        "thumb": thumbnail(post, now),
        "campaign": post.campaign.name if post.campaign else "",
        "hue": post.campaign.hue if post.campaign else "",
        "topic": post.topic.name if post.topic else "",
        "url": _address("calendar:post", post.key),
        "move_url": move,
        "move_these": f"{move}?placements={keys}",
    }


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


def events(town: Town, days: Iterable[Day]) -> dict[date, list[civic.Event]]:
    """The civic dates of these days: holidays, and what the town wrote down."""
    return civic.events(town, [day.date for day in days])


def working_days(town: Town) -> list[bool]:
    """Monday first: whether the town works on that day."""
    hours: list[Any] = town.hours
    return [bool(shifts) for shifts in hours]


def undated(user: User, now: datetime, limit: int) -> QuerySet[Post]:
    """Drafts with a channel and without a day, the latest first."""
    waiting = Placement.objects.filter(state="draft", due_at=None)
    posts = Post.objects.visible_to(user, now).living().filter(pk__in=waiting.values("post"))
    return posts.order_by("-changed_at")[:limit]
