"""A part of a file, as a browser asks for it while it plays a video."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

MOST = 4_000_000  # bytes of one answer: who plays a video asks again, and no thread hangs on a slow reader
PIECE = 256 * 1024
ASKED = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def answer(path: Path, asked: str, kind: str) -> FileResponse | StreamingHttpResponse | HttpResponse:
    """The file, or the part that the Range header asks for; 416 for a part that is not there."""
    size = path.stat().st_size
    named = ASKED.fullmatch(asked.strip())
    if named is None or named.groups() == ("", ""):
        whole = FileResponse(path.open("rb"), content_type=kind)
        whole["Accept-Ranges"] = "bytes"
        return whole
    first, last = _span(named[1], named[2], size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(_pieces(path, first, last), status=206, content_type=kind)
    part["Accept-Ranges"] = "bytes"
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return part


def _span(start: str, end: str, size: int) -> tuple[int, int]:
    """First and last byte, both included; a start that is missing counts from the end."""
    first = int(start) if start else max(size - int(end), 0)
    last = min(int(end), size - 1) if start and end else size - 1
    return first, min(last, first + MOST - 1)


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
