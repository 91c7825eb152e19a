"""Another picture in place of one: put into every post whose words nobody has signed yet; signed ones stay.

The pictures of a post are the same on all its channels, so one signature, or one channel on which it is out, keeps the
post as it is. What nobody had to sign and waits to go out is planned again for the same moment with the new picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.access import require
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace, Refusal
from calendar_app import composing, scheduling
from calendar_app.models import Placement, Post
from calendar_app.releasing import Moment
from calendar_app.words import Words, words_of
from channels_app.models import Media


@dataclass
class Swapped:
    """The posts that show the new picture now, those that keep the old one with the reason, and how many are unseen."""

    done: list[Post] = field(default_factory=list)
    left: list[tuple[Post, str]] = field(default_factory=list)
    unseen: int = 0


def swap(old: Media, new: Media, *, by: User, now: datetime) -> Swapped:
    """Put the new picture where the old one is, as far as this person sees the posts and nobody has signed them."""
    require(by, "upload_media", now)
    if old.pk == new.pk:
        raise Invalid("Choose another picture to take its place.")
    every = Post.objects.living().filter(pictures__media=old)
    seen = every.visible_to(by, now).distinct().order_by("pk")
    found = Swapped(unseen=every.count() - seen.count())
    for post in seen.whole():
        why = _why_not(post, old) or _swap(post, old, new, by, now)
        if why:
            found.left.append((post, why))
        else:
            found.done.append(post)
    _tell(found.left, old, by, now)
    return found


def _why_not(post: Post, old: Media) -> str:
    """What is out keeps it as it went out, and a signature is of this very picture."""
    for one in _living(post):
        if one.is_out:
            return f"It is out on {one.channel}, or on its way."
        if one.state == "approved" and one.approval and one.approval.by:
            return f"{one.approval.by.name} signed it for {one.channel}."
        signed = one.signatures.select_related("by").first() if one.state == "in_review" else None
        if signed is not None:
            return f"{signed.by.name} signed it for {one.channel}."
    if post.quote.get("card") == str(old.key):
        return "It is the card of its quote. Draw the card again there."
    return ""


def _swap(post: Post, old: Media, new: Media, by: User, now: datetime) -> str:
    """Save it with the new picture and plan again what that took back; why it stays, where that cannot be."""
    went = _moments(post, now)
    try:
        with transaction.atomic():
            saved = composing.save(post, swapped(words_of(post), old, new), post.version, by=by, now=now)
            if saved.beside is not None or saved.kept:
                raise LostRace("A colleague was changing it this moment.")
            for one in saved.back:
                if one.pk in went:
                    scheduling.schedule(saved.post, [one], went[one.pk], by=by, now=now)
    except Refusal as why:
        return f"{why.words} {why.next_step}".strip()
    return ""


def _moments(post: Post, now: datetime) -> dict[int, Moment]:
    """When each of its placements was to go out, where that is still to come; whoever swaps asks for the same again."""
    return {
        one.pk: Moment(one.wall_at.replace(tzinfo=None), one.zone, one.due_at)
        for one in _living(post)
        if one.due_at and one.wall_at and one.due_at > now
    }


def swapped(words: Words, old: Media, new: Media) -> Words:
    """The words with the new picture in the place of the old one, and with its own alt text where it has one."""
    if any(one.media == str(new.key) for one in words.pictures):
        return words.but(pictures=tuple(one for one in words.pictures if one.media != str(old.key)))
    return words.but(
        pictures=tuple(
            replace(one, media=str(new.key), alt=new.alt or one.alt) if one.media == str(old.key) else one
            for one in words.pictures
        )
    )


def _living(post: Post) -> Iterable[Placement]:
    return [one for one in post.placements.all() if one.state != "cancelled"]


def _tell(left: list[tuple[Post, str]], old: Media, by: User, now: datetime) -> None:
    """Those who wrote or signed what keeps the old picture, unless all of it is out: then nothing can be done."""
    for post, why in left:
        living = [one for one in _living(post) if not one.is_out]
        signers = [one.approval.by for one in living if one.approval and one.approval.by]
        words = f"“{old.name}” was replaced, and “{post}” still shows it. {why}"
        url, once = reverse("calendar:post", args=[post.key]), f"replaced:{old.pk}:{post.pk}:{now.isoformat()}"
        for user in dict.fromkeys([post.author, *signers]) if living else ():
            if user.pk != by.pk:
                tell(user, "post.picture", words, url, now=now, once=once)
