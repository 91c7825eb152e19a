"""A video on its way to Vimeo: made unseen, filled in parts by the tus protocol, given its captions, then shown.

Everything up to the showing can be repeated: a part is asked for before it is sent, and what nobody saw harms nobody.
Showing it is one change of its privacy, which is the same however often it is made.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from channels_app.platforms.base import Captions, Outgoing, Video
from channels_app.platforms.streamed import part
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.vimeo_client import Client

CHUNK = 4 * 1024 * 1024  # goes out in 30 s at 1.2 Mbit/s
NAME = 128
TRIES = 3
ENOUGH = 10.0  # seconds; a step that took as long as this begins no further request
TUS = {"Tus-Resumable": "1.0.0"}


def video_step(video: Video) -> str:
    return f"video:{video.key}"


def steps(video: Video) -> Sequence[str]:
    """The empty video, each part named by the byte it ends before, and the captions."""
    ends = [*range(CHUNK, video.size, CHUNK), video.size]
    captions = [f"captions:{video.key}"] if video.captions else []
    return [video_step(video), *(f"bytes:{video.key}:{end}" for end in ends), *captions]


def id_of(outgoing: Outgoing) -> str:
    """The id of the video that was made for this; "" before it was."""
    return outgoing.prepared.get(video_step(outgoing.video), "").partition(" ")[0] if outgoing.video else ""


def prepare(client: Client, outgoing: Outgoing, step: str, description: str) -> str:
    """Do one step. What it gives is kept: the video's id and where its bytes go, how far it is, its captions."""
    assert outgoing.video is not None
    kind, _, rest = step.partition(":")
    if kind == "video":
        return _make(client, outgoing, outgoing.video, description)
    if kind == "captions":
        assert outgoing.video.captions is not None
        return _caption(client, id_of(outgoing), outgoing.video.captions)
    end = int(rest.rpartition(":")[2])
    address = outgoing.prepared[video_step(outgoing.video)].partition(" ")[2]
    begun = time.monotonic()
    for _ in range(TRIES):
        have = far(client, address)
        if have < end:
            have = _put(client, address, outgoing.video, have, end)
        if have >= end:
            return str(end)
        if time.monotonic() - begun > ENOUGH:
            break
    raise Answered("204 in part")


def _make(client: Client, outgoing: Outgoing, video: Video, description: str) -> str:
    body: dict[str, Any] = {
        "upload": {"approach": "tus", "size": str(video.size)},
        "name": title_of(outgoing),
        "description": description,
        # Not confirmed with real credentials: that every plan may make a video nobody else sees, and show it later.
        "privacy": {"view": "nobody"},
    }
    made = client.call("POST", "/me/videos", json=body)
    return f"{tail(made['uri'])} {made['upload']['upload_link']}"


def title_of(outgoing: Outgoing) -> str:
    first = outgoing.title or next(iter(outgoing.text.strip().splitlines()), "")
    return first.strip()[:NAME] or "Video"


def tail(uri: object) -> str:
    """The last part of one of Vimeo's addresses within its API."""
    return str(uri).rpartition("/")[2]


def far(client: Client, address: str) -> int:
    """How many bytes have come."""
    try:
        return int(client.put("HEAD", address, b"", TUS).headers["Upload-Offset"])
    except Answered as answered:
        # The tus protocol answers 404 or 410 for an upload that is over.
        if answered.code in {"HTTP 404", "HTTP 410", "404 5000"}:
            raise Answered("404 upload") from None
        raise


def _put(client: Client, address: str, video: Video, start: int, end: int) -> int:
    headers = TUS | {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
    return int(client.put("PATCH", address, part(video, start, end), headers).headers["Upload-Offset"])


def _caption(client: Client, video: str, captions: Captions) -> str:
    """Captions in this language: those that are on already, or new ones, switched on once their text is there."""
    path = f"/videos/{video}/texttracks"
    for one in client.call("GET", path)["data"]:
        if one.get("active") and one.get("language") == captions.language:
            return tail(one["uri"])
    wanted = {"type": "captions", "language": captions.language, "name": captions.language}
    made = client.call("POST", path, json=wanted)
    client.put("PUT", str(made["link"]), captions.text.encode(), {"Content-Type": "text/vtt"})
    client.call("PATCH", f"{path}/{tail(made['uri'])}", json={"active": True})
    return tail(made["uri"])


def show(client: Client, outgoing: Outgoing) -> dict[str, Any]:
    """Let everybody see it: the one step that is public."""
    return client.call("PATCH", f"/videos/{id_of(outgoing)}", json={"privacy": {"view": "anybody"}})


def is_shown(video: Mapping[str, Any]) -> bool:
    return (video.get("privacy") or {}).get("view") == "anybody"
