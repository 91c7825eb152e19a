"""Choosing a picture that is there already: those the person added, and those of posts the person may see."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from calendar_app.models import Post, PostPicture
from calendar_app.words import Words, with_pictures
from channels_app.models import Media

SHOWN = 24


def pictures(user: User, now: datetime, wanted: str = "") -> QuerySet[Media]:
    """The newest first; `wanted` is part of the name or of an alt text."""
    on_posts = PostPicture.objects.filter(post__in=Post.objects.visible_to(user, now))
    rows = Media.objects.filter(state="ready").filter(Q(by=user) | Q(pk__in=on_posts.values("media")))
    for word in wanted.split()[:5]:
        said = on_posts.filter(alt__icontains=word).values("media")
        rows = rows.filter(Q(name__icontains=word) | Q(alt__icontains=word) | Q(pk__in=said))
    return rows.order_by("-at", "-pk")


def with_picked(words: Words, key: str, user: User, now: datetime) -> Words:
    """The words with that picture at their end, with the alt text it went out with last. Raises Invalid when full."""
    found = pictures(user, now).filter(key=key).first() if _is_key(key) else None
    if found is None or key in {one.media for one in words.pictures}:
        return words
    if not found.alt:
        last = PostPicture.objects.filter(media=found).exclude(alt="").order_by("-pk").values_list("alt", flat=True)
        found.alt = last.first() or ""
    return with_pictures(words, [found])


def _is_key(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
