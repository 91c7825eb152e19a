"""Videos: looked into by a child with limits, their streams written into a fresh file; nothing else of them survives.

The streams themselves are not encoded anew: what was sharp stays so. The upload is kept for the record and never
served. A picture of the video stands for it in lists and players.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from accounts.refusals import Invalid
from channels_app.models import Media
from channels_app.platforms import base

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("remuxing.py")
CHILD_SECONDS = 50
LARGEST = 250_000_000
AT_ONCE = 60_000_000  # bytes; a larger one is looked into by the workers, not while somebody waits for the page
SUFFIX = {"video/mp4": ".mp4", "video/webm": ".webm"}
ADDED_TO_MP4 = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"avif")
EXPORT = "Export it as MP4 with H.264 picture and AAC sound."
WHY = {
    "not_video": "“{name}” is not a video, whatever its name says. Parley takes MP4, MOV or WebM.",
    "no_picture": "“{name}” has sound alone. Parley takes videos with a picture.",
    "picture_kind": f"“{{name}}” is saved in a way that many platforms and browsers do not show. {EXPORT}",
    "sound_kind": f"The sound of “{{name}}” is saved in a way that many platforms and browsers do not play. {EXPORT}",
    "pixels": "“{name}” has {millions} million pixels in each picture; at most 9 million can be used.",
    "rate": "“{name}” has {number} pictures a second; at most 120 can be used.",
    "streams": "“{name}” has {number} streams in it, which is more than a video needs. Export it again.",
    "short": "“{name}” is shorter than half a second.",
    "long": "“{name}” lasts {number} minutes; at most an hour can be taken.",
    "broken": "“{name}” is damaged or not complete. Export or download it again.",
    "memory": "“{name}” needs too much memory to be opened. Export it smaller.",
    "time": "“{name}” could not be checked in time. Export it shorter or smaller.",
}


def is_film(head: bytes) -> bool:
    """Whether a file that begins so is to be opened as a video: MP4, MOV, WebM and their kin."""
    if head[4:8] in ADDED_TO_MP4:
        return head[8:12] not in PICTURE_BRANDS
    return head.startswith(b"\x1aE\xdf\xa3")


def look_into(path: Path, into: Path) -> tuple[dict[str, object], bytes, bytes]:
    """What the child says, a picture of the video and a small copy. The fresh file is at `into` where it can be used.

    A child that dies or hangs has said no.
    """
    into.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("rb") as upload, into.open("x+b") as fresh:
        into.chmod(0o600)
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", str(CHILD), str(fresh.fileno())],
                stdin=upload,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[fresh.fileno()],
                env={},
                cwd="/",
                timeout=CHILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"why": "time", "number": 0}, b"", b""
    line, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not line:
        log.warning("the child that looks into videos ended early", extra={"status": done.returncode})
        return {"why": "broken" if done.returncode > 0 else "time", "number": 0}, b"", b""
    facts: dict[str, object] = json.loads(line)
    split = int(str(facts.get("bytes", 0)))
    return facts, rest[:split], rest[split:]


def poster_of(file: str) -> Path:
    """The picture that stands for the video, beside it."""
    whole: Path = settings.MEDIA_ROOT / file
    return whole.with_name(f"{whole.stem}-poster.jpg")


def facts(key: str, alt: str = "", captions: str = "") -> base.Video:
    """What is known of the video to publish, and the very captions that were signed with it; its file is not read."""
    media = Media.objects.filter(key=key, state="ready", kind="video").first()
    if media is None:
        return base.Video(key, "", 0, 0, 0, 0, "", alt)
    row = media.captions.filter(key=captions).first() if captions else None
    return base.Video(
        key=str(media.key),
        mime=media.mime,
        width=media.width,
        height=media.height,
        seconds=media.seconds,
        size=media.bytes,
        path="",
        alt=alt,
        captions=base.Captions(row.text, row.language) if row else None,
    )


def video(key: str, alt: str = "", captions: str = "", url: str = "") -> base.Video:
    """The video to publish. Invalid when it is gone or is not the one that was checked; so for its captions."""
    known, media = facts(key, alt, captions), Media.objects.filter(key=key, state="ready", kind="video").first()
    path = settings.MEDIA_ROOT / media.file if media else None
    if media is None or path is None or not path.is_file():
        raise Invalid("The video of this post is no longer there.", next_step="Add the video again.")
    stat = path.stat()
    if stat.st_size != media.bytes or _digest(str(path), stat.st_size, stat.st_mtime_ns) != media.sha256:
        raise Invalid("The video of this post is not the one that was checked.", next_step="Add the video again.")
    if captions and known.captions is None:
        raise Invalid("The captions of this video are no longer there.", next_step="Add the captions again.")
    return replace(known, path=str(path), url=url, cover=str(poster_of(media.file)))


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=64)
def _digest(path: str, size: int, changed: int) -> str:
    """Of a file as it is now: a video goes out in many steps, and is summed up once for all of them."""
    return digest(Path(path))
