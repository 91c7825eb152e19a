"""What follows an upload to YouTube: whether the video is processed and public, and its captions."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from channels_app.platforms import youtube_lists
from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater
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
        raise TryLater("YouTube is still processing this video.", wait=SOON, code="200 uploaded")


def complete(client: Client, outgoing: Outgoing, remote_id: str) -> None:
    """Put the captions where they are missing, and see that everybody can see the video. May be repeated."""
    rows = youtube_lists.videos(client, [remote_id], "status")
    if not rows:
        raise Answered("404 videoNotFound")
    processed(rows[0])
    captions = outgoing.video.captions if outgoing.video else None
    if captions is not None and not _has(client, remote_id, captions):
        _insert(client, remote_id, captions)
    if (rows[0].get("status") or {}).get("privacyStatus") == "private":
        # Not confirmed with real credentials: so it is where Google has not audited the app that uploads.
        raise Refused(
            "YouTube keeps this video private. Make it public there, and have the Google project audited.",
            cause="permission",
            code="private",
        )


def _has(client: Client, remote_id: str, captions: Captions) -> bool:
    """Whether there are captions in this language that people made; those YouTube makes by itself do not count."""
    tracks = client.call("GET", "captions", {"part": "snippet", "videoId": remote_id})["items"]
    return any(
        one["snippet"].get("language") == captions.language and one["snippet"].get("trackKind") != "asr"
        for one in tracks
    )


def _insert(client: Client, remote_id: str, captions: Captions) -> None:
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
    try:
        parsed(client.send("POST", address, params=query, data=body.encode(), headers=headers))
    except Answered as answer:
        if answer.code != "409 captionExists":
            raise
