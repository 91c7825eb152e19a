"""The words of a post as one value: what a form fills, a save stores and a version keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from accounts.refusals import Invalid
from calendar_app import carrying, declaring
from calendar_app.carrying import Consent, More, Quote
from calendar_app.declaring import Declared, Paid
from calendar_app.models import Campaign, Post, PostVersion
from channels_app.models import Media
from policy.models import Objective, Topic
from policy.situations import EVERYDAY

MOST_PICTURES = 10
MOST_FACTS = 12


@dataclass(frozen=True)
class Alt:
    """A picture of a post: the media's key, the alt text it goes out with, and what is declared about it."""

    media: str
    alt: str = ""
    declared: Declared = field(default_factory=Declared)


@dataclass(frozen=True)
class Sourced:
    """A figure, date or quote with where it comes from; `checker` (a person's key) checked it `at` (ISO), or nobody."""

    words: str
    source: str
    checker: str = ""
    at: str = ""


@dataclass(frozen=True)
class Words:
    """Everything a person can say about a post. `own` maps a channel's key to its own wording, "" for the master's;
    `more` to what that channel gets beside it.
    """

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
    situation: str = EVERYDAY
    paid: Paid = field(default_factory=Paid)
    facts: tuple[Sourced, ...] = ()
    more: Mapping[str, More] = field(default_factory=dict)
    call: str = ""
    quote: Quote = field(default_factory=Quote)
    consent: Consent = field(default_factory=Consent)

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
        pictures=tuple(
            Alt(str(one.media.key), one.alt, declaring.of_json(one.declared)) for one in post.pictures.all()
        ),
        situation=post.situation,
        paid=declaring.paid_of_json(post.declared),
        facts=tuple(
            Sourced(
                one.words,
                one.source,
                str(one.checked_by.key) if one.checked_by else "",
                one.checked_at.isoformat() if one.checked_at else "",
            )
            for one in post.facts.all()
        ),
        more={
            str(one.channel.key): carrying.of_placement(one)
            for one in post.placements.all()
            if one.state != "cancelled" and (one.parts or one.poll or one.title)
        },
        call=post.call,
        quote=Quote(**post.quote),
        consent=Consent(**post.consent),
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
        "pictures": [
            {"media": one.media, "alt": one.alt, "declared": declaring.as_json(one.declared)} for one in words.pictures
        ],
        "situation": words.situation,
        "paid": declaring.as_json(words.paid),
        "facts": [asdict(one) for one in words.facts],
        "more": {key: said for key, one in sorted(words.more.items()) if (said := carrying.as_json(one))},
        "call": words.call,
        "quote": carrying.said(words.quote),
        "consent": carrying.said(words.consent),
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
        pictures=tuple(
            Alt(one["media"], one["alt"], declaring.of_json(one.get("declared"))) for one in kept["pictures"]
        ),
        situation=kept.get("situation", EVERYDAY),
        paid=declaring.paid_of_json(kept.get("paid")),
        facts=tuple(Sourced(**one) for one in kept.get("facts", ())),
        more={key: carrying.of_json(one) for key, one in kept.get("more", {}).items()},
        call=kept.get("call", ""),
        quote=Quote(**kept.get("quote", {})),
        consent=Consent(**kept.get("consent", {})),
    )


def with_pictures(words: Words, media: list[Media]) -> Words:
    added = tuple(Alt(str(one.key), one.alt) for one in media)
    if len(words.pictures) + len(added) > MOST_PICTURES:
        raise Invalid(f"A post holds {MOST_PICTURES} pictures at most.")
    if any(one.is_video for one in media):
        there = Media.objects.filter(key__in=[one.media for one in words.pictures], kind="video").exists()
        if there or sum(one.is_video for one in media) > 1:
            raise Invalid("A post holds one video.", next_step="Take the other one out first.")
    return replace(words, pictures=words.pictures + added)


def without_picture(words: Words, key: str) -> Words:
    return replace(words, pictures=tuple(one for one in words.pictures if one.media != key))


def picture_moved(words: Words, key: str, by: int) -> Words:
    """The same words with that picture so many places further to the end, or to the front."""
    row = list(words.pictures)
    place = next((n for n, one in enumerate(row) if one.media == key), None)
    if place is not None:
        row.insert(max(place + by, 0), row.pop(place))
    return replace(words, pictures=tuple(row))


def with_fact(words: Words, told: str, source: str) -> Words:
    """The same words with one more fact, which nobody has checked yet."""
    if not told.strip() or not source.strip():
        raise Invalid("A fact needs its words and where it comes from.")
    if len(words.facts) >= MOST_FACTS:
        raise Invalid(f"A post holds {MOST_FACTS} facts at most.")
    return replace(words, facts=(*words.facts, Sourced(told.strip()[:300], source.strip()[:500])))


def fact_checked(words: Words, place: int, checker: str, at: str) -> Words:
    """The same words; this person stands for that fact from now on."""
    return _with_fact_at(words, place, lambda one: replace(one, checker=checker, at=at))


def without_fact(words: Words, place: int) -> Words:
    return replace(words, facts=tuple(one for n, one in enumerate(words.facts) if n != place))


def _with_fact_at(words: Words, place: int, change: Callable[[Sourced], Sourced]) -> Words:
    return replace(words, facts=tuple(change(one) if n == place else one for n, one in enumerate(words.facts)))


def keep_checks(words: Words, known: tuple[Sourced, ...]) -> Words:
    """Facts as a form sent them, with the checks they really have: a form cannot say that somebody checked."""
    checked = {(one.words, one.source): one for one in known if one.checker}
    return replace(words, facts=tuple(checked.get((one.words, one.source), one) for one in words.facts))
