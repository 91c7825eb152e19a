"""Undoing an import: its posts are dropped many at once, in a fixed number of statements for each piece of its rows.

A post stays, with the reason, where it is out or on its way, where somebody changed its words since, and where it is
not this person's to cancel. What waits to go out is called off on its own, because the outbox may be faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import NotAllowed, Refusal
from calendar_app import composing
from calendar_app.models import Import, ImportRow, Placement, Post, PostVersion
from policy.moves import move, move_all

PIECE = 500  # rows of one transaction
OUT = {"published": "is published", "removed": "was published"}
Placed = Mapping[int, list[Placement]]


def take_back(batch: Import, now: datetime) -> None:
    """Drop the posts of the next rows, or write down why they stay."""
    rows = list(batch.rows.filter(state="made")[:PIECE])
    by = User.objects.filter(pk=batch.read.get("undone_by")).first() or batch.by
    why = _dropped({row.post_id for row in rows if row.post_id}, by, now)
    _note(rows, why, now)
    if len(rows) < PIECE:
        move(batch, "undone", now=now)


def _dropped(keys: set[int], by: User, now: datetime) -> dict[int, str]:
    """Drop these posts; why each of the others stays, by its row id."""
    posts = list(Post.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    living = [post for post in posts if post.dropped_at is None]
    placed = _placed(living)
    stays = _changed(living) | _out(placed)
    stays |= {pk: words for pk, words in _not_theirs(placed, by, now).items() if pk not in stays}
    going = [post for post in living if post.pk not in stays]
    waiting = [post for post in going if any(one.waits for one in placed[post.pk])]
    for post in waiting:
        stays |= _called_off(post, by, now)
    _drop([post for post in going if post not in waiting], placed, by, now)
    return stays


def _placed(posts: Iterable[Post]) -> Placed:
    found: dict[int, list[Placement]] = defaultdict(list)
    held = Placement.objects.select_for_update(of=("self",)).filter(post__in=list(posts))
    for one in held.select_related("channel__scope", "delivery", "post").order_by("pk"):
        found[one.post_id].append(one)
    return found


def _changed(posts: Iterable[Post]) -> dict[int, str]:
    """Whose words are not the file's any more, and who changed them last."""
    changed = [post.pk for post in posts if post.version > 1]
    rows = PostVersion.objects.filter(post__in=changed, beside=False).order_by("post", "-n").distinct("post")
    return {pk: f"{name} changed it since." for pk, name in rows.values_list("post", "by__name")}


def _out(placed: Placed) -> dict[int, str]:
    found: dict[int, str] = {}
    for pk, rows in placed.items():
        for one in rows:
            if one.is_out:
                found.setdefault(pk, f"It {OUT.get(one.shown_state, 'is on its way')} on {one.channel}.")
    return found


def _not_theirs(placed: Placed, by: User, now: datetime) -> dict[int, str]:
    """What this person may not take out of the plan; each right over each channel is asked once."""
    known: dict[tuple[str, int], str] = {}
    found: dict[int, str] = {}
    for pk, rows in placed.items():
        for one in rows:
            asked = ("cancel_post" if one.state == "approved" else "write_post", one.channel.scope_id)
            if one.state != "cancelled" and asked not in known:
                known[asked] = _refused(asked[0], one, by, now)
            if one.state != "cancelled" and known[asked]:
                found.setdefault(pk, known[asked])
    return found


def _refused(act: str, placement: Placement, by: User, now: datetime) -> str:
    try:
        require(by, act, now, placement.channel.scope)
    except NotAllowed as why:
        return why.words
    return ""


def _called_off(post: Post, by: User, now: datetime) -> dict[int, str]:
    """Drop one that waits to go out; what the outbox has begun meanwhile stays."""
    try:
        with transaction.atomic():
            composing.drop(post, by=by, now=now)
    except Refusal as why:
        return {post.pk: why.words}
    return {}


def _drop(posts: list[Post], placed: Placed, by: User, now: datetime) -> None:
    """What nothing waits for, in one go, told as one by one would be."""
    rows = [one for post in posts for one in placed[post.pk] if one.state != "cancelled"]
    move_all(rows, "cancelled", by=by, now=now)
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(dropped_at=now)
    audit.record_all("dropped", posts, by=by, now=now)


def _note(rows: list[ImportRow], why: Mapping[int, str], now: datetime) -> None:
    """Rows of a post that was deleted in another way are undone as well."""
    said: dict[str, list[ImportRow]] = defaultdict(list)
    for row in rows:
        said[why.get(row.post_id or 0, "")].append(row)
    for words, alike in said.items():
        move_all(alike, "kept" if words else "undone", now=now, why=words)
