"""What writers and signers say to each other about a post: remarks, changes asked for, and what an approver changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid
from calendar_app import wording
from calendar_app.models import Placement, Post, PostVersion, Remark
from policy.comparing import parts

LONGEST = 1000


@dataclass(frozen=True)
class Change:
    """A change that was asked for, and what the words have become since; `parts` as the diff component takes them."""

    remark: Remark
    parts: list[dict[str, str]]
    besides: list[str]

    @property
    def answered(self) -> bool:
        return bool(self.besides) or any(one["kind"] != "same" for one in self.parts)


@transaction.atomic
def add(post: Post, words: str, *, by: User, now: datetime) -> Remark:
    """A remark in the thread of this post; everybody who takes part in it hears of it."""
    if not words.strip():
        raise Invalid("Write your remark first.")
    row = Remark.objects.create(post=post, words=words.strip()[:LONGEST], version=post.version, by=by, at=now)
    url = reverse("calendar:post", args=[post.key]) + "#remarks"
    for one in _taking_part(post):
        if one != by:
            tell(
                one, "post.remark", f"{by.name} on “{post}”: {row.words[:200]}", url, now=now, once=f"remark:{row.key}"
            )
    return row


def _taking_part(post: Post) -> set[User]:
    """Who wrote it, who asked for it to go out, and who said something about it."""
    askers = {one.asked_by for one in post.placements.select_related("asked_by") if one.asked_by}
    return {post.author, *askers, *(one.by for one in post.remarks.select_related("by"))}


def ask_change(placement: Placement, words: str, *, about: str, quote: str, by: User, now: datetime) -> Remark:
    """Keep what should change and where; said of several channels at once it is one remark."""
    post, where = placement.post, wording.place(placement.channel)
    known = dict(Remark.ABOUT)
    row, new = Remark.objects.get_or_create(
        post=post,
        kind="change",
        by=by,
        at=now,
        words=words[:LONGEST],
        defaults={
            "about": about if about in known else "other",
            "quote": " ".join(quote.split())[:300],
            "places": where[:300],
            "version": post.version,
        },
    )
    if not new:
        Remark.objects.filter(pk=row.pk).update(places=f"{row.places}, {where}"[:300])
    return row


def settle(post: Post, now: datetime) -> None:
    """What was asked for is signed."""
    Remark.objects.asked().filter(post=post).update(settled_at=now)


def take_back(remark: Remark, *, by: User, now: datetime) -> None:
    """Whoever asked for a change does not want it any more."""
    if remark.by_id == by.pk and Remark.objects.asked().filter(pk=remark.pk).update(settled_at=now):
        audit.record("took_change_back", remark.post, by=by, now=now, words=remark.words[:200])


def changes(post: Post, placement: Placement | None = None) -> list[Change]:
    """What was asked for and is not signed yet, each with the words then and now; of one channel where it is named."""
    found = []
    for remark in Remark.objects.asked().filter(post=post).select_related("by"):
        then = PostVersion.objects.filter(post=post, n=remark.version).first()
        was, besides = (_text(then, placement), _besides(then, post)) if then else ("", [])
        found.append(Change(remark, parts(was, _now(post, placement)) if then else [], besides))
    return found


def _text(version: PostVersion, placement: Placement | None) -> str:
    own = version.words["own"].get(str(placement.channel.key), "") if placement else ""
    return str(own or version.words["text"]).strip()


def _now(post: Post, placement: Placement | None) -> str:
    return ((placement.text if placement else "") or post.text).strip()


def _besides(then: PostVersion, post: Post) -> list[str]:
    """In a sentence each, what changed beside the text."""
    told = []
    if then.words["link"] != post.link:
        told.append(f"Link: {then.words['link'] or 'none'} → {post.link or 'none'}")
    was = [(one["media"], one["alt"]) for one in then.words["pictures"]]
    become = [(str(one.media.key), one.alt) for one in post.pictures.all()]
    if [key for key, _ in was] != [key for key, _ in become]:
        told.append("The pictures were changed.")
    elif was != become:
        told += [f"Alt text: “{old[1]}” → “{new[1]}”" for old, new in zip(was, become, strict=True) if old != new]
    return told
