"""Pictures and videos: taken in apart, opened by a child with limits, made afresh, random names, sealed links.

The upload itself is kept for the record and never served. What is served and published holds nothing but pixels and,
for a video (see `channels_app.films`), sound.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import Signer
from django.db.models import Sum
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.notifications import tell
from accounts.refusals import Invalid
from channels_app import films
from channels_app.models import Media
from channels_app.platforms.base import Picture
from policy.moves import move

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("decoding.py")
CHILD_SECONDS = 20
LARGEST = 25_000_000
AN_HOUR = timedelta(hours=1)
UPLOADS_AN_HOUR = 200
LEFT_WAITING = timedelta(seconds=60)
ROOM = threading.BoundedSemaphore(2)  # children of this process at a time
SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}
KINDS = "JPEG, PNG, WebP or GIF"
WHY = {
    "empty": "“{name}” is empty.",
    "svg": f"“{{name}}” is an SVG drawing, which can carry hidden programs. Save it as PNG. Parley takes {KINDS}.",
    "pdf": f"“{{name}}” is a PDF. Save the page as a picture. Parley takes {KINDS}.",
    "heic": f"“{{name}}” is a HEIC or AVIF photo. Save it as JPEG. Parley takes {KINDS}.",
    "video": f"“{{name}}” is a video. Parley takes pictures: {KINDS}.",
    "not_picture": f"“{{name}}” is not a picture, whatever its name says. Parley takes {KINDS}.",
    "pixels": "“{name}” has {millions} million pixels; at most 50 million can be used. Make it smaller first.",
    "broken": "“{name}” is damaged or not complete. Export or download it again.",
    "moving": "“{name}” is a moving picture in a format the platforms do not take. Save it as GIF.",
    "frames": "“{name}” has {number} frames, which is more than can be checked. Make it shorter or smaller.",
    "memory": "“{name}” needs too much memory to be opened. Make it smaller first.",
    "time": "“{name}” could not be checked in time. Make it smaller first.",
}


def take(upload: UploadedFile, *, by: User, now: datetime, videos: bool = False) -> Media:
    """Keep an uploaded picture, or a video where these are wanted. Invalid says why it cannot be used and is not kept.

    It is `ready`, or `waiting`: when it is large, or too many are being opened at this moment; `inspect_due` sees to
    those.
    """
    name = (upload.name or "picture").replace("\\", "/").rsplit("/", 1)[-1][:200]
    kind = "video" if videos and films.is_film(_head(upload)) else "picture"
    _has_room(name, upload.size or 0, by, now, films.LARGEST if kind == "video" else LARGEST)
    original = _store("originals", "", upload.chunks())
    media = Media.objects.create(
        name=name, kind=kind, original=original, by=by, at=now, original_bytes=upload.size or 0
    )
    if kind == "video" and media.original_bytes > films.AT_ONCE:
        return media
    media = inspect(media, now)
    if media.state == "refused":
        words = media.why
        media.delete()
        raise Invalid(words, next_step="Nothing was added.")
    return media


def _head(upload: UploadedFile) -> bytes:
    head: bytes = upload.read(16)
    upload.seek(0)
    return head


def inspect(media: Media, now: datetime) -> Media:
    """Open what waits in the child: it becomes ready or refused, or stays as it is while there is no room."""
    if not ROOM.acquire(timeout=5):
        return media
    try:
        return _film(media, now) if media.kind == "video" else _picture(media, now)
    finally:
        ROOM.release()


def _refused(media: Media, why: dict[str, str], facts: dict[str, object], now: datetime) -> Media:
    number = int(str(facts["number"]))
    words = why[str(facts["why"])].format(name=media.name[:80], number=number, millions=number // 1_000_000)
    (settings.MEDIA_ROOT / media.original).unlink(missing_ok=True)
    return move(media, "refused", now=now, why=words[:200], original="", original_bytes=0)


def _film(media: Media, now: datetime) -> Media:
    into = settings.MEDIA_ROOT / _name("films", ".fresh")
    facts, poster, small = films.look_into(settings.MEDIA_ROOT / media.original, into)
    if "why" in facts:
        into.unlink(missing_ok=True)
        return _refused(media, films.WHY, facts, now)
    whole = into.rename(into.with_suffix(films.SUFFIX[str(facts["mime"])]))
    file = str(whole.relative_to(settings.MEDIA_ROOT))
    films.poster_of(file).write_bytes(poster)
    _small(file).write_bytes(small)
    return move(
        media,
        "ready",
        now=now,
        file=file,
        mime=facts["mime"],
        width=facts["width"],
        height=facts["height"],
        seconds=facts["seconds"],
        bytes=whole.stat().st_size,
        sha256=films.digest(whole),
    )


def _picture(media: Media, now: datetime) -> Media:
    facts, whole, small = _child(settings.MEDIA_ROOT / media.original)
    if "why" in facts:
        return _refused(media, WHY, facts, now)
    mime = str(facts["mime"])
    file = _store("pictures", SUFFIX[mime], [whole])
    _small(file).write_bytes(small)
    return move(
        media,
        "ready",
        now=now,
        file=file,
        mime=mime,
        width=facts["width"],
        height=facts["height"],
        bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
    )


def inspect_due(now: datetime) -> int:
    """Open what a web process had no room for or left behind; returns how many were settled.

    One video at a time: it may take as long as all the pictures together.
    """
    waiting = Media.objects.filter(state="waiting", at__lte=now - LEFT_WAITING).order_by("at")
    due = [*waiting.filter(kind="picture")[:20], *waiting.filter(kind="video")[:1]]
    settled = [one for media in due if (one := inspect(media, now)).state != "waiting"]
    for one in settled:
        if one.state == "refused" and one.by:
            tell(one.by, "media.refused", one.why, now=now, once=f"refused:{one.key}")
    return len(settled)


def picture(key: str, alt: str = "") -> Picture:
    """The picture to publish. Invalid when it is gone or is not the one that was checked."""
    media = Media.objects.filter(key=key, state="ready").first()
    path = settings.MEDIA_ROOT / media.file if media else None
    if media is None or path is None or not path.is_file():
        raise Invalid("A picture of this post is no longer there.", next_step="Add the picture again.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != media.sha256:
        raise Invalid("A picture of this post is not the one that was checked.", next_step="Add the picture again.")
    return Picture(str(media.key), media.mime, alt, media.width, media.height, data)


def link(media: Media, now: datetime, *, small: bool = False) -> str:
    """Where a browser gets the picture, or the one that stands for a video.

    A link holds for at least one hour and at most two.
    """
    return _link(media, "small" if small else "poster" if media.is_video else "whole", now)


def played(media: Media, now: datetime) -> str:
    """Where a browser gets the video itself."""
    return _link(media, "whole", now)


def _link(media: Media, kind: str, now: datetime) -> str:
    return f"{settings.MEDIA_HOST}{sealed_path(media, kind, now)}"


def sealed_path(media: Media, kind: str, now: datetime) -> str:
    """Of one rendition: whole, small, poster (of a video) or jpeg (of a drawing). It holds as long as a link does."""
    return reverse("channels:media-file", args=[media.key, kind, _seal(f"{media.key}/{kind}", _hour(now))])


def sealed(key: object, kind: str, seal: str, now: datetime) -> bool:
    hours = (_hour(now), _hour(now) - 1)
    return any(constant_time_compare(seal, _seal(f"{key}/{kind}", hour)) for hour in hours)


def path_of(media: Media, kind: str) -> Path:
    """The file of that kind; `whole` is the picture or video itself."""
    whole: Path = settings.MEDIA_ROOT / media.file
    return whole if kind == "whole" else whole.with_name(f"{whole.stem}-{kind}.jpg")


def as_jpeg(path: Path) -> bytes:
    """A picture of ours as JPEG, made by the child. Invalid when it cannot be opened."""
    _, whole, _ = _child(path, "jpeg")
    if not whole:
        raise Invalid(
            "A picture of this post cannot be turned into a JPEG.", next_step="Add the picture again as JPEG."
        )
    return whole


def _hour(now: datetime) -> int:
    return int(now.timestamp() // 3600)


def _seal(what: str, hour: int) -> str:
    return Signer(salt="channels_app.media-file").signature(f"{what}/{hour}")


def _small(file: str) -> Path:
    whole: Path = settings.MEDIA_ROOT / file
    return whole.with_name(f"{whole.stem}-small.jpg")


def _has_room(name: str, size: int, by: User, now: datetime, largest: int) -> None:
    if size > largest:
        raise Invalid(f"“{name[:80]}” has {size / 1e6:.0f} MB; at most {largest / 1e6:.0f} MB can be taken.")
    if Media.objects.filter(by=by, at__gt=now - AN_HOUR).count() >= UPLOADS_AN_HOUR:
        raise Invalid(f"You added {UPLOADS_AN_HOUR} pictures within an hour.", next_step="Go on in an hour.")
    used = room_used()
    if used + 2 * size > settings.MEDIA_QUOTA_BYTES:
        raise Invalid(
            f"The room for pictures is full: {used / 1e9:.1f} of {settings.MEDIA_QUOTA_BYTES / 1e9:.1f} GB are used.",
            next_step="Ask whoever runs Parley to make more room. Nothing was added.",
        )


def room_used() -> int:
    """How many bytes the pictures and their uploads take."""
    kept = Media.objects.aggregate(files=Sum("bytes"), originals=Sum("original_bytes"))
    return (kept["files"] or 0) + (kept["originals"] or 0)


def _store(folder: str, suffix: str, chunks: Iterable[bytes]) -> str:
    """Write under a random name; returns it relative to the media folder."""
    relative = _name(folder, suffix)
    path: Path = settings.MEDIA_ROOT / relative
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.writelines(chunks)
    path.chmod(0o600)
    return relative


def _name(folder: str, suffix: str) -> str:
    """A name that no one can guess."""
    return f"{folder}/{secrets.token_hex(1)}/{secrets.token_urlsafe(24)}{suffix}"


def _child(path: Path, *how: str) -> tuple[dict[str, object], bytes, bytes]:
    """What the child says, and the two encoded pictures. A child that dies or hangs has said no."""
    with path.open("rb") as upload:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", str(CHILD), *how],
                stdin=upload,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=CHILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"why": "time", "number": 0}, b"", b""
    line, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not line:
        log.warning("the child that opens pictures ended early", extra={"status": done.returncode})
        return {"why": "broken" if done.returncode > 0 else "time", "number": 0}, b"", b""
    facts: dict[str, object] = json.loads(line)
    split = int(str(facts.get("bytes", 0)))
    return facts, rest[:split], rest[split:]
