"""How each channel will show a post: folded as it stands in the feed, opened, and as a screen reader says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from calendar_app import checking, filming, wording
from calendar_app.carrying import Poll
from calendar_app.filming import Film
from calendar_app.wording import Said
from channels_app import media, prices
from channels_app.models import Channel, Media
from policy import speech
from policy.setting import Setting

# Where the feed folds a text: after so many characters or lines. X and Mastodon show what they take in one piece.
FOLDS = {"facebook": (477, 5), "instagram": (125, 2), "linkedin": (210, 3)}
MORE = {"facebook": "See more", "linkedin": "see more", "x": "Show more", "mastodon": "Read more", "instagram": "more"}
MORE |= {"youtube": "...more", "vimeo": "Read more"}
FEET = {
    "facebook": [("thumbs-up", "Like"), ("message-circle", "Comment"), ("share", "Share")],
    "linkedin": [("thumbs-up", "Like"), ("message-circle", "Comment"), ("repeat-2", "Repost"), ("send", "Send")],
    "x": [("message-circle", "Reply"), ("repeat-2", "Repost"), ("heart", "Like"), ("chart-no-axes-column", "Views")],
    "bluesky": [("message-circle", "Reply"), ("repeat-2", "Repost"), ("heart", "Like"), ("share", "Share")],
    "mastodon": [("reply", "Reply"), ("repeat-2", "Boost"), ("star", "Favourite"), ("bookmark", "Bookmark")],
    "instagram": [("heart", "Like"), ("message-circle", "Comment"), ("share", "Share"), ("bookmark", "Save")],
    "youtube": [("thumbs-up", "Like"), ("message-circle", "Comment"), ("share", "Share")],
    "vimeo": [("heart", "Like"), ("message-circle", "Comment"), ("share", "Share")],
}


@dataclass(frozen=True)
class Still:
    """What stands for a video in a preview."""

    url: str
    alt: str
    length: str
    words: str


@dataclass(frozen=True)
class Preview:
    """One channel's view. `folded` is what stands in the feed before `more` is pressed, empty where nothing is folded;
    `over` what no longer fits. `parts` follow it. `cost` says what the platform charges, where it does.
    """

    channel: Channel
    text: str
    folded: str
    more: str
    pictures: list[tuple[str, str]]
    card: str
    poll: Poll | None
    parts: tuple[str, ...]
    feet: list[tuple[str, str]]
    cost: str
    title: str = ""
    film: Still | None = None
    left: Media | None = None  # the video that does not go out there


@dataclass(frozen=True)
class Heard:
    """One wording as a screen reader says it, and the channels that have it."""

    spoken: list[speech.Piece]
    places: str


def preview(words: Said, now: datetime) -> Preview:
    text, platform = wording.as_sent(words), words.channel.platform
    pictures = [
        (media.link(one.media, now, small=True), one.alt) for one in words.pictures if one.media.state == "ready"
    ]
    shown_apart = words.link if words.link and words.link not in text else ""
    return Preview(
        channel=words.channel,
        text=text,
        folded=folded(text, platform),
        more=MORE.get(platform, "See more"),
        pictures=pictures,
        card=urlsplit(shown_apart).hostname or "",
        poll=words.more.poll,
        parts=words.goes_more.parts,
        feet=FEET.get(platform, []),
        title=words.more.title,
        film=_still(words.film, now) if words.film else None,
        left=words.left.media if words.left else None,
        cost=prices.said(words.channel, [text, *words.goes_more.parts], now.date()),
    )


def _still(film: Film, now: datetime) -> Still:
    """Its picture, how long it is, and whether captions go with it there."""
    sent = film.captions is not None or film.standing == "open"
    words = filming.STANDING[film.standing] if sent else "no captions there"
    url = media.link(film.media, now, small=True) if film.media.state == "ready" else ""
    return Still(url, film.hung.alt, film.length, words)


def folded(text: str, platform: str) -> str:
    """What stands in the feed of a text that is folded there, cut at a word; "" where it stands there whole."""
    if platform not in FOLDS:
        return ""
    most, rows = FOLDS[platform]
    head = "\n".join(text.split("\n")[:rows])
    if len(head) > most:
        head = head[:most].rsplit(None, 1)[0]
    return "" if head == text else head.rstrip()


def heard(sayings: Sequence[Said], here: Setting) -> list[Heard]:
    """Each different wording once, as it is heard, with the alt texts in their places."""
    found: dict[str, list[Said]] = {}
    for one in (piece for whole in sayings for piece in wording.pieces(whole)):
        found.setdefault(wording.as_sent(one), []).append(one)
    return [
        Heard(speech.spoken(text, checking.draft(rows[0], here).pictures), ", ".join(_place(one) for one in rows))
        for text, rows in found.items()
    ]


def _place(words: Said) -> str:
    name = words.channel.get_platform_display()
    return f"{name}, part {words.part + 1}" if words.part else name
