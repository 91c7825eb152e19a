"""Uploaded pictures: measured by their first bytes, kept on disk under their checksum."""

import hashlib
import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path

from .world import Call, World

MIMES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


@dataclass(frozen=True)
class Picture:
    mime: str
    width: int
    height: int


def measure(data: bytes) -> Picture | None:
    """What a picture is and how large; None for anything that is not a whole PNG, JPEG, GIF or WebP."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR" and b"IEND" in data[-16:]:
        return Picture(MIMES["png"], *struct.unpack(">II", data[16:24]))
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) > 10:
        return Picture(MIMES["gif"], *struct.unpack("<HH", data[6:10]))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) > 30:
        return _webp(data)
    if data[:3] == b"\xff\xd8\xff" and b"\xff\xd9" in data[-64:]:
        return _jpeg(data)
    return None


def _webp(data: bytes) -> Picture | None:
    if data[12:16] == b"VP8X":
        sizes = [int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27)]
        return Picture(MIMES["webp"], *sizes)
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Picture(MIMES["webp"], (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    if data[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return Picture(MIMES["webp"], width & 0x3FFF, height & 0x3FFF)
    return None


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in range(0xC0, 0xD0) and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Picture(MIMES["jpeg"], width, height)
        at += 2 + length
    return None


def keep(call: Call, data: bytes, picture: Picture, alt: str = "") -> sqlite3.Row:
    """Store the bytes and a row for one upload; it stays in processing as long as the rules say."""
    digest = hashlib.sha256(data).hexdigest()
    path = file_of(call.world, digest)
    if not path.exists():
        path.write_bytes(data)
    seconds = call.world.rule("media_seconds")
    platform = call.me["platform"]
    name = call.world.new_id(platform, call.now)
    state = "failing" if call.media_fails else "ready"
    call.store.insert(
        "media", id=name, platform=platform, account=call.me["id"], sha256=digest, size=len(data), mime=picture.mime,
        width=picture.width, height=picture.height, alt=alt, state=state, created_at=call.now,
        ready_at=call.now + (max(seconds, 1) if call.media_fails else seconds),
    )  # fmt: skip
    row = mine(call, name)
    assert row is not None
    return row


def brought(world: World, by: sqlite3.Row, kind: str, now: float) -> str:
    """The name of a picture or video that a resident uploaded; there is nothing in it."""
    name = world.new_id(by["platform"], now)
    world.store.insert(
        "media", id=name, platform=by["platform"], account=by["id"], sha256="", size=0,
        mime={"picture": "image/jpeg", "video": "video/mp4"}[kind], width=640, height=360, alt=f"A {kind} of it.",
        state="ready", created_at=now, ready_at=now,
    )  # fmt: skip
    return name


def mine(call: Call, media: str) -> sqlite3.Row | None:
    """An upload of the calling account."""
    return call.store.one("SELECT * FROM media WHERE id = ? AND account = ?", media, call.me["id"])


def state_of(row: sqlite3.Row, now: float) -> str:
    """`pending`, `failed` or `ready` at this moment."""
    if now < row["ready_at"]:
        return "pending"
    return "failed" if row["state"] == "failing" else "ready"


def file_of(world: World, digest: str) -> Path:
    return world.store.home / "media" / digest
