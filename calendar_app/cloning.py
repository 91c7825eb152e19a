"""A post once more: the same words as a new draft, without times, signatures and checks of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from calendar_app import composing
from calendar_app.models import Post
from calendar_app.words import words_of


@transaction.atomic
def clone(post: Post, *, by: User, now: datetime) -> Post:
    """The copy is `by`'s own, on the channels they write for. Facts are to be checked anew: they may have changed."""
    require(by, "write_post", now)
    words = words_of(post)
    channels = composing.writable_channels(by, now)
    fresh = words.but(
        own={key: own for key, own in words.own.items() if key in channels},
        facts=tuple(replace(one, checker="", at="") for one in words.facts),
    )
    made = composing.create(fresh, by=by, now=now)
    audit.record("cloned", made, by=by, now=now, of=str(post.key))
    return made
