"""Where posts lead: short links by the post they stand in, and planned posts that lead to a dead service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.notifications import tell, tell_role
from calendar_app import pictures
from calendar_app.models import Placement, Post, ShareKit
from channels_app import links, service_links, text_links
from channels_app.models import Link, ServiceLink

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Named:
    """A short link with what it stands in, as far as this person may see that."""

    link: Link
    address: str
    clicks: int
    words: str
    url: str


def named(rows: Iterable[Link], user: User, now: datetime) -> list[Named]:
    """These links with the posts and kits they were made for."""
    held = list(rows)
    refs = [one.ref for one in held]
    posts = {one.key: one for one in Post.objects.visible_to(user, now).filter(key__in=refs)}
    kits = {one.key: one for one in ShareKit.objects.filter(key__in=refs)}
    return [_named(one, posts.get(one.ref), kits.get(one.ref)) for one in held]


def _named(link: Link, post: Post | None, kit: ShareKit | None) -> Named:
    words, url = "A post on a channel you do not see", ""
    if post is not None:
        words, url = str(post), reverse("calendar:post", args=[post.key])
    elif kit is not None:
        words, url = f"Share kit: {kit}", reverse("campaigns:kit", args=[kit.key])
    return Named(link, links.short(link), link.count, words, url)  # type: ignore[attr-defined]


def posts_with(service: ServiceLink, now: datetime) -> list[Placement]:
    """What is planned and leads to this service, the soonest first."""
    return [one for one in _planned(now).filter(_leads_to(service)).order_by("due_at") if not one.is_out]


def _planned(now: datetime) -> QuerySet[Placement]:
    rows = Placement.objects.planned().filter(Q(due_at=None) | Q(due_at__gt=now))
    return rows.select_related("post__author", "channel__scope", "delivery")


def _leads_to(service: ServiceLink) -> Q:
    return Q(post__link=service.url) | Q(post__text__contains=service.url) | Q(text__contains=service.url)


def note() -> str:
    """How the link of a post goes out, for whoever writes it."""
    if links.why_off():
        return "Short links are off here, so the link goes out as it is."
    words = "When it is scheduled it becomes a short link of the town that counts clicks"
    return f"{words}." if text_links.why_off() else f"{words}. So does every address within the text."


def dead_links(post: Post) -> list[ServiceLink]:
    """The services this post leads to whose address is dead."""
    dead = ServiceLink.objects.filter(state="dead")
    words = " ".join([post.link, post.text, *(one.text for one in post.placements.all())])
    return service_links.dead_in(words, dead) if "http" in words else []


def warnings(post: Post, now: datetime) -> list[str]:
    """What stands against the pictures and links of a post that is still to go out, one sentence each."""
    waiting = [one for one in post.placements.all() if not one.is_out and one.state != "cancelled"]
    if not waiting:
        return []
    last = max((one.due_at for one in waiting if one.due_at), default=now)
    dead = [f"It leads to “{one}”, which is dead: {one.why}" for one in dead_links(post)]
    return pictures.problems(post, max(last, now)) + dead


def watch(now: datetime) -> int:
    """Look at the addresses that are due, and tell of every planned post of the days ahead that leads to a dead one."""
    service_links.check_due(now)
    return sum(tell_of(one, now) for one in ServiceLink.objects.filter(state="dead"))


def tell_of(service: ServiceLink, now: datetime) -> int:
    """Tell the author and the publishers of planned posts with this link, once each; how many posts."""
    rows = [one for one in posts_with(service, now) if one.due_at and one.due_at <= now + AHEAD]
    for one in rows:
        words = f"“{one.post}” on {one.channel} leads to “{service}”, which is dead: {service.why}"
        url = reverse("calendar:post", args=[one.post.key])
        once = f"service:{service.pk}:{one.pk}:{service.url}"[:100]
        tell(one.post.author, "post.link", words, url, now=now, once=once)
        besides = [one.post.author]
        tell_role("schedule_post", one.channel.scope, "post.link", words, url, now=now, once=once, besides=besides)
    return len(rows)
