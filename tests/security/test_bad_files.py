"""Three hundred files that are no pictures, or more than pictures: each is refused, or only its pixels survive."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image, PngImagePlugin

from accounts.refusals import Invalid
from channels_app import decoding, media
from channels_app.models import Media
from tests.factories import NOON, make_user
from tests.factories_calendar import make_upload

SIZES = [(13_000, 13_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 0), (65_535, 800), (50_001, 1000)]
MARK = b"<script>pwn()</script>"
NAMES = ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "x" * 400, "<b>.jpg", "con"]
PLACE = (53.9, 0.0, 0.0)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PAYLOADS = {
    "a page": b"<!doctype html><html>" + MARK + b"</html>",
    "an archive": b"PK\x03\x04" + MARK + b"PK\x05\x06",
    "a document": b"%PDF-1.7\n" + MARK + b"\n%%EOF",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'>" + MARK + b"</svg>",
    "a program": b"<?php system('id'); ?>" + MARK,
    "a script": b"*/=1;alert(1)//" + MARK,
}
HEADS = [
    b"MZ\x90\0", b"\x7fELF\x02", b"PK\x03\x04", b"%PDF-1.7", b"%!PS-Adobe", b"<!doctype html>", b"<html>", b"{\\rtf1",
    b"<?php ", b"#!/bin/sh\n", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh9", b"\xfd7zXZ\0",
    b"\xca\xfe\xba\xbe", b"\0asm\x01", b"SQLite format 3\0", b"8BPS\0\x01", b"II*\0", b"MM\0*", b"BM\x36\0", b"OggS",
    b"\0\0\x01\0\x01\0", b"SIMPLE  =                    T", b"RIFF\x10\0\0\0AVI ", b"RIFF\x10\0\0\0WAVE", b"ID3\x03",
    b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypmp42", b"\x1aE\xdf\xa3", b"wOF2", b"\x80\x04\x95",
    b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n", b"P6\n9 9\n255\n", b"#EXTM3U", b"gimp xcf ", b"AC1032", b"",
    b"\0" * 900,
]  # fmt: skip
DRAWINGS = [
    b"<svg>%s</svg>", b"<?xml version='1.0'?><svg>%s</svg>", b"\xef\xbb\xbf<svg>%s</svg>", b" \n\t<SVG>%s</SVG>",
    b"<!-- a --><svg>%s</svg>", b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;%s</svg>",
    b"<svg onload=pwn()>%s</svg>", b"<svg><foreignObject>%s</foreignObject></svg>", b"<svg:svg>%s</svg:svg>",
    b"<svg><image href='http://127.0.0.1/'/>%s</svg>",
]  # fmt: skip


def with_everything(kind: str) -> bytes:
    """A good picture that also carries a place, a name, a comment and a profile."""
    image = Image.effect_noise((64, 48), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jo Webb " + MARK.decode()
    exif.get_ifd(0x8825)[2] = PLACE
    how: dict[str, object] = {"exif": exif} if kind != "GIF" else {"comment": MARK}
    if kind == "JPEG":
        how |= {"comment": MARK, "icc_profile": b"icc " + MARK, "xmp": MARK}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", MARK.decode())
        notes.add_itxt("XML:com.adobe.xmp", MARK.decode(), zip=True)
        how |= {"pnginfo": notes, "icc_profile": b"icc " + MARK}
    into = io.BytesIO()
    image.save(into, kind, **how)
    return into.getvalue()


def twofold(good: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """A picture and something else in one file: behind it, and before it."""
    for kind, data in good.items():
        for name, payload in PAYLOADS.items():
            yield f"{kind} with {name} behind", data + payload
            yield f"{name} with {kind} behind", payload + data
        yield f"{kind} with {kind} behind", data + data + MARK


def damaged(good: dict[str, bytes], dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind, data in good.items():
        for n in range(15):
            yield f"{kind} cut to {n}/15", data[: len(data) * n // 15]
        for n in range(30):
            broken = bytearray(data)
            for _ in range(1 + n):
                broken[dice.randrange(8, len(broken))] = dice.randrange(256)
            yield f"{kind} with {n + 1} bytes changed", bytes(broken)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claims(width: int, height: int) -> Iterator[tuple[str, bytes]]:
    """A few bytes that say they are a huge picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    yield "PNG", b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    w, h = min(width, 65_535), min(height, 65_535)
    yield "GIF", b"GIF89a" + struct.pack("<HH", w, h) + b"\0\0\0,\0\0\0\0" + struct.pack("<HH", w, h) + b"\0\x02\0;"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", h, w) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
    yield "JPEG", b"\xff\xd8" + frame + b"\xff\xda\x00\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0\0\xff\xd9"


def moving(kind: str, frames: int, size: int = 8) -> bytes:
    rows = [Image.new("RGB", (size, size), (n % 256, n // 256, 9)) for n in range(frames)]
    into = io.BytesIO()
    rows[0].save(into, kind, save_all=True, append_images=rows[1:], duration=10)
    return into.getvalue()


def bombs() -> Iterator[tuple[str, bytes]]:
    for width, height in [
        (13_000, 13_000),
        (60_000, 60_000),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
        (65_535, 800),
        (50_001, 1000),
    ]:
        for kind, data in claims(width, height):
            yield f"{kind} that claims {width} x {height}", data
    into = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(into, "PNG")
    yield "169 million pixels in a few bytes", into.getvalue()
    yield "a GIF of 400 frames", moving("GIF", 400)
    yield "a moving PNG", moving("PNG", 3)
    yield "a moving WebP", moving("WEBP", 3)
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 80_000_000))
    good = with_everything("PNG")
    yield "a PNG whose comment is 80 MB", good[:33] + text + good[33:]


def everything(seed: int) -> list[tuple[str, bytes]]:
    good = {kind: with_everything(kind) for kind in FORMATS}
    files = [(f"{kind} with a place in it", data) for kind, data in good.items()]
    files += [*twofold(good), *damaged(good, random.Random(seed)), *bombs()]
    files += [(f"the head {head[:12]!r}", head + MARK * 9) for head in HEADS]
    return files + [(f"the drawing {head[:30]!r}", head % MARK) for head in DRAWINGS]


def only_pixels(data: bytes) -> bool:
    image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "GIF"])
    image.load()
    hidden = image.info.keys() & {"exif", "icc_profile", "comment", "xmp", "Comment", "XML:com.adobe.xmp"}
    return not hidden and not dict(image.getexif()) and b"pwn()" not in data and b"Jo Webb" not in data


def test_of_three_hundred_files_nothing_but_pixels_gets_through(seed: int) -> None:
    files, wrong, refused = everything(seed), [], 0
    assert len(files) >= 300
    for name, data in files:
        try:
            facts, whole, small = decoding.convert(data)
        except decoding.Unusable as why:
            refused += why.code in media.WHY
        except Exception as fault:  # noqa: BLE001  whatever else comes out of a decoder is a finding
            wrong.append((name, repr(fault)))
        else:
            if facts["mime"] not in media.SUFFIX or not only_pixels(whole) or not only_pixels(small):
                wrong.append((name, "more than pixels"))
    assert not wrong
    assert refused > 150


@pytest.mark.parametrize("head", [*HEADS, *(head % MARK for head in DRAWINGS)])
def test_what_is_no_picture_is_refused_by_what_it_holds(head: bytes) -> None:
    with pytest.raises(decoding.Unusable):
        decoding.convert(head + MARK * 9)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "x" * 400, "<b>.jpg", "con"])
def test_a_name_is_only_a_label(settings, tmp_path, name: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    upload = make_upload(with_everything("JPEG"))
    upload._name = name  # type: ignore[attr-defined]
    try:
        one = media.take(upload, by=make_user("officer"), now=NOON)
    except Invalid:
        assert not Media.objects.exists()
        return
    assert (tmp_path / "media" / one.file).resolve().is_relative_to(tmp_path / "media")
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
    assert "/" not in one.name.replace("</b>", "")
