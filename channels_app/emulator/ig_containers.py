"""Instagram's containers: made from an address it fetches, ready after a while, published once, gone after a day."""

import json
import re
import sqlite3

from . import media, things
from .facebook import bad, error, gone
from .fetching import fetched
from .ig import ROUTES, V, own
from .wire import Answer, Refuse, Request
from .world import DAY, Call

MOST_TEXT, MOST_BYTES, MOST_ITEMS, MOST_HASHTAGS = 2200, 8 * 1024 * 1024, 10, 5
FILM = media.Picture("video/mp4", 640, 360)
MEANING = {
    "EXPIRED": "Expired: This container has expired.",
    "ERROR": "Error: Media upload has failed with error code {why}",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "PUBLISHED": "Published: Media has been published.",
}


@ROUTES.on("POST", V + "/{account}/media", "media")
def create(call: Call, account: str) -> Answer:
    """A container of one picture or video, or of several containers."""
    own(call, account)
    caption = call.request.arg("caption")
    if len(caption) > MOST_TEXT:
        raise Refuse(error(36004, "The caption was too long.", 2207010))
    if len(re.findall(r"#\w", caption)) > MOST_HASHTAGS:
        raise bad(f"(#100) The caption has more than {MOST_HASHTAGS} hashtags.")
    if call.request.arg("media_type") == "CAROUSEL":
        return _kept(call, caption, children=_children(call))
    film = call.request.arg("video_url")
    if not film and not call.request.arg("image_url"):
        raise bad("(#100) The parameter image_url is required")
    row = _film(call, film) if film else _picture(call, call.request.arg("image_url"))
    return _kept(call, caption, row)


def _children(call: Call) -> list[str]:
    names = call.request.many("children")
    rows = [container(call, name) for name in names]
    if not 2 <= len(rows) <= MOST_ITEMS or not all(row["item"] for row in rows):
        raise bad("(#100) The parameter children must name two to ten carousel items.")
    for row in rows:
        _refuse_unfinished(status(call, row))
    return names


def _picture(call: Call, url: str) -> sqlite3.Row:
    data = fetched(url)
    if data is None:
        raise Refuse(error(9004, "Only photo or video can be accepted as media type.", 2207052))
    picture = media.measure(data)
    if picture is None or picture.mime != "image/jpeg":
        raise Refuse(error(36001, "The image format is not supported.", 2207005))
    if len(data) > MOST_BYTES:
        raise Refuse(error(36000, "The image size is too large.", 2207004))
    if not 0.79 <= picture.width / picture.height <= 1.92:
        raise Refuse(error(36003, "The aspect ratio is not supported.", 2207009))
    return media.keep(call, data, picture, call.request.arg("alt_text"))


def _film(call: Call, url: str) -> sqlite3.Row:
    """A video is taken at once and looked at afterwards."""
    data = fetched(url)
    call.media_fails = call.media_fails or data is None or data[4:8] != b"ftyp"
    return media.keep(call, data or b"", FILM)


def _kept(call: Call, caption: str, row: sqlite3.Row | None = None, children: list[str] | None = None) -> Answer:
    name = call.world.new_id("instagram", call.now)
    call.store.insert(
        "containers", id=name, account=call.me["id"], caption=caption, media=row and row["id"],
        children=json.dumps(children or []), item=int(call.request.flag("is_carousel_item")), created_at=call.now,
    )  # fmt: skip
    return Answer({"id": name}, committed=name)


def find(call: Call, name: str) -> sqlite3.Row | None:
    return call.store.one("SELECT * FROM containers WHERE id = ? AND account = ?", name, call.me["id"])


def container(call: Call, name: str) -> sqlite3.Row:
    row = find(call, name)
    if row is None:
        raise gone(call, name)
    return row


def uploads(call: Call, row: sqlite3.Row) -> list[str]:
    """The pictures and videos within a container, in their order."""
    if row["media"]:
        return [row["media"]]
    return [one for name in json.loads(row["children"]) for one in uploads(call, container(call, name))]


def status(call: Call, row: sqlite3.Row) -> str:
    if row["post"]:
        return "PUBLISHED"
    if call.now >= row["created_at"] + call.world.rule("container_seconds"):
        return "EXPIRED"
    found = [media.mine(call, name) for name in uploads(call, row)]
    states = {media.state_of(one, call.now) for one in found if one is not None}
    return "ERROR" if "failed" in states else "IN_PROGRESS" if "pending" in states else "FINISHED"


def shown(call: Call, row: sqlite3.Row) -> Answer:
    code = status(call, row)
    why = call.world.rule("container_error")
    return Answer({"id": row["id"], "status_code": code, "status": MEANING[code].format(why=why)})


def _refuse_unfinished(code: str) -> None:
    if code == "EXPIRED":
        text = "The media you are trying to access has expired. Please try to upload again."
        raise Refuse(error(-2, "Media expired", 2207020, error_user_msg=text))
    if code == "PUBLISHED":
        raise bad("(#100) The media was published already.")
    if code != "FINISHED":
        raise Refuse(error(9007, "Media ID is not available", 2207027, error_user_msg="The media is not ready."))


def _used(call: Call) -> int:
    sql = "SELECT count(*) AS n FROM posts WHERE account = ? AND kind = 'post' AND created_at > ?"
    row = call.store.one(sql, call.me["id"], call.now - DAY)
    return int(row["n"]) if row else 0


@ROUTES.on("GET", V + "/{account}/content_publishing_limit", "instance")
def limit(call: Call, account: str) -> Answer:
    own(call, account)
    config = {"quota_total": call.world.rule("daily_posts"), "quota_duration": int(DAY)}
    return Answer({"data": [{"quota_usage": _used(call), "config": config}]})


@ROUTES.on("POST", V + "/{account}/media_publish", "publish")
def publish(call: Call, account: str) -> Answer:
    """Make a finished container public; it can be done once."""
    own(call, account)
    row = container(call, call.request.arg("creation_id"))
    _refuse_unfinished(status(call, row))
    if _used(call) >= call.world.rule("daily_posts"):
        text = "You reached maximum number of posts that is allowed to be published by Content Publishing API."
        raise Refuse(error(9, "Application request limit reached", 2207042, error_user_msg=text))
    post = things.write(
        call.world, "instagram", call.me["id"], row["caption"], call.now, media=uploads(call, row)
    )  # fmt: skip
    call.store.update("containers", {"id": row["id"]}, post=post["id"])
    call.world.town.hear(post)
    return Answer({"id": post["id"]}, committed=post["id"])


def by_fields(request: Request) -> str:
    """A look at a container is told apart from a look at anything else by what is asked."""
    return "media_status" if "status_code" in request.arg("fields") else "post"
