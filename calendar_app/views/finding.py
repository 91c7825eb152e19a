"""What this person may see: posts and placements, or 404."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import person, scopes_for
from accounts.models import Town, User
from accounts.refusals import Invalid
from calendar_app.models import Placement, Post
from channels_app.models import Channel


def now_of(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


def town_of(request: HttpRequest) -> Town:
    town: Town = request.town  # type: ignore[attr-defined]
    return town


def find_post(request: HttpRequest, key: UUID) -> Post:
    return get_object_or_404(Post.objects.visible_to(person(request), now_of(request)).whole(), key=key)


def find_placement(request: HttpRequest, key: UUID) -> Placement:
    seen = Placement.objects.visible_to(person(request), now_of(request))
    return get_object_or_404(seen.select_related("post", "channel__scope", "delivery", "approval__by"), key=key)


def seen_placements(post: Post, user: User, now: datetime) -> list[Placement]:
    """The placements of a post on the channels this person may see, in the order of their names."""
    rows = sorted(post.placements.all(), key=lambda one: (one.channel.name, one.channel.platform))
    seen = scopes_for(user, "see_calendar", now)
    if not seen:
        return rows
    channels = set(Channel.objects.filter(seen).values_list("pk", flat=True))
    return [one for one in rows if one.channel_id in channels]


def chosen(request: HttpRequest, post: Post, keys: Iterable[str]) -> list[Placement]:
    """The placements of this post that a form names; all that are seen where it names none."""
    rows = seen_placements(post, person(request), now_of(request))
    named = {key for one in keys for key in one.split(",") if key}
    found = [one for one in rows if str(one.key) in named] if named else rows
    if named and len(found) != len(named):
        raise Invalid("One of these channels is no longer part of the post.", next_step="Load the page again.")
    return found
