"""The child that opens an uploaded picture: no Django, no database, no environment, little memory, little time.

It reads the upload from standard input and answers on standard output: one line of JSON, then, where the picture can
be used, a freshly encoded copy and a small one. Only pixels survive, turned the way the camera was held: a file that
is two kinds at once, a place or a name in its metadata do not. It is started as a script, see `channels_app.media`;
with the word "jpeg" it takes a picture of ours and gives it back as that.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image, ImageOps

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
MAX_PIXELS = 50_000_000
MAX_FRAMES, MAX_MOVING_PIXELS = 300, 200_000_000
LONGEST_SIDE, SMALL_SIDE = 4096, 640
LONGEST_SIDE_OF_A_DRAWING = 2048
WISHED = 4_800_000  # bytes; the smallest limit of a platform is 5 MB
MEMORY, SECONDS = 1_500_000_000, 15
ISO_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"avif": "heic"}


class Unusable(Exception):
    """Why the picture cannot be used: a code of `media.WHY`, and a number where its sentence wants one."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code)
        self.code, self.number = code, number


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    out = sys.stdout.buffer
    try:
        work = as_jpeg if sys.argv[1:] == ["jpeg"] else convert
        facts, whole, small = work(sys.stdin.buffer.read())
    except Unusable as why:
        out.write(json.dumps({"why": why.code, "number": why.number}).encode() + b"\n")
        return
    except MemoryError:
        out.write(b'{"why": "memory", "number": 0}\n')
        return
    out.write(json.dumps({**facts, "bytes": len(whole)}).encode() + b"\n" + whole + small)


def convert(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Facts, the picture encoded anew, and a small copy for lists. Raises Unusable."""
    image = opened(data)
    frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    if frames > 1 and image.format != "GIF":
        raise Unusable("moving")
    try:
        if frames > 1:
            return moving(image, frames)
        if image.format in ("JPEG", "MPO"):
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        return still(image)
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as why:
        raise Unusable("broken") from why


def as_jpeg(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """A still picture on white ground, as JPEG in its own size. Raises Unusable."""
    image = opened(data)
    try:
        image.load()
        ground = on_white(image.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as why:
        raise Unusable("broken") from why
    return {"mime": "image/jpeg"}, written(ground, "JPEG", quality=88, progressive=True), b""


def opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as why:
        named = re.search(r"\((\d+) pixels\)", str(why))
        raise Unusable("pixels", int(named.group(1)) if named else 0) from why
    except (OSError, SyntaxError, ValueError, IndexError, EOFError) as why:
        raise Unusable(other_kind(data)) from why


def other_kind(data: bytes) -> str:
    """What the file is instead of a picture we take, as far as its first bytes tell."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data:
        return "empty"
    if b"<svg" in head or head.startswith(b"<?xml"):
        return "svg"
    if head.startswith(b"%pdf"):
        return "pdf"
    if data[4:8] == b"ftyp":
        return ISO_BRANDS.get(data[8:12], "video")
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")) or data[8:12] == b"WEBP":
        return "broken"
    return "not_picture"


def still(image: Image.Image) -> tuple[dict[str, Any], bytes, bytes]:
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if see_through and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    mime, data = encoded(plain, image.format)
    return {"mime": mime, "width": plain.width, "height": plain.height}, data, small_copy(plain)


def encoded(plain: Image.Image, was: str | None) -> tuple[str, bytes]:
    """PNG for what was drawn or can be seen through, JPEG for photographs and for what would be too large."""
    if plain.mode == "RGBA":
        if max(plain.size) > LONGEST_SIDE_OF_A_DRAWING:
            plain.thumbnail((LONGEST_SIDE_OF_A_DRAWING, LONGEST_SIDE_OF_A_DRAWING))
        return "image/png", written(plain, "PNG")
    if was in ("PNG", "GIF") and max(plain.size) <= LONGEST_SIDE_OF_A_DRAWING:
        data = written(plain, "PNG")
        if len(data) <= WISHED:
            return "image/png", data
    for quality in (88, 80, 70):
        data = written(plain, "JPEG", quality=quality, progressive=True)
        if len(data) <= WISHED:
            break
    return "image/jpeg", data


def moving(image: Image.Image, frames: int) -> tuple[dict[str, Any], bytes, bytes]:
    pixels = image.width * image.height * frames
    if frames > MAX_FRAMES or pixels > MAX_MOVING_PIXELS:
        raise Unusable("frames", frames)
    pictures, waits = [], []
    for number in range(frames):
        image.seek(number)
        pictures.append(image.convert("RGBA"))
        waits.append(image.info.get("duration", 100))
    data = written(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=waits, loop=0, disposal=2)
    return {"mime": "image/gif", "width": image.width, "height": image.height}, data, small_copy(pictures[0])


def small_copy(plain: Image.Image) -> bytes:
    ground = on_white(plain)
    ground.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return written(ground, "JPEG", quality=80)


def on_white(plain: Image.Image) -> Image.Image:
    ground = Image.new("RGB", plain.size, "white")
    ground.paste(plain, mask=plain if plain.mode == "RGBA" else None)
    return ground


def written(image: Image.Image, kind: str, **how: Any) -> bytes:
    into: BinaryIO = io.BytesIO()
    image.info = {}  # no comment, profile or place survives
    image.save(into, kind, **how)
    return into.getvalue()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
