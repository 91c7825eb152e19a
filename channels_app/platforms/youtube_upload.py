"""A video on its way to YouTube: a session is opened, the bytes go in parts, and the last part makes the video.

The session's address is the key to everything: asked with an empty part it tells how many bytes have come, or that the
video is there and what its id is. So every part is asked for before it is sent, and no byte and no video goes twice.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from channels_app.platforms.base import Outgoing, Refused, Video
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.youtube_client import Client, parsed

CHUNK = 4 * 1024 * 1024  # YouTube wants a multiple of 256 KiB; this much goes out in 30 s at 1.2 Mbit/s
TITLE = 100
SLOW = 10.0  # seconds: with the question as slow as this, the last part may outlast the claim
TRIES = 3


def session_step(video: Video) -> str:
    return f"session:{video.key}"


def steps(video: Video) -> Sequence[str]:
    """The session, and each part but the last, named by the byte it ends before."""
    return [session_step(video), *(f"bytes:{video.key}:{end}" for end in range(CHUNK, video.size, CHUNK))]


def prepare(client: Client, outgoing: Outgoing, step: str, description: str) -> str:
    """Do one step. What it gives is kept: the address of the session, or how far the upload is."""
    assert outgoing.video is not None
    if step == session_step(outgoing.video):
        return _begin(client, outgoing, outgoing.video, description)
    end = int(step.rpartition(":")[2])
    address = outgoing.prepared[session_step(outgoing.video)]
    for _ in range(TRIES):
        have = far(client, address, outgoing.video.size)
        if isinstance(have, dict) or have >= end:
            return str(end)
        _put(client, address, outgoing.video, have, end)
    raise Answered("308 nothing taken")


def _begin(client: Client, outgoing: Outgoing, video: Video, description: str) -> str:
    snippet: dict[str, Any] = {"title": title_of(outgoing), "description": description}
    if outgoing.language:
        snippet["defaultLanguage"] = outgoing.language
    body = {"snippet": snippet, "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False}}
    answer = client.send(
        "POST",
        f"https://{client.host}/upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=body,
        headers={"X-Upload-Content-Length": str(video.size), "X-Upload-Content-Type": video.mime},
    )
    address = answer.headers["Location"]
    if urlsplit(address).hostname != client.host:
        raise ValueError("the session is on another host")
    return address


def title_of(outgoing: Outgoing) -> str:
    """The title, or the first line of the text, without what YouTube forbids in titles."""
    first = outgoing.title or next(iter(outgoing.text.strip().splitlines()), "")
    return plain(first.strip())[:TITLE] or "Video"


def plain(text: str) -> str:
    """YouTube refuses < and > in titles and descriptions; the quotation marks that look like them are taken."""
    return text.replace("<", "‹").replace(">", "›")


def finish(client: Client, outgoing: Outgoing) -> dict[str, Any]:
    """Send the last part, unless the video is there already; the video as YouTube answers. Raises `Answered`."""
    assert outgoing.video is not None
    address, size = outgoing.prepared[session_step(outgoing.video)], outgoing.video.size
    asked = time.monotonic()
    have = far(client, address, size)
    if isinstance(have, dict):
        return have
    if time.monotonic() - asked > SLOW:
        raise Answered("held up")
    made = _put(client, address, outgoing.video, have, size)
    if not isinstance(made, dict):
        raise Answered("308 more wanted")
    return made


def found(client: Client, outgoing: Outgoing) -> dict[str, Any] | int | None:
    """What became of this upload, by its session: the video, or how much has come; None where none is left to ask."""
    address = outgoing.prepared.get(session_step(outgoing.video)) if outgoing.video else None
    if outgoing.video is None or address is None:
        return None
    try:
        return far(client, address, outgoing.video.size)
    except Answered as answer:
        if answer.code == "404 upload":
            return None
        raise


def far(client: Client, address: str, size: int) -> int | dict[str, Any]:
    """How many bytes have come, or the video once all have."""
    return _sent(client, address, b"", f"bytes */{size}")


def _put(client: Client, address: str, video: Video, start: int, end: int) -> int | dict[str, Any]:
    try:
        with open(video.path, "rb") as file:
            file.seek(start)
            data = file.read(end - start)
    except OSError:
        data = b""
    if len(data) != end - start:
        raise Refused("The file of this video is not there any more.", cause="content", code="unable") from None
    return _sent(client, address, data, f"bytes {start}-{end - 1}/{video.size}")


def _sent(client: Client, address: str, data: bytes, span: str) -> int | dict[str, Any]:
    try:
        answer = client.send(
            "PUT", address, data=data, headers={"Content-Range": span, "Content-Length": str(len(data))}
        )
    except Answered as answered:
        if answered.code in {"HTTP 404", "HTTP 410"}:  # a session says nothing about why it is closed
            raise Answered("404 upload") from None
        raise
    if answer.status_code != 308:
        return parsed(answer)
    reached = answer.headers.get("Range", "")
    return int(reached.rpartition("-")[2]) + 1 if reached else 0
