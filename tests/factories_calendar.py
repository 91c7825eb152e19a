"""Things of the calendar for tests: campaigns, topics, objectives, pictures, posts in any state."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from accounts.walltime import to_wall
from calendar_app.models import Campaign, Placement, Post, PostPicture, PostVersion, Release
from calendar_app.words import as_json, words_of
from channels_app.models import Channel, Delivery, Media
from policy.models import Objective, Topic
from tests.factories import COUNT, NOON, make_approval, make_channel, make_delivery, make_user

WORDS = "The library is open again from Monday."


def make_topic(**facts: Any) -> Topic:
    return Topic.objects.create(name=facts.pop("name", f"Topic {next(COUNT)}"), **facts)


def make_campaign(**facts: Any) -> Campaign:
    return Campaign.objects.create(name=facts.pop("name", f"Campaign {next(COUNT)}"), **facts)


def make_objective(**facts: Any) -> Objective:
    return Objective.objects.create(
        sentence=facts.pop("sentence", f"More residents know what the library offers, {next(COUNT)}."),
        family="engage",
        owner=facts.pop("owner", None) or make_user("manager"),
        measure="total_followers",
        target=100,
        target_on=date(2027, 6, 30),
        **facts,
    )


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (80, 60), **how: Any) -> bytes:
    """A small picture of one colour in that format."""
    into = io.BytesIO()
    Image.new("RGB", size, "teal").save(into, kind, **how)
    return into.getvalue()


def make_upload(data: bytes | None = None, name: str = "library.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, content_type="image/jpeg")


def make_media(**facts: Any) -> Media:
    """A picture that was checked, as a row only: no file stands behind it."""
    ready = {
        "state": "ready",
        "mime": "image/jpeg",
        "file": "pictures/none.jpg",
        "bytes": 5000,
        "width": 80,
        "height": 60,
    }
    return Media.objects.create(
        name=facts.pop("name", f"picture{next(COUNT)}.jpg"), at=facts.pop("at", NOON), **{**ready, **facts}
    )


def make_post(
    *, author: User | None = None, channels: list[Channel] | None = None, text: str = WORDS, **facts: Any
) -> Post:
    """A draft that could be scheduled: with topic, benefit, objective, and one placement for each channel."""
    author = author or make_user("publisher")
    facts.setdefault("topic", None)
    facts["topic"] = facts["topic"] or make_topic()
    if "objective" not in facts and not facts.get("unplanned"):
        facts["objective"] = make_objective(owner=author)
    pictures = facts.pop("pictures", [])
    if facts.get("kind") == "quote":
        facts.setdefault("quote", {"words": text, "by": "Ada Pond", "source": "Council"})
    post = Post.objects.create(
        author=author,
        text=text,
        benefit=facts.pop("benefit", "learn"),
        language="en",
        created_at=facts.pop("created_at", NOON),
        changed_at=NOON,
        **facts,
    )
    for channel in channels if channels is not None else [make_channel()]:
        Placement.objects.create(post=post, channel=channel)
    for place, media in enumerate(pictures):
        PostPicture.objects.create(post=post, media=media, position=place, alt="The library with its doors open")
    PostVersion.objects.create(post=post, n=1, words=as_json(words_of(whole(post))), by=author, at=NOON)
    return whole(post)


def make_placement(state: str = "scheduled", *, due_at: datetime = NOON, **facts: Any) -> Placement:
    """A placement in the state its page shows: draft, in_review, approved, cancelled or any of a delivery."""
    post = facts.pop("post", None) or make_post(channels=[facts.pop("channel", None) or make_channel()])
    placement = post.placements.get()
    wall = to_wall(due_at, "Europe/London").replace(tzinfo=UTC)
    times = {"due_at": due_at, "wall_at": wall, "zone": "Europe/London"}
    if state in {"draft", "in_review", "cancelled"}:
        asked = {"asked_by": post.author, "asked_at": NOON} if state == "in_review" else {}
        Placement.objects.filter(pk=placement.pk).update(state=state, **times, **asked)
        return Placement.objects.get(pk=placement.pk)
    approval, delivery = make_approval(channel=placement.channel), None
    if state != "approved":
        delivery = make_delivery(state, channel=placement.channel, approval=approval, due_at=due_at, **facts)
        Release.objects.create(placement=placement, delivery=delivery, at=NOON)
    Placement.objects.filter(pk=placement.pk).update(state="approved", approval=approval, delivery=delivery, **times)
    return Placement.objects.get(pk=placement.pk)


def fill_calendar(count: int, channels: list[Channel]) -> None:
    """So many posts in turn draft, scheduled, published and in review, over ten days, with a picture each; in bulk."""
    author, topic, picture = make_user("officer"), make_topic(), make_media()
    facts = {"author": author, "topic": topic, "campaign": make_campaign(), "benefit": "learn", "unplanned": True}
    times = {"created_at": NOON, "changed_at": NOON}
    posts = Post.objects.bulk_create(Post(text=f"Number {n}", **facts, **times) for n in range(count))
    PostPicture.objects.bulk_create(PostPicture(post=post, media=picture, alt="The library") for post in posts)
    approval = make_approval()
    rows = []
    for number, post in enumerate(posts):
        state = ("draft", "scheduled", "published", "in_review")[number % 4]
        due_at, channel = NOON + timedelta(hours=number % 240), channels[number % len(channels)]
        row = Placement(post=post, channel=channel, due_at=due_at, wall_at=due_at, zone="UTC", state=state)
        if state in {"scheduled", "published"}:
            row.state, row.approval = "approved", approval
            row.delivery = Delivery(
                channel=channel,
                kind="post",
                origin="post",
                payload={"text": post.text},
                content_hash=approval.hash,
                approval=approval,
                state=state,
                due_at=due_at,
                next_action_at=due_at if state == "scheduled" else None,
                remote_id=f"bulk-{post.pk}" if state == "published" else "",
                created_at=NOON,
            )
        rows.append(row)
    Delivery.objects.bulk_create(row.delivery for row in rows if row.delivery)
    Placement.objects.bulk_create(rows)
    Release.objects.bulk_create(Release(placement=row, delivery=row.delivery, at=NOON) for row in rows if row.delivery)


def whole(post: Post) -> Post:
    return Post.objects.whole().get(pk=post.pk)
