"""What stands beside a part of a series: the parts before and after it, an open question, and links between parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import composing, series, spreading
from calendar_app.composing import Saved
from calendar_app.models import Placement, Post, SeriesPart
from calendar_app.spreading import Change
from calendar_app.words import words_of


@dataclass(frozen=True)
class Offer:
    """A part that is out and can be linked: put into this post, or, where this one is out too, told in a new post."""

    part: SeriesPart
    url: str
    note_url: str = ""


@dataclass(frozen=True)
class Beside:
    """`of` is the number of parts; `after` and `all` count the others that a change could reach."""

    part: SeriesPart
    of: int
    before: SeriesPart | None
    next: SeriesPart | None
    change: Change = field(default_factory=Change)
    following: int = 0
    others: int = 0
    offers: tuple[Offer, ...] = ()


def beside(post: Post, user: User, now: datetime) -> Beside | None:
    """None for a post that is in no series."""
    part = series.part_of(post)
    if part is None:
        return None
    part.post = post
    rows = list(part.series.parts.select_related("post"))
    living = [one for one in rows if one.post.dropped_at is None and one.pk != part.pk]
    seen = set(Post.objects.visible_to(user, now).filter(part__series=part.series).values_list("pk", flat=True))
    known = [one for one in living if one.post_id in seen]
    before = max((one for one in known if one.n < part.n), key=lambda one: one.n, default=None)
    after = min((one for one in known if one.n > part.n), key=lambda one: one.n, default=None)
    return Beside(
        part=part,
        of=len(rows),
        before=before,
        next=after,
        change=spreading.change_of(part) if not post.dropped_at else Change(),
        following=sum(one.n > part.n for one in living),
        others=len(living),
        offers=tuple(found for one in (before, after) if one and (found := offer(part, one))),
    )


def offer(part: SeriesPart, other: SeriesPart) -> Offer | None:
    """A link to the other part, once it is out and as long as this post does not have it."""
    url = address_of(other)
    if not url or url in said(part.post):
        return None
    if not series.is_out(part.post):
        return Offer(other, url)
    if other.n < part.n:
        return None
    note = {"text": f"Part {other.n} of “{part.series}” is out:", "link": url}
    return Offer(other, url, note_url=f"{reverse('calendar:new-post')}?{urlencode(note)}")


def said(post: Post) -> str:
    """Everything the post says anywhere, its link included."""
    return "\n".join([post.text, post.link, *(one.text for one in post.placements.all())])


def address_of(part: SeriesPart) -> str:
    """Where the public reads this part: on the first of its channels, by their names, on which it is out."""
    rows = Placement.objects.filter(post=part.post_id, state="approved", delivery__state="published")
    found = rows.exclude(delivery__remote_url="").order_by("channel__name", "pk")
    return found.values_list("delivery__remote_url", flat=True).first() or ""


def link(part: SeriesPart, n: int, *, by: User, now: datetime) -> Saved:
    """Put the address of part `n` into the post of this one: as its link where it has none, else under its words."""
    other = next((one for one in part.series.parts.all() if one.n == n), None)
    found = offer(part, other) if other else None
    if found is None or found.note_url:
        raise Invalid("This part cannot be linked here any more.", next_step="Load the page again.")
    words = words_of(part.post)
    line = f"Part {n}: {found.url}"
    if not words.link:
        words = words.but(link=found.url)
    else:
        own = {key: f"{text}\n\n{line}" if text.strip() else text for key, text in words.own.items()}
        words = words.but(text=f"{words.text.rstrip()}\n\n{line}".lstrip(), own=own)
    return composing.save(part.post, words, part.post.version, by=by, now=now)
