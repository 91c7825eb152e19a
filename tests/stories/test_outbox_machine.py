"""Any order of any events: a machine plays people, platforms, crashes and time, and the outbox must keep its word."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.refusals import Refusal
from channels_app import failpoints, outbox
from channels_app.models import Attempt, Channel, Delivery
from channels_app.platforms.base import Account, Candidate, Lookup, Outgoing, Receipt
from channels_app.publishing import rounds, sending, timings
from channels_app.publishing.claim import claim
from channels_app.publishing.publisher import at
from policy.approvals import content_hash, free
from tests.factories import NOON, make_channel, make_payload, make_user
from tests.stage import CONTENT, LATER, LIMIT, SILENCE, Stage

PLACES = [name for name in failpoints.NAMES if name not in {"after_connect", "mid_body", "after_body", "in_sweep"}]
EXAMPLES, STEPS = 5, 25
SLOWEST = 200  # seconds after which this platform has taken what it was sent, or never will
PROOFS = {"proven_rejected", "proven_absent", "resend_is_safe", "stated_absent"}


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Slow(Stage):
    """A platform that may take things late, answer or not, and be unreadable for a while."""

    now: datetime = NOON
    answer: str = "well"
    readable: bool = True
    arrivals: dict[str, tuple[datetime, Candidate]]
    refusals = {"later": LATER, "limit": LIMIT, "content": CONTENT, "silence": SILENCE}

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        self.sent.append(outgoing)
        answer, self.answer = self.answer, "well"
        if answer in self.refusals:
            raise self.refusals[answer]
        wait = SLOWEST if answer == "late" else 0
        found = self.take(outgoing, self.now + timedelta(seconds=wait))
        if answer in {"late", "unseen"}:
            raise SILENCE
        return Receipt(found.remote_id, found.url)

    def take(self, outgoing: Outgoing, when: datetime) -> Candidate:
        """What arrives twice under one key is one thing, where keys are honoured."""
        key = outgoing.idem_key if self.KEYED else f"{outgoing.idem_key} {len(self.arrivals)}"
        if key not in self.arrivals:
            name = f"ours-{len(self.arrivals)}"
            found = Candidate(name, f"https://stage.example/{name}", outgoing.text, when, 0)
            self.arrivals[key] = (when, found)
        return self.arrivals[key][1]

    def seen(self) -> list[Candidate]:
        return [one for when, one in self.arrivals.values() if when <= self.now]

    def look_up(self, account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
        if not self.readable:
            raise LATER
        return Lookup([one for one in self.seen() if one.text == outgoing.text])


ANSWERS = ["unseen", "late", "silence", *Slow.refusals]


class Outbox(RuleBasedStateMachine):
    """`stage` and `keyed` are set by the tests below."""

    stage: Slow
    deliveries = Bundle("deliveries")

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        # Taken back at the end, like a test's own: what is within may be durable.
        self.world._from_testcase = True  # type: ignore[attr-defined]
        self.world.__enter__()
        self.now = NOON
        self.stage.arrivals, self.stage.sent, self.stage.now = {}, [], NOON
        self.stage.answer, self.stage.readable = "well", True
        self.person = make_user("publisher")
        self.channels = [make_channel(), make_channel()]
        self.count = 0

    def pass_time(self, seconds: float) -> None:
        self.now = self.stage.now = self.now + timedelta(seconds=seconds)

    @rule(target=deliveries, channel=st.integers(0, 1), wait=st.sampled_from([0, 0, 30, 600]), ever=st.booleans())
    def create(self, channel: int, wait: int, ever: bool) -> int:
        self.count += 1
        payload = make_payload(f"Notice {self.count}")
        approval = free(content_hash(payload, self.channels[channel].key), "post", asked_by=None, now=self.now)
        due_at = self.now + timedelta(seconds=wait)
        late = None if ever else 30
        one = outbox.create(
            self.channels[channel], "post", "post-of-machine", payload, approval, None, due_at, self.now, late
        )
        return one.pk

    @rule(seconds=st.sampled_from([5, 60, 150, 300, 900]))
    def live_on(self, seconds: int) -> None:
        """The publisher looks again and again while time passes."""
        ends = self.now + timedelta(seconds=seconds)
        while self.now < ends:
            self.pass_time(min(15, (ends - self.now).total_seconds()))
            outbox.step(self.now)

    @rule(
        target=deliveries,
        channel=st.integers(0, 1),
        answer=st.sampled_from(ANSWERS),
    )
    def send_and_hear(self, channel: int, answer: str) -> int:
        pk = int(self.create(channel, 0, True))
        self.stage.answer = answer
        outbox.step(self.now)
        return pk

    @rule(readable=st.sampled_from([True, True, False]))
    def platform_can_be_read(self, readable: bool) -> None:
        self.stage.readable = readable

    @rule(place=st.sampled_from(PLACES), answer=st.sampled_from(["well", "unseen", "late", "silence"]))
    def crash(self, place: str, answer: str) -> None:
        self.stage.answer = answer
        really = failpoints.hit

        def hit(name: str) -> None:
            if name == place:
                raise Killed

        failpoints.hit = hit
        try:
            if place == "in_reconcile":
                rounds.settle_due(at(self.now))
            delivery = claim(rounds.publisher(at(self.now)), self.now)
            if delivery:
                sending.work(rounds.publisher(at(self.now)), delivery)
        except Killed:
            return
        finally:
            failpoints.hit = really

    @rule(channel=st.integers(0, 1), state=st.sampled_from(["ok", "ok", "ok", "paused"]))
    def switch_channel(self, channel: int, state: str) -> None:
        Channel.objects.filter(pk=self.channels[channel].pk).update(state=state)

    @rule(on=st.sampled_from([True, True, True, False]))
    def switch_all(self, on: bool) -> None:
        outbox.resume_all(self.person, self.now) if on else outbox.stop_all(self.person, self.now, "Checking.")

    @rule(pk=deliveries)
    def cancel(self, pk: int) -> None:
        one = Delivery.objects.get(pk=pk)
        self.act(outbox.cancel, one, self.person, self.now, one.version)

    @rule(pk=deliveries)
    def decide(self, pk: int) -> None:
        """This person looks, and tells the truth; before the settle time they can only wait."""
        one = Delivery.objects.get(pk=pk)
        there = [found for found in self.stage.seen() if found.text == one.payload["text"]]
        if there:
            self.act(outbox.decide, one, "it_is_there", self.person, self.now, "I see it.", url=there[0].url)
        else:
            self.act(outbox.decide, one, "send", self.person, self.now, "I looked.")

    def act(self, act: Any, *args: object, **how: object) -> None:
        try:
            act(*args, **how)
        except Refusal:
            return

    @invariant()
    def nothing_is_out_twice(self) -> None:
        often = Counter(one.text for _, one in self.stage.arrivals.values())
        assert not [text for text, times in often.items() if times > 1], often

    @invariant()
    def no_second_send_without_a_proof(self) -> None:
        open_sends: set[int] = set()
        for pk, event in Attempt.objects.order_by("id").values_list("delivery_id", "event"):
            assert not (event == "intent" and pk in open_sends)
            open_sends = (open_sends | {pk}) if event == "intent" else open_sends - ({pk} if event in PROOFS else set())

    @invariant()
    def what_is_called_unsent_is_not_out(self) -> None:
        out = {one.text for _, one in self.stage.arrivals.values()}
        for one in Delivery.objects.filter(state__in=["failed", "missed"]):
            assert one.payload["text"] not in out
        for one in Delivery.objects.filter(state="published"):
            assert one.payload["text"] in out

    def teardown(self) -> None:
        """The platform is well again, people leave it alone, and time passes: everything finds its end."""
        try:
            self.stage.readable, self.stage.answer = True, "well"
            Channel.objects.update(state="ok")
            outbox.resume_all(self.person, self.now)
            for _ in range(60):
                self.pass_time(60)
                outbox.step(self.now)
            left = Delivery.objects.unfinished().exclude(state__in=["missed", "needs_attention", "blocked"])
            assert not left.exists(), [(one.state, one.why_words) for one in left]
            self.nothing_is_out_twice()
            self.what_is_called_unsent_is_not_out()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    platform = Slow()
    platform.arrivals = {}
    monkeypatch.setattr("channels_app.platforms.get", lambda name: platform)
    monkeypatch.setattr(Outbox, "stage", platform, raising=False)
    return platform


@pytest.mark.parametrize("keyed", [False, True])
def test_whatever_happens_in_whatever_order(db: None, slow: Slow, keyed: bool):
    slow.KEYED = keyed
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    size = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=checks
    )
    run_state_machine_as_test(Outbox, settings=size)


@pytest.mark.parametrize(("settle", "posts"), [(120.0, 1), (0.0, 2)])
def test_the_machine_can_see_a_post_that_is_out_twice(db: None, slow: Slow, monkeypatch, settle: float, posts: int):
    """Without the settle time the outbox takes "not there yet" for "never"."""
    monkeypatch.setattr(timings, "_at", lambda factor: replace(timings.Timings(), settle=settle))
    machine = Outbox()
    machine.send_and_hear(0, "late")
    machine.live_on(900)
    assert len(slow.arrivals) == posts
    machine.world.__exit__(None, None, None)
