"""Files that are no videos, or more than videos: each is refused, or only its picture and its sound survive."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Iterator
from pathlib import Path

from channels_app import films, remuxing
from tests.factories_films import NAME, PLACE, film_bytes

MARK = b"<script>pwn()</script>"


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def damaged(data: bytes, dice: random.Random) -> Iterator[bytes]:
    """Cut short, and with more and more bytes changed."""
    for n in range(1, 10):
        yield data[: len(data) * n // 10]
    for n in range(20):
        broken = bytearray(data)
        for _ in range(1 + 2 * n):
            broken[dice.randrange(12, len(broken))] = dice.randrange(256)
        yield bytes(broken)


def more_than_films(data: bytes) -> Iterator[bytes]:
    yield data + MARK
    yield data + box(b"uuid", b"camera" * 4 + MARK)
    yield data + box(b"udta", box(b"\xa9xyz", PLACE + MARK))
    yield box(b"free", MARK * 9) + data
    yield data[:4] + b"ftyp" + data[8:] + b"PK\x03\x04" + MARK


def no_films() -> Iterator[bytes]:
    for head in (
        b"",
        b"#EXTM3U\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<svg>",
        b"RIFF\x10\0\0\0AVI ",
        b"OggS",
    ):
        yield head + MARK * 9
    yield b"\0\0\0\x18ftypmp42" + MARK * 9
    yield b"\x1aE\xdf\xa3" + MARK * 9
    yield box(b"ftyp", b"mp42\0\0\0\0") + struct.pack(">I", 2**31) + b"moov" + MARK


def test_nothing_but_picture_and_sound_gets_through(seed: int, tmp_path: Path) -> None:
    dice, wrong, refused, taken = random.Random(seed), [], 0, 0
    good = [film_bytes(seconds=2), film_bytes("webm", seconds=2, picture="libvpx", sound="libopus")]
    whole = [each for one in good for each in more_than_films(one)]
    broken = [each for one in good for each in damaged(one, dice)]  # whose index may call its notes a picture
    for number, data in enumerate([*whole, *broken, *no_films()]):
        into = tmp_path / str(number)
        try:
            facts, poster, small = remuxing.rewrite(io.BytesIO(data), str(into))
        except remuxing.Unusable as why:
            refused += why.code in films.WHY
        except Exception as fault:  # noqa: BLE001  whatever else comes out of a decoder is a finding
            wrong.append((number, repr(fault)))
        else:
            taken += 1
            fresh = into.read_bytes() + poster + small
            if facts["mime"] not in films.SUFFIX or (
                number < len(whole) and any(one in fresh for one in (b"pwn()", NAME, PLACE[:9]))
            ):
                wrong.append((number, "more than picture and sound"))
    assert not wrong
    assert refused > 20
    assert taken > 8
