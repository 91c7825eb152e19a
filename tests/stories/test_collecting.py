"""Readings: what is published is tracked, read at its ages, appended, and missing with a reason when it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from channels_app import connecting, platforms
from channels_app.models import Channel
from channels_app.platforms.base import TryLater
from metrics import collecting, gaps
from metrics.models import Reading, Tracked
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@dataclass
class Numbers:
    """A platform that only counts: what it says next, and what it was asked."""

    says: dict[str, int | None] = field(default_factory=lambda: {"likes": 3, "impressions": None})
    fails: bool = False
    gone: set[str] = field(default_factory=set)
    asked: list[list[str]] = field(default_factory=list)
    CAN: frozenset[str] = frozenset({"metrics"})
    NAME = LABEL = "Numbers"

    def metrics(self, account: object, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
        self.asked.append(list(remote_ids))
        if self.fails:
            raise TryLater("The platform is resting.", code="busy")
        return {one: {"followers": 2450} if one == "" else self.says for one in remote_ids if one not in self.gone}


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


def only_missing(tracked: Tracked) -> list[str]:
    return list(tracked.readings.filter(value=None).order_by("at").values_list("missing", flat=True))


def test_a_channel_without_keys_leaves_gaps_that_say_since_when(numbers: Numbers) -> None:
    make_town(zone="Europe/London")
    channel = make_channel()
    collecting.collect(NOON)
    profile = Tracked.objects.get(channel=channel)
    connecting.needs_reconnect(channel, "The token was withdrawn.", NOON + timedelta(hours=13))
    assert collecting.collect(NOON + timedelta(days=1)) == 1
    collecting.collect(NOON + timedelta(days=2))
    assert (
        only_missing(profile) == ["no connection since Thursday 19 November"] * 2
    )  # a minute past midnight is Thursday
    Channel.objects.filter(pk=channel.pk).update(state="ok")
    collecting.collect(NOON + timedelta(days=3))
    assert len(numbers.asked) == 2
    ((_, gap),) = gaps.missing([channel], NOON, NOON + timedelta(days=9))
    assert (gap.since, gap.until) == (NOON + timedelta(days=1), NOON + timedelta(days=3))


def test_a_paused_channel_is_still_counted_and_an_archived_one_no_more(numbers: Numbers) -> None:
    channel = make_channel(state="paused")
    assert collecting.collect(NOON) == 1
    connecting.disconnect(channel, by=make_user("administrator"), now=NOON)
    assert collecting.collect(NOON + timedelta(days=2)) == 0
    assert Tracked.objects.get().next_at is None


def test_a_post_that_is_not_shown_any_more_has_a_reason_and_not_a_silence(numbers: Numbers) -> None:
    tracked = published()
    numbers.gone.add("p1")
    collecting.collect(NOON + 15 * MINUTE)
    assert only_missing(tracked) == ["not shown by the platform any more"]


def test_a_platform_that_tells_no_numbers_says_so_once_and_is_asked_no_more(numbers: Numbers) -> None:
    tracked = published()
    numbers.CAN = frozenset()
    collecting.collect(NOON + 15 * MINUTE)
    collecting.collect(NOON + timedelta(days=2))
    assert only_missing(tracked) == ["Numbers gives no numbers"]
    assert numbers.asked == []


@pytest.mark.parametrize("name", [name for name in platforms.NAMES if "metrics" not in platforms.get(name).CAN])
def test_what_cannot_be_counted_is_a_gap_on_every_such_platform(name: str) -> None:
    channel = make_channel(name)
    collecting.collect(NOON)
    ((_, gap),) = gaps.missing([channel], NOON, NOON + timedelta(days=1))
    assert gap.words == f"{platforms.get(name).LABEL} gives no numbers"
