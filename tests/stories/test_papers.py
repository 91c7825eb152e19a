"""The weekly report on paper: the numbers of its page and its table, on two sheets, enclosed in the mail, once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accounts import mailing
from accounts.models import Mail, User
from metrics import papers, printing, reports
from metrics.models import FrozenReport, ReportPaper, WeeklyReport
from policy.models import Objective
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective
from tests.factories_inbox import make_conversation
from tests.factories_measures import make_report, make_shift

pytestmark = pytest.mark.django_db
WEEK = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOWHERE = {"Pango": ("libnowhere.so.0",)}


@pytest.fixture
def boss() -> User:
    make_town(zone="Europe/London", pack="none")
    make_channel(name="Fernhill")
    return make_user("manager", email="boss@fernhill.example")


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def pictured(node: Any) -> list[str]:
    """What the pictures of a tagged file say to who cannot see them."""
    node = node.get_object()
    if isinstance(node, list):
        return [words for one in node for words in pictured(one)]
    if not hasattr(node, "get"):
        return []
    below = [pictured(node[name]) for name in ("/StructTreeRoot", "/K") if name in node]
    return [*([str(node["/Alt"])] if "/Alt" in node else []), *(words for part in below for words in part)]


def town_with_a_week(boss: User) -> WeeklyReport:
    make_objective(owner=boss, sentence="Be answered within a day")
    Objective.objects.update(measure="answered_in_time")
    at = MONDAY_SIX - timedelta(days=4)
    for _ in range(3):
        make_conversation(at=at)
    make_delivery("published", published_at=at)
    for _ in range(2):
        make_delivery("published", published_at=at, kind="reply", origin="reply")
    make_shift(by=boss, now=at, because="Roads wait longest")
    return make_report(WEEK, MONDAY_SIX)


def test_page_table_and_paper_say_the_same_numbers(boss: User, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://desk.fernhill.example"
    report = town_with_a_week(boss)
    client = Client()
    client.force_login(boss)
    address = reverse("reports:report-paper", args=[WEEK])
    assert client.get(address).status_code == 404
    assert papers.print_due(MONDAY_SIX) == 1
    pdf = client.get(address)
    assert pdf["Content-Type"] == "application/pdf"
    words = words_of(pdf.content)
    page = unescape(client.get(reverse("reports:report", args=[WEEK])).content.decode())
    assert address in page
    table = client.get(reverse("reports:report-table", args=[WEEK])).content.decode().removeprefix("\ufeff")
    rows = {row["measure"]: row for row in csv.DictReader(io.StringIO(table)) if row["section"] != "Week by week"}
    content = FrozenReport.objects.get(report=report).content
    lines = [line for part in content["sections"] for line in part["lines"]]
    known = [line for line in lines if line["value"] is not None]
    assert len(known) > 5
    for line in lines:
        assert line["label"] in words
        assert rows[line["label"]]["value"] == ("" if line["value"] is None else str(line["value"]))
        told = line["missing"] if line["value"] is None else f"{line['shown']} {line['unit']}".strip()
        if line["low"] is None:
            assert told in words
            assert told in page
    for more in (content["summary"], "Be answered within a day", "Because Roads wait longest", "Not signed."):
        assert more in words
        assert more in page
    marks: Any = PdfReader(io.BytesIO(pdf.content)).pages[0]["/Annots"]
    links = [one["/A"]["/URI"] for one in marks if "/A" in one]
    rows_behind = reverse("measures:figure", args=["response_rate"])
    as_it_was = f"{settings.PUBLIC_URL}{rows_behind}?from=2026-11-09&to=2026-11-16&as="
    assert [link for link in links if link.startswith(as_it_was)]


def test_it_is_a_tagged_file_on_no_more_than_two_sheets(boss: User) -> None:
    report = town_with_a_week(boss)
    papers.print_due(MONDAY_SIX)
    paper = ReportPaper.objects.get(report=report)
    read = PdfReader(io.BytesIO(bytes(paper.data)))
    assert len(read.pages) == paper.sheets <= 2
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert read.trailer["/Root"]["/Lang"] == "en"
    assert read.metadata.title == "Week of 9 November 2026 · Weekly report of Fernhill"
    assert "Answered within the promise: not enough weeks yet to say anything" in pictured(read.trailer["/Root"])
    width, height = read.pages[0].mediabox.upper_right
    assert (round(width), round(height)) == (595, 842)


def test_it_is_printed_once_as_made_and_once_as_signed_and_never_changed(boss: User) -> None:
    report = town_with_a_week(boss)
    assert [papers.print_due(MONDAY_SIX), papers.print_due(MONDAY_SIX + HOUR)] == [1, 0]
    reports.sign(report, "Roads need a second person.", by=boss, now=MONDAY_SIX + HOUR)
    report = WeeklyReport.objects.get(pk=report.pk)
    assert reports.paper_of(report) is None
    assert [papers.print_due(MONDAY_SIX + HOUR), papers.print_due(MONDAY_SIX + HOUR)] == [1, 0]
    paper = reports.paper_of(report)
    assert "Roads need a second person." in words_of(bytes(paper.data))
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportPaper.objects.filter(pk=paper.pk).update(sheets=1)


def test_readers_get_it_by_mail_once_with_the_paper_that_says_who_signed(boss: User) -> None:
    report = town_with_a_week(boss)
    make_user("officer", email="reader@fernhill.example")
    papers.print_due(MONDAY_SIX)
    reports.sign(report, "", by=boss, now=MONDAY_SIX + HOUR)
    assert reports.send_due(MONDAY_SIX + HOUR) == 0, "the signed paper is waited for"
    papers.print_due(MONDAY_SIX + HOUR)
    assert [reports.send_due(MONDAY_SIX + HOUR), reports.send_due(MONDAY_SIX + 2 * HOUR)] == [1, 0]
    mailing.send_due(MONDAY_SIX + 2 * HOUR)
    assert sorted(one.to[0] for one in mail.outbox) == ["boss@fernhill.example", "reader@fernhill.example"]
    ((name, data, kind),) = mail.outbox[0].attachments
    assert (name, kind) == ("weekly-report-2026-11-09.pdf", "application/pdf")
    assert "Signed by" in words_of(data)
    assert not Mail.objects.exclude(enclosed=None).exists(), "what is out is not kept a second time"


def test_a_paper_that_does_not_come_holds_up_no_report(boss: User) -> None:
    town_with_a_week(boss)
    noon = MONDAY_SIX + 6 * HOUR
    assert reports.send_due(noon) == 0
    assert reports.send_due(noon + reports.PAPER_WAIT) == 1
    mailing.send_due(noon + HOUR)
    assert mail.outbox[0].attachments == []


def test_where_libraries_are_missing_the_page_says_so_and_offers_print(
    boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LIBRARIES", NOWHERE)
    report = town_with_a_week(boss)
    client = Client()
    client.force_login(boss)
    assert papers.print_due(MONDAY_SIX) == 0
    page = client.get(reverse("reports:report", args=[WEEK])).content.decode()
    assert "There is no PDF, because this machine lacks Pango. Print this page instead" in page
    assert reverse("reports:report-paper", args=[WEEK]) not in page
    reports.sign(report, "", by=boss, now=MONDAY_SIX)
    assert reports.send_due(MONDAY_SIX) == 1


def test_printing_reads_nothing_it_was_not_given(caplog: pytest.LogCaptureFixture) -> None:
    pictures = '<img alt="" src="file:///etc/passwd"><img alt="" src="http://127.0.0.1:1/">'
    page = f'<html lang="en"><title>T</title><p>Here</p>{pictures}</html>'
    paper = printing.printed(page, "@import url(file:///etc/passwd);", {})
    assert words_of(paper.data) == "Here"
    assert printing.printed(page, "", {"Nowhere": Path("no-such-font")}) is None
    assert "printing failed" in caplog.text
