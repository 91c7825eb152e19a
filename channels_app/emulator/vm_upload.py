"""Vimeo's API: a video is made first and filled afterwards, by the tus protocol; captions have an upload of their own.

A video only its owner sees yet is known by its upload alone; it becomes one of the town's posts once it is public.
"""

from typing import Any

from . import films, vm_show
from .vimeo import ROUTES, error, gone, video
from .wire import Answer, Refuse, Request
from .world import Call

TUS = {"Tus-Resumable": "1.0.0"}


def bad(message: str) -> Refuse:
    return Refuse(error(400, 2204, message))


def _body(call: Call) -> dict[str, Any]:
    if not isinstance(call.request.json, dict):
        raise bad("The body is not an object.")
    return call.request.json


def _words(body: dict[str, Any]) -> dict[str, str]:
    """Name and description, where they are given."""
    names = ("name", "description")
    found: dict[str, str] = {name: str(body[name]) for name in names if name in body}
    if len(found.get("name", "")) > 128 or len(found.get("description", "")) > 5000:
        raise bad("name and description: too long")
    return found


@ROUTES.on("POST", "/me/videos", "media")
def create(call: Call) -> Answer:
    body = _body(call)
    upload = body.get("upload") or {}
    if upload.get("approach") != "tus" or not str(upload.get("size") or "").isdigit():
        raise bad("upload.size: is required")
    name = call.world.new_id("vimeo", call.now)
    view = (body.get("privacy") or {}).get("view", "anybody")
    words = {"name": "Untitled", "description": ""} | _words(body)
    made = films.begin(call, int(upload["size"]), "video/mp4", view=view, made_at=call.now, **words)
    films.name(made, name)
    return Answer(vm_show.draft(call, made), 201, committed=name)


@ROUTES.on("HEAD", "/files/{name}", "media_status")
def far(call: Call, name: str) -> Answer:
    made = films.find(call.world, name)
    if made is None:
        raise gone()
    return Answer(b"", 200, TUS | {"Upload-Offset": str(made.have), "Upload-Length": str(made.size)})


@ROUTES.on("PATCH", "/files/{name}", "media")
def part(call: Call, name: str) -> Answer:
    """The bytes from where the upload stands on; any other place is a conflict."""
    made = films.find(call.world, name)
    if made is None:
        raise gone()
    offset = call.request.headers.get("Upload-Offset", "")
    if offset != str(made.have) or made.have + len(call.request.body) > made.size:
        return Answer(b"", 409, TUS | {"Upload-Offset": str(made.have)})
    taken = f"{made.name} {made.have}-{made.take(made.have, call.request.body) - 1}"
    if made.have == made.size:
        made.change(film=films.keep(call, made.data(), made.facts["mime"])["id"])
    return Answer(b"", 204, TUS | {"Upload-Offset": str(made.have)}, taken)


def cut_short(call: Call) -> str | None:
    """The line broke in the middle of a part: what had come is kept; says which bytes."""
    made = films.find(call.world, call.request.path.rpartition("/")[2])
    if made is None or call.request.headers.get("Upload-Offset") != str(made.have) or not call.request.body:
        return None
    had = made.have
    return f"{made.name} {had}-{made.take(had, call.request.body) - 1}"


def _named(request: Request) -> str:
    return "publish" if isinstance(request.json, dict) and "privacy" in request.json else "edit"


@ROUTES.on("PATCH", "/videos/{name}", _named)
def change(call: Call, name: str) -> Answer:
    """New words or another privacy; what becomes visible to anybody is out from then on."""
    made = films.draft(call, name)
    body, words = _body(call), _words(_body(call))
    view = (body.get("privacy") or {}).get("view")
    if made is None:
        row = video(call, name)
        if row["account"] != call.me["id"]:
            raise gone()
        return Answer(vm_show.video(call, row), committed=name)
    made.change(**words, **({"view": view} if view else {}))
    if view != "anybody":
        return Answer(vm_show.draft(call, made), committed=name)
    if "film" not in made.facts:
        raise bad("The video has no file yet.")
    row = films.publish(call, made, made.facts["name"], made.facts["description"])
    return Answer(vm_show.video(call, row), committed=name)


def _tracks(call: Call, name: str) -> list[dict[str, Any]]:
    made = films.draft(call, name)
    return films.captions(call, None if made else video(call, name), made)


def _keep_tracks(call: Call, name: str, tracks: list[dict[str, Any]]) -> None:
    made = films.draft(call, name)
    films.keep_captions(call, None if made else video(call, name), made, tracks)


@ROUTES.on("GET", "/videos/{name}/texttracks", "captions_list")
def tracks(call: Call, name: str) -> Answer:
    found = _tracks(call, name)
    return Answer({"total": len(found), "data": [vm_show.track(call, name, one) for one in found]})


@ROUTES.on("POST", "/videos/{name}/texttracks", "captions")
def add_track(call: Call, name: str) -> Answer:
    body, found = _body(call), _tracks(call, name)
    if body.get("type") not in {"captions", "subtitles"} or not body.get("language"):
        raise bad("type and language: are required")
    upload = films.begin(call, 0, "text/vtt")
    one = {"id": str(len(found) + 1), "type": body["type"], "language": body["language"], "active": False}
    one |= {"name": str(body.get("name") or ""), "upload": upload.name}
    _keep_tracks(call, name, [*found, one])
    return Answer(vm_show.track(call, name, one), 201, committed=f"{name} {one['id']}")


@ROUTES.on("PUT", "/tracks/{name}", "captions")
def track_text(call: Call, name: str) -> Answer:
    made = films.find(call.world, name)
    if made is None or not call.request.body.startswith(b"WEBVTT"):
        raise bad("This is not WebVTT.")
    made.change(text=call.request.body.decode())
    return Answer(b"", 200)


@ROUTES.on("PATCH", "/videos/{name}/texttracks/{track}", "captions")
def switch_track(call: Call, name: str, track: str) -> Answer:
    found = _tracks(call, name)
    mine = next((one for one in found if one["id"] == track), None)
    upload = films.find(call.world, str(mine["upload"])) if mine else None
    if mine is None or upload is None:
        raise gone()
    if not upload.facts.get("text"):
        raise bad("The track has no text yet.")
    mine |= {"active": bool(_body(call).get("active")), "text": upload.facts["text"]}
    _keep_tracks(call, name, found)
    return Answer(vm_show.track(call, name, mine), committed=f"{name} {track}")
