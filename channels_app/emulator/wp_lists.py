"""WordPress's REST API: everything that reads."""

import sqlite3
from collections.abc import Callable
from typing import Any

from . import things, wp_show
from .wire import Answer
from .wordpress import COMMENT, ROUTES, refuse
from .world import Call, extra

Show = Callable[[Call, sqlite3.Row], dict[str, Any]]


def _page(call: Call, rows: list[sqlite3.Row], show: Show) -> Answer:
    """One page by its number, with how many there are in the headers."""
    size, number = min(call.request.number("per_page", 10), 100), call.request.number("page", 1)
    pages = -(-len(rows) // size)
    if number > max(pages, 1):
        text = "The page number requested is larger than the number of pages available."
        return Answer({"code": "rest_post_invalid_page_number", "message": text, "data": {"status": 400}}, 400)
    shown = [show(call, row) for row in rows[(number - 1) * size : number * size]]
    return Answer(shown, headers={"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)})


@ROUTES.on("GET", "/wp-json/wp/v2/posts", "own_posts")
def posts(call: Call) -> Answer:
    """Articles, newest first; with `slug` those of these addresses, in the bin too where that is asked for."""
    slugs = call.request.many("slug")
    if not slugs:
        where = "p.platform = 'wordpress' AND p.parent IS NULL AND p.account = ?"
        return _page(call, things.listed(call, where, call.me["id"]), wp_show.post)
    sql = "SELECT * FROM posts WHERE platform = 'wordpress' AND parent IS NULL AND created_at <= ? ORDER BY created_at"
    rows = [row for row in call.store.rows(sql, call.horizon) if _slug(row) in slugs]
    wanted = {"publish", "trash"} & set(call.request.many("status") or ["publish"])
    rows = [row for row in rows if ("trash" if row["deleted_at"] else "publish") in wanted]
    return _page(call, rows, wp_show.post)


def _slug(row: sqlite3.Row) -> str:
    return str(extra(row).get("slug", "")) + ("__trashed" if row["deleted_at"] else "")


@ROUTES.on("GET", "/wp-json/wp/v2/posts/{post}", "post")
def single(call: Call, post: str) -> Answer:
    row = things.find(call.world, post)
    if row is None or row["platform"] != "wordpress":
        raise refuse("rest_post_invalid_id")
    return Answer(wp_show.post(call, row))


@ROUTES.on("GET", "/wp-json/wp/v2/comments", "replies")
def comments(call: Call) -> Answer:
    """Comments of an article, newest first; those held back only where all are asked for."""
    where, values = "p.platform = 'wordpress' AND p.kind = 'comment' AND p.root = ?", [call.request.arg("post")]
    if call.request.arg("status") != "all":
        where += " AND p.hidden = 0"
    if call.request.arg("author"):
        where += " AND p.account = ?"
        values.append(call.request.arg("author"))
    return _page(call, things.listed(call, where, *values), wp_show.comment)


@ROUTES.on("GET", "/wp-json/wp/v2/comments/{number}", "post")
def remark(call: Call, number: str) -> Answer:
    row = things.find(call.world, f"{COMMENT}{number}")
    if row is None or row["platform"] != "wordpress":
        raise refuse("rest_comment_invalid_id")
    return Answer(wp_show.comment(call, row))
