"""Videos on X: sent in parts, worked on by X for a while, and given their captions.

Each part is a step of its own, so that whoever sends them never holds more than one and goes on where another stopped.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from channels_app.platforms import languages
from channels_app.platforms.base import Outgoing, Refused, TryLater, Video, VideoLimits
from channels_app.platforms.x_client import Client

SEGMENT = 4 * 1024 * 1024
PENDING = "pending:"  # marks the id of a video X was still working on when it had all of it
LIMITS = VideoLimits(512 * 1024 * 1024, 0.5, 140, frozenset({"video/mp4", "video/quicktime"}), captions=True)
KINDS = frozenset({"begin", "part", "end", "ready", "words", "captions"})


def steps(outgoing: Outgoing) -> Sequence[str]:
    """Begin, one step for each part, end, a second look where X was not done at once; then the captions."""
    video = outgoing.video
    if video is None:
        return ()
    key = video.key
    names = [f"begin:{key}", *(f"part:{key}:{n}" for n in range(max(1, -(-video.size // SEGMENT)))), f"end:{key}"]
    if outgoing.prepared.get(f"end:{key}", "").startswith(PENDING):
        names.append(f"ready:{key}")
    return [*names, f"words:{key}", f"captions:{key}"] if video.captions else names


def media_of(outgoing: Outgoing) -> list[str]:
    """What X calls the video, once it is ready."""
    return [outgoing.prepared[f"begin:{outgoing.video.key}"]] if outgoing.video else []


def prepared(client: Client, outgoing: Outgoing, step: str) -> str:
    """Do one step; what to keep of it."""
    video = outgoing.video
    assert video is not None
    kind, _, rest = step.partition(":")
    if kind == "begin":
        body = {"media_type": video.mime, "total_bytes": video.size, "media_category": "tweet_video"}
        return str(client.call("POST", "/2/media/upload/initialize", json=body)["data"]["id"])
    if kind == "words":
        return _words(client, video)
    (media,) = media_of(outgoing)
    if kind == "part":
        return _part(client, media, video, int(rest.rpartition(":")[2]))
    if kind == "captions":
        return _captioned(client, media, video, outgoing.prepared[f"words:{video.key}"])
    if kind == "end":
        info = client.call("POST", f"/2/media/upload/{media}/finalize")["data"].get("processing_info") or {}
        return media if info.get("state", "succeeded") == "succeeded" else f"{PENDING}{media}"
    return _ready(client, media)


def _part(client: Client, media: str, video: Video, number: int) -> str:
    with open(video.path, "rb") as file:
        file.seek(number * SEGMENT)
        data = file.read(SEGMENT)
    client.send_part(f"/2/media/upload/{media}/append", data, number)
    return str(len(data))


def _ready(client: Client, media: str) -> str:
    body = client.call("GET", "/2/media/upload", {"media_id": media, "command": "STATUS"})
    info: dict[str, Any] = body["data"].get("processing_info") or {}
    if info.get("state") == "failed":
        told = str((info.get("error") or {}).get("message") or "no reason given")
        raise Refused(f"X could not use this video ({told[:120]}).", cause="content", code="video failed")
    if info.get("state", "succeeded") != "succeeded":
        raise TryLater(
            "X is still working on the video.",
            wait=float(info.get("check_after_secs") or 5),
            code="200 pending",
            at_work=True,
        )
    return media


def _words(client: Client, video: Video) -> str:
    # Not confirmed with real credentials: that captions are taken in one piece and as WebVTT, as X's papers say.
    text = video.captions.text if video.captions else ""
    data = base64.b64encode(text.encode()).decode()
    body = {"media": data, "media_category": "subtitles", "media_type": "text/vtt"}
    return str(client.call("POST", "/2/media/upload", json=body)["data"]["id"])


def _captioned(client: Client, media: str, video: Video, words: str) -> str:
    language = video.captions.language if video.captions else "en"
    shown = {"id": words, "language_code": language.upper(), "display_name": languages.named(language)}
    client.call("POST", "/2/media/subtitles", json={"id": media, "media_category": "TweetVideo", "subtitles": shown})
    return words
