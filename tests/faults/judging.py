"""The judge of a storm: what the public saw, by the word of the emulator, against what the database says."""

from __future__ import annotations

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts import clock
from accounts.models import User
from accounts.refusals import LostRace
from channels_app import outbox
from channels_app.models import Attempt, Delivery
from channels_app.models.deliveries import ATTENTION, ENDED, LEASED
from tests.faults.conftest import World

NUMBER = re.compile(r"notice (\d+)\b")
PROOFS = {"proven_rejected", "proven_absent", "resend_is_safe", "stated_absent"}


def number_of(text: str) -> int:
    """Which delivery of the storm this is; its words carry it."""
    found = NUMBER.search(text)
    assert found, text
    return int(found[1])


@dataclass
class Verdict:
    """Numbers of deliveries. `untrue`: the database says something else than the public saw."""

    twice: list[int] = field(default_factory=list)
    never: list[int] = field(default_factory=list)
    untrue: list[int] = field(default_factory=list)
    extra: int = 0  # posts beyond the first of each

    def all(self) -> set[int]:
        return {*self.twice, *self.never, *self.untrue}


def seen(posts: Iterable[dict[str, Any]]) -> dict[int, list[str]]:
    """Ids of what is in public, by number."""
    ids: dict[int, list[str]] = defaultdict(list)
    for post in posts:
        ids[number_of(post["text"])].append(post["id"])
    return ids


def judge(world: World, deliveries: Iterable[Delivery]) -> Verdict:
    """Each once in public, published in the database, and there under the id that the database knows."""
    public, verdict = seen(world.emulator.public()), Verdict()
    for delivery in deliveries:
        number = number_of(delivery.payload["text"])
        ids = public.get(number, [])
        if not ids:
            verdict.never.append(number)
        if len(ids) > 1:
            verdict.twice.append(number)
            verdict.extra += len(ids) - 1
        known = delivery.remote_id in ids or delivery.via == "person"
        if delivery.state != "published" or not known:
            verdict.untrue.append(number)
    return verdict


class Person:
    """Decides as staff would: looks at the platform and says what is there, in the outbox's own words and times.

    Nothing stays with a person in the end: what is not there is sent once more, when the outbox takes that answer.
    """

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user
        self.said: Counter[str] = Counter()

    def decide_all(self) -> None:
        for delivery in Delivery.objects.filter(state="needs_attention").select_related("channel"):
            with contextlib.suppress(LostRace):  # a late answer was faster
                self._decide(delivery)

    def _decide(self, delivery: Delivery) -> None:
        now = clock.now()  # before looking: what was not there then is what the outbox is told
        there = seen(self.world.public(delivery.channel)).get(number_of(delivery.payload["text"]))
        settled = outbox.settled_at(delivery)
        if there:
            url = f"https://{delivery.channel.host}/{there[0]}"
            outbox.decide(delivery, "it_is_there", self.user, now, "I see it there.", url=url)
            self.said["it is there"] += 1
        elif settled is None or now >= settled:
            outbox.decide(delivery, "send", self.user, now, "I looked, and it is not there.")
            self.said["send"] += 1


def nothing_is_forgotten() -> None:
    """Every row that is not at its end has a next moment, a lease, or a person's attention."""
    open_rows = Delivery.objects.exclude(state__in=[*ENDED, *ATTENTION])
    forgotten = open_rows.exclude(state__in=LEASED, lease_until__isnull=False).filter(next_action_at=None)
    assert not forgotten.exists(), list(forgotten.values_list("state", "why_words"))


def between_two_intents_stands_a_proof() -> None:
    """No second send without a proof, a key, or a person."""
    open_intent: Counter[int] = Counter()
    for delivery, event in Attempt.objects.order_by("id").values_list("delivery_id", "event"):
        if event == "intent":
            assert open_intent[delivery] == 0, f"delivery {delivery} was sent again without a proof"
            open_intent[delivery] = 1
        elif event in PROOFS:
            open_intent[delivery] = 0


def stories(numbers: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What was tried with these, for a failing judge to show."""
    wanted, told = set(numbers), {}
    for delivery in Delivery.objects.select_related("channel").prefetch_related("attempts") if wanted else ():
        number = number_of(delivery.payload["text"])
        if number in wanted:
            lines = sorted(delivery.attempts.all(), key=lambda line: line.pk)
            told[number] = [(delivery.channel.platform, delivery.state), *((one.event, one.code) for one in lines)]
    return told
