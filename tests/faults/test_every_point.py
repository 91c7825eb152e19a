"""F2: a publisher dies at every named place, on every platform, whatever the platform answers.

Where a post needs a picture or a video, each place meets one of the answers, in turn. Each case is one row of a table:
the state that the death leaves and what the page then says, the state after the lease and what the page says then, and
how it ends. Death is an exception that nobody catches, which cuts transactions as the end of a process does; time and
the emulator's clock are led by the test. Real kills are in `test_failpoints`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts import clock
from channels_app import connecting, failpoints, films, outbox
from channels_app.emulator.client import Emulator
from channels_app.models import Attempt, Channel, Delivery
from channels_app.platforms import http
from channels_app.publishing import prepare
from channels_app.publishing.outgoing import outgoing, platform_of
from channels_app.publishing.sweep import sweep
from policy.approvals import content_hash, free
from tests.factories import make_payload
from tests.factories_films import make_film
from tests.faults.conftest import MUST, SHOWN, WORDS_ALONE, World, made
from tests.faults.judging import between_two_intents_stands_a_proof

pytestmark = pytest.mark.django_db
SECONDS = 0.3  # a call's time limit here
ANSWERS = ("accepted", "rejected", "hung")
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(4072)  # which is all the emulator looks at

BEFORE = ("after_claim", "before_intent")
PREPARING = ("after_upload", "after_container")
UNSENT = ("after_intent", "after_connect", "mid_body")  # the intent stands, and the platform has got nothing whole
SENT = ("after_body", "after_answer", "before_result", "in_after", "in_sweep", "in_reconcile")

PUBLISHING = ("Publishing…", "")
LATER = ("Publishing…", "a little later than planned")
CHECKING = ("Checking with {label}", "will not be sent twice")
OUT = ("Published", "")
OUT_LATE = ("Published", "late")
REFUSED = ("Waiting", "{why}")


class Death(BaseException):
    """The end of the process, as far as the code can tell."""


def left(place: str, answer: str) -> tuple[str, tuple[str, str]]:
    """State and words right after the death."""
    if place in BEFORE:
        return "claimed", PUBLISHING
    if place in PREPARING:
        return "preparing", PUBLISHING
    written_down = {"accepted": ("published", OUT), "rejected": ("blocked", REFUSED), "hung": ("unknown", CHECKING)}
    if place == "after_result" or spared(place, answer):
        return written_down[answer]
    return ("unknown", CHECKING) if place == "in_reconcile" else ("sending", PUBLISHING)


def spared(place: str, answer: str) -> bool:
    """An open question is no end state: nobody is told yet."""
    return (place, answer) == ("in_after", "hung")


def after_lease(state: str, words: tuple[str, str]) -> tuple[str, tuple[str, str]]:
    """State and words once the lease is over and somebody has swept."""
    if state in {"claimed", "preparing"}:
        return "scheduled", LATER
    return ("unknown", CHECKING) if state == "sending" else (state, words)


def end(place: str, answer: str) -> tuple[str, tuple[str, str]]:
    """State and words in the end; what was hung up on goes out later, what was refused not at all."""
    if answer == "rejected":
        return "blocked", REFUSED
    in_time = answer == "accepted" and place in (*SENT, "after_result")
    return "published", OUT if in_time else OUT_LATE


class Case:
    """One delivery on a channel of its own, and the clock everybody goes by."""

    def __init__(self, world: World, platform: str) -> None:
        self.world, self.platform = world, platform
        self.channel: Channel = world.channel(platform)
        self.now = clock.now()
        world.emulator.set_clock(to=self.now, speed=0)

    def create(self, *, preparing: bool) -> None:
        """A post that is still to be prepared, or for which there is nothing left to prepare."""
        payload = make_payload(**self.shows(preparing=preparing))
        approval = free(content_hash(payload, self.channel.key), "post", asked_by=None, now=self.now)
        self.delivery = outbox.create(self.channel, "post", "post", payload, approval, None, self.now, self.now)
        if not preparing:
            self.prepare()

    def shows(self, *, preparing: bool) -> dict[str, Any]:
        must = MUST[self.platform]
        if "picture" in must or (preparing and not must):
            return {"pictures": [{"media": str(self.world.picture.key), "alt": "The library."}]}
        if not must:
            return {}
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        path = settings.MEDIA_ROOT / "one.mp4"
        path.write_bytes(FILM)
        return {"video": {"media": str(make_film(file=path.name, bytes=len(FILM), sha256=films.digest(path)).key)}}

    def prepare(self) -> None:
        platform, account = platform_of(self.channel), connecting.account_of(self.channel)
        while steps := prepare.left(self.delivery, platform, account):
            thing = outgoing(self.delivery, with_pictures=True, now=self.now)
            self.delivery.prepared[steps[0]] = platform.prepare(account, thing, steps[0])
        Delivery.objects.filter(pk=self.delivery.pk).update(prepared=self.delivery.prepared)

    def answer(self, answer: str) -> None:
        """From now on: refused each time, or not answered and not taken the first time."""
        at = {"platform": self.platform, "account": self.channel.remote_id, "route": "publish"}
        if answer == "rejected":
            self.world.emulator.fault("forbidden", **at)
        if answer == "hung":
            self.world.emulator.fault("late", times=1, seconds=10**6, hold=SECONDS * 2, **at)

    def die(self, place: str, *, spared: bool = False) -> None:
        """One round with a trap there; where the row never comes to that place, it is `spared`."""
        failpoints.arm(f"{place}=raise")
        try:
            with nullcontext() if spared else pytest.raises(Death):
                outbox.step(self.now)
        finally:
            failpoints.disarm()

    def wait(self, until: datetime) -> None:
        self.now = max(self.now, until)
        self.world.emulator.set_clock(to=self.now, speed=0)

    def go_on(self) -> None:
        """Let healthy publishers look at each moment that is due, until nothing more happens by itself."""
        for _ in range(30):
            self.delivery.refresh_from_db()
            if self.delivery.state in Delivery.END_STATES:
                return
            moments = (self.delivery.next_action_at, self.delivery.lease_until, Channel.objects.get().next_send_at)
            self.wait(max(filter(None, moments)))
            outbox.step(self.now)
        pytest.fail(f"it never came to an end: {self.told()}")

    def shown(self) -> tuple[str, tuple[str, str]]:
        """State and words, as the page has them."""
        self.delivery = Delivery.objects.select_related("channel", "follows").get(pk=self.delivery.pk)
        words = outbox.words_for(self.delivery, self.now)
        return self.delivery.state, (words.label, words.detail)

    def spelled(self, wanted: tuple[str, tuple[str, str]]) -> tuple[str, tuple[str, str]]:
        """The wanted words with this platform's name in them."""
        state, (label, detail) = wanted
        name = platform_of(self.channel).LABEL
        return state, (label.format(label=name), detail.format(why=self.delivery.why_words))

    def told(self) -> list[str]:
        return list(Attempt.objects.order_by("id").values_list("event", flat=True))


@pytest.fixture
def world(db: None, emulated: Emulator, settings: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[World]:
    """At real durations, with a clock that the test leads and a Death that nobody catches."""
    monkeypatch.setattr(failpoints, "Broken", Death)
    with made(emulated, settings, tmp_path, 1) as world:
        http.configure(seconds=SECONDS)
        yield world
    emulated.call("POST", "clock", {"live": True})


def test_the_table_has_every_place():
    assert set(failpoints.NAMES) == {*BEFORE, *PREPARING, *UNSENT, *SENT, "after_result"}


def cases() -> Iterator[tuple[str, str, str]]:
    yield from itertools.product(WORDS_ALONE, failpoints.NAMES, ANSWERS)
    for first, platform in enumerate(SHOWN):
        for number, place in enumerate(failpoints.NAMES, first):
            yield platform, place, ANSWERS[number % len(ANSWERS)]


@pytest.mark.parametrize(("platform", "place", "answer"), cases())
def test_a_death_leaves_what_the_table_says(world: World, platform: str, place: str, answer: str):
    case = Case(world, platform)
    case.create(preparing=place in PREPARING)
    case.answer(answer)
    if place in {"in_sweep", "in_reconcile"}:
        case.die("after_body")
        case.wait(case.delivery.due_at + timedelta(seconds=90))
    case.die(place, spared=spared(place, answer))
    expected = left(place, answer)
    assert case.shown() == case.spelled(expected), case.told()

    case.wait(case.now + timedelta(seconds=90))
    sweep(case.now)
    assert case.shown() == case.spelled(after_lease(*expected)), case.told()

    case.go_on()
    state, words = end(place, answer)
    assert case.shown() == case.spelled((state, words)), case.told()
    assert case.delivery.why_words or state == "published"
    assert len(world.public(case.channel)) == (1 if state == "published" else 0)
    between_two_intents_stands_a_proof()
