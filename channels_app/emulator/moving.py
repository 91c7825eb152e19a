"""Videos and their words, known by their first bytes; nothing here looks into them."""

import hashlib
import sqlite3

from . import media
from .media import Picture
from .world import DAY, Call, World

VTT = "text/vtt"


def measure(data: bytes) -> Picture | None:
    """What a video is; None for anything else. Its size in pixels is told by whoever uploads it."""
    if data[4:8] == b"ftyp":
        mime = "video/quicktime" if data[8:12] == b"qt  " else "video/mp4"
        return Picture(mime, 0, 0)
    if data[:4] == b"\x1aE\xdf\xa3":
        return Picture("video/webm", 0, 0)
    return None


def captions(data: bytes) -> Picture | None:
    """WebVTT, or None."""
    return Picture(VTT, 0, 0) if data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") else None


def is_video(row: sqlite3.Row) -> bool:
    return str(row["mime"]).startswith("video/")


def begin(call: Call, mime: str, size: int) -> str:
    """An upload in parts: a row without content, which nobody can use before it is finished."""
    name = call.world.new_id(call.me["platform"], call.now)
    call.store.insert(
        "media", id=name, platform=call.me["platform"], account=call.me["id"], sha256="", size=size, mime=mime,
        width=0, height=0, alt="", state="open", created_at=call.now, ready_at=call.now + 1000 * DAY,
    )  # fmt: skip
    return name


def part(call: Call, name: str, number: int, data: bytes) -> None:
    (call.store.home / "media" / f"part-{name}-{number:04d}").write_bytes(data)


def finish(call: Call, row: sqlite3.Row) -> bool:
    """Put the parts together; False when they are not the whole of what was announced, or no video."""
    parts = sorted((call.store.home / "media").glob(f"part-{row['id']}-*"))
    data = b"".join(one.read_bytes() for one in parts)
    if len(data) != row["size"] or measure(data) is None:
        return False
    digest, seconds = hashlib.sha256(data).hexdigest(), call.world.rule("media_seconds")
    media.file_of(call.world, digest).write_bytes(data)
    failing = call.media_fails
    call.store.update(
        "media", {"id": row["id"]}, sha256=digest, state="failing" if failing else "ready",
        ready_at=call.now + (max(seconds, 1) if failing else seconds),
    )  # fmt: skip
    for one in parts:
        one.unlink()
    return True


def caption(world: World, name: str, language: str, words: str) -> None:
    """Keep the words of a video beside it."""
    world.store.put(f"captions {name}", captions_of(world, name) | {language: words})


def captions_of(world: World, name: str) -> dict[str, str]:
    found: dict[str, str] = world.store.get(f"captions {name}", {})
    return found


def text_of(world: World, row: sqlite3.Row) -> str:
    """What an uploaded file of captions says."""
    return media.file_of(world, row["sha256"]).read_text()
