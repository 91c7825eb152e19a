"""The weekly report on paper: two sheets that say what its page says, printed once as it is made and once as it is
signed, and kept as they were.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Town
from metrics import printing, report_reading
from metrics.models import ReportPaper, ReportSignature, WeeklyReport
from metrics.printing import Printed

STYLE = "css/report-paper.css"
FONTS = {
    "Public Sans": "vendor/fonts/public-sans-latin-wght-normal.woff2",
    "Public Sans Extended": "vendor/fonts/public-sans-latin-ext-wght-normal.woff2",
}
AT_ONCE = 3  # so many in one go, where many wait because printing was not possible


def print_due(now: datetime) -> int:
    """Print what is not on paper as it stands, the newest first; how many were. None where it is not possible."""
    if printing.lacking():
        return 0
    signed = Exists(ReportSignature.objects.filter(report=OuterRef("pk")))
    there = Exists(ReportPaper.objects.filter(report=OuterRef("pk"), signed=OuterRef("is_signed")))
    rows = WeeklyReport.objects.filter(state="made").annotate(is_signed=signed).exclude(there)
    return sum(_keep(row, now) for row in rows.select_related("frozen", "signature__by").order_by("-week")[:AT_ONCE])


def _keep(row: WeeklyReport, now: datetime) -> bool:
    """Print one and keep it; whoever else printed it meanwhile was first."""
    paper = printed(row)
    if paper is None:
        return False
    facts = {"data": paper.data, "sha256": hashlib.sha256(paper.data).hexdigest(), "sheets": paper.sheets, "at": now}
    return ReportPaper.objects.get_or_create(report=row, signed=hasattr(row, "signature"), defaults=facts)[1]


def printed(row: WeeklyReport) -> Printed | None:
    """A report on paper; None where printing failed."""
    town = Town.here()
    with timezone.override(town.tz):
        html = render_to_string("metrics/report_paper.html", report_reading.shown(row) | {"town": town})
    fonts = {name: Path(file) for name, at in FONTS.items() if isinstance(file := finders.find(at), str)}
    style = finders.find(STYLE)
    assert isinstance(style, str)  # noqa: S101  it is a part of the project
    return printing.printed(html, Path(style).read_text("utf-8"), fonts, settings.PUBLIC_URL or "")
