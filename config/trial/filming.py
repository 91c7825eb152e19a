"""A few seconds of the weir for the trial's library, drawn and encoded here, with captions that somebody read."""

from __future__ import annotations

import io
from datetime import datetime

import av
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from calendar_app import pictures
from channels_app import captioning, media
from channels_app.models import Media

SIZE, RATE, SECONDS = (640, 400), 8, 5
CAPTIONS = """WEBVTT

00:00:00.000 --> 00:00:02.000
The new weir at Mill Pond lets eels pass again.

00:00:02.000 --> 00:00:05.000
The path beside it opens on Saturday at 10 am.
"""
TOLD: dict[str, object] = {
    "alt": "Water falls over a low weir of oak beams; beside it runs a ramp of stones for eels.",
    "transcript": "The new weir at Mill Pond lets eels pass again. The path beside it opens on Saturday at 10 am.",
    "described": "yes",
    "flashes": "no",
    "owner": "Fernhill",
    "licence": "own",
    "people": "no",
    "tags": "pond, weir",
    "watch_at": "https://fernhill.example/films/weir",
}


def show(by: User, now: datetime) -> Media:
    """Put it into the library: described, and with captions."""
    one = media.take(SimpleUploadedFile("weir.mp4", film(), "video/mp4"), by=by, now=now, videos=True)
    captioning.add(one, CAPTIONS, "en", read=True, by=by, now=now)
    return pictures.describe(one, TOLD, by=by, now=now)


def film() -> bytes:
    """It as MP4, without sound: the same every time."""
    into = io.BytesIO()
    with av.open(into, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "threads": "1"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(RATE * SECONDS):
            frame = av.VideoFrame.from_image(_drawn(number))
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return into.getvalue()


def _drawn(number: int) -> Image.Image:
    """One moment: the water falls, a drop further each time."""
    image = Image.new("RGB", SIZE, "#dcebea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((-80, 90, 420, 420), fill="#7aa79b")
    draw.ellipse((260, 110, 760, 460), fill="#5c8f84")
    draw.rectangle((0, 230, 640, 260), fill="#3f8089")
    draw.rectangle((90, 226, 470, 340), fill="#5fa0a6")
    for x in range(96, 470, 18):
        y = 232 + (x * 7 + number * 14) % 96
        draw.line((x, y, x, y + 16), fill="#fbf8f2", width=4)
    draw.rectangle((80, 218, 480, 232), fill="#6b4a33")
    draw.polygon((480, 226, 560, 226, 620, 345, 500, 345), fill="#8a9aa0")
    draw.rectangle((0, 338, 640, 400), fill="#1f5b61")
    return image
