"""The town's weekly report: two sheets on paper, as its PDF and printed from the page, and legible on a phone."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser
from pypdf import PdfReader

from accounts import tables
from tests.browser.desk import Desk
from tests.browser.questions import REPORT

PRINTED = "SELECT max(sheets) FROM metrics_reportpaper JOIN metrics_weeklyreport r ON r.id = report_id WHERE week = %s"
PATIENCE = 180  # seconds until a worker has printed it, on a busy machine
SMALLEST = 10  # pixels of a letter that can be read on a phone
SIZES = "() => [...document.querySelectorAll('.line-chart')].map(one => 11 * one.getBoundingClientRect().width / 320)"


def words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def packed(said: str) -> str:
    """Without its spaces: paper breaks its lines elsewhere."""
    return "".join(said.split())


def test_the_towns_report_fits_two_sheets_and_a_phone(
    browser: Browser, browser_context_args: dict[str, Any], state_of: Callable[[str], Any], desk: Desk
) -> None:
    week, end = desk.one(REPORT), time.monotonic() + PATIENCE
    while desk.one(PRINTED, week) is None and time.monotonic() < end:
        time.sleep(1)
    context = browser.new_context(**(browser_context_args | {"storage_state": state_of("manager")}))
    page = context.new_page()
    page.goto(f"/reports/{week}/")
    shown = page.locator("main").inner_text()
    answer = context.request.get(f"/reports/{week}/paper.pdf")
    read = PdfReader(io.BytesIO(answer.body()))
    assert len(read.pages) == desk.one(PRINTED, week) <= 2
    summary = page.locator(".page-words p").inner_text()
    assert summary in words(answer.body())
    for figure in page.locator(".report-table td:nth-child(2)").all_inner_texts():
        assert " ".join(figure.split()) in words(answer.body())
    assert "Objectives" in shown
    table = context.request.get(f"/reports/{week}/table.csv").text().removeprefix("\ufeff")
    paper = packed(words(answer.body()))
    for row in csv.DictReader(io.StringIO(table)):
        for said in (row["words"], row["figure"], row["standing"]):
            assert packed(tables.restored(said)) in paper, row
    printed = page.pdf(prefer_css_page_size=True)
    assert len(PdfReader(io.BytesIO(printed)).pages) <= 2
    assert summary in words(printed)
    page.set_viewport_size({"width": 390, "height": 844})
    sizes = page.evaluate(SIZES)
    assert sizes
    assert min(sizes) >= SMALLEST
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
