"""The weekly report: made once when it is due, frozen, signed, sent, and the same numbers wherever they are read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, User
from accounts.refusals import Invalid, NotAllowed
from metrics import reporting, reports
from metrics.models import FrozenReport, Reading, Tracked, WeeklyReport
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective
from tests.factories_inbox import make_conversation
from tests.factories_measures import make_report

pytestmark = pytest.mark.django_db
WEEK = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def boss() -> User:
    make_town(zone="Europe/London", pack="none")
    make_channel(name="Fernhill")
    return make_user("manager")


@pytest.mark.parametrize(
    ("zone", "now", "due_at"),
    [
        ("Europe/London", datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("America/Edmonton", datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)),
        # the week in which clocks go back, and the one in which they go forward
        ("Europe/London", datetime(2026, 10, 22, 12, tzinfo=UTC), datetime(2026, 10, 26, 6, tzinfo=UTC)),
        ("Europe/London", datetime(2027, 3, 25, 12, tzinfo=UTC), datetime(2027, 3, 29, 5, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_on_monday_at_six_by_the_towns_clocks(zone: str, now: datetime, due_at: datetime) -> None:
    make_town(zone=zone)
    make_channel(created_at=now - timedelta(days=90))
    reports.expect(now)
    reports.expect(now + HOUR)
    last, running = WeeklyReport.objects.order_by("week")
    assert (running.due_at, running.week - last.week) == (due_at, timedelta(days=7))


def test_a_report_is_made_once_when_its_time_has_come_and_also_late(boss: User) -> None:
    reports.expect(MONDAY_SIX - HOUR)
    WeeklyReport.objects.exclude(week=WEEK).delete()
    assert reports.make_due(MONDAY_SIX - HOUR) == 0
    assert reports.make_due(MONDAY_SIX + 30 * HOUR) == 1
    assert reports.make_due(MONDAY_SIX + 31 * HOUR) == 0
    assert FrozenReport.objects.get().report.week == WEEK


def test_before_there_was_a_channel_there_is_nothing_to_report() -> None:
    make_town(zone="UTC")
    assert reports.expect(NOON) == 0
    make_channel(created_at=NOON - HOUR)
    assert reports.expect(NOON) == 1


def test_a_later_change_of_the_past_never_alters_a_report_and_is_told_in_the_next(boss: User) -> None:
    at = MONDAY_SIX - timedelta(days=4)
    make_conversation(at=at)
    make_delivery("published", published_at=at, kind="reply", origin="reply")
    first = make_report(WEEK, MONDAY_SIX)
    before = first.frozen.content
    assert before["restated"] == []
    make_delivery("published", published_at=at)
    second = make_report(WEEK + timedelta(days=7), MONDAY_SIX + timedelta(days=7))
    assert FrozenReport.objects.get(report=first).content == before
    assert "Week of 9 November, Conversation balance: 100 is now 50" in second.frozen.content["restated"]
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReport.objects.filter(report=first).update(content={})


def test_what_is_missing_is_said_with_its_reason_and_a_jump_has_its_footnote(boss: User) -> None:
    channel = make_channel("x", name="Fernhill")
    profile = Tracked.objects.create(channel=channel, remote_id="", published_at=NOON)
    start = datetime(2026, 10, 12, 6, tzinfo=UTC)
    for n in range(30):
        Reading.objects.create(tracked=profile, measure="followers", at=start + n * 24 * HOUR, value=5000 + 4 * n)
    for n, facts in ((30, {"missing": "no connection since Tuesday 10 November"}), (32, {"value": 7200})):
        Reading.objects.create(tracked=profile, measure="followers", at=start + n * 24 * HOUR, **facts)
    content = reporting.content(WEEK, MONDAY_SIX)
    words = "Fernhill on X: no numbers from Wednesday 06:00 to Friday 06:00, no connection since Tuesday 10 November"
    assert words in content["missing"]
    assert "Got an answer: nobody asked for an answer" in content["missing"]
    assert content["jumps"][0].startswith("Fernhill on X: 2,084 followers more")


def test_the_page_and_the_table_say_the_same_numbers_and_every_figure_opens_its_rows(boss: User) -> None:
    make_objective(owner=boss, sentence="Be answered")
    make_conversation(at=MONDAY_SIX - timedelta(days=4))
    make_report(WEEK, MONDAY_SIX)
    client = Client()
    client.force_login(boss)
    page = client.get(reverse("reports:report", args=[WEEK])).content.decode()
    text = client.get(reverse("reports:report-table", args=[WEEK])).content.decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    content = FrozenReport.objects.get().content
    lines = [line for part in content["sections"] for line in part["lines"]]
    parts = {part["heading"] for part in content["sections"]}
    told = [row["value"] for row in rows if row["section"] in parts]
    assert told == ["" if one["value"] is None else str(one["value"]) for one in lines]
    for line in lines:
        assert f"{reverse('measures:figure', args=[line['name']])}?from=2026-11-09&amp;to=2026-11-16" in page
        assert line["value"] is None or line["low"] is not None or line["shown"] in page
    (objective,) = (row for row in rows if row["section"] == "Objectives")
    assert (objective["measure"], objective["standing"]) == ("Be answered", "no baseline")


def test_a_manager_signs_once_with_a_remark_and_readers_are_told_once(boss: User) -> None:
    officer = make_user("officer")
    report = make_report(WEEK, MONDAY_SIX)
    assert reports.send_due(MONDAY_SIX + HOUR) == 0
    with pytest.raises(NotAllowed):
        reports.sign(report, "", by=officer, now=MONDAY_SIX)
    client = Client()
    client.force_login(boss)
    client.post(reverse("reports:sign-report", args=[WEEK]), {"remark": "Well done with the bins."})
    with pytest.raises(Invalid, match="signed this report already"):
        reports.sign(report, "Again", by=boss, now=MONDAY_SIX)
    now = clock.now()  # the page signed it just now
    assert [reports.send_due(now + HOUR), reports.send_due(now + 9 * HOUR)] == [1, 0]
    told = Notification.objects.filter(event="report.weekly", user=officer).get()
    assert told.words.startswith("Week of 9 November 2026: No objective is set")
    page = client.get(reverse("reports:report", args=[WEEK])).content.decode()
    assert "Well done with the bins." in page
    assert "signed" in client.get(reverse("reports:all")).content.decode()


def test_at_noon_it_goes_out_without_a_signature_and_says_so(boss: User) -> None:
    make_report(WEEK, MONDAY_SIX)
    assert reports.send_due(MONDAY_SIX + 5 * HOUR) == 0
    assert reports.send_due(MONDAY_SIX + 6 * HOUR + reports.PAPER_WAIT) == 1
    assert "(not signed)" in Notification.objects.filter(event="report.weekly").first().words
