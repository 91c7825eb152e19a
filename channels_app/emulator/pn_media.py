"""Pinterest's API v5: a video is announced, brought in a form to another place, and worked on for a while."""

import hashlib

from . import media, moving
from .pinterest import ROUTES, UPLOADS, refuse, signed, turned_away
from .wire import Answer
from .world import DAY, Call

MOST = 32 * 1024 * 1024
SAID = {"pending": "processing", "failed": "failed", "ready": "succeeded"}


@ROUTES.on("POST", "/v5/media", "media")
def announce(call: Call) -> Answer:
    """The number of a video that is to come, and the form to bring it with."""
    if call.request.arg("media_type") != "video":
        raise refuse("request", "media_type must be video.")
    name = moving.begin(call, "video/mp4", 0)
    form = {
        "x-amz-date": "20261118T120000Z", "x-amz-signature": signed(name), "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "key": f"uploads/17/4d/2:video:{call.me['id']}:{name}", "policy": "e30=", "Content-Type": "multipart/form-data",
    }  # fmt: skip
    where = f"https://{call.request.host}{UPLOADS}/"
    made = {"media_id": name, "media_type": "video", "upload_url": where, "upload_parameters": form}
    return Answer(made, 201, committed=name)


@ROUTES.on("POST", UPLOADS, "media")
def bring(call: Call) -> Answer:
    """Any bytes are taken; what they are is looked at afterwards."""
    name, file = call.request.arg("key").rpartition(":")[2], call.request.files.get("file")
    if file is None:
        raise turned_away(400, "InvalidArgument")
    if len(file.data) > MOST:
        raise turned_away(400, "EntityTooLarge")
    digest, seconds = hashlib.sha256(file.data).hexdigest(), call.world.rule("media_seconds")
    media.file_of(call.world, digest).write_bytes(file.data)
    found = moving.measure(file.data)
    call.store.update(
        "media", {"id": name}, sha256=digest, size=len(file.data), mime=found.mime if found else "video/mp4",
        state="failing" if call.media_fails or found is None else "ready",
        ready_at=call.now + (max(seconds, 1) if call.media_fails else seconds),
    )  # fmt: skip
    return Answer(b"", 204, committed=name)


@ROUTES.on("GET", "/v5/media/{name}", "media_status")
def status(call: Call, name: str) -> Answer:
    """How far Pinterest is with it; what was only announced is registered."""
    row = media.mine(call, name)
    if row is None or call.now > row["created_at"] + DAY:
        raise refuse("media")
    told = "registered" if row["state"] == "open" else SAID[media.state_of(row, call.now)]
    return Answer({"media_id": name, "media_type": "video", "status": told})
