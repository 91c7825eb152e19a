"""The words of a post as one value: what a form fills, a save stores and a version keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.refusals import Invalid
from calendar_app.models import Campaign, Post, PostVersion
from channels_app.models import Media
from policy.models import Objective, Topic

MOST_PICTURES = 10


@dataclass(frozen=True)
class Alt:
    """A picture of a post: the media's key and the alt text it goes out with."""

    media: str
    alt: str = ""


@dataclass(frozen=True)
class Words:
    """Everything a person can say about a post. `own` maps a channel's key to its own wording, "" for the master's."""

    text: str = ""
    link: str = ""
    kind: str = "news"
    topic: Topic | None = None
    campaign: Campaign | None = None
    objective: Objective | None = None
    unplanned: bool = False
    benefit: str = ""
    language: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[Alt, ...] = ()

    def but(self, **changes: Any) -> Words:
        """The same words with these changes."""
        return replace(self, **changes)


def words_of(post: Post) -> Words:
    """The words a post has now."""
    return Words(
        text=post.text,
        link=post.link,
        kind=post.kind,
        topic=post.topic,
        campaign=post.campaign,
        objective=post.objective,
        unplanned=post.unplanned,
        benefit=post.benefit,
        language=post.language,
        own={str(one.channel.key): one.text for one in post.placements.all() if one.state != "cancelled"},
        pictures=tuple(Alt(str(one.media.key), one.alt) for one in post.pictures.all()),
    )


def as_json(words: Words) -> dict[str, Any]:
    """The words as a version keeps them: readable without the rows they point at."""
    return {
        "text": words.text,
        "link": words.link,
        "kind": words.kind,
        "topic": words.topic.name if words.topic else "",
        "campaign": words.campaign.name if words.campaign else "",
        "objective": {"key": str(words.objective.key), "sentence": words.objective.sentence} if words.objective else {},
        "unplanned": words.unplanned,
        "benefit": words.benefit,
        "language": words.language,
        "own": dict(sorted(words.own.items())),
        "pictures": [{"media": one.media, "alt": one.alt} for one in words.pictures],
    }


def of_version(version: PostVersion) -> Words:
    """The words of an earlier version, as far as what they point at is still there."""
    kept = version.words
    return Words(
        text=kept["text"],
        link=kept["link"],
        kind=kept["kind"],
        topic=Topic.objects.filter(name=kept["topic"]).first(),
        campaign=Campaign.objects.filter(name=kept["campaign"]).first(),
        objective=Objective.objects.filter(key=kept["objective"]["key"]).first() if kept["objective"] else None,
        unplanned=kept["unplanned"],
        benefit=kept["benefit"],
        language=kept["language"],
        own=kept["own"],
        pictures=tuple(Alt(one["media"], one["alt"]) for one in kept["pictures"]),
    )


def with_pictures(words: Words, media: list[Media]) -> Words:
    added = tuple(Alt(str(one.key), one.alt) for one in media)
    if len(words.pictures) + len(added) > MOST_PICTURES:
        raise Invalid(f"A post holds {MOST_PICTURES} pictures at most.")
    return replace(words, pictures=words.pictures + added)


def without_picture(words: Words, key: str) -> Words:
    return replace(words, pictures=tuple(one for one in words.pictures if one.media != key))


def picture_earlier(words: Words, key: str) -> Words:
    """The same words with that picture one place further to the front."""
    row = list(words.pictures)
    place = next((n for n, one in enumerate(row) if one.media == key), 0)
    if place:
        row[place - 1], row[place] = row[place], row[place - 1]
    return replace(words, pictures=tuple(row))
