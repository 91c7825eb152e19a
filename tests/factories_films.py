"""Videos for tests: real ones of a second or two, and rows behind which there is no file."""

from __future__ import annotations

import io
from typing import Any

import av
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from channels_app import captioning, media
from channels_app.models import Captions, Media
from tests.factories import NOON, make_user
from tests.factories_calendar import make_media

VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nThe weir is open.\n"
NAME = b"Camera of Jo Webb"
PLACE = b"+53.9000-001.5000/"


def film_bytes(
    kind: str = "mp4",
    *,
    seconds: float = 1,
    size: tuple[int, int] = (64, 48),
    picture: str = "libx264",
    sound: str = "aac",
    turned: int = 0,
) -> bytes:
    """A small video with a name, a place and a date in it; `sound` and `picture` may be empty."""
    into = io.BytesIO()
    with av.open(into, "w", format=kind) as out:
        for name, told in (("comment", NAME), ("location", PLACE), ("creation_time", b"2026-01-01T00:00:00Z")):
            out.metadata[name] = told.decode()
        shown = out.add_stream(picture, rate=8, options={"threads": "1"}) if picture else None
        heard = out.add_stream(sound, rate=48_000) if sound else None
        if shown is not None:
            shown.width, shown.height, shown.pix_fmt = *size, "yuv420p"
            shown.metadata["handler_name"] = NAME.decode()
            if turned:
                shown.set_display_rotation(turned)
            for number in range(round(seconds * 8)):
                frame = av.VideoFrame.from_image(Image.new("RGB", size, (number * 20 % 256, 90, 120)))
                frame.pts = number
                out.mux(shown.encode(frame))
            out.mux(shown.encode())
        if heard is not None:
            _hear(out, heard, seconds)
    return into.getvalue()


def _hear(out: Any, heard: Any, seconds: float) -> None:
    """Silence."""
    many = 960 if heard.codec_context.name == "libopus" else 1024
    for number in range(round(seconds * 48_000 / many)):
        frame = av.AudioFrame(format=heard.codec_context.format.name, layout="stereo", samples=many)
        frame.sample_rate, frame.pts = 48_000, number * many
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        out.mux(heard.encode(frame))
    out.mux(heard.encode())


def film_upload(data: bytes | None = None, name: str = "weir.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, film_bytes() if data is None else data, content_type="video/mp4")


def take_film(by: User | None = None, data: bytes | None = None, name: str = "weir.mp4") -> Media:
    """A video with a file behind it, as the library takes it."""
    return media.take(film_upload(data, name), by=by or make_user("officer"), now=NOON, videos=True)


def make_film(**facts: Any) -> Media:
    """A video that was checked, as a row only."""
    ready = {"kind": "video", "mime": "video/mp4", "file": "films/none.mp4", "bytes": 2_000_000, "seconds": 12.0}
    return make_media(name=facts.pop("name", "weir.mp4"), **{**ready, **facts})


def make_captions(film: Media, *, read: bool = True, text: str = VTT, by: User | None = None) -> Captions:
    return captioning.add(film, text, "en", read=read, by=by or make_user("officer"), now=NOON)
