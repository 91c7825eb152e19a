"""What a post may carry beside its words: further parts, a poll, a quote, a consent; and what is wrong with them.

What a channel's platform cannot do is never carried there: `fitting` leaves it out, so nothing is offered or approved
that could not go out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from calendar_app.models import Placement
from channels_app import outbox, platforms
from channels_app.models import Channel
from channels_app.platforms.base import Account, PollLimits

MINUTES = [
    (60, "1 hour"),
    (6 * 60, "6 hours"),
    (24 * 60, "1 day"),
    (3 * 24 * 60, "3 days"),
    (7 * 24 * 60, "7 days"),
]


@dataclass(frozen=True)
class Poll:
    """Answers to choose one from, open for so many minutes. The question is the post's text."""

    options: tuple[str, ...]
    minutes: int = 24 * 60


@dataclass(frozen=True)
class More:
    """What one channel gets beside its wording: the texts that follow it there, a poll, and a title."""

    parts: tuple[str, ...] = ()
    poll: Poll | None = None
    title: str = ""


@dataclass(frozen=True)
class Quote:
    """Somebody's words: who said them and where. `card` is the picture made of them."""

    words: str = ""
    by: str = ""
    source: str = ""
    card: str = ""


@dataclass(frozen=True)
class Consent:
    """That the staff shown agreed and nobody is put at risk by it; `by` (a person's key) recorded it `at` (ISO)."""

    people: str = ""
    safe: bool = False
    by: str = ""
    at: str = ""

    @property
    def recorded(self) -> bool:
        return bool(self.people and self.safe and self.by)


@dataclass(frozen=True)
class Can:
    """What may be carried on a channel: so many further parts, under which name, what a poll may be, how long a title.

    `title` is 0 where posts have none.
    """

    parts: int
    thread: bool
    poll: PollLimits | None
    title: int = 0


def can(channel: Channel) -> Can:
    platform = platforms.get(channel.platform)
    known = Account(channel.platform, channel.host, "", "", {}, channel.practice, channel.limits)
    limits = platform.limits(known)
    return Can(
        parts=outbox.most_parts(platform),
        thread="thread" in platform.CAN,
        poll=limits.poll if "poll" in platform.CAN else None,
        title=limits.title if "title" in platform.CAN else 0,
    )


def fitting(more: More, channel: Channel) -> More:
    """As much of it as this channel's platform can do, without empty parts and options."""
    able = can(channel)
    parts = tuple(one.strip() for one in more.parts if one.strip())[: able.parts]
    return More(parts, more.poll if able.poll else None, more.title.strip() if able.title else "")


def of_columns(parts: Sequence[str], poll: Mapping[str, Any], title: str = "") -> More:
    return More(tuple(parts), Poll(tuple(poll["options"]), int(poll["minutes"])) if poll else None, title)


def of_placement(placement: Placement) -> More:
    return of_columns(placement.parts, placement.poll, placement.title)


def as_json(more: More) -> dict[str, Any]:
    """Only what is there: what carries nothing is an empty document."""
    found: dict[str, Any] = {"parts": list(more.parts)} if more.parts else {}
    found |= {"poll": poll_json(more.poll)} if more.poll else {}
    return found | ({"title": more.title} if more.title else {})


def said(what: Quote | Consent) -> dict[str, Any]:
    return {name: value for name, value in asdict(what).items() if value}


def poll_json(poll: Poll | None) -> dict[str, Any]:
    return {"options": list(poll.options), "minutes": poll.minutes} if poll else {}


def of_json(kept: Mapping[str, Any]) -> More:
    return of_columns(kept.get("parts", ()), kept.get("poll") or {}, kept.get("title", ""))


def problems(more: More, channel: Channel, pictures: int) -> list[str]:
    """What stands against it, in sentences; what the checks say about the words is not repeated."""
    limits = can(channel).poll
    if more.poll is None or limits is None:
        return []
    name, options = channel.get_platform_display(), [one.strip() for one in more.poll.options]
    found = []
    if len(options) < 2:
        found.append(f"The poll on {name} needs at least two answers.")
    if len(options) > limits.options:
        found.append(f"{name} takes {limits.options} answers in a poll at most; there are {len(options)}.")
    if len({one.casefold() for one in options}) < len(options):
        found.append(f"Two answers of the poll on {name} are the same.")
    found += [
        f"“{one}” is too long for an answer on {name}: {len(one)} of {limits.option} characters."
        for one in options
        if len(one) > limits.option
    ]
    if not limits.least <= more.poll.minutes <= limits.most:
        found.append(f"A poll on {name} cannot be open for so long.")
    if pictures:
        found.append(f"{name} shows a poll or pictures, not both. Take one of them out.")
    return found


def quote_problems(kind: str, quote: Quote, texts: Sequence[str], alts: Mapping[str, str]) -> list[str]:
    """A quote says who said it and where, stands in the text, and its card says the same to those who cannot see it."""
    if kind != "quote" and not quote.words:
        return []
    if not (quote.words and quote.by and quote.source):
        return ["A quote needs its words, who said them, and where they come from."]
    found = []
    if any(_plain(quote.words) not in _plain(text) for text in texts):
        found.append("The words of the quote have to stand in the text as well.")
    if quote.card in alts and _plain(alts[quote.card]) != _plain(quote.words):
        found.append("The alt text of the quote card has to be the words of the quote.")
    return found


def consent_problems(kind: str, consent: Consent) -> list[str]:
    if kind != "behind" or consent.recorded:
        return []
    return ["Behind the scenes: record who is shown and that they agreed, and that nobody is put at risk."]


def recorded(said: Consent, known: Consent, by: str, at: str) -> Consent:
    """A consent as a form sent it: whose word it is, and since when, is not the form's to say."""
    if not (said.people and said.safe):
        return replace(said, by="", at="")
    same = (said.people, said.safe) == (known.people, known.safe)
    return known if same and known.recorded else replace(said, by=by, at=at)


def _plain(text: str) -> str:
    return " ".join(text.replace("“", "").replace("”", "").replace('"', "").split()).casefold()
