"""A weekly report as a page, on paper and as a table: the same numbers and the same sentences, each in all three."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts import tables
from accounts.models import User
from metrics import collecting, costs, papers, report_reading, reports, shifting
from metrics.models import Aim, Reading, Tracked, WeeklyReport
from tests.factories import make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_objective, make_topic
from tests.factories_inbox import make_conversation
from tests.factories_measures import bring_in, make_report, make_shift

pytestmark = pytest.mark.django_db
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
LAST = date(2026, 11, 9)
MONDAY_SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
FORMULA = '=HYPERLINK("https://evil.example","Roads")'
ONLY_ON_THE_PAGE = {"(proxy)", "All of it", "Show the numbers", "Measure", "Figure", "Of", "Beside it"}


class Texts(HTMLParser):
    """What stands in a page's report, piece by piece, without the numbers behind its drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = (dict(attrs).get("class") or "").split()
        if tag == "div" and (self.inside or "report" in kinds):
            self.inside += 1
        if tag in {"details", "svg", "form", "caption"}:
            self.skipped += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self.inside:
            self.inside -= 1
        if tag in {"details", "svg", "form", "caption"}:
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped and data.strip():
            self.found.append(" ".join(data.split()))


def packed(words: str) -> str:
    """Without its spaces: paper breaks its lines where a page does not."""
    return "".join(words.split())


@pytest.fixture
def report() -> WeeklyReport:
    """Of the second of two weeks, with something in each of its parts; and words that would be formulas."""
    make_town(zone="Europe/London", pack="none", population=20_000)
    boss, bins = make_user("manager"), make_topic(name="Bins")
    channel = make_channel("x", name="Fernhill")
    week_before = MONDAY_SIX - 10 * DAY
    for at in (week_before, MONDAY_SIX - 4 * DAY):
        make_conversation(channel, at=at)
    for n, text in ((3, "+Mill Road is closed"), (4, "Bins")):
        make_delivery("published", channel=channel, published_at=MONDAY_SIX - n * DAY, text=text)
    collecting.track_new(MONDAY_SIX - DAY)
    for post, value in zip(Tracked.objects.exclude(remote_id="").order_by("pk"), (12, 0), strict=True):
        for name, told in (("likes", 9 * value), ("replies", value), ("shares", value), ("impressions", 400)):
            Reading.objects.create(tracked=post, measure=name, at=MONDAY_SIX - DAY, value=told)
    followers(Tracked.objects.get(remote_id=""))
    Aim.objects.create(objective=make_objective(owner=boss, sentence=FORMULA), topic=bins, since=LAST)
    bring_in([(f"2026-11-{day:02}", "Bins", "Phone", "40") for day in (2, 9)], by=boss, now=MONDAY_SIX - HOUR)
    for route in ("phone", "hour"):
        settle(route, boss)
    waits = make_shift(by=boss, now=week_before - WEEK, because="@roads wait longest")
    make_shift(by=boss, now=MONDAY_SIX - 4 * DAY, because="Few answer on Sundays", measure="response_rate")
    make_report(LAST - WEEK, MONDAY_SIX - WEEK)
    make_conversation(channel, at=week_before + HOUR)
    shifting.review(waits, "unclear", "-1 is no number", by=boss, now=MONDAY_SIX - 3 * DAY)
    made = make_report(LAST, MONDAY_SIX)
    reports.sign(made, "=1+1 people answered well.", by=boss, now=MONDAY_SIX + HOUR)
    return WeeklyReport.objects.get(pk=made.pk)


def followers(profile: Tracked) -> None:
    """Few more each day, then two thousand in one night."""
    for n in range(30):
        at = MONDAY_SIX - (31 - n) * DAY
        Reading.objects.create(tracked=profile, measure="followers", at=at, value=5000 + 4 * n)
    Reading.objects.create(tracked=profile, measure="followers", at=MONDAY_SIX - DAY, value=7500)


def settle(route: str, boss: User) -> None:
    facts = {"route": route, "low": 2, "high": 5, "source": "Call centre, yearly accounts", "dated": LAST - WEEK}
    costs.settle(**facts, by=boss, now=MONDAY_SIX - DAY)


def test_page_paper_and_table_say_the_same_numbers_and_the_same_sentences(report: WeeklyReport) -> None:
    client = Client()
    client.force_login(make_user("manager"))
    papers.print_due(MONDAY_SIX + HOUR)
    paper = PdfReader(io.BytesIO(bytes(reports.paper_of(report).data)))
    printed = packed("".join(page.extract_text() for page in paper.pages))
    page = client.get(reverse("reports:report", args=[LAST]))
    table = client.get(reverse("reports:report-table", args=[LAST])).content.decode().removeprefix("\ufeff")
    assert len(paper.pages) <= 2
    rows = list(csv.DictReader(io.StringIO(table)))
    texts = Texts()
    texts.feed(page.content.decode())
    shown = packed(f"{page.context['content']['summary']}{''.join(texts.found)}")
    for row in rows:
        names = ["words", *(() if row["section"] in {"Week by week", "Summary"} else ("measure", "figure", "standing"))]
        for words in (packed(tables.restored(row[name])) for name in names):
            assert words in shown, row
            assert words in printed, row
    told = packed("".join(tables.restored(cell) for row in rows for cell in row.values()))
    shares = {f"{int(row['part']):,} of {int(row['whole']):,}" for row in rows if row["part"] and row["whole"]}
    more = ONLY_ON_THE_PAGE | shares | {row["section"] for row in rows} | {report_reading.HEADS["echoes"]}
    assert [words for words in texts.found if packed(words) not in told and words not in more] == []


def test_every_part_of_the_report_is_in_the_table_and_no_cell_is_a_formula(report: WeeklyReport) -> None:
    client = Client()
    client.force_login(make_user("manager"))
    table = client.get(reverse("reports:report-table", args=[LAST])).content.decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table)))
    said = {row["section"]: tables.restored(row["words"]) for row in rows}
    assert {
        *("Summary", "Report", "Remark", "Objectives", "Response", "Effect elsewhere", "Week by week"),
        *("Commented on most", "Shared most", "Interacted with most", "Shared by nobody", "What we do otherwise"),
        *("Restated since the last report", "What is missing, and why"),
        *("What stands only for something else, and why", "Followers that came or went at once"),
    } <= set(said)
    assert said["Remark"] == "=1+1 people answered well."
    assert "2,384 followers more between two readings" in said["Followers that came or went at once"]
    proxy = next(row for row in rows if row["measure"].startswith("Cost avoided"))
    assert proxy["proxy"] == "Avoided contacts are estimated, and unit costs are averages."
    assert " to " in proxy["figure"]
    risky = [cell for row in rows for cell in row.values() if tables.RISKY.match(cell)]
    assert {"'" + FORMULA, "'=1+1 people answered well."} <= set(risky)
    assert [cell for cell in risky if not cell.startswith("'") and not tables.NUMBER.fullmatch(cell)] == []
