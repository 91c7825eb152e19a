"""The captions of a video on YouTube, and whether YouTube is done with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from channels_app.platforms.base import Captions, TryLater
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.youtube_client import Client, parsed

SOON = 60  # seconds; processing takes from half a minute to hours


def processed(video: Mapping[str, Any]) -> None:
    """Raises TryLater while YouTube is at work on it, and `Answered` where it has given up."""
    status = video.get("status") or {}
    state = status.get("uploadStatus")
    if state in {"failed", "rejected"}:
        raise Answered(
            "not processed", detail=str(status.get("failureReason") or status.get("rejectionReason") or state)
        )
    if state == "uploaded":
        raise TryLater("YouTube is still processing this video.", wait=SOON, code="200 uploaded", at_work=True)


def put(client: Client, remote_id: str, captions: Captions) -> str:
    """Captions where there are none in this language that people made; those YouTube makes by itself do not count."""
    for one in client.call("GET", "captions", {"part": "snippet", "videoId": remote_id})["items"]:
        if one["snippet"].get("language") == captions.language and one["snippet"].get("trackKind") != "asr":
            return str(one["id"])
    return str(_insert(client, remote_id, captions)["id"])


def _insert(client: Client, remote_id: str, captions: Captions) -> dict[str, Any]:
    snippet = {"videoId": remote_id, "language": captions.language, "name": "", "isDraft": False}
    edge = secrets.token_hex(12)
    parts = (
        ("application/json; charset=UTF-8", json.dumps({"snippet": snippet})),
        ("application/octet-stream", captions.text),
    )
    body = "".join(f"--{edge}\r\nContent-Type: {mime}\r\n\r\n{text}\r\n" for mime, text in parts) + f"--{edge}--\r\n"
    address = f"https://{client.host}/upload/youtube/v3/captions"
    query = {"uploadType": "multipart", "part": "snippet"}
    headers = {"Content-Type": f"multipart/related; boundary={edge}"}
    return parsed(client.send("POST", address, params=query, data=body.encode(), headers=headers))
