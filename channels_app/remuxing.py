"""The child that looks into an uploaded video: no Django, no database, no environment, little memory, little time.

It reads the upload from standard input and writes its picture and its sound, untouched, into a fresh file whose
descriptor is named on the command line: chapters, further streams, places, names and devices stay behind. Only the
first frames are decoded, for the picture that stands for the video. It answers on standard output: one line of JSON,
then, where the video can be used, that picture and a small copy. It is started as a script, see `channels_app.films`.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections import deque
from itertools import islice
from typing import Any, BinaryIO

import av
from av.bitstream import BitStreamFilterContext
from PIL import Image

LARGEST = 250_000_000
LEAST_SECONDS, MOST_SECONDS = 0.5, 3600
MAX_PIXELS, MAX_STREAMS, MAX_RATE = 4096 * 2304, 12, 121
FIRST_FRAMES = 24  # decoded, to get past a dark beginning
POSTER_SIDE, SMALL_SIDE = 1280, 640
MEMORY, SECONDS = 1_500_000_000, 40
MOVIE, WEB = "mov", "matroska"  # the two readers that are ever used
# What is written for each of them, and what picture and sound may be in it.
WRITTEN = {MOVIE: ("mp4", "video/mp4"), WEB: ("webm", "video/webm")}
PICTURES = {MOVIE: {"h264"}, WEB: {"vp8", "vp9", "av1"}}
SOUNDS = {MOVIE: {"aac", "mp3"}, WEB: {"opus", "vorbis"}}
COLOURS = {"yuv420p", "yuvj420p"}
SEI = "filter_units=remove_types=6"  # notes of the camera or the encoder between the pictures of H.264


class Unusable(Exception):
    """Why the video cannot be used: a code of `films.WHY`, and a number where its sentence wants one."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code)
        self.code, self.number = code, number


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * LARGEST, 2 * LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    out = sys.stdout.buffer
    try:
        facts, poster, small = rewrite(sys.stdin.buffer, f"/proc/self/fd/{int(sys.argv[1])}")
    except Unusable as why:
        out.write(json.dumps({"why": why.code, "number": why.number}).encode() + b"\n")
    except MemoryError:
        out.write(b'{"why": "memory", "number": 0}\n')
    else:
        out.write(json.dumps({**facts, "bytes": len(poster)}).encode() + b"\n" + poster + small)


def rewrite(upload: BinaryIO, into: str) -> tuple[dict[str, Any], bytes, bytes]:
    """Facts, a picture of it and a small copy; the video itself is written to that path. Raises Unusable."""
    reader = reader_of(upload.read(16))
    try:
        frame = first_picture(upload, reader)
        seconds = copied(upload, reader, into)
    except (av.error.FFmpegError, OSError, ValueError, EOFError, ArithmeticError) as why:
        raise Unusable("broken") from why
    if seconds < LEAST_SECONDS:
        raise Unusable("short")
    facts = {"mime": WRITTEN[reader][1], "width": frame.width, "height": frame.height, "seconds": round(seconds, 2)}
    return facts, jpeg(frame, POSTER_SIDE), jpeg(frame, SMALL_SIDE)


def reader_of(head: bytes) -> str:
    """By its first bytes: whatever else FFmpeg could read is never tried."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return MOVIE
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEB
    raise Unusable("not_video")


def opened(upload: BinaryIO, reader: str) -> Any:
    upload.seek(0)
    return av.open(upload, "r", format=reader, metadata_errors="ignore", options={"protocol_whitelist": "none"})


def first_picture(upload: BinaryIO, reader: str) -> Image.Image:
    """One of the first frames, turned the way it is shown, once its kind and its size are found to be right."""
    with opened(upload, reader) as film:
        stream = picture_stream(film, reader)
        stream.codec_context.thread_count = 1
        frame = next(iter(deque(islice(film.decode(stream), FIRST_FRAMES), maxlen=1)), None)
        if frame is None:
            raise Unusable("broken")
        if frame.width * frame.height > MAX_PIXELS:
            raise Unusable("pixels", frame.width * frame.height)
        return turned(frame.to_image(), frame.rotation)


def picture_stream(film: Any, reader: str) -> Any:
    """The stream with the picture. Raises Unusable for what platforms and browsers would not show."""
    if len(film.streams) > MAX_STREAMS:
        raise Unusable("streams", len(film.streams))
    shown = [one for one in film.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    if not shown:
        raise Unusable("no_picture")
    kind = shown[0].codec_context
    if kind is None:
        raise Unusable("picture_kind")
    pixels = kind.width * kind.height
    if pixels > MAX_PIXELS or not pixels:
        raise Unusable("pixels" if pixels else "broken", pixels)
    if kind.codec.canonical_name not in PICTURES[reader] or kind.pix_fmt not in COLOURS:
        raise Unusable("picture_kind")
    if (shown[0].average_rate or 0) > MAX_RATE:
        raise Unusable("rate", int(shown[0].average_rate))
    if film.duration and film.duration / av.time_base > MOST_SECONDS:
        raise Unusable("long", int(film.duration / av.time_base / 60))
    return shown[0]


def copied(upload: BinaryIO, reader: str, into: str) -> float:
    """Write picture and sound into the fresh file as they are; returns how long it lasts, in seconds."""
    begin, end = float("inf"), 0.0
    quick = {"movflags": "+faststart"} if reader == MOVIE else {}
    with (
        opened(upload, reader) as film,
        av.open(into, "w", format=WRITTEN[reader][0], options={"fflags": "+bitexact", **quick}) as fresh,
    ):
        streams = [picture_stream(film, reader), *sound_streams(film, reader)]
        to = {one.index: fresh.add_stream_from_template(one) for one in streams}
        clean = BitStreamFilterContext(SEI, streams[0], to[streams[0].index]) if reader == MOVIE else None
        for packet in film.demux(streams):
            if packet.dts is None:
                continue
            at = float((packet.pts or 0) * packet.time_base)
            begin, end = min(begin, at), max(end, at + float((packet.duration or 0) * packet.time_base))
            if end - begin > MOST_SECONDS:
                raise Unusable("long", int((end - begin) / 60))
            of = packet.stream.index
            for one in clean.filter(packet) if clean and of == streams[0].index else [packet]:
                one.stream = to[of]
                fresh.mux(one)
    return max(end - begin, 0.0)


def sound_streams(film: Any, reader: str) -> list[Any]:
    """The first sound there is; a video may be silent."""
    if not film.streams.audio:
        return []
    kind = film.streams.audio[0].codec_context
    if kind is None or kind.codec.canonical_name not in SOUNDS[reader]:
        raise Unusable("sound_kind")
    return [film.streams.audio[0]]


def turned(image: Image.Image, degrees: int) -> Image.Image:
    return image.rotate(degrees, expand=True) if degrees % 360 else image


def jpeg(image: Image.Image, side: int) -> bytes:
    ground = image.convert("RGB")
    ground.thumbnail((side, side))
    ground.info = {}
    into = io.BytesIO()
    ground.save(into, "JPEG", quality=82)
    return into.getvalue()


if __name__ == "__main__":
    main()
