"""Figures of a week, month or quarter: of the town and its parts, what resonates, and the case for resources.

Each number on these pages is the one its rows give, whoever opens them.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from calendar_app.models import Campaign
from channels_app.models import Channel, Papers
from metrics import collecting, echoes, hours, periods, resonance, viewing, within
from metrics.measures import from_first_days, tracing
from metrics.measures.ledger import RULES
from metrics.measures.reach import PostRow
from metrics.measures.shape import Span, figure_of
from metrics.models import Reading, Tracked
from policy.models import Objective
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_campaign, make_objective, make_placement, make_post, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_measures import bring_in
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = "?by=week&of=2026-11-18"


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none", population=20_000)
    return make_user("manager")


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def publish(channel: Channel, at: datetime, numbers: dict[str, int], age: timedelta = DAY, **facts: object) -> str:
    """A post that went out then and its numbers at that age; its key."""
    post = make_post(channels=[channel], unplanned=not facts.get("objective"), **facts)
    make_placement("published", post=post, due_at=at)
    collecting.track_new(at + DAY)
    tracked = Tracked.objects.get(delivery__release__placement__post=post)
    Tracked.objects.filter(pk=tracked.pk).update(published_at=at)
    read(tracked, at + age, numbers)
    return str(post.key)


def read(tracked: Tracked, at: datetime, numbers: dict[str, int]) -> None:
    rows = (Reading(tracked=tracked, measure=name, at=at, value=value) for name, value in numbers.items())
    Reading.objects.bulk_create(rows)


def lines_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# --- resonance -------------------------------------------------------------------------------------------------------


def test_what_resonates_is_told_with_n_and_an_interval_and_its_posts_compute_to_the_same(desk: Client) -> None:
    channel, bins, pond = make_channel(name="Fernhill"), make_topic(name="Bins"), make_topic(name="Mill Pond")
    flat, now = [3, 5, 4, 6, 2, 5, 4, 3], clock.now()
    for n in range(32):
        at = now - timedelta(days=2 * n + 3)
        topic, more = (pond, 20) if n % 4 == 0 else (bins, 0)
        publish(channel, at, {"replies": flat[n % 8] + more, "shares": n % 3, "likes": 1}, topic=topic)
    publish(channel, now - 4 * DAY, {"replies": 500}, age=10 * DAY, topic=bins)  # read too late to be compared
    publish(channel, now - timedelta(hours=5), {"replies": 900}, age=timedelta(hours=1), topic=bins)  # too young
    page = desk.get(reverse("figures:resonance")).content.decode()
    assert "Mill Pond reliably more; Bins reliably less." in page
    assert "No reliable difference between topics." in page  # of what was shared
    assert "34 posts of the last 13 weeks" in page
    assert "beats 100 of 100" in page
    assert "n&nbsp;=&nbsp;8" in page
    rows = desk.get(reverse("figures:resonance-rows")).content.decode()
    again = resonance.tables(tracing.read(PostRow, rows))
    told = lines_of(desk.get(reverse("figures:resonance-table")).content.decode())
    pond_row = next(one for one in told if one["group"] == "Mill Pond" and one["did"] == "commented")
    cell = next(one for one in again[0].groups if one.name == "Mill Pond").cells["commented"]
    assert (float(pond_row["beats"]), float(pond_row["low"]), pond_row["verdict"]) == (
        cell.beats, cell.low, "reliably more",
    )  # fmt: skip
    bins_row = next(one for one in told if one["group"] == "Bins" and one["did"] == "commented")
    assert (bins_row["posts"], bins_row["without_number"]) == ("24", "2")


def test_a_post_nobody_shared_stands_beside_those_that_were_and_hidden_channels_say_no_words(desk: Client) -> None:
    channel = make_channel(name="Fernhill")
    for text, numbers in (("The library opens", {"shares": 0, "replies": 2}), ("The pool is closed", {"shares": 7}),
                          ("Nobody counts this", {"likes": 1})):  # fmt: skip
        publish(channel, clock.now() - 3 * DAY, numbers, text=text)
    page = desk.get(reverse("figures:resonance"))
    lists = {one["heading"]: [row["row"].words for row in one["rows"]] for one in page.context["lists"]}
    assert list(lists) == [one["heading"] for one in echoes.echoes([])]  # as the report calls them
    assert lists["Shared most"] == ["The pool is closed"]
    assert lists["Shared by nobody"] == ["The library opens"]
    assert "For 1 post nobody says whether it was shared." in page.content.decode()
    neighbour = Client()
    neighbour.force_login(make_user("officer", scope=make_channel().scope))
    seen = neighbour.get(reverse("figures:resonance")).content.decode()
    assert "The pool is closed" not in seen
    assert "A post on a channel you do not see" in seen
    assert str(channel) not in neighbour.get(reverse("figures:resonance-rows")).content.decode()


def test_a_post_of_the_last_day_of_a_time_has_its_numbers_of_the_day_after(boss: User) -> None:
    publish(make_channel(), NOON, {"replies": 4})
    (row,) = from_first_days.posts(Span(NOON - DAY, NOON + timedelta(hours=1), NOON + 9 * DAY))
    assert row.replies == 4
    (early,) = from_first_days.posts(Span(NOON - DAY, NOON + timedelta(hours=1), NOON + timedelta(hours=2)))
    assert early.replies is None


def test_the_page_and_the_composer_tell_the_same_good_hours(desk: Client) -> None:
    channel = make_channel(name="Fernhill")
    for week in range(20):
        for day, hour, likes in ((1, 9, 3 + week % 3), (3, 18, 30 + week % 3)):
            at = datetime(2026, 11, 9, hour, tzinfo=UTC) + day * DAY - timedelta(weeks=week + 1)
            tracked = Tracked.objects.create(channel=channel, remote_id=f"t{week}{day}", published_at=at)
            read(tracked, at + DAY, {"likes": likes})
    hours.measure_due(NOON)
    assert "Thu 18:00" in desk.get(reverse("figures:resonance")).content.decode()
    post, writer = make_post(channels=[channel]), Client()
    writer.force_login(make_user("publisher"))
    assert "Thu 18:00" in writer.get(reverse("calendar:edit-post", args=[post.key])).content.decode()


# --- views -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(boss: User) -> tuple[Channel, Channel, Objective]:
    """Two weeks, two channels, one campaign and one objective."""
    one, other = make_channel(name="Fernhill"), make_channel(name="Parks")
    objective, winter = make_objective(owner=boss), make_campaign(name="Winter ready")
    publish(one, NOON - 7 * DAY, {"likes": 10, "reach": 400}, objective=objective, campaign=winter)
    publish(one, NOON, {"likes": 60, "reach": 600}, objective=objective, campaign=winter)
    publish(other, NOON, {"likes": 8, "reach": 200})
    make_conversation(one, at=NOON)
    make_conversation(other, at=NOON - 6 * DAY)
    return one, other, objective


def test_every_number_of_a_view_is_that_of_its_rows_page(
    desk: Client, busy: tuple[Channel, Channel, Objective]
) -> None:
    one, _, objective = busy
    addresses = [
        reverse("figures:overview"),
        reverse("figures:channel", args=[one.key]),
        reverse("figures:campaign", args=[Campaign.objects.get().key]),
        reverse("figures:objective", args=[objective.key]),
    ]
    known = 0
    for address in addresses:
        page = desk.get(address + WEEK)
        for line in page.context["lines"]:
            behind = desk.get(line.url).context
            assert behind["figure"] == line.figure, (address, line.rule.name)
            assert behind["count"] == len(line.rule.rows(behind["asked"].span)), (address, line.rule.name)
            known += line.figure.value is not None
    assert known > 12
    table = lines_of(desk.get(page.context["table_url"]).content.decode())
    took = next(row for row in table if row["measure"] == "Took part")
    assert (took["value"], took["part"], took["whole"], took["before"]) == ("10.0", "60", "600", "2.5")


def test_a_part_counts_its_own_and_is_held_against_the_time_before(
    desk: Client, busy: tuple[Channel, Channel, Objective]
) -> None:
    one, other, objective = busy
    town = {line.rule.name: line for line in desk.get(reverse("figures:overview") + WEEK).context["lines"]}
    assert (town["engagement_rate"].figure.part, town["engagement_rate"].figure.whole) == (68, 800)
    assert town["engagement_rate"].change.words == "6.0 points more than the week before"
    page = desk.get(reverse("figures:overview") + WEEK)
    parts = {str(part.thing): (part.posts, part.took_part.part) for part in page.context["channels"]}
    assert parts == {str(one): (1, 60), str(other): (1, 8)}
    assert [(part.thing.name, part.posts) for part in page.context["campaigns"]] == [("Winter ready", 1)]
    assert (objective, 1) in [(part.thing, part.posts) for part in page.context["objectives"]]
    months = desk.get(
        reverse("figures:campaign", args=[Campaign.objects.get().key]) + "?by=month&of=2026-11-01"
    ).context
    assert {line.rule.name: line.figure.part for line in months["lines"]}["engagement_rate"] == 70
    assert months["charts"] == []  # one month makes no line
    (chart,) = desk.get(reverse("figures:campaign", args=[Campaign.objects.get().key]) + WEEK).context["charts"]
    assert chart["rows"] == [["9 Nov", 2.5], ["16 Nov", 10.0]]
    assert chart["finding"] == "Took part: from 2.5 to 10.0 % in 1 week"
    series = lines_of(desk.get(chart["csv"]).content.decode())
    assert [(row["value"], row["part"], bool(row["missing"])) for row in series[-3:]] == [
        ("", "", True), ("2.5", "10", False), ("10.0", "60", False),
    ]  # fmt: skip


def test_a_time_that_still_runs_is_not_compared_and_one_to_come_is_not_shown(
    desk: Client, busy: tuple[Channel, Channel, Objective]
) -> None:
    running = periods.containing("week", NOON.date(), ZoneInfo("UTC"))
    found = viewing.lines(within.TOWN, running, NOON + 2 * DAY, ["engagement_rate"])["engagement_rate"]
    assert (found.figure.value, found.change.words) == (8.5, "")
    assert desk.get(reverse("figures:overview") + "?by=week&of=2099-01-01").status_code == 200


def test_followers_of_a_chart_are_those_of_the_figure_with_their_gaps(boss: User) -> None:
    one, other = make_channel(name="Fernhill"), make_channel(name="Parks")
    collecting.track_new(NOON)
    for channel, back, value in ((one, 30, 900), (one, 9, 950), (other, 2, 70)):
        tracked = Tracked.objects.get(channel=channel, remote_id="")
        Reading.objects.create(tracked=tracked, measure="followers", at=NOON - back * DAY, value=value)
    period = periods.containing("week", NOON.date(), ZoneInfo("UTC"))
    over, now = periods.leading_to(period), NOON + 9 * DAY
    for about in (within.TOWN, within.of_channel(one)):
        rule = about.within.rule(RULES["followers"])
        drawn = [figure.value for figure in viewing.followers(about, over, now)]
        assert drawn == [figure_of(rule, Span(week.start, week.end, now)).value for week in over]
        assert drawn.count(None) > 5


# --- the case for resources ------------------------------------------------------------------------------------------


def test_the_case_is_made_of_figures_alone_and_each_opens_its_rows(
    desk: Client, busy: tuple[Channel, Channel, Objective], boss: User, scripted: Scripted
) -> None:
    one, other, _ = busy
    Papers.objects.create(channel=one, weekly_hours=Decimal("1.5"), changed_at=NOON, changed_by=boss)
    bring_in([("2026-11-17", "6")], ("Week", "Hours"), kind="hours", by=boss, now=NOON)
    page = desk.get(reverse("figures:case") + WEEK)
    told = {line.rule.name: line for _, lines in page.context["sections"] for line in lines}
    assert (told["demand"].figure.value, told["demand"].before.value) == (1.0, 1.0)
    assert (told["backlog"].figure.part, told["backlog"].figure.whole) == (1, 1)
    assert told["hours_short"].figure.value == pytest.approx(0.5)  # 2.0 at least, 1.5 are kept
    assert told["hours_short"].figure.notes == (f"nobody has said how many hours there are for {other}",)
    assert told["spend"].figure.missing.startswith("not known")
    for line in told.values():
        assert desk.get(line.url).context["figure"] == line.figure, line.rule.name
    assert "Messages of residents: 1, same as the week before." in page.context["summary"]
    table = lines_of(desk.get(reverse("figures:case-table") + WEEK).content.decode())
    assert {row["measure"]: row["value"] for row in table}["Messages of residents"] == "1.0"
    assert all(row["value"] or row["missing"] for row in table)


def test_a_quiet_town_has_a_case_without_numbers_and_says_why(desk: Client) -> None:
    for name in ("case", "overview", "resonance"):
        assert desk.get(reverse(f"figures:{name}")).status_code == 200
    page = desk.get(reverse("figures:case"))
    told = {line.rule.name: line.figure for _, lines in page.context["sections"] for line in lines}
    assert told["demand"].value == 0
    assert [name for name, figure in told.items() if figure.value is None and not figure.missing] == []
