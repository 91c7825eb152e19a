"""Vimeo's API: what lists, comments and deletes."""

import sqlite3
from collections.abc import Callable
from typing import Any

from . import films, things, vm_show
from .vimeo import ROUTES, comment, error, gone, refusal, video
from .wire import Answer, Refuse, Request
from .world import Call

Show = Callable[[Call, sqlite3.Row], dict[str, Any]]


def _paged(call: Call, rows: list[sqlite3.Row], show: Show) -> Answer:
    size, page = call.request.number("per_page", 25), call.request.number("page", 1)
    if not 1 <= size <= 100:
        raise Refuse(error(400, 2286, "per_page must be between 1 and 100"))
    if call.request.arg("direction") == "asc":
        rows = rows[::-1]
    start = (page - 1) * size
    more = len(rows) > start + size
    paging = {"next": f"{call.request.path}?page={page + 1}" if more else None}
    shown = [show(call, row) for row in rows[start : start + size]]
    return Answer({"total": len(rows), "page": page, "per_page": size, "paging": paging, "data": shown})


@ROUTES.on("GET", "/me", "profile")
def me(call: Call) -> Answer:
    return Answer(vm_show.me(call, call.me))


@ROUTES.on("GET", "/me/videos", "own_posts")
def own(call: Call) -> Answer:
    rows = things.listed(call, "p.account = ? AND p.parent IS NULL", call.me["id"])
    return _paged(call, rows, vm_show.video)


def _asked(request: Request) -> str:
    return "insights" if "stats" in request.arg("fields") else "post"


@ROUTES.on("GET", "/videos/{name}", _asked)
def single(call: Call, name: str) -> Answer:
    made = films.draft(call, name)
    return Answer(vm_show.draft(call, made) if made is not None else vm_show.video(call, video(call, name)))


@ROUTES.on("DELETE", "/videos/{name}", "delete")
def delete(call: Call, name: str) -> Answer:
    row = video(call, name)
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer(b"", 204, {}, name)


@ROUTES.on("GET", "/videos/{name}/comments", "replies")
def comments(call: Call, name: str) -> Answer:
    rows = things.listed(call, "p.parent = ?", video(call, name)["id"])
    return _paged(call, rows, vm_show.comment)


@ROUTES.on("GET", "/videos/{name}/comments/{number}", "post")
def single_comment(call: Call, name: str, number: str) -> Answer:
    return Answer(vm_show.comment(call, comment(call, name, number)))


@ROUTES.on("GET", "/videos/{name}/comments/{number}/replies", "replies")
def answers(call: Call, name: str, number: str) -> Answer:
    rows = things.listed(call, "p.parent = ?", comment(call, name, number)["id"])
    return _paged(call, rows, vm_show.comment)


@ROUTES.on("POST", "/videos/{name}/comments", "publish")
def add(call: Call, name: str) -> Answer:
    return _write(call, video(call, name))


@ROUTES.on("POST", "/videos/{name}/comments/{number}/replies", "reply")
def answer(call: Call, name: str, number: str) -> Answer:
    """An answer to a comment; one to an answer stands beside it."""
    above = comment(call, name, number)
    if above["parent"] != above["root"]:
        found = things.find(call.world, above["parent"])
        assert found is not None
        above = found
    return _write(call, above)


def _write(call: Call, above: sqlite3.Row) -> Answer:
    body = call.request.json
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise Refuse(error(400, 2207, "The comment text is missing."))
    root = things.find(call.world, above["root"])
    if root is not None and "comments_off" in root["extra"]:
        raise Refuse(error(403, 3413, "Comments are disabled on this video."))
    name = films.comment_id(call.world, above, call.now)
    row = things.write(call.world, "vimeo", call.me["id"], text, call.now, id=name, parent=above, kind="comment")
    call.world.town.hear(row)
    return Answer(vm_show.comment(call, row), 201, committed=row["id"])


@ROUTES.on("DELETE", "/videos/{name}/comments/{number}", "delete")
def delete_comment(call: Call, name: str, number: str) -> Answer:
    """The writer's own, or anybody's under a video of ours."""
    row = comment(call, name, number)
    root = things.find(call.world, row["root"])
    if root is None:
        raise gone()
    if call.me["id"] not in {row["account"], root["account"]}:
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer(b"", 204, {}, row["id"])
