"""Readings: what is published is tracked, read at its ages, appended, and missing with a reason when it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from channels_app import platforms
from channels_app.models import Channel
from channels_app.platforms.base import TryLater
from metrics import collecting
from metrics.models import Reading, Tracked
from tests.factories import NOON, make_channel, make_delivery

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@dataclass
class Numbers:
    """A platform that only counts: what it says next, and what it was asked."""

    says: dict[str, int | None] = field(default_factory=lambda: {"likes": 3, "impressions": None})
    fails: bool = False
    asked: list[list[str]] = field(default_factory=list)
    NAME = LABEL = "Numbers"

    def metrics(self, account: object, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
        self.asked.append(list(remote_ids))
        if self.fails:
            raise TryLater("The platform is resting.", code="busy")
        return {one: {"followers": 2450} if one == "" else self.says for one in remote_ids}


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> Numbers:
    one = Numbers()
    monkeypatch.setattr(platforms, "get", lambda name: one)
    return one


def published(channel: Channel | None = None, **facts: object) -> Tracked:
    """A published post, tracked from now on."""
    delivery = make_delivery(
        channel=channel or make_channel(), state="published", remote_id="p1", published_at=NOON, **facts
    )
    collecting.track_new(NOON)
    return Tracked.objects.get(delivery=delivery)


def test_a_published_post_is_first_read_after_fifteen_minutes(numbers: Numbers) -> None:
    tracked = published()
    Tracked.objects.filter(remote_id="").update(next_at=None)
    assert collecting.collect(NOON + 14 * MINUTE) == 0
    assert collecting.collect(NOON + 15 * MINUTE) == 2
    tracked.refresh_from_db()
    assert tracked.next_at == NOON + timedelta(hours=1)


def test_a_number_the_platform_does_not_give_is_missing_and_not_nought(numbers: Numbers) -> None:
    published()
    collecting.collect(NOON + 15 * MINUTE)
    reading = Reading.objects.get(measure="impressions")
    assert reading.value is None
    assert reading.missing == "not given by the platform"


def test_a_platform_that_does_not_answer_leaves_a_gap_with_its_reason_and_is_asked_again(numbers: Numbers) -> None:
    tracked = published()
    Tracked.objects.filter(remote_id="").update(next_at=None)
    numbers.fails = True
    collecting.collect(NOON + 15 * MINUTE)
    assert Reading.objects.get(tracked=tracked).missing == "The platform is resting."
    tracked.refresh_from_db()
    assert tracked.next_at is not None
    assert tracked.next_at > NOON + 15 * MINUTE
    numbers.fails = False
    assert collecting.collect(tracked.next_at) == 2


def test_a_crash_between_claim_and_answer_only_delays_a_reading(numbers: Numbers) -> None:
    tracked = published()
    Tracked.objects.filter(remote_id="").update(next_at=None)
    assert collecting.claim(NOON + 15 * MINUTE) == [tracked]
    assert collecting.claim(NOON + 16 * MINUTE) == []
    assert collecting.claim(NOON + 26 * MINUTE) == [tracked]


def test_a_profile_is_read_daily_and_a_post_not_for_ever(numbers: Numbers) -> None:
    tracked = published()
    later = NOON + timedelta(days=366)
    collecting.collect(later)
    tracked.refresh_from_db()
    assert tracked.next_at is None
    profile = Tracked.objects.get(remote_id="")
    assert profile.next_at == later + timedelta(days=1)


def test_tracking_again_changes_nothing(numbers: Numbers) -> None:
    published()
    assert collecting.track_new(NOON + MINUTE) == 0


def test_readings_are_only_ever_added(numbers: Numbers) -> None:
    published()
    collecting.collect(NOON + 15 * MINUTE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.update(value=1_000_000)


def test_one_call_asks_for_all_due_rows_of_a_channel(numbers: Numbers) -> None:
    channel = make_channel()
    for number in range(3):
        make_delivery(channel=channel, state="published", remote_id=f"p{number}", published_at=NOON)
    collecting.collect(NOON + 15 * MINUTE)
    assert sorted(numbers.asked[0]) == ["", "p0", "p1", "p2"]
    assert len(numbers.asked) == 1
