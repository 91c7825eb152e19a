"""A workbook (XLSX) that comes in, as the CSV it would be saved as: its first sheet, cells as text, nothing run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import openpyxl

from accounts.refusals import Invalid
from calendar_app.reading import MOST_COLUMNS, MOST_ROWS, SAVE_AS

MARK = b"PK\x03\x04"
UNPACKED = 60_000_000  # bytes of all parts: a small file can hold a very large one
PARTS = 500
ISO_MINUTE = "%Y-%m-%d %H:%M"
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, AttributeError, IndexError, SyntaxError)


def is_one(data: bytes) -> bool:
    return data.startswith(MARK)


def rows(data: bytes) -> list[list[str]]:
    """Every row of the first sheet, the empty ones too, so that their numbers are the sheet's. Invalid says why not."""
    _sane(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        found = [[_text(value) for value in row] for row in _bounded(sheet.iter_rows(values_only=True))]
    except BROKEN:
        raise Invalid("This is a workbook that cannot be read.", next_step=SAVE_AS) from None
    return [_without_end(row) for row in found]


def _sane(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise Invalid("This is a workbook that is damaged or not complete.", next_step=SAVE_AS) from None
    if "xl/workbook.xml" not in {one.filename for one in parts}:
        raise Invalid("This is a workbook of another kind (ODS, or a ZIP file), not XLSX.", next_step=SAVE_AS)
    if len(parts) > PARTS or sum(one.file_size for one in parts) > UNPACKED:
        raise Invalid("This workbook holds too much to be a plan.", next_step="Keep only the sheet with the plan.")


def _bounded(found: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    for number, row in enumerate(found):
        if number > MOST_ROWS + 100:
            raise Invalid(f"The file has more than {MOST_ROWS:,} rows.", next_step="Split it into several files.")
        yield row[: MOST_COLUMNS + 1]


def _text(value: object) -> str:
    """A cell as a person reads it; what a spreadsheet made a date or a number of is told as one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime(ISO_MINUTE) if value.time() != time() else value.strftime("%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_end(row: list[str]) -> list[str]:
    last = max((n for n, one in enumerate(row, 1) if one), default=0)
    return row[:last]
