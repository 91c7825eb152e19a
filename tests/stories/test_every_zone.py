"""Every change of the clocks in every zone this machine knows: a time is refused, asked about, or one instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest

from accounts import walltime
from accounts.refusals import Invalid
from accounts.walltime import Twice, from_wall, to_wall
from calendar_app import month, recurring, releasing
from calendar_app.forms import CLOCK, MoveForm
from calendar_app.models import Placement, Post
from calendar_app.recurring import LATER, SKIP, Asks, Rule
from tests.factories import NOON, make_channel, make_user

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE, SECOND, DAY = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)


class Change(NamedTuple):
    """At `at` the clocks of `zone` go from `before` to `after` (distances to UTC)."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def edges(self) -> tuple[datetime, datetime]:
        """What the clocks show as they change, the lower one first: a gap or a fold lies between."""
        bare = self.at.replace(tzinfo=None)
        low, high = sorted([bare + self.before, bare + self.after])
        return low, high

    @property
    def probes(self) -> list[datetime]:
        """The first minute, one in the middle and the last one between the edges."""
        low, high = self.edges
        return [low, low + (high - low) / 2, high - MINUTE]


def distance(tz: ZoneInfo, at: datetime) -> timedelta:
    found = at.astimezone(tz).utcoffset()
    assert found is not None
    return found


def changes_of(zone: str) -> Iterator[Change]:
    """Looked for week by week, then to the second; no zone changes twice within a week."""
    tz, week = ZoneInfo(zone), FIRST
    before = distance(tz, week)
    while week < LAST:
        low, week = week, min(week + timedelta(days=7), LAST)
        if (after := distance(tz, week)) != before:
            high = week
            while high - low > SECOND:
                middle = low + timedelta(seconds=(high - low) // SECOND // 2)
                low, high = (middle, high) if distance(tz, middle) == before else (low, middle)
            yield Change(zone, high, before, after)
            before = after


@cache
def changes() -> list[Change]:
    return [change for zone in sorted(available_timezones()) for change in changes_of(zone)]


def gaps() -> list[Change]:
    return [one for one in changes() if one.after > one.before]


def folds() -> list[Change]:
    return [one for one in changes() if one.after < one.before]


def test_there_are_as_many_zones_and_changes_as_the_world_has():
    assert len(available_timezones()) > 590
    assert len(changes()) > 2700
    assert min(len(gaps()), len(folds())) > 1300


def test_no_time_that_the_clocks_jump_over_is_taken():
    for gap in gaps():
        for wall in gap.probes:
            for fold in (None, 0, 1):
                with pytest.raises(Invalid, match="does not exist"):
                    from_wall(wall, gap.zone, fold)
        low, high = gap.edges
        assert from_wall(low - MINUTE, gap.zone) == gap.at - MINUTE
        assert from_wall(high, gap.zone) == gap.at


def test_the_words_of_the_refusal_name_a_time_before_and_a_time_after_that_exist():
    for gap in gaps():
        low, high = gap.edges
        with pytest.raises(Invalid) as refused:
            from_wall(gap.probes[1], gap.zone)
        assert f"from {low:%H:%M} to {high:%H:%M}" in refused.value.words, gap


def test_every_time_that_comes_twice_is_asked_about_and_both_answers_are_kept_apart():
    for fold in folds():
        low, high = fold.edges
        for wall in fold.probes:
            with pytest.raises(Twice) as asked:
                from_wall(wall, fold.zone)
            first, second = (wall - far for far in (fold.before, fold.after))
            assert (asked.value.first, asked.value.second) == (first.replace(tzinfo=UTC), second.replace(tzinfo=UTC))
            assert from_wall(wall, fold.zone, 0) == asked.value.first
            assert from_wall(wall, fold.zone, 1) == asked.value.second
        assert from_wall(low - MINUTE, fold.zone) == (low - MINUTE - fold.before).replace(tzinfo=UTC)
        assert from_wall(high, fold.zone) == (high - fold.after).replace(tzinfo=UTC)


def typed(wall: datetime, zone: str, fold: int | None, now: datetime) -> releasing.Moment:
    """As a person types it into the form."""
    form = MoveForm({"at": wall.strftime(CLOCK), "fold": "" if fold is None else str(fold)})
    assert form.is_valid()
    return releasing.moment(form.cleaned_data["at"], zone, form.cleaned_data["fold"], now)


def moments() -> Iterator[tuple[releasing.Moment, datetime]]:
    """What the form makes of the times around every change, and the instant that each of them means."""
    for change in changes():
        low, high = change.edges
        before, after = (wall - far for wall, far in ((low - MINUTE, change.before), (high, change.after)))
        now = change.at - timedelta(days=3)
        yield typed(low - MINUTE, change.zone, None, now), before.replace(tzinfo=UTC)
        yield typed(high, change.zone, None, now), after.replace(tzinfo=UTC)
        if change.after < change.before:
            wall = change.probes[0]
            for which, far in enumerate((change.before, change.after)):
                yield typed(wall, change.zone, which, now), (wall - far).replace(tzinfo=UTC)


def placed(ats: list[releasing.Moment]) -> list[Placement]:
    """Kept in the database, and read from it again."""
    author, channels = make_user("publisher"), [make_channel() for _ in range(100)]
    facts = {"author": author, "text": "Clocks", "created_at": NOON, "changed_at": NOON}
    posts = Post.objects.bulk_create(Post(**facts) for _ in range(0, len(ats), len(channels)))
    places = [(post, channel) for post in posts for channel in channels][: len(ats)]
    fresh = [
        Placement(post=post, channel=channel, **at.columns()) for (post, channel), at in zip(places, ats, strict=True)
    ]
    Placement.objects.bulk_create(fresh, batch_size=1000)
    return list(Placement.objects.order_by("post_id", "channel_id"))


def shown_on(row: Placement) -> tuple[date, datetime]:
    """The day of the calendar that shows it, and the time its card says."""
    assert row.due_at is not None
    wall = to_wall(row.due_at, row.zone)
    days = [month.Day(wall.date() + timedelta(days=n)) for n in (-1, 0, 1)]
    card = month.cards([month.Row(row.post_id, row.channel_id, row.due_at, "scheduled")], row.zone)
    month.lay([days], card, {}, [True] * 7, wall.date())
    (day,) = [day for day in days if day.cards]
    start, end = month.bounds(day.date, day.date, row.zone)
    assert start <= row.due_at < end, row
    return day.date, day.cards[0].wall


@pytest.mark.django_db
def test_form_database_and_calendar_mean_one_instant():
    rows = list(moments())
    assert len(rows) > 6500
    for (at, meant), row in zip(rows, placed([at for at, _ in rows]), strict=True):
        assert (at.due_at, row.due_at) == (meant, meant), at
        assert row.wall_at is not None
        assert row.wall_at.replace(tzinfo=None) == at.wall
        assert shown_on(row) == (at.wall.date(), at.wall)


@pytest.mark.django_db
def test_what_the_form_is_given_in_a_gap_or_a_fold_never_reaches_the_calendar():
    for change in changes():
        with pytest.raises(Invalid):
            typed(change.probes[0], change.zone, None, change.at - timedelta(days=3))


def test_only_places_can_be_chosen_as_a_towns_zone_and_all_of_them_can():
    for zone in available_timezones():
        if zone in walltime.zones():
            assert walltime.zone_named(zone).key == zone
        else:
            with pytest.raises(Invalid):
                walltime.zone_named(zone)


def daily_over(change: Change) -> Rule:
    """Every day at the minute in the middle of the change, from the day before to the day after."""
    wall = change.probes[1].replace(second=0, microsecond=0)
    return Rule("day", 1, wall.date() - DAY, wall.time(), count=3)


def test_a_series_keeps_the_towns_clock_over_every_change_and_never_guesses():
    for change in changes():
        rule, wall = daily_over(change), change.probes[1].replace(second=0, microsecond=0)
        if (change.edges[1] - change.edges[0]) >= DAY:  # a day that a date line swallowed or brought twice
            continue
        with pytest.raises(Asks) as asked:
            recurring.slots(rule, change.zone)
        assert len(asked.value.gaps + asked.value.folds) == 1, change
        for fold, gaps in ((0, SKIP), (1, LATER)):
            slots = recurring.slots(rule, change.zone, fold, gaps)
            for one in slots:
                assert to_wall(one.due_at, change.zone) == one.wall, change
                assert one.wall.time() == wall.time() or one.moved_from == wall, change
            assert all(a.due_at < b.due_at for a, b in zip(slots, slots[1:], strict=False))
            assert len(slots) == (2 if change.after > change.before and gaps == SKIP else 3), change
        assert not [one for one in recurring.slots(rule, change.zone, 0, SKIP) if one.moved_from]


def test_a_weekly_series_of_a_year_is_at_ten_on_every_monday_in_every_zone():
    rule = Rule("week", 1, date(2026, 1, 5), time(10, 0), weekdays=(0,), count=53)
    for zone in available_timezones():
        slots = recurring.slots(rule, zone, 0, SKIP)
        assert {to_wall(one.due_at, zone).time() for one in slots} == {time(10, 0)}, zone
        assert [one.wall.date() for one in slots] == [date(2026, 1, 5) + 7 * n * DAY for n in range(53)], zone
