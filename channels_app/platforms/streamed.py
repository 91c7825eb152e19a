"""Files on their way out, read as they are sent: a video is never held whole."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator, Mapping
from typing import IO

from channels_app.platforms.base import Refused, Video

BLOCK = 65_536


def part(video: Video, start: int, end: int) -> bytes:
    """The bytes of a video from `start` up to `end`, all of which must be there."""
    try:
        with open(video.path, "rb") as file:
            file.seek(start)
            data = file.read(end - start)
    except OSError:
        data = b""
    if len(data) != end - start:
        raise Refused("The file of this video is not there any more.", cause="content", code="unable") from None
    return data


class Form:
    """A form with one file in it. Give it to a request as `data`, with `content_type` as the header of that name."""

    def __init__(self, fields: Mapping[str, str], name: str, file: IO[bytes], *, shown: str, mime: str) -> None:
        """`name` is the file's field, `shown` what it is called."""
        mark = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={mark}"
        parts = [_part(mark, f'name="{field}"') + value.encode() + b"\r\n" for field, value in fields.items()]
        head = b"".join(parts) + _part(mark, f'name="{name}"; filename="{shown}"', f"\r\nContent-Type: {mime}")
        foot = f"\r\n--{mark}--\r\n".encode()
        self._length = len(head) + os.fstat(file.fileno()).st_size + len(foot)
        self._pieces: list[IO[bytes]] = [io.BytesIO(head), file, io.BytesIO(foot)]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the form; empty at its end."""
        for piece in self._pieces:
            if data := piece.read(BLOCK if size < 0 else size):
                return data
        return b""


def _part(mark: str, about: str, more: str = "") -> bytes:
    return f"--{mark}\r\nContent-Disposition: form-data; {about}{more}\r\n\r\n".encode()
