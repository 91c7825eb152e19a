"""A platform whose timeline a test writes by hand: pages, faults, items that are shown late."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import pytest

from channels_app import platforms
from channels_app.platforms.base import Account, Incoming, Limits, Lookup, Measured, Outgoing, Page, Receipt


@dataclass
class Scripted:
    """Gives a stream newest first. `shown` hides an item until a time; `faults` are raised call by call."""

    items: list[Incoming] = field(default_factory=list)
    page_size: int = 50
    at: datetime | None = None
    shown: dict[str, datetime] = field(default_factory=dict)
    faults: list[Exception | None] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    endings: list[Exception] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    found: list[Lookup] = field(default_factory=list)
    sorted_of: tuple[object, list[Incoming]] = (None, [])  # what a stream was sorted from, and how it then was

    NAME = LABEL = "Scripted"
    CAN = frozenset({"publish", "reply", "comments", "mentions", "own_posts", "direct"})
    STREAMS = ("posts", "comments", "mentions")
    THREADS = False
    KEYED = True
    PROOF: ClassVar[dict[str, str]] = {"refused": "refused before it was taken"}

    def fetch(self, account: Account, stream: str, page: str, root: str = "") -> Page:
        self.calls.append((stream, root, page))
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        rows = self.newest_first(stream, root)
        start = self.start_of(page, rows) if page else 0
        part = rows[start : start + self.page_size]
        more = rows[start + self.page_size : start + self.page_size + 1]
        newest = rows[0].remote_id if rows else ""
        return Page(part, f"<{more[0].remote_id}" if more else "", newest)

    def place_of(self, item: Incoming) -> tuple[datetime, str]:
        """By when it was written; where comments come by thread, by when that was begun."""
        if not self.THREADS:
            return (item.at, item.remote_id)
        top = next((one for one in self.items if one.remote_id == item.thread_key), item)
        return (top.at, item.remote_id)

    def start_of(self, page: str, rows: list[Incoming]) -> int:
        """Where a page begins; like a platform's, its mark is a place in time, also when the item there is gone."""
        mark = next((item for item in self.items if item.remote_id == page[1:]), None)
        if mark is None:
            return len(rows)
        place = self.place_of(mark)
        return bisect_left(range(len(rows)), True, key=lambda n: self.place_of(rows[n]) <= place)

    def newest_first(self, stream: str, root: str) -> list[Incoming]:
        """Sorted once for as long as nothing changes: a long walk asks for hundreds of pages of one list."""
        of = (stream, root, self.at, self.items.copy(), self.gone.copy(), self.shown.copy())
        if self.sorted_of[0] != of:
            self.sorted_of = of, sorted(self.visible(stream, root), key=self.place_of, reverse=True)
        return self.sorted_of[1]

    def visible(self, stream: str, root: str) -> list[Incoming]:
        kinds = {"posts": {"post"}, "comments": {"comment"}, "mentions": {"mention", "direct", "reply"}}[stream]
        found = [item for item in self.items if item.kind in kinds and item.remote_id not in self.gone]
        found = [item for item in found if stream != "comments" or item.root_id == root]
        if self.at is None:
            return found
        return [item for item in found if self.shown.get(item.remote_id, item.at) <= self.at]

    def read(self, account: Account, remote_id: str, kind: str) -> Incoming | None:
        if remote_id in self.gone:
            return None
        return next((item for item in self.items if item.remote_id == remote_id), None)

    def search(self, account: Account, phrases: Sequence[str], since: datetime) -> list[Incoming]:
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        return [item for item in self.items if item.at >= since]

    def steps(self, account: Account, outgoing: Outgoing) -> list[str]:
        return []

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        self.sent.append(outgoing)
        if self.endings:
            raise self.endings.pop(0)
        remote_id = f"ours-{len(self.sent)}"
        return Receipt(remote_id, f"https://social.fernhill.example/{remote_id}")

    def look_up(self, account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
        return self.found.pop(0) if self.found else Lookup()

    def words(self, outgoing: Outgoing) -> str:
        return f"{outgoing.mention} {outgoing.text}".strip()

    def measure(self, text: str, account: Account | None = None, link: str = "") -> Measured:
        return Measured(len(text), 500)

    def limits(self, account: Account | None) -> Limits:
        return Limits(500, 4, 1_000_000, 1500, frozenset({"image/png"}))


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Every platform is this one for the length of a test."""
    platform = Scripted()
    get: Callable[[str], Scripted] = lambda name: platform  # noqa: E731
    monkeypatch.setattr(platforms, "get", get)
    return platform
