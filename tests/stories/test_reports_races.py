"""A report is made once whoever is at it, after every silence, and whatever becomes of the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from accounts.models import Notification
from metrics import reports
from metrics.models import FrozenReport, WeeklyReport
from tests.factories import make_channel, make_town, make_user
from tests.factories_measures import make_report

LAST = date(2026, 11, 9)
WEEK = timedelta(weeks=1)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
NOON = MONDAY_SIX + timedelta(hours=7)


def at_once(act: Callable[[], int], times: int = 2) -> list[object]:
    """Run it in threads that start together; what each gave or raised."""
    start = threading.Barrier(times)
    results: list[object] = []

    def run() -> None:
        start.wait()
        try:
            results.append(act())
        except Exception as problem:  # noqa: BLE001
            results.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_workers_make_a_due_report_once_and_tell_its_readers_once(transactional_db: None) -> None:
    make_town(zone="Europe/London", pack="none")
    make_channel(created_at=MONDAY_SIX - 9 * WEEK)
    boss = make_user("manager")
    WeeklyReport.objects.create(week=LAST, due_at=MONDAY_SIX)
    assert sorted(map(str, at_once(lambda: reports.make_due(MONDAY_SIX)))) == ["0", "1"]
    assert FrozenReport.objects.count() == 1
    assert sorted(map(str, at_once(lambda: reports.send_due(NOON)))) == ["0", "1"]
    assert Notification.objects.filter(event="report.weekly", user=boss).count() == 1
    assert not Notification.objects.filter(event="report.failed").exists()


@pytest.mark.django_db
def test_when_the_machine_was_off_for_weeks_each_of_them_gets_its_report() -> None:
    make_town(zone="Europe/London", pack="none")
    make_channel(created_at=MONDAY_SIX - 20 * WEEK)
    reports.expect(MONDAY_SIX)
    late = MONDAY_SIX + 4 * WEEK
    assert reports.expect(late) == 4
    assert reports.expect(late) == 0
    assert list(WeeklyReport.objects.values_list("week", flat=True)) == [LAST + n * WEEK for n in (5, 4, 3, 2, 1, 0)]


@pytest.mark.django_db
def test_a_week_that_cannot_be_reported_is_told_once_and_the_others_are_made_and_sent() -> None:
    make_town(zone="Europe/London", pack="none")
    boss = make_user("manager")
    make_channel(created_at=MONDAY_SIX - 20 * WEEK)
    broken = make_report(LAST - WEEK, MONDAY_SIX - WEEK)
    WeeklyReport.objects.filter(pk=broken.pk).update(state="due", made_at=None)  # its frozen figures are there already
    reports.expect(MONDAY_SIX)
    reports.work(NOON)
    reports.work(NOON + timedelta(minutes=1))
    assert FrozenReport.objects.filter(report__week=LAST).exists()
    assert WeeklyReport.objects.get(week=LAST).sent_at == NOON
    told = Notification.objects.filter(event="report.failed", user=boss)
    assert [one.words for one in told] == [
        "Week of 2 November 2026: the report could not be made; it is tried again every minute"
    ]
