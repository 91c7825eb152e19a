"""Tables for spreadsheets: a number stays a number, and no text is ever run as a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from accounts import tables


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-30, "-30"),
        (-30.5, "-30.5"),
        (-1e-07, "-1e-07"),
        (Decimal("-2.50"), "-2.50"),
        ("-30.0", "-30.0"),
        (30, "30"),
        (None, ""),
        ("-30%", "'-30%"),
        ("-30 degrees", "'-30 degrees"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("-30\n=1", "'-30\n=1"),
        ("-30\n", "'-30\n"),
        ("--3", "'--3"),
        ("-A1", "'-A1"),
        ("-٣", "'-٣"),
        ("+44 1632 960", "'+44 1632 960"),
        ("+1", "'+1"),
        ("=1", "'=1"),
        ("@home", "'@home"),
        ("'-30", "''-30"),
        ("Bins", "Bins"),
    ],
)
def test_numbers_stay_numbers_and_what_could_run_is_marked_and_comes_back(value: object, written: str) -> None:
    assert tables.cell(value) == written
    _, row = csv.reader(io.StringIO(tables.text(["what"], [[value]]), newline=""))
    assert tables.restored("".join(row)) == ("" if value is None else str(value))
