"""Places without an API that Parley may use, served by hand: a person posts there and says where it is.

Nothing here ever calls anything. When its time has come a delivery waits for a person, who copies the words and
pictures from its page, posts them, and pastes the address of what is out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from channels_app.platforms import plaintext, unsent
from channels_app.platforms.base import (
    Account,
    Incoming,
    Limits,
    Lookup,
    Measured,
    Need,
    Outgoing,
    Page,
    Profile,
    Refused,
)

NAME = "manual"
LABEL = "By hand"
HOST = "by-hand.invalid"  # nothing is ever asked there
BY_HAND = True  # what is due goes to a person instead of to a platform
CAN = frozenset({"publish", "link", "images"})
STREAMS: Sequence[str] = ()
KEYED = False
PROOF: Mapping[str, str] = {}
NEEDS = (
    Need(
        "profile",
        "Address of the profile",
        "Where people see what the town posts there, like https://nextdoor.com/agency-detail/fernhill.",
        shown=True,
    ),
)
# Whoever posts sees what the place takes; these are generous, and Parley's own.
LIMITS = Limits(
    text=10_000,
    images=10,
    image_bytes=20 * 1024 * 1024,
    alt=2000,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
)


def objection(secrets: Mapping[str, str]) -> str:
    """What is wrong with what was typed, "" where nothing is."""
    where = urlsplit(secrets.get("profile", "").strip())
    if where.scheme == "https" and where.hostname and "." in where.hostname:
        return ""
    return "The address of the profile starts with https://. Copy it from the browser."


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(len(plaintext.with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    """What is to be copied: the words, with the link below them."""
    return plaintext.with_link(outgoing.text, outgoing.link)


def profile(account: Account) -> Profile:
    """Nobody is asked: the address that was typed is all there is."""
    address = account.secrets["profile"].reveal() if "profile" in account.secrets else ""
    problem = objection({"profile": address})
    if problem:
        raise Refused(problem, cause="content", code="unusable")
    bare = address.partition("://")[2].strip("/")
    mark = hashlib.sha256(bare.lower().encode()).hexdigest()[:32]
    return Profile(remote_id=mark, handle=bare[:120], name=urlsplit(address).hostname or "", url=address[:200])


steps = unsent.steps
prepare = unsent.prepare
send = unsent.send
search = unsent.search
metrics = unsent.metrics


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    """Nobody can look there but a person."""
    return Lookup(complete=False)


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    raise Refused("Nobody can look there but a person.", cause="content", code="unable")


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    return Page(())
