"""What the composer shows beside the words: counts, findings, previews and the way to a signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from calendar_app import wording
from calendar_app.models import Post, PostPicture
from calendar_app.releasing import Moment
from calendar_app.wording import Checked, Said
from calendar_app.words import Words
from channels_app import media
from channels_app.models import Channel, Media
from channels_app.platforms.base import Measured
from policy import approvals, checks

CUT = {"facebook": 477, "x": 280, "mastodon": 500}  # characters before "See more" in the feed


@dataclass(frozen=True)
class Count:
    """How long the words are on one channel."""

    channel: Channel
    measured: Measured
    state: str


@dataclass(frozen=True)
class Preview:
    """How one channel will show the words: what stands in the feed, and what only after "See more"."""

    channel: Channel
    words: str
    rest: str
    pictures: list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A picture as the composer shows it."""

    media: Media
    alt: str
    url: str


@dataclass(frozen=True)
class Beside:
    """Everything beside the words."""

    counts: list[Count]
    findings: list[dict[str, object]]
    tally: dict[str, int]
    previews: list[Preview]
    route: list[str]
    pictures: list[Shown]


def beside(
    words: Words, channels: Mapping[str, Channel], post: Post | None, by: User, now: datetime, at: Moment
) -> Beside:
    """All of it for these words, were they to go out at that moment."""
    pictures = hung(words)
    sayings = said(words, channels, pictures)
    again = wording.same_words_soon(post, sayings, at.due_at, at.zone) if sayings else {}
    checked = wording.check_all(sayings, again) if sayings else _nowhere(words, pictures)
    counts = [wording.measured(one) for one in sayings]
    return Beside(
        counts=[
            Count(one.channel, count, wording.counted_state(count)) for one, count in zip(sayings, counts, strict=True)
        ],
        findings=[shown(one, len(sayings)) for one in checked],
        tally={level: sum(one.finding.level == level for one in checked) for level in ("must", "should", "consider")},
        previews=[preview(one, now) for one in sayings],
        route=route(words, sayings, by, now),
        pictures=[
            Shown(one.media, one.alt, media.link(one.media, now, small=True) if one.media.state == "ready" else "")
            for one in pictures
        ],
    )


def hung(words: Words) -> tuple[PostPicture, ...]:
    """The pictures of words that may not be stored yet, in their order."""
    there = {str(one.key): one for one in Media.objects.filter(key__in=[one.media for one in words.pictures])}
    return tuple(PostPicture(media=there[one.media], alt=one.alt) for one in words.pictures if one.media in there)


def said(words: Words, channels: Mapping[str, Channel], pictures: tuple[PostPicture, ...]) -> list[Said]:
    return [
        Said(
            channels[key], (own.strip() or words.text.strip()), words.link, pictures, words.language, bool(own.strip())
        )
        for key, own in words.own.items()
        if key in channels
    ]


def _nowhere(words: Words, pictures: Sequence[PostPicture]) -> list[Checked]:
    """The findings that hold wherever it goes, while no channel is chosen."""
    images = tuple(checks.Image(one.alt, one.media.name) for one in pictures)
    found = checks.check(checks.Draft(words.text.strip(), words.link, images), checks.Context())
    return [Checked(one, (), _fix_value("all", one)) for one in found]


def _fix_value(where: str, finding: checks.Finding) -> str:
    return f"{where}:{finding.rule}:{finding.span[0]}:{finding.span[1]}" if finding.fix and finding.span else ""


def shown(row: Checked, of: int) -> dict[str, object]:
    """A finding as the check-list component takes it; it names its channels where it does not hold for all."""
    one = row.finding
    where = ", ".join(channel.get_platform_display() for channel in row.channels) if len(row.channels) < of else ""
    return {
        "level": one.level,
        "words": one.words,
        "quote": one.quote,
        "why": f"{one.why}{f' On {where} only.' if where else ''}",
        "clause": one.clause,
        "fix_words": one.fix.words if one.fix and row.fix_value else "",
        "fix_value": row.fix_value,
    }


def preview(words: Said, now: datetime) -> Preview:
    text = wording.as_sent(words)
    cut = CUT.get(words.channel.platform, len(text))
    pictures = [
        (media.link(one.media, now, small=True), one.alt) for one in words.pictures if one.media.state == "ready"
    ]
    return Preview(words.channel, text[:cut], text[cut:], pictures)


def route(words: Words, sayings: Sequence[Said], by: User, now: datetime) -> list[str]:
    """Who signs, and why; one sentence each, none twice."""
    told: dict[str, None] = {}
    for one in sayings:
        steps = approvals.steps_for("post", by, one.channel, now, wording.payload(one), post_kind=words.kind)
        told |= dict.fromkeys([step.words for step in steps] or [approvals.FREE["post"][1]])
    return list(told)


def fixed(words: Words, channels: Mapping[str, Channel], value: str) -> Words:
    """The words with one fix of a finding put in; unchanged when the text has moved on since."""
    where, rule, start, end = (value.split(":") + ["", "", "", ""])[:4]
    for row in wording.check_all(said(words, channels, hung(words))) or _nowhere(words, hung(words)):
        one = row.finding
        same = one.span and one.rule == rule and (str(one.span[0]), str(one.span[1])) == (start, end)
        if same and row.fix_value.startswith(f"{where}:"):
            return _put(words, where, one)
    return words


def _put(words: Words, where: str, finding: checks.Finding) -> Words:
    """Findings are about the text without the space around it; so is what comes back."""
    if where == "all":
        return words.but(text=checks.apply(words.text.strip(), finding))
    return words.but(own={**words.own, where: checks.apply(words.own[where].strip(), finding)})
