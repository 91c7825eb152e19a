"""The news pages of the town, read by their RSS or Atom feed. There is nothing to send and nobody to answer here.

A feed is asked for only if it has changed since; what did not change is not sent again by its server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import requests

from channels_app.platforms import http, rss_reading, unsent
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
    TryLater,
)
from channels_app.platforms.rss_reading import Broken, Read
from channels_app.platforms.verdicts import Answered, Verdict, after_read, ended, proof

NAME = "rss"
LABEL = "RSS or Atom feed"
HOST = ""
CAN = frozenset({"own_posts"})
STREAMS = ("posts",)
KEYED = False
NEEDS = (
    Need(
        "feed",
        "Address of the feed",
        "Like https://www.example.gov/news/feed. Pages that have one often mark it RSS, Atom or Subscribe.",
        shown=True,
    ),
)
TABLE: Mapping[str, Verdict] = {
    "401": Verdict("This feed is not public: its server asks who is reading.", cause="permission"),
    "403": Verdict("The server of this feed does not let Parley read it.", cause="permission"),
    "404": Verdict("There is no feed at this address any more.", cause="gone"),
    "410": Verdict("There is no feed at this address any more.", cause="gone"),
    "429": Verdict("The server of this feed lets Parley ask no more for now.", wait=900, whole_channel=True),
}
PROOF = proof(TABLE)
LIMITS = Limits(text=1, images=0, image_bytes=0, alt=0, mimes=frozenset())
CAP = 4 * 1024 * 1024
REMEMBERED = 100
T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """A feed as it was read last, and the marks its server gave for it."""

    marks: Mapping[str, str]
    read: Read


_kept: dict[str, Kept] = {}  # by address; a process that forgets reads the whole feed once more


def host_of(secrets: Mapping[str, str]) -> str:
    """The server in the address of the feed, so that nobody has to type it twice."""
    return urlsplit(secrets.get("feed", "").strip()).hostname or ""


def objection(secrets: Mapping[str, str]) -> str:
    """What is wrong with what was typed, "" where nothing is."""
    if urlsplit(secrets.get("feed", "").strip()).scheme == "https" and host_of(secrets):
        return ""
    return "The address of a feed starts with https://. Copy it from the browser."


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(len(text), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    return outgoing.text


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _feed(account: Account, *, first: bool = False) -> tuple[str, Read]:
    """The feed as it now is. One that is damaged may be whole again next time; on connecting it is not taken."""
    address = account.secrets["feed"].reveal() if "feed" in account.secrets else ""
    problem = objection({"feed": address})
    if problem or host_of({"feed": address}) != account.host:
        raise Refused(problem or "This feed is on another server.", cause="content", code="unusable")
    try:
        return address, _read(lambda: _asked(account, address))
    except Broken as fault:
        said = str(fault)
    if first:
        raise Refused(said, cause="content", code="broken")
    raise TryLater(said, wait=900, code="broken")


def _asked(account: Account, address: str) -> Read:
    kept = _kept.get(address)
    headers = {"Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"}
    answer = _get(account, address, headers | dict(kept.marks if kept else {}))
    if answer.status_code == 304 and kept:
        return kept.read
    if answer.status_code != 200:
        told = answer.headers.get("Retry-After", "")
        raise Answered(str(answer.status_code), wait=float(told) if told.isdigit() else 0)
    read = rss_reading.read(answer.content, answer.headers.get("Content-Type", ""), address)
    marks = {"If-None-Match": answer.headers.get("ETag", "")}
    marks["If-Modified-Since"] = answer.headers.get("Last-Modified", "")
    if len(_kept) >= REMEMBERED:
        _kept.clear()
    _kept[address] = Kept({name: mark for name, mark in marks.items() if mark}, read)
    return read


def _get(account: Account, address: str, headers: Mapping[str, str]) -> requests.Response:
    """Somebody typed this address: it is read like every address from outside. In practice it is the emulator's."""
    if not account.practice:
        return http.get_public(address, cap=CAP, headers=headers)
    with http.session(account, cap=CAP) as line:
        return line.get(address, headers=dict(headers))


def profile(account: Account) -> Profile:
    address, read = _feed(account, first=True)
    bare = address.partition("://")[2].rstrip("/")
    return Profile(
        remote_id=hashlib.sha256(bare.lower().encode()).hexdigest()[:32],
        handle=bare[:120],
        name=read.title or account.host,
        url=read.url[:200] or f"https://{account.host}/",
    )


steps = unsent.steps
prepare = unsent.prepare
send = unsent.send
search = unsent.search
metrics = unsent.metrics


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    return Lookup()


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    """One item as the feed has it. A feed shows the newest only, so one that left it says nothing about the page."""
    _, found = _feed(account)
    for one in found.items:
        if one.remote_id == remote_id:
            return rss_reading.item(account, one)
    raise Refused("This is no longer in the feed, which shows the newest only.", cause="content", code="left")


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    """The whole feed, newest first: feeds have no further pages."""
    _, found = _feed(account)
    items = [rss_reading.item(account, one) for one in found.items]
    return Page(items, newest=items[0].remote_id if items else "")
