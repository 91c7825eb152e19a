"""What a placement says: its payload as it would be frozen, its hash, how long it is, and what the checks find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.walltime import to_wall
from calendar_app.models import Placement, Post, PostPicture
from channels_app import platforms
from channels_app.models import Channel, Delivery
from channels_app.platforms.base import Account, Measured, Outgoing, Picture
from channels_app.publishing.outgoing import text_hash
from policy import approvals, checks

SAME_WORDS = timedelta(hours=48)
NEAR = 0.9


@dataclass(frozen=True)
class Said:
    """What would go out on one channel, whether it is stored already or still being typed."""

    channel: Channel
    text: str
    link: str = ""
    pictures: tuple[PostPicture, ...] = ()
    language: str = ""
    own: bool = False


@dataclass(frozen=True)
class Checked:
    """A finding and the channels it holds for; `fix_value` names the fix in the composer's form."""

    finding: checks.Finding
    channels: tuple[Channel, ...]
    fix_value: str = ""


def said(placement: Placement, post: Post | None = None) -> Said:
    post = post or placement.post
    return Said(
        channel=placement.channel,
        text=(placement.text or post.text).strip(),
        link=post.link,
        pictures=tuple(post.pictures.all()),
        language=post.language,
        own=bool(placement.text),
    )


def payload(words: Said) -> dict[str, object]:
    """The words as a delivery freezes them and an approval covers them."""
    return {
        "text": words.text,
        "link": words.link,
        "pictures": [{"media": str(one.media.key), "alt": one.alt.strip()} for one in words.pictures],
        "reply_to": "",
        "root": "",
        "target": "",
        "mention": "",
        "visibility": "public",
        "language": words.language,
    }


def content_hash(placement: Placement, post: Post | None = None) -> str:
    return approvals.content_hash(payload(said(placement, post)), placement.channel.key)


def account(channel: Channel) -> Account:
    """The account as far as counting needs it: without its tokens."""
    return Account(
        channel.platform, channel.host, channel.remote_id, channel.handle, {}, channel.practice, channel.limits
    )


def measured(words: Said) -> Measured:
    """How long it is, by the platform's own count, with the link where it goes into the text."""
    link = words.link
    if words.channel.platform == "facebook" and words.pictures and link and link not in words.text:
        return platforms.get("facebook").measure(f"{words.text}\n\n{link}", account(words.channel))
    return platforms.get(words.channel.platform).measure(words.text, account(words.channel), link)


def counted_state(count: Measured) -> str:
    if count.used > count.limit:
        return "over"
    return "near" if count.used > count.limit * NEAR else ""


def outgoing(words: Said) -> Outgoing:
    blank = [Picture(str(one.media.key), one.media.mime, one.alt, 0, 0, b"") for one in words.pictures]
    return Outgoing("post", text=words.text, link=words.link, pictures=blank, language=words.language)


def as_sent(words: Said) -> str:
    """The text exactly as the platform gets it."""
    return platforms.get(words.channel.platform).words(outgoing(words))


def findings(words: Said, same_words_at: str = "") -> list[checks.Finding]:
    count = measured(words)
    limits = platforms.get(words.channel.platform).limits(account(words.channel))
    pictures = tuple(checks.Image(one.alt, one.media.name, one.media.bytes, one.media.mime) for one in words.pictures)
    context = checks.Context(
        place=words.channel.get_platform_display(),
        used=count.used,
        limit=count.limit,
        pictures=limits.images,
        picture_bytes=limits.image_bytes,
        alt=limits.alt,
        mimes=limits.mimes,
        same_words_at=same_words_at,
    )
    return checks.check(checks.Draft(words.text, words.link, pictures), context)


def check_all(all_words: Iterable[Said], same_words: dict[int, str] | None = None) -> list[Checked]:
    """The findings of every channel's words, each one once with the channels it holds for, the gravest first."""
    found: dict[tuple[object, ...], tuple[checks.Finding, list[Channel], str]] = {}
    for words in all_words:
        for one in findings(words, (same_words or {}).get(words.channel.pk, "")):
            where = str(words.channel.key) if words.own else "all"
            kind = (one.rule, one.words, one.quote, one.span if one.fix else None, where if one.fix else "")
            fix = f"{where}:{one.rule}:{one.span[0]}:{one.span[1]}" if one.fix and one.span else ""
            found.setdefault(kind, (one, [], fix))[1].append(words.channel)
    rank = {"must": 0, "should": 1, "consider": 2}
    rows = [Checked(one, tuple(channels), fix) for one, channels, fix in found.values()]
    return sorted(rows, key=lambda row: rank[row.finding.level])


def same_words_soon(post: Post | None, all_words: Iterable[Said], due_at: datetime, zone: str) -> dict[int, str]:
    """By channel: when the same words go or went out there within two days of `due_at`, in words."""
    mine = {words.channel.pk: text_hash(words.channel, outgoing(words)) for words in all_words if words.text}
    rows = (
        Delivery.objects.filter(channel__in=mine, text_hash__in=mine.values(), kind="post")
        .filter(due_at__range=(due_at - SAME_WORDS, due_at + SAME_WORDS))
        .exclude(state__in=["cancelled", "failed", "removed"])
        .order_by("due_at")
    )
    if post is not None:
        rows = rows.exclude(release__placement__post=post)
    told: dict[int, str] = {}
    for row in rows:
        if mine[row.channel_id] == row.text_hash:
            told.setdefault(row.channel_id, f"on {day_and_time(row.due_at, zone)}")
    return told


def place(channel: Channel) -> str:
    """Fernhill Town (Facebook), and a name that says its platform as it is."""
    platform = channel.get_platform_display()
    return channel.name if channel.name.endswith(f" on {platform}") else f"{channel.name} ({platform})"


def places(placements: Iterable[Placement]) -> str:
    return ", ".join(place(one.channel) for one in placements)


def day_and_time(moment: datetime, zone: str) -> str:
    """Thu 5 March, 10:00"""
    wall = to_wall(moment, zone)
    return f"{wall:%a} {wall.day} {wall:%B, %H:%M}"
