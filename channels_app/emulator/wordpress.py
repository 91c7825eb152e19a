"""WordPress's REST API: who calls, what may be written, how it refuses."""

import re
import sqlite3
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from . import media, moving, things, wp_show
from .dialect import Dialect
from .wire import Answer, Refuse, Request, Routes
from .world import Call, World, extra

ROUTES = Routes()
MOST_BYTES, MOST_FORM = 8 * 1024 * 1024, 32 * 1024 * 1024
COMMENT = "comment-"
STATES = {"hold": 1, "approve": 0, "approved": 0}
ROLE = "Sorry, you are not allowed to create posts as this user."
PASSWORD = "The provided password is an invalid application password."  # noqa: S105
ERRORS = {
    "incorrect_password": (401, PASSWORD),
    "rest_cannot_create": (403, ROLE),
    "rest_post_invalid_id": (404, "Invalid post ID."),
    "rest_comment_invalid_id": (404, "Invalid comment ID."),
    "rest_application_password_not_found": (404, "Application password not found."),
    "rest_already_trashed": (410, "The post has already been deleted."),
    "comment_duplicate": (409, "Duplicate comment detected; it looks as though you&#8217;ve already said that!"),
    "empty_content": (400, "Content, title, and excerpt are empty."),
    "rest_comment_content_invalid": (400, "Invalid comment content."),
    "rest_invalid_featured_media": (400, "Invalid featured media ID."),
    "rest_invalid_param": (400, "Invalid parameter(s): status"),
    "rest_upload_sideload_error": (500, "Sorry, you are not allowed to upload this file type."),
    "rest_upload_no_data": (400, "No data supplied."),
}
BUSY = b"<html><head><title>429 Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>"


def refuse(code: str) -> Refuse:
    status, message = ERRORS[code]
    return Refuse(Answer({"code": code, "message": message, "data": {"status": status}}, status))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals. WordPress has no limit of its own: the web server before it says so, without JSON."""
    if kind == "rate_limited":
        return Answer(BUSY, 429, {"Content-Type": "text/html"})
    code = {"revoked": "incorrect_password", "expired": "incorrect_password", "duplicate": "comment_duplicate"}
    return refuse(code.get(kind, "rest_cannot_create")).answer


def identify(call: Call, route: str) -> None:
    """Find the user behind an application password."""
    row = call.world.token(call.request.basic)
    account = row and call.world.account(row["account"])
    if row is None or account is None or account["platform"] != "wordpress" or row["state"] != "ok":
        raise refuse("incorrect_password")
    call.token, call.account = row, account
    writes = call.request.method != "GET"
    if writes and account["state"] != "ok":
        raise refuse("rest_cannot_create")


def headers(call: Call, route: str) -> dict[str, str]:
    return {"X-Robots-Tag": "noindex", "Link": f'<https://{call.request.host}/wp-json/>; rel="https://api.w.org/"'}


def no_route(request: Request) -> Answer:
    text = "No route was found matching the URL and request method."
    return Answer({"code": "rest_no_route", "message": text, "data": {"status": 404}}, 404)


@ROUTES.on("GET", "/wp-json/wp/v2/users/me", "profile")
def me(call: Call) -> Answer:
    """The user itself; with its rights in the context `edit`."""
    row, whole = call.me, call.me["state"] == "ok"
    shown: dict[str, Any] = {
        "id": int(row["id"]), "name": row["name"], "slug": row["handle"], "url": "", "description": row["bio"],
        "link": f"https://{row['host']}/author/{row['handle']}/",
    }  # fmt: skip
    if call.request.arg("context") == "edit":
        rights = ("publish_posts", "edit_others_posts", "upload_files", "moderate_comments")
        shown |= {"roles": ["editor" if whole else "subscriber"], "capabilities": {"read": True}}
        shown["capabilities"] |= dict.fromkeys(rights, True) if whole else {}
    return Answer(shown)


def _password(call: Call) -> dict[str, Any]:
    """The application password that is asked with, as its owner is told of it."""
    return {"uuid": str(uuid5(NAMESPACE_URL, call.request.basic)), "app_id": "", "name": "Parley", "last_ip": None}


@ROUTES.on("GET", "/wp-json/wp/v2/users/me/application-passwords/introspect", "token")
def which(call: Call) -> Answer:
    return Answer(_password(call))


@ROUTES.on("DELETE", "/wp-json/wp/v2/users/me/application-passwords/{name}", "token")
def forget(call: Call, name: str) -> Answer:
    """The password is no password any more."""
    if name != _password(call)["uuid"]:
        raise refuse("rest_application_password_not_found")
    call.store.update("tokens", {"token": call.request.basic}, state="revoked")
    return Answer({"deleted": True, "previous": _password(call)}, committed=name)


@ROUTES.on("POST", "/wp-json/wp/v2/media", "media")
def upload(call: Call) -> Answer:
    """A file for the library; what it is, is looked at, whatever it is called. Of a form that is too large PHP leaves
    nothing.
    """
    file = call.request.files.get("file")
    if file is None or len(call.request.body) > MOST_FORM:
        raise refuse("rest_upload_no_data")
    picture = media.measure(file.data)
    kept = picture or moving.measure(file.data) or moving.captions(file.data)
    if kept is None or (picture and len(file.data) > MOST_BYTES):
        raise refuse("rest_upload_sideload_error")
    row = media.keep(call, file.data, kept, call.request.arg("alt_text"))
    return Answer(wp_show.library(row, call.me["host"]), 201, committed=row["id"])


@ROUTES.on("POST", "/wp-json/wp/v2/posts", "publish")
def publish(call: Call) -> Answer:
    """A new article. A taken address gets a number behind it."""
    request = call.request
    title, content = request.arg("title"), request.arg("content")
    if not title.strip() and not content.strip():
        raise refuse("empty_content")
    if request.arg("status") != "publish":
        raise refuse("rest_invalid_param")
    featured = request.arg("featured_media")
    if featured and media.mine(call, featured) is None:
        raise refuse("rest_invalid_featured_media")
    among = re.findall(r"wp-image-(\d+)", content)
    more = {"title": title, "slug": _free(call.world, request.arg("slug") or f"p{call.now:.0f}"), "featured": featured}
    films = [one for one in wp_show.films(content) if _plays(call, one)]
    files = (featured, *among, *(one["id"] for one in films))
    row = things.write(
        call.world, "wordpress", call.me["id"], wp_show.seen(content), call.now, extra=more | {"films": films},
        media=[name for name in files if name],
    )  # fmt: skip
    return Answer(wp_show.post(call, row), 201, committed=row["id"])


def _plays(call: Call, film: dict[str, Any]) -> bool:
    """Whether a video in a content is one of the library; what it shows and its captions are kept beside it."""
    row = media.mine(call, film["id"])
    if row is None or not moving.is_video(row):
        return False
    call.store.update("media", {"id": row["id"]}, alt=film["label"])
    for track in film["tracks"]:
        words = media.mine(call, track["src"].rpartition("/")[2])
        if words is not None and words["mime"] == moving.VTT:
            moving.caption(call.world, row["id"], track["srclang"], moving.text_of(call.world, words))
    return True


def _free(world: World, slug: str) -> str:
    taken = {extra(row).get("slug") for row in world.store.rows("SELECT * FROM posts WHERE platform = 'wordpress'")}
    number, found = 2, slug
    while found in taken:
        found, number = f"{slug}-{number}", number + 1
    return found


def _alive(call: Call, name: str) -> sqlite3.Row:
    row = things.find(call.world, name)
    if row is None or row["platform"] != "wordpress":
        raise refuse("rest_comment_invalid_id" if name.startswith(COMMENT) else "rest_post_invalid_id")
    return row


@ROUTES.on("DELETE", "/wp-json/wp/v2/posts/{post}", "delete")
def delete(call: Call, post: str) -> Answer:
    """Into the bin."""
    row = _alive(call, post)
    if row["deleted_at"]:
        raise refuse("rest_already_trashed")
    things.delete(call.world, row, call.now)
    return Answer(wp_show.post(call, _alive(call, post)), committed=post)


@ROUTES.on("POST", "/wp-json/wp/v2/comments", "reply")
def reply(call: Call) -> Answer:
    """A comment by this user, which nobody has to let through. The same words twice in one place are refused."""
    request = call.request
    article, above = _alive(call, request.arg("post")), request.arg("parent", "0")
    parent = article if above == "0" else _alive(call, f"{COMMENT}{above}")
    if article["deleted_at"]:
        raise refuse("rest_post_invalid_id")
    if parent["deleted_at"]:
        raise refuse("rest_comment_invalid_id")
    text = wp_show.seen(request.arg("content"))
    if not text:
        raise refuse("rest_comment_content_invalid")
    if call.world.rule("duplicates") and things.same_again(call, text, parent["id"], 1e12):
        raise refuse("comment_duplicate")
    name = f"{COMMENT}{call.world.new_id('wordpress', call.now)}"
    row = things.write(call.world, "wordpress", call.me["id"], text, call.now, id=name, parent=parent, kind="comment")
    return Answer(wp_show.comment(call, row), 201, committed=row["id"])


@ROUTES.on("POST", "/wp-json/wp/v2/comments/{number}", "hide")
def moderate(call: Call, number: str) -> Answer:
    row, state = _alive(call, f"{COMMENT}{number}"), call.request.arg("status")
    if state not in STATES:
        raise refuse("rest_invalid_param")
    call.store.update("posts", {"id": row["id"]}, hidden=STATES[state])
    return Answer(wp_show.comment(call, _alive(call, row["id"])), committed=row["id"])


@ROUTES.on("DELETE", "/wp-json/wp/v2/comments/{number}", "delete")
def trash(call: Call, number: str) -> Answer:
    row = _alive(call, f"{COMMENT}{number}")
    if row["deleted_at"]:
        raise refuse("rest_already_trashed")
    things.delete(call.world, row, call.now)
    return Answer(wp_show.comment(call, _alive(call, row["id"])), committed=row["id"])


DIALECT = Dialect("wordpress", ROUTES, identify, headers, refusal, no_route)
