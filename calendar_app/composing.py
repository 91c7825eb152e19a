"""Writing a post: create, save, drop. No save is ever lost, and none wins unseen.

Every save leaves a version. A save that comes after somebody else's is not put over theirs: it is kept as a version
beside the post, and whoever made it is told and chooses. Changed words of a placement that was to go out take it back
to draft; what is out already keeps the words it went out with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.access import may, scopes_for
from accounts.models import User
from accounts.refusals import Invalid, LostRace, NotAllowed
from calendar_app import carrying, declaring, pictures, scheduling, wording
from calendar_app.carrying import More
from calendar_app.models import Placement, Post, PostFact, PostPicture, PostVersion
from calendar_app.releasing import Moment
from calendar_app.words import MOST_PICTURES, Words, as_json, words_of
from channels_app.models import Channel, Media

TOO_LONG_FOR_ANYONE = 100_000


@dataclass(frozen=True)
class Draft:
    """A post to be made with others: its words, and by a channel's key the time pencilled in there."""

    words: Words
    times: Mapping[str, Moment]
    key: UUID


@dataclass(frozen=True)
class Saved:
    """What a save did. `beside` is set when somebody else was faster: then nothing of the post was changed.

    `back` went back to draft, `kept` went out or was going out and stays as it was.
    """

    post: Post
    beside: PostVersion | None = None
    changed: bool = False
    back: tuple[Placement, ...] = ()
    kept: tuple[Placement, ...] = ()


def writable_channels(by: User, now: datetime) -> dict[str, Channel]:
    """The channels this person may write for, by key."""
    rows = Channel.objects.filter(scopes_for(by, "write_post", now)).proven().speaking().select_related("scope")
    return {str(channel.key): channel for channel in rows}


@transaction.atomic
def create(words: Words, *, by: User, now: datetime, key: UUID | None = None) -> Post:
    """A new post. `key` is the one its form was opened with; an IntegrityError means that it is a post already."""
    _sane(words)
    post = Post.objects.create(key=key or uuid4(), author=by, created_at=now, changed_at=now, **_columns(words))
    _place(post, words, writable_channels(by, now), by, now)
    _hang(post, words, now)
    PostVersion.objects.create(post=post, n=1, words=as_json(words), by=by, at=now)
    audit.record("created", post, by=by, now=now)
    return Post.objects.whole().get(pk=post.pk)


@transaction.atomic
def create_many(drafts: Sequence[Draft], *, by: User, now: datetime) -> list[Post]:
    """Many posts at once, in their order, as `create` makes one; whoever asks may write for all their channels."""
    facts = {"author": by, "created_at": now, "changed_at": now}
    for one in drafts:
        _sane(one.words)
    posts = Post.objects.bulk_create(Post(key=one.key, **facts, **_columns(one.words)) for one in drafts)
    made = list(zip(posts, drafts, strict=True))
    channels = {
        str(one.key): one for one in Channel.objects.filter(key__in={key for d in drafts for key in d.words.own})
    }
    Placement.objects.bulk_create(
        Placement(
            post=post,
            channel=channels[key],
            **_said(one.words, key, None, channels[key]),
            **(one.times[key].columns() if key in one.times else {}),
        )
        for post, one in made
        for key in one.words.own
    )
    for post, one in made:
        if one.words.pictures or one.words.facts:
            _hang(post, one.words, now)
        audit.record("created", post, by=by, now=now)
    PostVersion.objects.bulk_create(PostVersion(post=p, n=1, words=as_json(d.words), by=by, at=now) for p, d in made)
    return posts


@transaction.atomic
def save(post: Post, words: Words, version: int, *, by: User, now: datetime, by_itself: bool = False) -> Saved:
    """Put these words into the post, if it still is at the version they were written on. See `Saved`.

    A save `by_itself` may arrive after the one its writer pressed a button for, so it gives way to that too.
    """
    _sane(words)
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    post = Post.objects.whole().get(pk=post.pk)
    if post.dropped_at:
        raise Invalid("This post was dropped.", next_step="Take it up again first; your words are not lost by that.")
    channels = writable_channels(by, now)
    words = _with_the_channels_of_others(post, words, channels)
    if as_json(words) == as_json(words_of(post)):
        return Saved(post)
    last = post.versions.aggregate(last=Max("n"))["last"] or 0
    late = post.version != version if by_itself else _somebody_else_saved(post, version, by)
    row = PostVersion(post=post, n=last + 1, words=as_json(words), by=by, at=now, beside=late)
    row.save(force_insert=True)
    if row.beside:
        return Saved(post, beside=row)
    before = {one.pk: wording.content_hash(one, post) for one in post.placements.all()}
    Post.objects.filter(pk=post.pk).update(version=row.n, changed_at=now, **_columns(words))
    _place(post, words, channels, by, now)
    _hang(post, words, now)
    post = Post.objects.whole().get(pk=post.pk)
    return _settle(post, before, by, now)


def _somebody_else_saved(post: Post, since: int, by: User) -> bool:
    """Whether the words the person began from were changed by another; one's own earlier saves are no surprise."""
    return post.version != since and post.versions.filter(n__gt=since, beside=False).exclude(by=by).exists()


def _settle(post: Post, before: dict[int, str], by: User, now: datetime) -> Saved:
    """Take back to draft what was to go out with other words than the post has now."""
    back, kept = [], []
    for placement in post.placements.all():
        if before.get(placement.pk) in {None, wording.content_hash(placement, post)}:
            continue
        if placement.is_out:
            kept.append(placement)
        elif placement.state in {"in_review", "approved"}:
            if not may(by, "write_post", now, placement.channel.scope):
                raise NotAllowed(
                    f"This post is also to go out on {placement.channel}, where you do not write.",
                    next_step="Give your channel its own wording instead.",
                )
            try:
                back.append(scheduling.take_back(placement, by=by, now=now))
            except LostRace:  # it began to go out this very moment
                kept.append(placement)
    return Saved(Post.objects.whole().get(pk=post.pk), changed=True, back=tuple(back), kept=tuple(kept))


@transaction.atomic
def drop(post: Post, *, by: User, now: datetime) -> Post:
    """Put a post away with everything that waits; what is out stays out. It can be taken up again."""
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    scheduling.cancel(post, list(post.placements.all()), by=by, now=now, all_or_nothing=False)
    Post.objects.filter(pk=post.pk).update(dropped_at=now)
    audit.record("dropped", post, by=by, now=now)
    return Post.objects.whole().get(pk=post.pk)


@transaction.atomic
def take_up(post: Post, *, by: User, now: datetime) -> Post:
    """A dropped post is a draft again, on the channels it was for."""
    Post.objects.filter(pk=post.pk).update(dropped_at=None)
    for placement in post.placements.select_related("channel__scope", "delivery").filter(state="cancelled"):
        scheduling.reopen(placement, by=by, now=now)
    audit.record("taken_up", post, by=by, now=now)
    return Post.objects.whole().get(pk=post.pk)


def _sane(words: Words) -> None:
    parts = [part for one in words.more.values() for part in one.parts]
    if max(len(words.text), *(len(own) for own in [*words.own.values(), *parts, ""])) > TOO_LONG_FOR_ANYONE:
        raise Invalid(f"That is more than {TOO_LONG_FOR_ANYONE:,} characters; no platform takes so much.")
    if len(words.pictures) > MOST_PICTURES:
        raise Invalid(f"A post holds {MOST_PICTURES} pictures at most.")


def _columns(words: Words) -> dict[str, object]:
    names = ("text", "link", "kind", "topic", "campaign", "objective", "unplanned", "benefit", "language", "situation")
    carried = {"quote": carrying.said(words.quote), "consent": carrying.said(words.consent), "call": words.call}
    return {name: getattr(words, name) for name in names} | carried | {"declared": declaring.as_json(words.paid)}


def _with_the_channels_of_others(post: Post, words: Words, channels: Mapping[str, Channel]) -> Words:
    """Channels this person does not write for stay as they are, whatever the form said."""
    theirs = {
        str(one.channel.key): one.text
        for one in post.placements.all()
        if str(one.channel.key) not in channels and one.state != "cancelled"
    }
    mine = {key: own for key, own in words.own.items() if key in channels}
    more = {key: one for key, one in words.more.items() if key in mine}
    more |= {key: one for key, one in words_of(post).more.items() if key in theirs}
    return replace(words, own={**mine, **theirs}, more=more)


def _place(post: Post, words: Words, channels: Mapping[str, Channel], by: User, now: datetime) -> None:
    """One placement for each channel chosen, with its own wording; an unused one leaves with its channel."""
    there = {str(one.channel.key): one for one in post.placements.select_related("channel", "delivery")}
    for key, channel in channels.items():
        placement = there.get(key)
        if key in words.own:
            said = _said(words, key, placement, channel)
            if placement is None:
                Placement.objects.create(post=post, channel=channel, **said)
                continue
            if not placement.is_out:
                Placement.objects.filter(pk=placement.pk).update(**said)
            if placement.state == "cancelled":
                scheduling.reopen(placement, by=by, now=now)
        elif placement is not None and placement.state == "draft" and not placement.releases.exists():
            placement.delete()
        elif placement is not None and placement.state != "cancelled":
            raise Invalid(
                f"{placement.channel} is planned already and stays with the post.",
                next_step="To leave it out, cancel it on the post's page.",
            )


def _said(words: Words, key: str, before: Placement | None, channel: Channel) -> dict[str, Any]:
    """What the placement says. An own wording that was written anew is in step with the text for all as it is now."""
    own, more = words.own[key], carrying.fitting(words.more.get(key, More()), channel)
    same = before is not None and before.text == own
    basis = before.basis if before is not None and same else words.text if own.strip() else None
    carried = {"parts": list(more.parts), "poll": carrying.poll_json(more.poll), "title": more.title}
    return {"text": own, "basis": basis, **carried}


def keep_own(post: Post, key: str, *, by: User, now: datetime) -> None:
    """The own wording of that channel is right as it is, whatever the text for all says now."""
    if key in writable_channels(by, now):
        post.placements.filter(channel__key=key).exclude(text="").update(basis=post.text)


def _hang(post: Post, words: Words, now: datetime) -> None:
    """The pictures in their order, and the facts; a picture that is not (or no more) usable is refused by name."""
    pictures.require_usable(post, [one.media for one in words.pictures], now)
    media = {str(one.key): one for one in Media.objects.filter(key__in=[one.media for one in words.pictures])}
    for one in words.pictures:
        if one.media not in media or media[one.media].state == "refused":
            raise Invalid("One of the pictures cannot be used.", next_step="Take it out and add it again.")
    if sum(one.is_video for one in media.values()) > 1:
        raise Invalid("A post holds one video.", next_step="Take the others out.")
    post.pictures.all().delete()
    PostPicture.objects.bulk_create(
        PostPicture(
            post=post, media=media[one.media], position=place, alt=one.alt, declared=declaring.as_json(one.declared)
        )
        for place, one in enumerate(words.pictures)
    )
    _source(post, words)


def _source(post: Post, words: Words) -> None:
    checkers = {str(one.key): one for one in User.objects.filter(key__in=[f.checker for f in words.facts if f.checker])}
    post.facts.all().delete()
    PostFact.objects.bulk_create(
        PostFact(
            post=post,
            position=place,
            words=one.words,
            source=one.source,
            checked_by=checkers.get(one.checker),
            checked_at=datetime.fromisoformat(one.at) if one.checker in checkers else None,
        )
        for place, one in enumerate(words.facts)
    )
