"""Facebook's Graph API: videos, brought in parts into a session and published by its last call."""

import sqlite3
from typing import Any

from . import media, things
from .clock import graph
from .facebook import ROUTES, V, bad, error, gone, page_of, refusal
from .fb_show import parsed, permalink
from .wire import Answer, Refuse, Request
from .world import Call

PART, MOST_BYTES = 1024 * 1024, 10 * 1024**3
FILM = media.Picture("video/mp4", 640, 360)


def _named(request: Request) -> str:
    return "publish" if request.arg("upload_phase") == "finish" else "media"


@ROUTES.on("POST", V + "/{page}/videos", _named)
def bring(call: Call, page: str) -> Answer:
    """One call of a session: start, transfer or finish."""
    if page_of(call, page)["id"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    phase = call.request.arg("upload_phase")
    if phase == "start":
        return _start(call)
    session = call.request.arg("upload_session_id")
    kept = call.store.get(f"video session {session}")
    if kept is None or kept["account"] != call.me["id"]:
        raise Refuse(error(6000, "There was a problem uploading your video file.", 1363030))
    if phase == "transfer":
        return _transfer(call, session, kept)
    if phase == "finish":
        return _finish(call, session, kept)
    raise bad("(#100) upload_phase must be one of start, transfer, finish")


def _start(call: Call) -> Answer:
    size = call.request.number("file_size", 0)
    if not 0 < size <= MOST_BYTES:
        raise bad("(#100) The parameter file_size is required")
    session, name = (call.world.new_id("facebook", call.now) for _ in range(2))
    kept = {"account": call.me["id"], "video": name, "size": size, "got": 0, "done": False, "captions": {}}
    call.store.put(f"video session {session}", kept)
    call.store.put(f"video {name}", session)
    media.file_of(call.world, f"session-{session}").write_bytes(b"")
    return Answer({"upload_session_id": session, "video_id": name, **_next(kept)}, committed=name)


def _next(kept: dict[str, Any]) -> dict[str, str]:
    return {"start_offset": str(kept["got"]), "end_offset": str(min(kept["got"] + PART, kept["size"]))}


def _transfer(call: Call, session: str, kept: dict[str, Any]) -> Answer:
    """The next part; one that came before may come again."""
    start, file = call.request.number("start_offset", -1), call.request.files.get("video_file_chunk")
    if file is None or not 0 <= start <= kept["got"] or start + len(file.data) > kept["size"]:
        raise Refuse(error(6001, "There was a problem uploading your video file.", 1363037))
    with media.file_of(call.world, f"session-{session}").open("r+b") as whole:
        whole.seek(start)
        whole.write(file.data)
    kept["got"] = max(kept["got"], start + len(file.data))
    call.store.put(f"video session {session}", kept)
    return Answer(_next(kept), committed=kept["video"])


def _finish(call: Call, session: str, kept: dict[str, Any]) -> Answer:
    if kept["got"] < kept["size"] or kept["done"]:
        raise Refuse(error(6000, "There was a problem uploading your video file.", 1363030))
    path = media.file_of(call.world, f"session-{session}")
    data = path.read_bytes()
    call.media_fails = call.media_fails or data[4:8] != b"ftyp"
    row = media.keep(call, data, FILM)
    path.unlink()
    call.store.update("media", {"id": row["id"]}, id=kept["video"])
    kept |= {"done": True, "post": "", "text": call.request.arg("description"), "title": call.request.arg("title")}
    if not call.media_fails:
        kept["post"] = _post(call, kept, row["ready_at"])
    call.store.put(f"video session {session}", kept)
    return Answer({"success": True}, committed=kept["video"])


def _post(call: Call, kept: dict[str, Any], at: float) -> str:
    """What is shown once Facebook is done with the video."""
    name = f"{call.me['id']}_{call.world.new_id('facebook', call.now)}"
    more: dict[str, Any] = {"id": name, "media": [kept["video"]], "extra": {"captions": kept["captions"]}}
    call.world.town.hear(things.write(call.world, "facebook", call.me["id"], kept["text"], at, **more))
    return name


def find(call: Call, name: str) -> dict[str, Any] | None:
    """The session of one's own video."""
    session = call.store.get(f"video {name}")
    kept: dict[str, Any] | None = session and call.store.get(f"video session {session}")
    return kept if kept and kept["account"] == call.me["id"] else None


def shown(call: Call, name: str, kept: dict[str, Any]) -> dict[str, Any]:
    row: sqlite3.Row | None = media.mine(call, name)
    post = things.find(call.world, kept["post"]) if kept.get("post") else None
    if post is not None and post["deleted_at"]:
        raise gone(call, name)
    done = row is not None and media.state_of(row, call.now) == "ready"
    every: dict[str, Any] = {"id": name, "status": _status(call, row), "description": kept.get("text") or None}
    if post is not None and done:
        number = post["id"].rpartition("_")[2]
        path = "/" + permalink(call, post).partition("://")[2].partition("/")[2]
        every |= {"post_id": number, "permalink_url": path, "created_time": graph(post["created_at"])}
    wanted = parsed(call.request.arg("fields") or "id")
    return {field: every[field] for field in wanted if every.get(field) is not None} | {"id": name}


def _status(call: Call, row: sqlite3.Row | None) -> dict[str, Any]:
    phases = {"processing_phase": {"status": "not_started"}, "publishing_phase": {"status": "not_started"}}
    if row is None:
        return {"video_status": "uploading", "uploading_phase": {"status": "in_progress"}} | phases
    state = media.state_of(row, call.now)
    phases["processing_phase"]["status"] = {"pending": "in_progress", "failed": "error"}.get(state, "complete")
    if state == "ready":
        phases["publishing_phase"] = {"status": "complete", "publish_status": "published"}
    word = {"pending": "processing", "failed": "error"}.get(state, "ready")
    return {"video_status": word, "uploading_phase": {"status": "complete"}} | phases


@ROUTES.on("POST", V + "/{video}/captions", "media")
def captions(call: Call, video: str) -> Answer:
    """A SubRip file, whose name says which language it is in."""
    kept, file = find(call, video), call.request.files.get("captions_file")
    if kept is None:
        raise gone(call, video)
    parts = file.name.split(".") if file is not None else []
    if file is None or len(parts) != 3 or parts[2] != "srt" or not file.data.startswith(b"1\n00:"):
        raise bad("(#100) The caption file must be named filename.locale.srt and hold SubRip.")
    kept["captions"][parts[1]] = file.data.decode()
    call.store.put(f"video session {call.store.get(f'video {video}')}", kept)
    return Answer({"success": True}, committed=video)
