"""Putting a picture or video of the library into a post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import pictures
from calendar_app.models import PostPicture
from calendar_app.words import Words, with_pictures
from channels_app import rights
from channels_app.models import Media


def with_picked(words: Words, key: str, user: User, now: datetime) -> Words:
    """The words with that picture at their end, with its alt text or the one it went out with last.

    Raises Invalid for a picture this person does not see or that may not be used now, and when there are too many.
    """
    if key in {one.media for one in words.pictures}:
        return words
    rows = Media.objects.visible_to(user, now).filter(state="ready")
    found = rows.filter(key=key).first() if _is_key(key) else None
    why = rights.why_not(found, pictures.local_day(now)) if found else "This picture is not there."
    if why or found is None:
        raise Invalid(why, next_step="Choose another picture.")
    if not found.alt:
        last = PostPicture.objects.filter(media=found).exclude(alt="").order_by("-pk").values_list("alt", flat=True)
        found.alt = last.first() or ""
    return with_pictures(words, [found])


def with_link_of_film(words: Words, channel: str) -> Words:
    """The wording of that channel with the address where the post's video can be watched."""
    keys = [one.media for one in words.pictures]
    film = Media.objects.filter(key__in=keys, kind="video").exclude(watch_at="").first()
    own = words.own[channel].strip() or words.text.strip()
    if film is None or film.watch_at in own:
        return words
    return words.but(own={**words.own, channel: f"{own}\n\n{film.watch_at}".strip()})


def _is_key(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
