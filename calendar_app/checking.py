"""What the checks say about a post, channel by channel, and what people decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from calendar_app import carrying, declaring, filming, wording
from calendar_app.declaring import Paid
from calendar_app.models import Placement, Post
from calendar_app.wording import About, Said
from channels_app import platforms
from channels_app.models import Channel
from policy import checks, firing, judging, profile, setting
from policy.approvals import Step
from policy.firing import Fired
from policy.judging import Judged
from policy.models import Judgement
from policy.setting import Setting

RANK = {"must": 0, "should": 1, "consider": 2}


@dataclass(frozen=True)
class Checked:
    """A finding, what was decided about it, and the channels it holds for; `fix_value` names the fix in the form."""

    judged: Judged
    channels: tuple[Channel, ...]
    fix_value: str = ""
    part: int = 0  # which of the texts that follow the post; 0 is the post itself

    @property
    def finding(self) -> checks.Finding:
        return self.judged.finding


def context(words: Said, at: Setting, same_words_at: str = "") -> checks.Context:
    count = wording.measured(words)
    limits = platforms.get(words.channel.platform).limits(wording.account(words.channel))
    return replace(
        _about(words.about, at, words.channel.scope_id),
        place=words.channel.get_platform_display(),
        network=words.channel.platform,
        used=count.used,
        limit=count.limit,
        pictures=limits.images,
        picture_bytes=limits.image_bytes,
        alt=limits.alt,
        mimes=limits.mimes,
        same_words_at=same_words_at,
        **(_beside(words) if not words.part else {}),
    )


def _beside(words: Said) -> dict[str, Any]:
    """What the channel takes beside words and pictures."""
    limits, takes = filming.limits(words.channel), filming.takes(words.channel)
    told: dict[str, Any] = {"must": frozenset(limits.must), "title": carrying.can(words.channel).title}
    if takes is None:
        return told
    return told | {
        "films": True,
        "film_bytes": takes.size,
        "film_seconds": (takes.least, takes.most),
        "film_mimes": takes.mimes,
        "film_captions": takes.captions,
        "together": limits.together,
    }


def _about(about: About, at: Setting, scope_id: int | None) -> checks.Context:
    return replace(
        at.context(profile.POST),
        situation=at.situation(about.situation, scope_id),  # type: ignore[arg-type]
        topic=about.topic,
        facts=frozenset(about.facts),
        people_behind=about.kind == "people",
    )


def draft(words: Said, at: Setting) -> checks.Draft:
    pictures = tuple(
        declaring.image(
            one.alt,
            declaring.of_json(one.declared),
            words.text,
            at.disclosures,
            name=one.media.name,
            bytes=one.media.bytes,
            mime=one.media.mime,
        )
        for one in words.pictures
    )
    paid = Paid() if words.part else words.about.paid  # told once, in the post itself
    return checks.Draft(
        words.text,
        words.link,
        pictures,
        videos=(filming.as_checked(words.film),) if words.film else (),
        title=words.more.title if words.channel.platform and not words.part else None,
        left_out=words.left is not None,
        language=words.language or None,
        paid=paid.paid or None,
        partner=paid.partner,
    )


def check_all(
    all_words: Iterable[Said], at: Setting, known: Mapping[str, Judgement], same_words: Mapping[int, str] | None = None
) -> list[Checked]:
    """The findings of every channel's words, each one once with the channels it holds for, the gravest first."""
    found: dict[tuple[object, ...], tuple[checks.Finding, list[Channel], str, int]] = {}
    for words in (piece for whole in all_words for piece in wording.pieces(whole)):
        again = (same_words or {}).get(words.channel.pk, "") if not words.part else ""
        for one in checks.check(draft(words, at), context(words, at, again)):
            where = _where(words)
            span = one.span if one.fix else None
            kind = (one.rule, one.level, one.words, one.quote, span, where if one.fix else "", words.part)
            found.setdefault(kind, (one, [], fix_value(where, one), words.part))[1].append(words.channel)
    rows = [
        Checked(judged, tuple(channels), fix, part)
        for (one, channels, fix, part) in found.values()
        for judged in judging.judged([one], known)
    ]
    return sorted(rows, key=lambda row: RANK[row.finding.level])


def _where(words: Said) -> str:
    """Which text of the form these words are."""
    key = str(words.channel.key)
    return f"{key}.{words.part}" if words.part else key if words.own else "all"


def nowhere(words: Said, at: Setting, known: Mapping[str, Judgement]) -> list[Checked]:
    """The findings that hold wherever it goes, while no channel is chosen."""
    found = checks.check(draft(words, at), _about(words.about, at, None))
    rows = [Checked(one, (), fix_value("all", one.finding)) for one in judging.judged(found, known)]
    return sorted(rows, key=lambda row: RANK[row.finding.level])


def fix_value(where: str, finding: checks.Finding) -> str:
    span = finding.fix and (finding.fix.span or finding.span)
    return f"{where}:{finding.rule}:{span[0]}:{span[1]}" if span else ""


def of_post(post: Post, at: Setting) -> list[Checked]:
    """The same for the whole post, which may have no channel yet."""
    placements = _living(post)
    if placements:
        return of_placements(post, placements, at)
    hung = tuple(post.pictures.all())
    words = wording.nowhere(post.text, post.link, hung, post.language, wording.about(post))
    return nowhere(words, at, judging.judgements("post", post.key))


def of_placements(post: Post, placements: Iterable[Placement], at: Setting) -> list[Checked]:
    """What the checks say about stored words, with what was decided."""
    sayings = [wording.said(one, post) for one in placements]
    return check_all(sayings, at, judging.judgements("post", post.key))


def open_musts(post: Post, placements: Iterable[Placement], at: Setting) -> list[checks.Finding]:
    return judging.open_musts(row.judged for row in of_placements(post, placements, at))


def override_steps(post: Post, placements: Iterable[Placement], now: datetime) -> list[Step]:
    """The signatures that overridden checks ask for. Without any such override nothing is checked."""
    known = judging.judgements("post", post.key)
    if not any(one.what == "overridden" and one.signed for one in known.values()):
        return []
    rows = check_all([wording.said(one, post) for one in placements], setting.at(now), known)
    return judging.steps((row.judged for row in rows), "approve_post")


def about_post(post: Post) -> judging.About:
    return judging.About("post", post.key, post)


def note_firings(post: Post, rows: Iterable[Checked], at: Setting, now: datetime) -> None:
    """Remember what fired on these words, at a save or an act of a person; not while one types.

    What rules that are switched off would have said is remembered too, as not shown to anybody.
    """
    fired = [Fired(row.finding, [one.scope_id for one in row.channels]) for row in rows]
    if at.posts.off:
        loud = replace(at, posts=replace(at.posts, off=frozenset()))
        silent = [row for row in of_post(post, loud) if row.finding.rule in at.posts.off]
        fired += [Fired(row.finding, [one.scope_id for one in row.channels], off=True) for row in silent]
    firing.note("post", post.key, fired, now)


def _living(post: Post) -> list[Placement]:
    return [one for one in post.placements.all() if one.state != "cancelled"]
