"""What the composer shows beside the words: counts, findings, previews and the way to a signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from accounts.models import User
from calendar_app import carrying, checking, closings, declaring, filming, previewing, wording
from calendar_app.carrying import More
from calendar_app.checking import Checked
from calendar_app.models import Post, PostPicture
from calendar_app.previewing import Heard, Preview
from calendar_app.releasing import Moment
from calendar_app.wording import About, Said
from calendar_app.words import Words
from channels_app import captioning, media
from channels_app.models import Channel, Media
from channels_app.platforms.base import Measured
from policy import approvals, checks, comparing, judging, setting, situations
from policy.models import Judgement
from policy.setting import Setting

NO_POST = UUID(int=0)  # short links of words that are no post yet are as long as they will be


@dataclass(frozen=True)
class Count:
    """How long the words are on one channel."""

    channel: Channel
    measured: Measured
    state: str
    part: int = 0

    @property
    def of(self) -> str:
        """Which text of the form it counts."""
        return f"{self.channel.key}.{self.part}" if self.part else str(self.channel.key)


@dataclass(frozen=True)
class Shown:
    """A picture as the composer shows it."""

    media: Media
    alt: str
    url: str
    declared: declaring.Declared
    length: str = ""  # of a video
    standing: str = ""

    @property
    def spoken(self) -> str:
        """How a video speaks to who cannot hear it, in words."""
        return filming.STANDING.get(self.standing, "")


@dataclass(frozen=True)
class Situation:
    """How these words are meant: what holds, in words, and whether a mode leaves no choice."""

    value: str
    name: str
    forced: bool
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """An own wording that is out of step: the text for all was changed since. `parts` is what changed there."""

    key: str
    channel: Channel
    parts: list[dict[str, str]]


@dataclass(frozen=True)
class Beside:
    """Everything beside the words."""

    counts: list[Count]
    findings: list[dict[str, object]]
    settled: list[dict[str, object]]
    tally: dict[str, int]
    previews: list[Preview]
    heard: list[Heard]
    steps: list[Step]
    closings: list[str]
    route: list[str]
    pictures: list[Shown]
    situation: Situation


def beside(
    words: Words, channels: Mapping[str, Channel], post: Post | None, by: User, now: datetime, at: Moment
) -> Beside:
    """All of it for these words, were they to go out at that moment."""
    pictures, here = hung(words), setting.at(now)
    known = judging.judgements("post", post.key if post else None)
    ref = post.key if post else NO_POST
    sayings = [wording.with_expected(one, ref) for one in said(words, channels, pictures)]
    again = wording.same_words_soon(post, sayings, at.due_at, at.zone) if sayings else {}
    checked = look(words, sayings, pictures, here, known, again)
    findings = judging.numbered([shown(one, len(sayings), here.links) for one in checked])
    open_ones = [one for one in findings if not one["what"]]
    return Beside(
        counts=[
            Count(one.channel, count, wording.counted_state(count), one.part)
            for whole in sayings
            for one in wording.pieces(whole)
            for count in [wording.measured(one)]
        ],
        findings=open_ones,
        settled=[one for one in findings if one["what"]],
        tally={level: sum(one["level"] == level for one in open_ones) for level in ("must", "should", "consider")},
        previews=[previewing.preview(one, now) for one in sayings],
        heard=previewing.heard(sayings, here),
        steps=steps(words, channels, post),
        closings=closings.fitting(words),
        route=route(words, sayings, by, now, checked),
        pictures=[_shown(one, now) for one in pictures],
        situation=_situation(words, sayings, here),
    )


def _shown(one: PostPicture, now: datetime) -> Shown:
    url = media.link(one.media, now, small=True) if one.media.state == "ready" else ""
    shown = Shown(one.media, one.alt, url, declaring.of_json(one.declared))
    if not one.media.is_video:
        return shown
    standing = captioning.standing(one.media, one.media.newest_captions)
    return replace(shown, length=filming.length(one.media.seconds), standing=standing)


def look(
    words: Words,
    sayings: list[Said],
    pictures: tuple[PostPicture, ...],
    here: Setting,
    known: Mapping[str, Judgement],
    again: Mapping[int, str] | None = None,
) -> list[Checked]:
    """The findings on the channels chosen, or those that hold anywhere while none is."""
    if sayings:
        return checking.check_all(sayings, here, known, again)
    alone = wording.nowhere(words.text, words.link, pictures, words.language, about(words))
    return checking.nowhere(alone, here, known)


def about(words: Words) -> About:
    topic = words.topic.name if words.topic else ""
    return About(words.kind, topic, words.situation, words.paid, tuple(one.words for one in words.facts))


def steps(words: Words, channels: Mapping[str, Channel], post: Post | None) -> list[Step]:
    """The own wordings that are as they were while the text for all has changed."""
    kept = {str(one.channel.key): one for one in post.placements.all()} if post else {}
    return [
        Step(key, channels[key], comparing.parts(one.basis, words.text))
        for key, own in words.own.items()
        if key in channels and (one := kept.get(key)) and own.strip() and own == one.text and not one.is_out
        if one.basis is not None and one.basis.strip() != words.text.strip()
    ]


def _situation(words: Words, sayings: Sequence[Said], here: Setting) -> Situation:
    """A mode that runs on any of the channels decides for all of them."""
    forced = next((name for one in sayings if (name := situations.forced_by(here.mode(one.channel.scope_id)))), "")
    value = forced or here.situation(words.situation, None)
    return Situation(value, situations.NAMES[value], bool(forced), situations.SITUATIONS)


def hung(words: Words) -> tuple[PostPicture, ...]:
    """The pictures of words that may not be stored yet, in their order."""
    there = {str(one.key): one for one in Media.objects.filter(key__in=[one.media for one in words.pictures])}
    return tuple(
        PostPicture(media=there[one.media], alt=one.alt, declared=declaring.as_json(one.declared))
        for one in words.pictures
        if one.media in there
    )


def said(words: Words, channels: Mapping[str, Channel], pictures: tuple[PostPicture, ...]) -> list[Said]:
    told, still = about(words), filming.stills(pictures)
    return [
        Said(
            channels[key],
            (own.strip() or words.text.strip()),
            words.link,
            still,
            words.language,
            bool(own.strip()),
            told,
            carrying.fitting(words.more.get(key, More()), channels[key]),
            film=film,
            left=left,
        )
        for key, own in words.own.items()
        if key in channels
        for film, left in [filming.fitting(pictures, channels[key])]
    ]


def shown(row: Checked, of: int, urls: Mapping[str, str]) -> dict[str, object]:
    """A finding as the check-list component takes it; it names its channels where it does not hold for all."""
    where = ", ".join(channel.get_platform_display() for channel in row.channels) if len(row.channels) < of else ""
    if row.part:
        where = f"{', '.join(channel.get_platform_display() for channel in row.channels)}, part {row.part + 1}"
    return judging.shown(row.judged, where, row.fix_value, urls)


def route(words: Words, sayings: Sequence[Said], by: User, now: datetime, checked: Sequence[Checked]) -> list[str]:
    """Who signs, and why; one sentence each, none twice."""
    told: dict[str, None] = {}
    second = judging.steps((row.judged for row in checked), "approve_post")
    for one in sayings:
        steps = approvals.shown(
            "post", by, one.channel, now, wording.payload(one), post_kind=words.kind, topic=words.topic
        )
        told |= dict.fromkeys([step.words for step in [*steps, *second]] or [approvals.FREE["post"][1]])
    return list(told)


def checked(words: Words, channels: Mapping[str, Channel], post: Post | None, now: datetime) -> list[Checked]:
    """What the checks say about words that may not be stored yet, with what was decided."""
    pictures, known = hung(words), judging.judgements("post", post.key if post else None)
    return look(words, said(words, channels, pictures), pictures, setting.at(now), known)


def fixed(words: Words, rows: Sequence[Checked], value: str) -> Words:
    """The words with one fix of a finding put in; unchanged when the text has moved on since."""
    row = next((one for one in rows if one.fix_value == value), None)
    return _put(words, value.split(":")[0], row.finding) if row else words


def _put(words: Words, where: str, finding: checks.Finding) -> Words:
    """Findings are about the text without the space around it; so is what comes back."""
    if where == "all":
        return words.but(text=checks.apply(words.text.strip(), finding))
    key, _, part = where.partition(".")
    if part:
        parts = list(words.more[key].parts)
        parts[int(part) - 1] = checks.apply(parts[int(part) - 1].strip(), finding)
        return words.but(more={**words.more, key: replace(words.more[key], parts=tuple(parts))})
    return words.but(own={**words.own, where: checks.apply(words.own[where].strip(), finding)})
