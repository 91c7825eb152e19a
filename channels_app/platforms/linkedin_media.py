"""Pictures and videos for LinkedIn: the repeatable steps before a post or a comment.

A picture is announced, sent and waited for. A video is announced, sent in portions of a few parts each, so that no step
takes long, given its captions, declared whole and waited for. What was announced is kept as the first step's id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from channels_app.platforms.base import Captions, Outgoing, Refused, TryLater, Video
from channels_app.platforms.linkedin_client import Client, encoded

PORTION = 4  # parts of 4 MB in one step
STAMP = re.compile(r"((?:\d{2}:)?\d{2}:\d{2})\.(\d{3})")


def steps(outgoing: Outgoing) -> Sequence[str]:
    names = [step for one in outgoing.pictures for step in (f"image:{one.key}", f"ready:{one.key}")]
    if outgoing.video is None:
        return names
    key = outgoing.video.key
    names.append(f"video:{key}")
    if announced := outgoing.prepared.get(f"video:{key}"):
        names += [f"parts:{key}:{at}" for at in range(0, len(json.loads(announced)["parts"]), PORTION)]
        names += [f"captions:{key}"] if outgoing.video.captions else []
        names += [f"whole:{key}", f"ready:{key}"]
    return names


def prepare(client: Client, outgoing: Outgoing, step: str) -> str:
    kind, _, rest = step.partition(":")
    key, video = rest.partition(":")[0], outgoing.video
    if kind == "image":
        return _picture(client, outgoing, key)
    if kind == "ready" and not (video and video.key == key):
        return _ready(client, "images", outgoing.prepared[f"image:{key}"])
    assert video is not None
    if kind == "video":
        return _announced(client, video)
    told = json.loads(outgoing.prepared[f"video:{key}"])
    if kind == "parts":
        return _parts(client, video, told["parts"][int(rest.rpartition(":")[2]) :][:PORTION])
    if kind == "captions":
        assert video.captions is not None
        return _captions(client, video.captions, told["captions"])
    if kind == "whole":
        return _whole(client, told, [outgoing.prepared[name] for name in steps(outgoing) if name.startswith("parts:")])
    return _ready(client, "videos", told["video"])


def content(outgoing: Outgoing) -> dict[str, Any]:
    """What hangs on a post besides its words: pictures, a video, or the card of its link."""
    shown = [
        {"id": outgoing.prepared[f"image:{one.key}"]} | ({"altText": one.alt} if one.alt else {})
        for one in outgoing.pictures
    ]
    if len(shown) > 1:
        return {"multiImage": {"images": shown}}
    if shown:
        return {"media": shown[0]}
    if outgoing.video is not None:
        video = {"id": json.loads(outgoing.prepared[f"video:{outgoing.video.key}"])["video"]}
        return {"media": video | ({"title": outgoing.title} if outgoing.title else {})}
    return {"article": card(outgoing)} if outgoing.link else {}


def beside(outgoing: Outgoing) -> list[dict[str, Any]]:
    """What hangs on a comment besides its words: a picture."""
    # Not confirmed with real credentials: that a picture LinkedIn took for a post's is taken in a comment.
    return [{"entity": {"image": outgoing.prepared[f"image:{one.key}"]}} for one in outgoing.pictures]


def card(outgoing: Outgoing) -> dict[str, str]:
    """The card of a link, of which LinkedIn fetches nothing by itself: named after the post's title or first line."""
    first = next((line.strip() for line in outgoing.text.splitlines() if line.strip()), "")
    site = outgoing.link.partition("://")[2].partition("/")[0].removeprefix("www.")
    title = outgoing.title or first or site
    short = title if len(title) <= 120 else f"{title[:119].rpartition(' ')[0] or title[:119]}…"
    return {"source": outgoing.link, "title": short, "description": site}


def _picture(client: Client, outgoing: Outgoing, key: str) -> str:
    picture = next(one for one in outgoing.pictures if one.key == key)
    asked = {"initializeUploadRequest": {"owner": client.page}}
    told = client.call("POST", "images?action=initializeUpload", asked).json()["value"]
    client.put(str(told["uploadUrl"]), picture.data, picture.mime)
    return str(told["image"])


def _ready(client: Client, kind: str, urn: str) -> str:
    """LinkedIn takes any bytes at first, and says only later whether it could read them."""
    what = kind.removesuffix("s").replace("image", "picture")
    status = str(client.get(f"{kind}/{encoded(urn)}").get("status"))
    if status == "PROCESSING_FAILED":
        raise Refused(f"LinkedIn cannot read this {what}.", cause="content", code=status)
    if status != "AVAILABLE":
        raise TryLater(f"LinkedIn is still working on a {what}.", wait=5, code=f"200 {status}", at_work=True)
    return urn


def _announced(client: Client, video: Video) -> str:
    asked = {
        "owner": client.page,
        "fileSizeBytes": video.size,
        "uploadCaptions": video.captions is not None,
        "uploadThumbnail": False,
    }
    path = "videos?action=initializeUpload"
    told = client.call("POST", path, {"initializeUploadRequest": asked}).json()["value"]
    parts = [(int(one["firstByte"]), int(one["lastByte"]), str(one["uploadUrl"])) for one in told["uploadInstructions"]]
    kept = {"video": told["video"], "token": told.get("uploadToken") or "", "parts": parts}
    return json.dumps(kept | {"captions": told.get("captionsUploadUrl") or ""})


def _parts(client: Client, video: Video, parts: Sequence[Sequence[Any]]) -> str:
    """Send some parts; LinkedIn names each by the ETag it answers with."""
    names = []
    with open(video.path, "rb") as file:
        for first, last, url in parts:
            file.seek(first)
            answer = client.put(str(url), file.read(last - first + 1), "application/octet-stream")
            names.append(answer.headers["ETag"].strip('"'))
    return ",".join(names)


def _captions(client: Client, captions: Captions, url: str) -> str:
    # Not confirmed with real credentials: the fields LinkedIn wants beside the file of captions.
    about = {"format": "SRT", "transcriptType": "CLOSED_CAPTION", "locale": {"language": captions.language[:2].upper()}}
    client.form(url, json.dumps(about), srt(captions.text).encode())
    return "sent"


def _whole(client: Client, told: dict[str, Any], names: Sequence[str]) -> str:
    parts = ",".join(names).split(",")
    asked = {"video": told["video"], "uploadToken": told["token"], "uploadedPartIds": parts}
    client.call("POST", "videos?action=finalizeUpload", {"finalizeUploadRequest": asked})
    return str(told["video"])


def srt(vtt: str) -> str:
    """WebVTT as SubRip, which is what LinkedIn takes: numbered, with commas in its times, and without markup."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", vtt.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip().split("\n")
        at = next((number for number, line in enumerate(lines) if "-->" in line), None)
        if at is None:
            continue
        times = [f"00:{one[0]}" if one[0].count(":") == 1 else one[0] for one in STAMP.findall(lines[at])]
        parts = [one[1] for one in STAMP.findall(lines[at])]
        span = " --> ".join(f"{time},{part}" for time, part in zip(times[:2], parts[:2], strict=True))
        words = re.sub(r"<[^>]*>", "", "\n".join(lines[at + 1 :]))
        found.append(f"{len(found) + 1}\n{span}\n{words}\n")
    return "\n".join(found)
