"""Ideas from services: sent with a photo and its consent, taken up or declined, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import Invalid
from calendar_app import composing
from calendar_app.models import ContributorCard, Idea, IdeaPicture, Placement, Post
from calendar_app.words import Alt, Words
from channels_app.models import Channel, Media
from policy.models import Topic
from policy.moves import move

MOST_PHOTOS = 6
TWICE = timedelta(minutes=2)  # the same words again within this are the same idea, sent twice


@dataclass(frozen=True)
class Photo:
    """A photo that is kept already, with what its sender says about it."""

    media: Media
    alt: str
    people: str
    consent: str
    consent_words: str = ""


@dataclass(frozen=True)
class Told:
    """An idea as its form tells it."""

    words: str
    why: str = ""
    until: date | None = None
    topic: Topic | None = None
    photos: tuple[Photo, ...] = ()


def problems(people: str, consent: str, consent_words: str) -> str:
    """What is missing about the consent of those in a photo; "" where all is said."""
    if people == "nobody":
        return ""
    if not consent:
        return "Say whether the people in the photo agreed."
    if consent in {"written", "spoken"} and not consent_words.strip():
        return "Say who agreed to what, and when."
    if people == "children" and consent == "spoken":
        return "For children a parent's consent in writing is needed."
    return ""


@transaction.atomic
def send(told: Told, *, by: User, now: datetime) -> Idea:
    """Into the drawer; those who write posts hear of it. The same words twice in a row are one idea."""
    require(by, "send_idea", now)
    if not told.words.strip():
        raise Invalid("Say what it is about.")
    for one in told.photos:
        if words := problems(one.people, one.consent, one.consent_words):
            raise Invalid(words)
    words = told.words.strip()[:5000]
    twin = Idea.objects.filter(by=by, words=words, at__gt=now - TWICE).first()
    if twin:
        return twin
    card = ContributorCard.objects.filter(user=by).first()
    idea = Idea.objects.create(
        words=words,
        why=told.why.strip()[:300],
        until=told.until,
        topic=told.topic,
        service=card.service if card else "",
        by=by,
        at=now,
    )
    IdeaPicture.objects.bulk_create(_picture(idea, one) for one in told.photos)
    audit.record("sent_idea", idea, by=by, now=now)
    url, once = reverse("calendar:idea", args=[idea.key]), f"idea:{idea.key}"
    said = f"{by.name} has an idea: {idea}"
    tell_role("judge_idea", None, "idea.sent", said, url, now=now, once=once, besides=[by])
    return idea


@transaction.atomic
def add_photo(idea: Idea, photos: Sequence[Photo], *, by: User, now: datetime) -> None:
    """One more photo for an idea that still waits; its sender adds it."""
    require(by, "send_idea", now)
    if idea.by_id != by.pk or idea.state != "sent":
        raise Invalid("A photo is added by whoever sent the idea, while it waits.")
    if idea.pictures.count() + len(photos) > MOST_PHOTOS:
        raise Invalid(f"An idea holds {MOST_PHOTOS} photos at most.")
    for one in photos:
        if words := problems(one.people, one.consent, one.consent_words):
            raise Invalid(words)
    IdeaPicture.objects.bulk_create((_picture(idea, one) for one in photos), ignore_conflicts=True)


def _picture(idea: Idea, one: Photo) -> IdeaPicture:
    nobody = one.people == "nobody"
    return IdeaPicture(
        idea=idea,
        media=one.media,
        alt=one.alt.strip()[:500],
        people=one.people,
        consent="" if nobody else one.consent,
        consent_words="" if nobody else one.consent_words.strip()[:300],
    )


@transaction.atomic
def take_up(idea: Idea, *, by: User, now: datetime) -> Post:
    """A draft of its words, with the photos that may be used; whoever sent it is told."""
    require(by, "judge_idea", now)
    idea = Idea.objects.select_for_update(of=("self",)).select_related("topic", "by").get(pk=idea.pk)
    if idea.state == "taken_up" and idea.post:
        return idea.post
    usable = [one for one in idea.pictures.select_related("media") if one.usable and one.media.state != "refused"]
    pictures = tuple(Alt(str(one.media.key), one.alt) for one in usable)
    post = composing.create(Words(text=idea.words, topic=idea.topic, pictures=pictures), by=by, now=now)
    move(idea, "taken_up", now=now, by=by, post=post, decided_by=by, decided_at=now, because="")
    _tell(idea, "idea.taken_up", f"{by.name} took up your idea: {idea}", now, f"idea-up:{idea.key}")
    return post


@transaction.atomic
def decline(idea: Idea, reason: str, *, by: User, now: datetime) -> Idea:
    """Not this time, and why; it can still be taken up later."""
    require(by, "judge_idea", now)
    if not reason.strip():
        raise Invalid("Say why, so that the next idea fits better.")
    because = reason.strip()[:500]
    move(idea, "declined", now=now, by=by, reason=because, decided_by=by, decided_at=now, because=because)
    words = f"{by.name} did not take up your idea “{idea}”: {reason.strip()[:150]}"
    _tell(idea, "idea.declined", words, now, f"idea-no:{idea.key}")
    return idea


def tell_published(idea: Idea, channel: Channel, now: datetime) -> None:
    """Whoever sent the idea hears once that it is out."""
    _tell(idea, "idea.published", f"Your idea is out on {channel}: {idea}", now, f"idea-out:{idea.key}")


def _tell(idea: Idea, event: str, words: str, now: datetime, once: str) -> None:
    tell(idea.by, event, words, reverse("calendar:idea", args=[idea.key]), now=now, once=once)


@dataclass(frozen=True)
class Became:
    """What became of an idea in one word for its badge and a sentence; `out` are the places where it can be read."""

    word: str
    tone: str
    words: str
    out: list[tuple[str, str]]


def became(idea: Idea, now: datetime) -> Became:
    """For whoever sent it, who may not see the post itself before it is out."""
    if idea.state == "declined":
        return Became("Declined", "plain", f"Not taken up: {idea.because}", [])
    if idea.state == "sent" or idea.post is None:
        old = idea.until is not None and idea.until < now.date()
        return Became("Waiting", "calm", "Its day has passed." if old else "It waits in the drawer of the desk.", [])
    rows = list(idea.post.placements.all())
    out = [(str(one.channel), one.delivery.remote_url) for one in rows if one.shown_state == "published"]  # type: ignore[union-attr]
    if out:
        return Became("Published", "good", "It is out.", out)
    if idea.post.dropped_at:
        return Became("Dropped", "plain", "A post was begun from it and dropped again.", [])
    return Became("Taken up", "accent", _on_its_way(rows), [])


def _on_its_way(rows: Sequence[Placement]) -> str:
    if any(one.shown_state == "scheduled" for one in rows):
        return "A post was made of it and is scheduled."
    if any(one.state == "in_review" for one in rows):
        return "A post was made of it and waits for its sign-off."
    return "A post is being written from it."
