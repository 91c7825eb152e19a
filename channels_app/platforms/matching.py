"""Telling our own things apart on a platform that takes no key of ours."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_app.platforms.base import Candidate, Lookup, Outgoing
from channels_app.platforms.plaintext import normal, without_opening_handles

SLACK = timedelta(seconds=5)  # how far a platform's clock may be behind ours


def matches(words: str, outgoing: Outgoing, since: datetime, found: Candidate) -> bool:
    """Whether `found` may be this thing: same words, as many pictures, same parent, not older than the attempt."""
    return (
        found.at >= since - SLACK
        and found.pictures == len(outgoing.pictures)
        and found.reply_to == outgoing.reply_to
        and _core(found.text) == _core(words)
    )


def _core(text: str) -> str:
    return without_opening_handles(normal(text))


def made_public(words: str, outgoing: Outgoing, since: datetime, there: Candidate | None) -> Lookup:
    """What a look at a thing says that was prepared unseen and is shown by a call which may be repeated.

    `there` is None while nobody else can see it.
    """
    if there is None:
        return Lookup(resend_safe=True)
    new = matches(words, outgoing, since, there)
    return Lookup([there] if new else (), exact=there, resend_safe=True)


def done(outgoing: Outgoing, since: datetime) -> Candidate:
    """The answer of a look-up for an act that is seen to be done on its target."""
    return Candidate(outgoing.target, "", "", since, 0)
