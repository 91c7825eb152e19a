"""What a page tells of one week beside others is what the rows of that week alone give."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from calendar_app.models import Placement
from channels_app.models import Channel, Click, Delivery, Link
from metrics import collecting, periods, weekly
from metrics.figures import Figure
from metrics.measures import from_posts
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span, figure_of, many_series, series
from metrics.models import Reading, Tracked
from metrics.viewing import Line
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_placement, make_post
from tests.factories_inbox import make_conversation

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
ZONE = ZoneInfo("UTC")
NOW = NOON + 12 * DAY


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none", population=20_000)
    return make_user("manager")


def read(tracked: Tracked, at: datetime, **numbers: int) -> None:
    Reading.objects.bulk_create(
        Reading(tracked=tracked, measure=name, at=at, value=value) for name, value in numbers.items()
    )


def publish(channel: Channel, at: datetime, link: bool = False) -> Tracked:
    """A post of that moment that people found a day after, and many more in the weeks after that."""
    placement = make_placement("published", post=make_post(channels=[channel]), due_at=at)
    collecting.track_new(at + DAY)
    tracked = Tracked.objects.get(delivery__release__placement=placement)
    Tracked.objects.filter(pk=tracked.pk).update(published_at=at)
    Delivery.objects.filter(pk=placement.delivery_id).update(published_at=at)
    for n, after in enumerate((DAY, WEEK, 5 * WEEK)):
        read(tracked, at + after, likes=9 + 90 * n, replies=n, shares=1 + n, reach=400 * (n + 1))
    if link:
        facts = {"origin": "post", "ref": placement.post.key, "channel": channel, "url": "https://a.example/"}
        row = Link.objects.create(code=f"c{placement.pk}", target="https://a.example/", at=at, **facts)
        Click.objects.bulk_create(Click(link=row, at=at + n * 5 * DAY) for n in range(4))
    return tracked


@pytest.fixture
def grown(boss: User) -> Channel:
    """Posts of three weeks whose numbers went on growing, on a channel that grew."""
    channel = make_channel(name="Fernhill")
    for back in (0, 7, 8, 14):
        publish(channel, NOON - back * DAY, link=True)
    profile = Tracked.objects.get(channel=channel, remote_id="")
    for n in range(-20, 12, 4):
        read(profile, NOON + n * DAY, followers=1000 + 10 * n)
    make_conversation(channel, at=NOON - WEEK)
    return channel


@pytest.mark.parametrize("kind", ["week", "month"])
def test_each_week_or_month_of_a_row_is_the_one_its_own_rows_give(grown: Channel, kind: periods.Kind) -> None:
    over = periods.ROWS[kind](NOON, ZONE, 3)
    for rule in RULES.values():
        if rule.weekly and not rule.about_topic:
            alone = [figure_of(rule, Span(week.start, week.end, NOW)) for week in over]
            assert series(rule, over, NOW) == alone, rule.name
    rules = [rule for rule in RULES.values() if rule.rows in {from_posts.posts, from_posts.reached, from_posts.lines}]
    found = many_series(rules, over, NOW)
    assert found == {rule.name: [figure_of(rule, Span(w.start, w.end, NOW)) for w in over] for rule in rules}
    assert found["own_clicks"][-1].value


def test_the_week_before_is_told_as_on_its_own_page(grown: Channel, boss: User) -> None:
    client = Client()
    client.force_login(boss)
    this, last = (
        client.get(reverse("figures:channel", args=[grown.key]) + f"?by=week&of={day}").context["lines"]
        for day in (NOON.date(), NOON.date() - WEEK)
    )
    assert [one.rule.name for one in this if one.before != figures(last)[one.rule.name]] == []
    assert figures(last)["popularity"].value is not None


def figures(lines: list[Line]) -> dict[str, Figure]:
    return {one.rule.name: one.figure for one in lines}


def test_a_post_on_two_channels_counts_in_both_of_its_weeks(boss: User) -> None:
    post = make_post(channels=[make_channel(name="Fernhill"), make_channel(name="Parks")])
    over = weekly.weeks(NOON, ZONE, 2)
    for placement, at in zip(post.placements.order_by("pk"), (over[0].start + DAY, over[1].start + DAY), strict=True):
        delivery = make_delivery("published", channel=placement.channel, published_at=at)
        approved = {"state": "approved", "approval": delivery.approval, "delivery": delivery}
        Placement.objects.filter(pk=placement.pk).update(**approved)
    assert [one.whole for one in series(RULES["originality"], over, NOW)] == [1, 1]


def test_followers_of_long_ago_are_no_denominator(grown: Channel) -> None:
    assert from_posts.posts(Span(NOON - DAY, NOON + DAY, NOW))[0].followers == 1000
    late = publish(grown, NOON + 30 * DAY)
    (row,) = from_posts.posts(Span(NOON + 30 * DAY, NOON + 32 * DAY, NOON + 33 * DAY))
    assert (row.ref != "", row.likes, row.followers) == (bool(late.pk), 9, None)
