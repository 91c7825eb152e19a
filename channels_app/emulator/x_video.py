"""X API v2: videos in parts, and the captions of a video."""

import sqlite3

from . import media, moving
from .wire import Answer, Refuse
from .world import Call
from .x import ROUTES, invalid, problem
from .x_media import told

MOST, SEGMENT = 512 * 1024 * 1024, 5 * 1024 * 1024
TYPES = {"video/mp4", "video/quicktime"}


def _mine(call: Call, name: str) -> sqlite3.Row:
    row = media.mine(call, name)
    if row is None:
        raise Refuse(problem(404, "Not Found Error", "Could not find media.", "resource-not-found"))
    return row


@ROUTES.on("POST", "/2/media/upload/initialize", "media")
def begin(call: Call) -> Answer:
    body = call.request.json if isinstance(call.request.json, dict) else {}
    size, mime = body.get("total_bytes"), str(body.get("media_type"))
    if mime not in TYPES or body.get("media_category") != "tweet_video" or not isinstance(size, int):
        raise invalid("media_type, total_bytes and media_category are required", media_type=mime)
    if size > MOST:
        raise Refuse(problem(413, "Payload Too Large", f"File size exceeds {MOST} bytes."))
    name = moving.begin(call, mime, size)
    made = {"id": name, "media_key": f"7_{name}", "expires_after_secs": 86_400}
    return Answer({"data": made}, committed=name)


@ROUTES.on("POST", "/2/media/upload/{name}/append", "media")
def append(call: Call, name: str) -> Answer:
    """One part, by its number; the same number again replaces it."""
    row, file = _mine(call, name), call.request.files.get("media")
    number = call.request.arg("segment_index")
    if row["state"] != "open" or file is None or not number.isdigit() or int(number) > 999 or len(file.data) > SEGMENT:
        raise invalid("media and segment_index are required", segment_index=number)
    moving.part(call, name, int(number), file.data)
    return Answer({"data": {"expires_at": int(call.now) + 86_400}}, committed=name)


@ROUTES.on("POST", "/2/media/upload/{name}/finalize", "media")
def finish(call: Call, name: str) -> Answer:
    row = _mine(call, name)
    if row["state"] == "open" and not moving.finish(call, row):
        raise invalid("The parts are not the file that was announced", id=name)
    return Answer({"data": told(call, _mine(call, name))}, committed=name)


@ROUTES.on("POST", "/2/media/subtitles", "captions")
def captions(call: Call) -> Answer:
    """Give a video its words in one language."""
    body = call.request.json if isinstance(call.request.json, dict) else {}
    given = body.get("subtitles") or {}
    video, words = _mine(call, str(body.get("id"))), _mine(call, str(given.get("id")))
    language = str(given.get("language_code") or "")
    if body.get("media_category") != "TweetVideo" or not moving.is_video(video) or words["mime"] != moving.VTT:
        raise invalid("media_category must be TweetVideo", media_category=str(body.get("media_category")))
    if not language or not given.get("display_name"):
        raise invalid("language_code and display_name are required", language_code=language)
    moving.caption(call.world, video["id"], language.lower(), moving.text_of(call.world, words))
    answer = {"id": video["id"], "media_category": "TweetVideo", "associated_subtitles": [given]}
    return Answer({"data": answer}, committed=video["id"])
