"""LinkedIn's REST interface: pictures and videos are announced, sent to an address of their own, and worked on."""

import hashlib
import json
import sqlite3
from typing import Any
from urllib.parse import unquote

from . import media
from .linkedin import ROUTES, R, bad, gone, page_of, upload_of
from .wire import Answer, Request
from .world import Call, World

PART = 4 * 1024 * 1024
KIND = {"image": "D4E22AQ", "video": "D4E10AQ"}


def _announce(call: Call, kind: str, owner: str) -> str:
    """A place for an upload that has not come yet."""
    page = page_of(call, owner)
    name = f"urn:li:{kind}:{KIND[kind]}{call.world.new_id('linkedin', call.now)}"
    call.store.insert(
        "media", id=name, platform="linkedin", account=page["id"], sha256="", size=0, mime="", width=0, height=0,
        state="waiting", created_at=call.now, ready_at=call.now,
    )  # fmt: skip
    return name


def _address(call: Call, name: str, what: str) -> str:
    return f"https://{call.request.host}/dms-uploads/{name}/{what}?ca=vector_feedshare"


def _asked(call: Call, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (call.request.json or {}).get(name) or {}
    return found


@ROUTES.on("POST", R + "/images", "media")
def announce_image(call: Call) -> Answer:
    if call.request.arg("action") != "initializeUpload":
        raise bad("Unsupported action")
    name = _announce(call, "image", str(_asked(call, "initializeUploadRequest").get("owner")))
    value = {
        "image": name,
        "uploadUrl": _address(call, name, "uploaded-image"),
        "uploadUrlExpiresAt": int(call.now * 1000) + 86_400_000,
    }
    return Answer({"value": value}, committed=name)


def _acts(request: Request) -> str:
    return "media" if request.arg("action") else "unknown"


@ROUTES.on("POST", R + "/videos", _acts)
def announce_video(call: Call) -> Answer:
    """Announce a video, or declare that all of its parts were sent."""
    if call.request.arg("action") == "finalizeUpload":
        return _whole(call)
    asked = _asked(call, "initializeUploadRequest")
    name, size = _announce(call, "video", str(asked.get("owner"))), int(asked.get("fileSizeBytes") or 0)
    if not size:
        raise bad("Field fileSizeBytes is required but not found", "MISSING_FIELD")
    starts = range(0, size, PART)
    told = [
        {"uploadUrl": _address(call, name, f"part-{at}"), "firstByte": first, "lastByte": min(first + PART, size) - 1}
        for at, first in enumerate(starts)
    ]
    value = {"video": name, "uploadInstructions": told, "uploadToken": "", "uploadUrlsExpireAt": 0}
    if asked.get("uploadCaptions"):
        value["captionsUploadUrl"] = _address(call, name, "captions")
    call.world.store.put(f"upload:{name}", {"size": size, "parts": len(told), "captions": ""})
    return Answer({"value": value}, committed=name)


def _piece(world: World, name: str, what: str) -> Any:
    return media.file_of(world, hashlib.sha256(f"{name}/{what}".encode()).hexdigest())


@ROUTES.on("PUT", "/dms-uploads/{name}/{what}", "media")
def upload(call: Call, name: str, what: str) -> Answer:
    """Bytes for something announced. LinkedIn takes any, and finds out later what they are."""
    row = _waiting(call, name)
    data = call.request.body
    if what.startswith("part-"):
        _piece(call.world, row["id"], what).write_bytes(data)
        return Answer(b"", 200, {"ETag": f'"{hashlib.sha256(data).hexdigest()[:32]}"'}, committed=row["id"])
    _keep(call, row, data, media.measure(data))
    return Answer(b"", 201, committed=row["id"])


@ROUTES.on("POST", "/dms-uploads/{name}/captions", "media")
def captions(call: Call, name: str) -> Answer:
    row = _waiting(call, name)
    file, about = call.request.files.get("file"), json.loads(call.request.arg("metadata") or "{}")
    if file is None or about.get("format") != "SRT" or b"-->" not in file.data:
        raise bad("Captions are not readable")
    told = call.world.store.get(f"upload:{row['id']}", {})
    call.world.store.put(f"upload:{row['id']}", told | {"captions": file.data.decode("utf-8", "replace")})
    return Answer(b"", 201, committed=row["id"])


def _waiting(call: Call, name: str) -> sqlite3.Row:
    row = upload_of(call, unquote(name))
    if row is None:
        raise gone(unquote(name))
    return row


def _keep(call: Call, row: sqlite3.Row, data: bytes, picture: media.Picture | None) -> None:
    digest = hashlib.sha256(data).hexdigest()
    media.file_of(call.world, digest).write_bytes(data)
    seconds = call.world.rule("media_seconds")
    broken = picture is None or call.media_fails
    shown = picture or media.Picture("application/octet-stream", 0, 0)
    call.store.update(
        "media", {"id": row["id"]}, sha256=digest, size=len(data), mime=shown.mime, width=shown.width,
        height=shown.height, state="failing" if broken else "ready",
        ready_at=call.now + seconds,
    )  # fmt: skip


def _whole(call: Call) -> Answer:
    asked = _asked(call, "finalizeUploadRequest")
    row = _waiting(call, str(asked.get("video")))
    told = call.world.store.get(f"upload:{row['id']}", {})
    pieces = [_piece(call.world, row["id"], f"part-{at}") for at in range(told.get("parts", 0))]
    sent = [piece.read_bytes() for piece in pieces if piece.exists()]
    if [hashlib.sha256(one).hexdigest()[:32] for one in sent] != asked.get("uploadedPartIds"):
        raise bad("uploadedPartIds are not those of the parts")
    data = b"".join(sent)
    film = media.Picture("video/mp4", 0, 0) if len(data) == told["size"] and data[4:8] == b"ftyp" else None
    _keep(call, row, data, film)
    for piece in pieces:
        piece.unlink()
    return Answer(b"", 200, committed=row["id"])


def _status(call: Call, name: str) -> Answer:
    row = _waiting(call, name)
    state = media.state_of(row, call.now)
    known = {"pending": "PROCESSING", "failed": "PROCESSING_FAILED", "ready": "AVAILABLE"}[state]
    status = "WAITING_UPLOAD" if row["state"] == "waiting" else known
    return Answer({"id": row["id"], "owner": f"urn:li:organization:{row['account']}", "status": status})


@ROUTES.on("GET", R + "/images/{name}", "media_status")
def image(call: Call, name: str) -> Answer:
    return _status(call, name)


@ROUTES.on("GET", R + "/videos/{name}", "media_status")
def video(call: Call, name: str) -> Answer:
    """Where the work on a video stands; its captions are shown as they came."""
    answer = _status(call, name)
    told = call.world.store.get(f"upload:{unquote(name)}", {})
    answer.body |= {"captions": told["captions"]} if told.get("captions") else {}
    return answer
