"""A video on its way to Pinterest: announced, brought in one form to where Pinterest says, and waited for.

All of it may be repeated: what no pin shows is seen by nobody. The address and its form hold for a short time only, so
that they are used at once and not kept; what is kept is the number Pinterest has given the video.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from channels_app.platforms.base import Outgoing, TryLater, Video
from channels_app.platforms.pinterest_client import FAILED, GONE, Client
from channels_app.platforms.verdicts import Answered

SOON = 30  # seconds; Pinterest works on a video for a minute or more


def steps(video: Video) -> Sequence[str]:
    return [f"video:{video.key}", f"ready:{video.key}"]


def prepare(client: Client, video: Video, outgoing: Outgoing, step: str) -> str:
    if step == f"ready:{video.key}":
        return _ready(client, outgoing.prepared[f"video:{video.key}"])
    told = client.call("POST", "media", json={"media_type": "video"})
    form = {str(name): str(value) for name, value in told["upload_parameters"].items()}
    client.bring(str(told["upload_url"]), form, video)
    return str(told["media_id"])


def _ready(client: Client, media: str) -> str:
    """Its number, once a pin can show it."""
    try:
        status = client.call("GET", f"media/{media}")["status"]
    except Answered as answer:
        if answer.code != GONE:
            raise
        raise TryLater("Pinterest has this video no more.", wait=5, code=GONE, anew=True) from None
    if status == "failed":
        raise Answered(FAILED)
    if status != "succeeded":
        raise TryLater("Pinterest is still working on the video.", wait=SOON, code=f"200 {status}", at_work=True)
    return media


def source(video: Video, outgoing: Outgoing) -> dict[str, Any]:
    """The video of a pin, with the picture that stands for it until it is played."""
    # Not confirmed with real credentials: that the picture may come with the pin, and that a pin's alternative text is
    # told of a video too.
    return {"source_type": "video_id", "media_id": outgoing.prepared[f"ready:{video.key}"], **_cover(video)}


def _cover(video: Video) -> dict[str, Any]:
    """The picture it has in Parley as well; where that is gone, its first one."""
    try:
        data = Path(video.cover).read_bytes() if video.cover else b""
    except OSError:
        data = b""
    if not data:
        return {"cover_image_key_frame_time": 0}
    return {"cover_image_content_type": "image/jpeg", "cover_image_data": base64.b64encode(data).decode()}
