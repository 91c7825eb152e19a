"""YouTube's Data API: uploads that can be taken up again, and captions."""

import json
import re
from typing import Any

from . import films, things, yt_show
from .wire import Answer, Refuse, Request, multipart
from .world import Call
from .youtube import ROUTES, bad, error, video, words_of

RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")
SHOWN = ("language", "name", "trackKind")
PIECE = 256 * 1024  # every chunk but the last is a multiple of this


def _range(request: Request) -> tuple[int, int, int] | None:
    """First byte, end and size of what a chunk says it is; None for a question how far the upload is."""
    said = RANGE.match(request.headers.get("Content-Range", ""))
    if said is None:
        return 0, len(request.body), len(request.body)
    return (int(said[1]), int(said[2]) + 1, int(said[3])) if said[1] else None


def _named(request: Request) -> str:
    return "media" if _range(request) else "media_status"


@ROUTES.on("POST", "/upload/youtube/v3/videos", "media")
def begin(call: Call) -> Answer:
    """Open a session: the video's words now, its bytes later."""
    snippet, request = words_of(call), call.request
    title, description = str(snippet.get("title") or ""), str(snippet.get("description") or "")
    if not title.strip() or len(title) > 100 or {"<", ">"} & set(title):
        raise bad("invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > 5000 or {"<", ">"} & set(description):
        raise bad("invalidDescription", "The request metadata specifies an invalid video description.")
    size = int(request.headers.get("X-Upload-Content-Length") or 0)
    mime = request.headers.get("X-Upload-Content-Type") or "video/*"
    privacy = str((request.json.get("status") or {}).get("privacyStatus") or "public")
    made = films.begin(call, size, mime, title=title, description=description, privacy=privacy)
    address = f"https://{request.host}/upload/youtube/v3/videos?uploadType=resumable&upload_id={made.name}"
    return Answer(b"", 200, {"Location": address}, made.name)


@ROUTES.on("PUT", "/upload/youtube/v3/videos", _named)
def chunk(call: Call) -> Answer:
    """Take one chunk, or say how far the upload is. What is there already is not taken twice."""
    upload = films.find(call.world, call.request.arg("upload_id"))
    if upload is None or upload.facts["account"] != call.me["id"]:
        return Answer(b"Not Found", 404, {"Content-Type": "text/plain"})
    said = _range(call.request)
    if upload.facts.get("id"):
        return Answer(_shown(call, upload))
    if said is None:
        return _go_on(upload)
    start, end, size = said
    if size != upload.size or end - start != len(call.request.body) or start > upload.have:
        raise Refuse(error(400, "badRequest", "Failed to parse Content-Range header.", "global"))
    if end != size and (end - start) % PIECE:
        raise Refuse(error(400, "badRequest", "The chunk is not a multiple of 256 KB.", "global"))
    had = upload.have
    taken = f"{upload.name} {had}-{end - 1}" if upload.take(start, call.request.body) > had else None
    if upload.have < upload.size:
        return _go_on(upload, taken)
    films.name(upload, call.world.new_id("youtube", call.now))
    upload.change(film=films.keep(call, upload.data(), upload.facts["mime"])["id"], made_at=call.now)
    if upload.facts["privacy"] == "public":
        films.publish(call, upload, upload.facts["title"], upload.facts["description"])
    return Answer(_shown(call, upload), 200, {}, taken)


def _shown(call: Call, upload: films.Upload) -> dict[str, Any]:
    row = things.alive(call.world, "youtube", upload.facts["id"])
    return yt_show.draft(call, upload) if row is None else yt_show.video(call, row)


def _go_on(upload: films.Upload, taken: str | None = None) -> Answer:
    headers = {"Range": f"bytes=0-{upload.have - 1}"} if upload.have else {}
    return Answer(b"", 308, headers, taken)


@ROUTES.on("PUT", "/youtube/v3/videos", "publish")
def update(call: Call) -> Answer:
    """Another privacy; what becomes public is out from then on."""
    body = call.request.json if isinstance(call.request.json, dict) else {}
    name, status = str(body.get("id") or ""), body.get("status") or {}
    made = films.draft(call, name)
    if made is None:
        return Answer(yt_show.video(call, video(call, name)), committed=name)
    if status.get("privacyStatus") != "public":
        return Answer(yt_show.draft(call, made), committed=name)
    row = films.publish(call, made, made.facts["title"], made.facts["description"])
    return Answer(yt_show.video(call, row), committed=name)


def cut_short(call: Call) -> str | None:
    """The line broke in the middle of a chunk: whole pieces of what had come are kept; says which bytes."""
    upload = films.find(call.world, call.request.arg("upload_id"))
    said = _range(call.request) if "Content-Range" in call.request.headers else None
    if upload is None or said is None or said[0] > upload.have:
        return None
    had, whole = upload.have, len(call.request.body) // PIECE * PIECE
    have = upload.take(said[0], call.request.body[:whole])
    return f"{upload.name} {had}-{have - 1}" if have > had else None


@ROUTES.on("GET", "/youtube/v3/captions", "captions_list")
def captions(call: Call) -> Answer:
    name = call.request.arg("videoId")
    made = films.draft(call, name)
    tracks = films.captions(call, None if made else video(call, name), made)
    return Answer({"items": [{"id": one["id"], "snippet": {k: one[k] for k in SHOWN}} for one in tracks]})


@ROUTES.on("POST", "/upload/youtube/v3/captions", "captions")
def caption(call: Call) -> Answer:
    """One track of a language and name; the same again is refused."""
    parts = list(multipart(call.request.headers.get("Content-Type", ""), call.request.body))
    if len(parts) != 2:
        raise bad("contentRequired", "The request does not contain the caption track's contents.")
    snippet = json.loads(parts[0][3])["snippet"]
    name = str(snippet.get("videoId"))
    made = films.draft(call, name)
    row = None if made else video(call, name)
    mine = {"language": snippet.get("language"), "name": snippet.get("name", ""), "trackKind": "standard"}
    tracks = films.captions(call, row, made)
    if any((one["language"], one["name"]) == (mine["language"], mine["name"]) for one in tracks):
        raise Refuse(error(409, "captionExists", "The specified video already has a caption track like this."))
    tracks.append({"id": f"AUieDa{len(tracks)}{name}", **mine, "text": parts[1][3].decode()})
    films.keep_captions(call, row, made, tracks)
    return Answer({"id": tracks[-1]["id"], "snippet": mine}, committed=tracks[-1]["id"])
