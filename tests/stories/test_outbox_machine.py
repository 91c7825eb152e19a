"""Any order of any events: a machine plays people, platforms, crashes and time, and the outbox must keep its word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.refusals import Refusal
from channels_app import failpoints, outbox
from channels_app.models import Channel, Delivery
from channels_app.publishing import rounds, sending, timings
from channels_app.publishing.claim import claim
from channels_app.publishing.publisher import Publisher
from policy import approvals
from policy.approvals import content_hash, free
from tests.factories import make_channel, make_payload, make_user
from tests.slow import NEXT, Books, Slow, asked

PLACES = [name for name in failpoints.NAMES if name not in {"after_connect", "mid_body", "after_body", "in_sweep"}]
FREEZING = [name for name in PLACES if name not in {"before_result", "in_after"}]  # those two are within a transaction
EXAMPLES, LONG, STEPS = 500, 5_000, 50
ANSWERS = ["unseen", "late", "silence", *Slow.refusals]


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Outbox(RuleBasedStateMachine):
    """Each world is a transaction of its own, taken back at its end. `stage` is set by the tests below."""

    stage: Slow
    deliveries = Bundle("deliveries")

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        # Taken back at the end, like a test's own: what is within may be durable.
        self.world._from_testcase = True  # type: ignore[attr-defined]
        self.world.__enter__()
        self.person: User = make_user("publisher")
        self.channels: list[Channel] = [make_channel(), make_channel()]
        self.stage.begin(keyed=False, uploads=False)
        self.books = Books(self.stage)
        self.frozen: list[tuple[Publisher, Delivery]] = []
        self.count = 0

    @property
    def me(self) -> Publisher:
        """A publisher whose clock goes with this world's."""
        return rounds.publisher(lambda: self.stage.now)

    @initialize(keyed=st.booleans(), uploads=st.booleans())
    def which_platform(self, keyed: bool, uploads: bool) -> None:
        self.stage.begin(keyed=keyed, uploads=uploads)

    @rule(target=deliveries, channel=st.integers(0, 1), wait=st.sampled_from([0, 0, 30, 600]), ever=st.booleans())
    def create(self, channel: int, wait: int, ever: bool) -> int:
        self.count += 1
        now, place = self.stage.now, self.channels[channel]
        payload = make_payload(f"Notice {self.count}")
        approval = free(content_hash(payload, place.key), "post", asked_by=None, now=now)
        late = None if ever else 30
        due_at = now + timedelta(seconds=wait)
        return outbox.create(place, "post", "post-of-machine", payload, approval, None, due_at, now, late).pk

    @rule(seconds=st.sampled_from([5, 60, 150, 300, 900]))
    def live_on(self, seconds: float) -> None:
        """Time passes, and the publisher looks at each moment at which something may be to do."""
        ends = self.stage.now + timedelta(seconds=seconds)
        outbox.step(self.stage.now)
        while self.stage.now < ends:
            ((ahead,),) = asked(NEXT, now=self.stage.now)
            self.stage.now = min(ahead or ends, ends)
            outbox.step(self.stage.now)

    @rule(
        target=deliveries,
        channel=st.integers(0, 1),
        answer=st.sampled_from(ANSWERS),
        after=st.sampled_from([0, 0, 400]),
    )
    def send_and_hear(self, channel: int, answer: str, after: int) -> int:
        """An answer may come so late that others have looked at the delivery meanwhile."""
        pk = int(self.create(channel, 0, True))
        self.stage.answer = answer
        self.stage.meanwhile = self.living(after) if after else None
        outbox.step(self.stage.now)
        return pk

    def living(self, seconds: float) -> Callable[[], None]:
        return lambda: self.live_on(seconds)

    @rule(readable=st.sampled_from([True, True, False]))
    def platform_can_be_read(self, readable: bool) -> None:
        self.stage.readable = readable

    @rule(place=st.sampled_from(PLACES), answer=st.sampled_from(["well", "unseen", "late", "silence"]))
    def crash(self, place: str, answer: str) -> None:
        def die() -> None:
            raise Killed

        self.disturb(place, answer, die)

    @rule(
        place=st.sampled_from(FREEZING),
        answer=st.sampled_from(["well", "unseen", "late"]),
        seconds=st.sampled_from([50, 100, 700]),
    )
    def freeze(self, place: str, answer: str, seconds: int) -> None:
        """The process stands still while the world goes on, and then goes on as if nothing had been."""
        self.disturb(place, answer, self.living(seconds))

    def disturb(self, place: str, answer: str, what: Callable[[], None]) -> None:
        self.stage.answer = answer
        really = failpoints.hit

        def hit(name: str) -> None:
            if name == place:
                failpoints.hit = really
                what()

        failpoints.hit = hit
        try:
            me = self.me
            if place == "in_reconcile":
                rounds.settle_due(me.time)
            delivery = claim(me, self.stage.now)
            if delivery:
                sending.work(me, delivery)
        except Killed:
            return
        finally:
            failpoints.hit = really

    @rule()
    def claim_and_stand_still(self) -> None:
        me = self.me
        found = claim(me, self.stage.now)
        if found:
            self.frozen.append((me, found))

    @rule()
    def go_on(self) -> None:
        """One that stood still for however long goes on with what it believes to hold."""
        if self.frozen:
            sending.work(*self.frozen.pop())

    @rule()
    def a_copy_of_the_system_claims_nothing(self) -> None:
        stranger = replace(self.me, epoch="00000000-0000-0000-0000-000000000000")
        assert claim(stranger, self.stage.now) is None

    @rule(channel=st.integers(0, 1), state=st.sampled_from(["ok", "ok", "ok", "paused"]))
    def switch_channel(self, channel: int, state: str) -> None:
        Channel.objects.filter(pk=self.channels[channel].pk).update(state=state)

    @rule(on=st.sampled_from([True, True, True, False]))
    def switch_all(self, on: bool) -> None:
        now = self.stage.now
        outbox.resume_all(self.person, now) if on else outbox.stop_all(self.person, now, "Checking.")

    @rule(pk=deliveries)
    def cancel(self, pk: int) -> None:
        one = Delivery.objects.get(pk=pk)
        self.act(outbox.cancel, one, self.person, self.stage.now, one.version)

    @rule(pk=deliveries, seconds=st.sampled_from([0, 90]))
    def reschedule(self, pk: int, seconds: int) -> None:
        one, now = Delivery.objects.get(pk=pk), self.stage.now
        self.act(outbox.reschedule, one, now + timedelta(seconds=seconds), self.person, now, one.version)

    @rule(pk=deliveries)
    def withdraw_the_approval(self, pk: int) -> None:
        one = Delivery.objects.select_related("approval").get(pk=pk)
        self.act(approvals.void, one.approval, by=self.person, now=self.stage.now)

    @rule(pk=deliveries)
    def decide(self, pk: int) -> None:
        """This person looks, and tells the truth; before the settle time they can only wait."""
        one, now = Delivery.objects.get(pk=pk), self.stage.now
        there = [found for found in self.stage.seen() if found.text == one.payload["text"]]
        if there:
            self.act(outbox.decide, one, "it_is_there", self.person, now, "I see it.", url=there[0].url)
        else:
            self.act(outbox.decide, one, "send", self.person, now, "I looked.")

    def act(self, act: Any, *args: object, **how: object) -> None:
        try:
            act(*args, **how)
        except Refusal:
            return

    @invariant()
    def the_books_are_true(self) -> None:
        self.books.check()

    def teardown(self) -> None:
        """The platform is well again, people leave it alone, and time passes: everything finds its end."""
        try:
            self.stage.readable, self.stage.answer, self.stage.meanwhile = True, "well", None
            Channel.objects.update(state="ok")
            outbox.resume_all(self.person, self.stage.now)
            left = Delivery.objects.unfinished().exclude(state__in=["missed", "needs_attention", "blocked"])
            for _ in range(12):
                self.live_on(300)
                if not left.exists():
                    break
            assert not left.exists(), [(one.state, one.why_words) for one in left]
            self.books.check()
        finally:
            self.leave()

    def leave(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)


@pytest.fixture
def slow(django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """No transaction around them all: with the savepoints of each world in it every question would take longer than the
    one before.
    """
    platform = Slow()
    monkeypatch.setattr("channels_app.platforms.get", lambda name: platform)
    monkeypatch.setattr(sending, "ticks", platform.seconds)
    monkeypatch.setattr(Outbox, "stage", platform, raising=False)
    with django_db_blocker.unblock():
        yield platform


def test_whatever_happens_in_whatever_order(slow: Slow, seed: int, long: bool):
    size = settings(
        max_examples=LONG if long else EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seeded(seed)(Outbox), settings=size)


@pytest.mark.parametrize(("settle", "posts"), [(120.0, 1), (0.0, 2)])
def test_the_machine_can_see_a_post_that_is_out_twice(slow: Slow, monkeypatch, settle: float, posts: int):
    """Without the settle time the outbox takes "not there yet" for "never"."""
    monkeypatch.setattr(timings, "_at", lambda factor: replace(timings.Timings(), settle=settle))
    machine = Outbox()
    machine.send_and_hear(0, "late", 0)
    machine.live_on(900)
    assert len(slow.arrivals) == posts
    machine.leave()
