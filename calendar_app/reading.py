"""Reading a table from a file as other programs write it: encoding, separator, quotes. Pure; Invalid says why not."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts import tables
from accounts.refusals import Invalid

LARGEST = 5_000_000  # bytes
MOST_ROWS, MOST_COLUMNS = 10_000, 60
SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Upright line"}
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252 (Western European)", "utf-16": "UTF-16"}
NO_TABLE = {
    b"PK\x03\x04": "This is a workbook, not a CSV file.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook (XLS), not a CSV file.",
    b"%PDF": "This is a PDF, not a CSV file.",
}
SAVE_AS = "Open it in your spreadsheet and save it as CSV (UTF-8)."


@dataclass(frozen=True)
class Table:
    """The heads of the columns, and each row that is not empty by the line it begins on."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def samples(self, place: int, most: int = 3) -> list[str]:
        """What stands first in a column, to recognise it by."""
        found = (cells[place] for _, cells in self.rows if place < len(cells) and cells[place].strip())
        return list(dict.fromkeys(found))[:most]


def refuse_what_is_no_text(data: bytes) -> None:
    """One clear sentence for what can never be a table."""
    if not data.strip():
        raise Invalid("The file is empty.")
    if len(data) > LARGEST:
        raise Invalid("The file is larger than 5 MB.", next_step="Split it into several files.")
    for mark, words in NO_TABLE.items():
        if data.startswith(mark):
            raise Invalid(words, next_step=SAVE_AS)
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid("This is not a text file.", next_step=SAVE_AS)


def encoding_of(data: bytes) -> str:
    """How the file is encoded where its bytes say so; "" where a person has to."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "utf-8-sig"


def text_of(data: bytes, encoding: str) -> str:
    """The text, without a mark at its start."""
    if encoding not in ENCODINGS:
        raise Invalid("Say how the file is encoded.")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        raise Invalid(
            f"Line {line} cannot be read as {ENCODINGS[encoding]}.", next_step="Try another encoding."
        ) from None


def separator_of(text: str) -> str:
    """What stands most often between the heads; a comma where nothing does. A first line `sep=;` says it itself."""
    first = text.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and first[4:5] in SEPARATORS:
        return first[4]
    bare = "".join(piece for n, piece in enumerate(text[:20_000].split('"')) if n % 2 == 0).split("\n", 1)[0]
    return max(SEPARATORS, key=lambda one: bare.count(one))


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a file that `table` reads again as they are."""
    out = io.StringIO()
    csv.writer(out).writerows(row or [""] for row in rows)
    return out.getvalue().encode()


def table(text: str, separator: str, *, by_row: bool = False) -> Table:
    """Heads and rows. Invalid for quotes that never end, too much of anything, and a file with heads alone.

    Rows are numbered by the line they begin on; `by_row`: by their place, as a workbook numbers them.
    """
    heads: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for place, found in enumerate(reader, 1):
            begins, line = place if by_row else line, reader.line_num + 1
            cells = tuple(tables.restored(one) for one in found)
            if not any(one.strip() for one in cells) or (heads is None and _says_separator(cells)):
                continue
            if heads is None:
                heads = _heads(cells)
                continue
            rows.append((begins, cells))
            if len(rows) > MOST_ROWS:
                raise Invalid(f"The file has more than {MOST_ROWS:,} rows.", next_step="Split it into several files.")
    except csv.Error as why:
        raise Invalid(f"The file cannot be read near line {reader.line_num}: {_csv_words(why)}.") from None
    if heads is None or not rows:
        raise Invalid("The file has no rows under its heads.", next_step="The first line names the columns.")
    return Table(heads, tuple(rows))


def _says_separator(cells: Sequence[str]) -> bool:
    return cells[0].lower().startswith("sep=") and not any(cells[1:])


def _heads(cells: tuple[str, ...]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise Invalid(f"The file has more than {MOST_COLUMNS} columns.", next_step="Leave out what is not needed.")
    return tuple(one.strip()[:120] or f"Column {n}" for n, one in enumerate(cells, 1))


def _csv_words(why: csv.Error) -> str:
    said = str(why)
    if "field larger" in said:
        return "a cell is longer than any post can be"
    if "end of data" in said:
        return "a quoted cell never ends"
    return "a quoted cell goes on after its closing quote"


def by_meaning(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """A row's cells by what their columns mean; short rows lack their last cells."""
    return {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
