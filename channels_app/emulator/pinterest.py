"""Pinterest's API v5: one account, its boards and its pins."""

import base64
import hashlib
import sqlite3
from typing import Any

from . import media, moving, reach, things
from .clock import moment
from .dialect import Dialect
from .wire import Answer, Refuse, Request, Routes
from .world import Call, extra

ROUTES = Routes()
MOST_TEXT, MOST_TITLE, MOST_ALT, MOST_LINK = 500, 100, 500, 2048
BOARD = "Town news"
UPLOADS = "/uploads"  # another host's on the real one; its form is its key
DAY = 86_400
ERRORS = {
    "auth": (401, 2, "Authentication failed."),
    "right": (403, 29, "You are not permitted to access that resource."),
    "request": (400, 1, "Invalid request"),
    "image": (400, 235, "The image is broken or of a kind that is not supported."),
    "pin": (404, 50, "Pin not found."),
    "media": (404, 2625, "Media not found."),
    "board": (404, 40, "Board not found."),
    "limit": (429, 8, "You have exceeded your rate limit. Try again later."),
    "grant": (400, 283, "The refresh token is invalid."),
}


def refuse(key: str, detail: str = "") -> Refuse:
    status, code, message = ERRORS[key]
    return Refuse(Answer({"code": code, "message": f"{message} {detail}".strip()}, status))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals. Pinterest knows no duplicates: it is asked for a plain 400 then."""
    kinds = {"rate_limited": "limit", "revoked": "auth", "expired": "auth", "duplicate": "request"}
    return refuse(kinds.get(kind, "right")).answer


def identify(call: Call, route: str) -> None:
    """Find the account behind a bearer token; the form of an upload is its own key."""
    if route == "token":
        return
    if call.request.path.rstrip("/") == UPLOADS:
        _brings(call)
        return
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    if row is None or account is None or account["platform"] != "pinterest" or row["state"] != "ok":
        raise refuse("auth")
    call.token, call.account = row, account
    if account["state"] != "ok" and call.request.method != "GET":
        raise refuse("right")


def _brings(call: Call) -> None:
    """Whose upload it is, by the name in its form that only whoever announced it knows."""
    name = call.request.arg("key").rpartition(":")[2]
    row = call.store.one("SELECT * FROM media WHERE id = ? AND platform = 'pinterest'", name)
    if row is None or call.request.arg("x-amz-signature") != signed(row["id"]) or call.request.bearer:
        raise turned_away(403, "AccessDenied")
    call.account = call.world.account(row["account"])


def signed(name: str) -> str:
    return hashlib.sha256(f"upload {name}".encode()).hexdigest()


def turned_away(status: int, code: str) -> Refuse:
    """What the place for uploads answers: XML, with a word of its own for what is wrong."""
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
    return Refuse(Answer(text.encode(), status, {"Content-Type": "application/xml"}))


def headers(call: Call, route: str) -> dict[str, str]:
    if call.request.path.rstrip("/") == UPLOADS:
        return {}
    return {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999"}


def no_route(request: Request) -> Answer:
    return Answer({"code": 404, "message": "Not Found"}, 404)


def board_of(account: sqlite3.Row) -> str:
    return f"7{account['id'][-12:]}"


@ROUTES.on("GET", "/v5/user_account", "profile")
def me(call: Call) -> Answer:
    row = call.me
    pins = things.listed(call, "p.account = ?", row["id"])
    return Answer({
        "id": row["id"], "username": row["handle"], "business_name": row["name"], "account_type": "BUSINESS",
        "about": row["bio"], "follower_count": reach.followers(row, call.now), "following_count": row["following"],
        "pin_count": len(pins), "board_count": 1, "monthly_views": 0, "website_url": "",
    })  # fmt: skip


@ROUTES.on("GET", "/v5/boards", "boards")
def boards(call: Call) -> Answer:
    shown = {"id": board_of(call.me), "name": BOARD, "description": "", "privacy": "PUBLIC"}
    return Answer({"items": [shown], "bookmark": None})


@ROUTES.on("POST", "/v5/pins", "publish")
def publish(call: Call) -> Answer:
    """A pin of one picture, which comes with it, or of one video, which has come before."""
    given = call.request.json if isinstance(call.request.json, dict) else {}
    if given.get("board_id") != board_of(call.me):
        raise refuse("board")
    sizes = {"description": MOST_TEXT, "title": MOST_TITLE, "alt_text": MOST_ALT, "link": MOST_LINK}
    for name, most in sizes.items():
        if len(str(given.get(name) or "")) > most:
            raise refuse("request", f"{name} is too long.")
    source, alt = given.get("media_source") or {}, str(given.get("alt_text") or "")
    kept = _film(call, source, alt) if source.get("source_type") == "video_id" else _picture(call, source, alt)
    row = things.write(
        call.world, "pinterest", call.me["id"], str(given.get("description") or ""), call.now, media=[kept],
        link=str(given.get("link") or ""), extra={"title": given.get("title") or ""},
    )  # fmt: skip
    return Answer(show(call, row), 201, committed=row["id"])


def _picture(call: Call, source: dict[str, Any], alt: str) -> str:
    if source.get("source_type") != "image_base64":
        raise refuse("request", "media_source is missing.")
    data, picture = _decoded(source.get("data"))
    if picture.mime != source.get("content_type"):
        raise refuse("image")
    return str(media.keep(call, data, picture, alt)["id"])


def _film(call: Call, source: dict[str, Any], alt: str) -> str:
    """A video that is ready, with a picture of its own or one out of it."""
    row = media.mine(call, str(source.get("media_id")))
    if row is None or not moving.is_video(row) or media.state_of(row, call.now) != "ready":
        raise refuse("request", "media_id is of no video that is ready.")
    if source.get("cover_image_data"):
        if _decoded(source["cover_image_data"])[1].mime != source.get("cover_image_content_type"):
            raise refuse("image")
    elif not source.get("cover_image_url") and not isinstance(source.get("cover_image_key_frame_time"), int):
        raise refuse("request", "cover_image_url is missing.")
    call.store.update("media", {"id": row["id"]}, alt=alt)
    return str(row["id"])


def _decoded(text: Any) -> tuple[bytes, media.Picture]:
    try:
        data = base64.b64decode(text or "", validate=True)
    except ValueError:
        raise refuse("image") from None
    picture = media.measure(data)
    if picture is None:
        raise refuse("image")
    return data, picture


def show(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    pictures, seen = things.media_of(call.world, row["id"]), reach.at(call.world, row, call.now)
    images = {
        f"{one['width']}x": {"url": f"https://i.pinimg.example/_media/{one['id']}", "width": one["width"]}
        for one in pictures
    }
    shown: dict[str, Any] = {
        "id": row["id"], "created_at": moment(row["created_at"]).strftime("%Y-%m-%dT%H:%M:%S"),
        "link": row["link"] or None, "title": extra(row).get("title") or None, "description": row["text"],
        "alt_text": pictures[0]["alt"] if pictures else None, "board_id": board_of(call.me),
        "board_owner": {"username": call.me["handle"]}, "creative_type": "REGULAR",
        "media": {"media_type": "image", "images": {"600x": next(iter(images.values()))} if images else {}},
    }  # fmt: skip
    if pictures and moving.is_video(pictures[0]):
        cover = shown["media"]["images"]["600x"]["url"]
        shown |= {"creative_type": "VIDEO"}
        shown["media"] |= {"media_type": "video", "video_url": None, "cover_image_url": cover}
    if call.request.flag("pin_metrics"):
        shown["pin_metrics"] = {"lifetime_metrics": {
            "impression": seen["impressions"], "clickthrough": seen["clicks"], "reaction": seen["likes"],
            "save": seen["shares"], "comment": things.count_replies(call.world, row["id"]), "pin_click": seen["clicks"],
        }}  # fmt: skip
    return shown


@ROUTES.on("GET", "/v5/pins", "own_posts")
def pins(call: Call) -> Answer:
    """The account's pins, newest first, with a bookmark that leads on."""
    size, start = min(call.request.number("page_size", 25), 250), call.request.number("bookmark", 0)
    rows = things.listed(call, "p.account = ?", call.me["id"])
    shown = [show(call, row) for row in rows[start : start + size]]
    return Answer({"items": shown, "bookmark": str(start + size) if len(rows) > start + size else None})


def _own(call: Call, pin: str) -> sqlite3.Row:
    row = things.alive(call.world, "pinterest", pin)
    if row is None or row["account"] != call.me["id"]:
        raise refuse("pin")
    return row


@ROUTES.on("GET", "/v5/pins/{pin}", "post")
def single(call: Call, pin: str) -> Answer:
    return Answer(show(call, _own(call, pin)))


@ROUTES.on("DELETE", "/v5/pins/{pin}", "delete")
def delete(call: Call, pin: str) -> Answer:
    things.delete(call.world, _own(call, pin), call.now)
    return Answer(b"", 204, committed=pin)


DIALECT = Dialect("pinterest", ROUTES, identify, headers, refusal, no_route)
