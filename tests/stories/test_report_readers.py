"""Who reads the weekly report: people with a right over the whole town. Others are told so, and get their channels."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import audit, mailing
from accounts.models import AuditSeal, Notification, User
from channels_app.models import Channel
from metrics import reports
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_measures import make_paper, make_report

pytestmark = pytest.mark.django_db
WEEK = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROUTES = ("reports:report", "reports:report-table", "reports:report-paper")


@pytest.fixture
def channels() -> tuple[Channel, Channel]:
    """Two channels, and a report that names what is on the second one."""
    make_town(zone="Europe/London", pack="none")
    one, other = make_channel(name="Fernhill"), make_channel(name="Parks")
    make_delivery("published", channel=other, published_at=MONDAY_SIX - timedelta(days=4))
    make_paper(make_report(WEEK, MONDAY_SIX), MONDAY_SIX)
    return one, other


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_with_a_right_over_one_channel_a_report_is_closed_in_every_form_and_the_page_says_where_to_go(
    channels: tuple[Channel, Channel],
) -> None:
    one, other = channels
    neighbour = seat(make_user("officer", scope=one.scope))
    figures = reverse("figures:channel", args=[one.key])
    for route in ROUTES:
        answer = neighbour.get(reverse(route, args=[WEEK]))
        page = answer.content.decode()
        assert answer.status_code == 403, route
        assert "right over the whole town" in page
        assert f"{figures}?by=week&amp;of=2026-11-09" in page
        assert "Parks" not in page
    assert neighbour.get(figures + "?by=week&of=2026-11-09").status_code == 200
    listed = neighbour.get(reverse("reports:all"))
    assert (listed.status_code, "No objective is set" in listed.content.decode()) == (200, False)
    assert figures in listed.content.decode()


def test_with_a_right_over_the_whole_town_it_is_read_in_every_form(channels: tuple[Channel, Channel]) -> None:
    reader = seat(make_user("officer"))
    assert {reader.get(reverse(route, args=[WEEK])).status_code for route in ROUTES} == {200}
    assert "No objective is set" in reader.get(reverse("reports:all")).content.decode()


def test_it_is_mailed_to_its_readers_alone_and_says_where_the_chains_end(channels: tuple[Channel, Channel]) -> None:
    one, _ = channels
    make_user("officer", scope=one.scope, email="neighbour@fernhill.example")
    reader = make_user("officer", email="reader@fernhill.example")
    audit.record("tried", None, by=reader, now=MONDAY_SIX)
    audit.seal()
    newest = AuditSeal.objects.latest("seq")
    assert reports.send_due(MONDAY_SIX + 6 * HOUR) == 1
    assert [note.user for note in Notification.objects.filter(event="report.weekly")] == [reader]
    mailing.send_due(MONDAY_SIX + 7 * HOUR)
    (letter,) = [one for one in mail.outbox if "Week of 9 November" in one.subject]
    assert letter.to == ["reader@fernhill.example"]
    assert f"Newest seal of the audit trail: number {newest.seq}, {newest.hash}" in letter.body
    assert "Newest seal of the records: none yet" in letter.body
