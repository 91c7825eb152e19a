"""Tables for spreadsheets: quoted as RFC 4180 says, and no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

RISKY = re.compile(r"'*[=+\-@\t\r\n]")
NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")  # what spreadsheets compute with and never run
HARMLESS = re.compile(r"'+[=+\-@\t\r\n]")


def cell(value: object) -> str:
    """A value as text; what a spreadsheet would run as a formula gets an apostrophe in front.

    So does what looks as if it had got one already: that way `restored` gives back every text as it was. A negative
    number is none of these and stays a number.
    """
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if RISKY.match(text) and not NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """The text that `cell` was given."""
    return text[1:] if HARMLESS.match(text) else text


def text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(name) for name in names])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def as_csv(name: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An answer that is saved as a file; the mark at its start tells spreadsheets that it is UTF-8."""
    answer = HttpResponse("\ufeff" + text(names, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
