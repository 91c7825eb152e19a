"""A platform whose every answer a test decides, and that remembers what the public saw."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from channels_app import outbox, platforms
from channels_app.models import Delivery
from channels_app.platforms.base import (
    Account,
    Candidate,
    Ending,
    Incoming,
    Limits,
    Lookup,
    Measured,
    Outgoing,
    Receipt,
    Refused,
    TryLater,
    Uncertain,
)
from tests.factories import NOON

Answer = Receipt | Ending | Exception | Callable[[Outgoing], Receipt]
LATER = TryLater("Not now.", code="busy")
LIMIT = TryLater("The limit is reached.", code="limit", wait=600, whole_channel=True)
CONTENT = Refused("Too many words.", cause="content", code="content")
TOKEN = Refused("The token is not accepted any more.", cause="token", code="token")
PERMISSION = Refused("This account may not do this.", cause="permission", code="permission")
SILENCE = Uncertain("No answer came.", code="cut")


def after(**how_long: float) -> datetime:
    return NOON + timedelta(**how_long)


@dataclass
class Stage:
    """`answers`, `looks`, `uploads` and `reads` are used up call by call; without one a call goes well.

    `public` is what everybody can see. `send` puts a post there unless its answer is an ending; `late` puts one there
    in spite of the answer.
    """

    answers: list[Answer | None] = field(default_factory=list)
    looks: list[Lookup | Ending] = field(default_factory=list)
    uploads: list[Ending | Exception | None] = field(default_factory=list)
    reads: list[Incoming | Ending | None] = field(default_factory=list)
    step_names: Sequence[str] = ()
    sent: list[Outgoing] = field(default_factory=list)
    uploaded: list[str] = field(default_factory=list)
    public: list[Candidate] = field(default_factory=list)
    KEYED: bool = False
    STREAMS: Sequence[str] = ("posts", "mentions")
    CAN: frozenset[str] = frozenset({"publish", "reply", "hide", "like", "delete", "link", "images"})
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    NAME: ClassVar[str] = "stage"
    LABEL: ClassVar[str] = "Stage"
    PROOF: ClassVar[dict[str, str]] = dict.fromkeys(
        ("busy", "limit", "content", "token", "permission", "gone"), "proves it"
    )

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        self.sent.append(outgoing)
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            return answer(outgoing)
        if isinstance(answer, Exception):
            raise answer
        return answer or self.publish(outgoing)

    def publish(self, outgoing: Outgoing, at: datetime = NOON) -> Receipt:
        """The public sees it."""
        remote_id = outgoing.target or f"ours-{next(self.numbers)}"
        url = f"https://stage.example/{remote_id}"
        seen = Candidate(remote_id, url, outgoing.text, at, len(outgoing.pictures), outgoing.reply_to)
        self.public.append(seen)
        return Receipt(remote_id, url)

    def unseen(self, outgoing: Outgoing) -> Receipt:
        """It is taken, and the answer is lost."""
        self.publish(outgoing)
        raise SILENCE

    def look_up(self, account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
        look = self.looks.pop(0) if self.looks else self.honest(outgoing)
        if isinstance(look, Exception):
            raise look
        return look

    def honest(self, outgoing: Outgoing) -> Lookup:
        alike = (outgoing.text, outgoing.reply_to, len(outgoing.pictures))
        hits = [one for one in self.public if (one.text, one.reply_to, one.pictures) == alike]
        if outgoing.kind not in {"post", "reply"}:
            return Lookup(exact=next((one for one in self.public if one.remote_id == outgoing.target), None))
        return Lookup(hits)

    def steps(self, account: Account, outgoing: Outgoing) -> Sequence[str]:
        return self.step_names

    def prepare(self, account: Account, outgoing: Outgoing, step: str) -> str:
        self.uploaded.append(step)
        fault = self.uploads.pop(0) if self.uploads else None
        if fault:
            raise fault
        return f"id of {step}"

    def read(self, account: Account, remote_id: str, kind: str) -> Incoming | None:
        there = self.reads.pop(0) if self.reads else None
        if isinstance(there, Exception):
            raise there
        return there

    def words(self, outgoing: Outgoing) -> str:
        return outgoing.text

    def measure(self, text: str, account: Account | None = None, link: str = "") -> Measured:
        return Measured(len(text), 500)

    def limits(self, account: Account | None) -> Limits:
        return Limits(500, 4, 1_000_000, 1500, frozenset({"image/png"}))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Every platform is this one for the length of a test."""
    platform = Stage()
    monkeypatch.setattr(platforms, "get", lambda name: platform)
    return platform


def step(now: datetime = NOON) -> int:
    return outbox.step(now)


def live(delivery: Delivery, *moments: datetime) -> Delivery:
    """Let the outbox look at each of these moments; the delivery as it then is."""
    for moment in moments:
        outbox.step(moment)
    delivery.refresh_from_db()
    return delivery


def events(delivery: Delivery) -> list[str]:
    return list(delivery.attempts.order_by("id").values_list("event", flat=True))


@pytest.fixture
def incoming() -> Callable[[str], Incoming]:
    """An item of ours as a platform shows it."""

    def make(remote_id: str) -> Incoming:
        return Incoming("post", remote_id, remote_id, "", "", "us", "@us", "Us", "Text", NOON, "https://stage.example/")

    return make


@dataclass
class Layer:
    """A layer above the outbox: what it answers, and what it was told."""

    block: outbox.Block | None = None
    fault: Exception | None = None
    after_fault: Exception | None = None
    told: list[str] = field(default_factory=list)

    def recheck(self, delivery: Delivery, now: datetime) -> outbox.Block | None:
        if self.fault:
            raise self.fault
        return self.block

    def after(self, delivery: Delivery, now: datetime) -> None:
        if self.after_fault:
            raise self.after_fault
        self.told.append(delivery.state)


@pytest.fixture
def layer() -> Layer:
    """Registered as the origin `layer`."""
    one = Layer()
    outbox.register("layer", recheck=one.recheck, after=one.after)
    return one
