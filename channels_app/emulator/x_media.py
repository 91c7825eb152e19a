"""X API v2: pictures, their alt texts, and the token endpoint."""

import base64
import binascii
import sqlite3
from typing import Any

from . import media, moving
from .wire import Answer, Refuse
from .world import DAY, Call
from .x import ROUTES, invalid, problem

MOST_BYTES, MOST_GIF_BYTES, MOST_ALT = 5 * 1024 * 1024, 15 * 1024 * 1024, 1000


@ROUTES.on("POST", "/2/media/upload", "media")
def upload(call: Call) -> Answer:
    """One picture, as base64 inside JSON or as a multipart file."""
    body, file = call.request.json, call.request.files.get("media")
    if isinstance(body, dict):
        try:
            data = base64.b64decode(str(body.get("media") or ""), validate=True)
        except binascii.Error:
            raise invalid("media: is not base64") from None
    elif file is not None:
        data = file.data
    else:
        raise invalid("media: is required")
    picture = media.measure(data) or moving.captions(data)
    if picture is None:
        raise Refuse(
            problem(
                400, "Invalid Request", "Failed to process the media: unsupported or broken file.", "invalid-request"
            )
        )
    if len(data) > (MOST_GIF_BYTES if picture.mime == "image/gif" else MOST_BYTES):
        raise Refuse(problem(413, "Payload Too Large", f"File size exceeds {MOST_BYTES} bytes."))
    row = media.keep(call, data, picture)
    return Answer({"data": told(call, row)}, committed=row["id"])


def told(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    left = int(row["created_at"] + DAY - call.now)
    shown = {"id": row["id"], "media_key": f"3_{row['id']}", "size": row["size"], "expires_after_secs": left}
    state = media.state_of(row, call.now)
    if state == "pending":
        wait = max(1, int(row["ready_at"] - call.now))
        shown["processing_info"] = {"state": "pending", "check_after_secs": wait, "progress_percent": 10}
    elif state == "failed":
        error = {"code": 1, "name": "InvalidMedia", "message": "Unsupported media"}
        shown["processing_info"] = {"state": "failed", "error": error}
    return shown


@ROUTES.on("GET", "/2/media/upload", "media_status")
def status(call: Call) -> Answer:
    row = media.mine(call, call.request.arg("media_id"))
    if row is None:
        raise Refuse(problem(404, "Not Found Error", "Could not find media.", "resource-not-found"))
    shown = told(call, row)
    shown.setdefault("processing_info", {"state": "succeeded", "progress_percent": 100})
    return Answer({"data": shown})


@ROUTES.on("POST", "/2/media/metadata", "alt_text")
def metadata(call: Call) -> Answer:
    """Alt text, before the picture is posted."""
    body = call.request.json or {}
    row = media.mine(call, str(body.get("id") or ""))
    if row is None:
        raise Refuse(problem(404, "Not Found Error", "Could not find media.", "resource-not-found"))
    alt = str(((body.get("metadata") or {}).get("alt_text") or {}).get("text") or "")
    if len(alt) > MOST_ALT:
        raise invalid(f"alt_text.text: must be at most {MOST_ALT} characters", text=alt[:40])
    call.store.update("media", {"id": row["id"]}, alt=alt)
    return Answer({"data": {"id": row["id"], "associated_metadata": {"alt_text": {"text": alt}}}}, committed=row["id"])
