"""A video on its way to YouTube: uploaded in parts where nobody sees it, given its captions, then made public.

The upload's session is the key to its bytes: asked with an empty part it tells how many have come, or that all have and
what the video's id is. So every part is asked for before it is sent, and no byte and no video goes twice. To make it
public is one change of its privacy, which is the same however often it is made.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from channels_app.platforms import youtube_captions
from channels_app.platforms.base import Outgoing, Video
from channels_app.platforms.streamed import part
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.youtube_client import Client, parsed

CHUNK = 4 * 1024 * 1024  # YouTube wants a multiple of 256 KiB; this much goes out in 30 s at 1.2 Mbit/s
TITLE = 100
TRIES = 3
ENOUGH = 10.0  # seconds; a step that took as long as this begins no further request
KIDS = {"selfDeclaredMadeForKids": False}


def session_step(video: Video) -> str:
    return f"session:{video.key}"


def last_step(video: Video) -> str:
    return f"bytes:{video.key}:{video.size}"


def steps(video: Video) -> Sequence[str]:
    """The session, each part named by the byte it ends before, and the captions."""
    ends = range(CHUNK, video.size, CHUNK)
    captions = [f"captions:{video.key}"] if video.captions else []
    return [session_step(video), *(f"bytes:{video.key}:{end}" for end in ends), last_step(video), *captions]


def id_of(outgoing: Outgoing) -> str:
    """The id of the video that was uploaded for this; "" before all of it was."""
    return outgoing.prepared.get(last_step(outgoing.video), "") if outgoing.video else ""


def prepare(client: Client, outgoing: Outgoing, step: str, description: str) -> str:
    """Do one step. What it gives is kept: the session's address, how far the upload is, the video's id, captions."""
    assert outgoing.video is not None
    kind, _, rest = step.partition(":")
    if kind == "session":
        return _begin(client, outgoing, outgoing.video, description)
    if kind == "captions":
        assert outgoing.video.captions is not None
        return youtube_captions.put(client, id_of(outgoing), outgoing.video.captions)
    end, address = int(rest.rpartition(":")[2]), outgoing.prepared[session_step(outgoing.video)]
    begun = time.monotonic()
    for _ in range(TRIES):
        have = far(client, address, outgoing.video.size)
        if isinstance(have, int) and have < end:
            have = _put(client, address, outgoing.video, have, end)
        if isinstance(have, dict):
            return str(have["id"])
        if have >= end < outgoing.video.size:
            return str(end)
        if time.monotonic() - begun > ENOUGH:
            break
    raise Answered("308 in part")


def _begin(client: Client, outgoing: Outgoing, video: Video, description: str) -> str:
    snippet: dict[str, Any] = {"title": title_of(outgoing), "description": description}
    if outgoing.language:
        snippet["defaultLanguage"] = outgoing.language
    body = {"snippet": snippet, "status": {"privacyStatus": "private", **KIDS}}
    answer = client.send(
        "POST",
        f"https://{client.host}/upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=body,
        headers={"X-Upload-Content-Length": str(video.size), "X-Upload-Content-Type": video.mime},
    )
    return answer.headers["Location"]


def title_of(outgoing: Outgoing) -> str:
    """The title, or the first line of the text, without what YouTube forbids in titles."""
    first = outgoing.title or next(iter(outgoing.text.strip().splitlines()), "")
    return plain(first.strip())[:TITLE] or "Video"


def plain(text: str) -> str:
    """YouTube refuses < and > in titles and descriptions; the quotation marks that look like them are taken."""
    return text.replace("<", "‹").replace(">", "›")


def show(client: Client, outgoing: Outgoing) -> dict[str, Any]:
    """Let everybody see it: the one step that is public. Raises `Answered` where YouTube keeps it private."""
    body = {"id": id_of(outgoing), "status": {"privacyStatus": "public", **KIDS}}
    video = client.call("PUT", "videos", {"part": "status"}, body)
    if video["status"]["privacyStatus"] != "public":
        raise Answered("kept private")
    return video


def far(client: Client, address: str, size: int) -> int | dict[str, Any]:
    """How many bytes have come, or the video once all have."""
    return _sent(client, address, b"", f"bytes */{size}")


def _put(client: Client, address: str, video: Video, start: int, end: int) -> int | dict[str, Any]:
    return _sent(client, address, part(video, start, end), f"bytes {start}-{end - 1}/{video.size}")


def _sent(client: Client, address: str, data: bytes, span: str) -> int | dict[str, Any]:
    if urlsplit(address).hostname != client.host:  # the token goes nowhere else
        raise ValueError("the session is on another host")
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
