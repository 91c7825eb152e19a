"""Facebook's Graph API: everything that reads posts and comments."""

import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import fb_messages, fb_show, fb_videos, things
from .clock import parse
from .facebook import ROUTES, V, bad, node, page_of
from .wire import Answer
from .world import Call

Show = Callable[[Call, sqlite3.Row, str], dict[str, Any]]


def _place(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise bad("(#100) Invalid cursor: after") from None


def _bounds(call: Call) -> tuple[str, list[float]]:
    terms, values = ["1 = 1"], []
    for name, sign in (("since", ">="), ("until", "<=")):
        if call.request.arg(name):
            terms.append(f"p.created_at {sign} ?")
            try:
                values.append(parse(call.request.arg(name).replace("+0000", "+00:00")))
            except ValueError:
                raise bad(f"(#100) Param {name} must be a valid time.") from None
    return " AND ".join(terms), values


def paged(call: Call, rows: list[sqlite3.Row], show: Show, **more: Any) -> Answer:
    """One page with cursors, and `next` as a whole address that carries the arguments but no token."""
    limit, after = min(call.request.number("limit", 25), 100), call.request.arg("after")
    if after:
        place = _place(after)
        known = [at for at, row in enumerate(rows) if row["id"] == place]
        rows = rows[known[0] + 1 :] if known else []
    shown = rows[:limit]
    body: dict[str, Any] = {"data": [show(call, row, call.request.arg("fields")) for row in shown], **more}
    if shown:
        paging: dict[str, Any] = {"cursors": {"before": fb_show.cursor(shown[0]), "after": fb_show.cursor(shown[-1])}}
        if len(rows) > limit:
            kept = [
                (name, value) for name, value in parse_qsl(call.request.query) if name not in {"after", "access_token"}
            ]
            host = call.request.host if call.request.host.startswith("graph.") else "graph.facebook.com"
            query = urlencode([*kept, ("after", paging["cursors"]["after"])])
            paging["next"] = f"https://{host}{call.request.path}?{query}"
        body["paging"] = paging
    return Answer(body)


@ROUTES.on("GET", V + "/{page}/(?:published_posts|posts|feed)", "own_posts")
def published(call: Call, page: str) -> Answer:
    account, (sql, values) = page_of(call, page), _bounds(call)
    where = f"p.account = ? AND p.kind = 'post' AND p.visibility = 'public' AND {sql}"
    return paged(call, things.listed(call, where, account["id"], *values), fb_show.post)


@ROUTES.on("GET", V + "/{page}/tagged", "mentions")
def tagged(call: Call, page: str) -> Answer:
    """Posts of others that name the Page."""
    account, (sql, values) = page_of(call, page), _bounds(call)
    where = f"p.kind = 'post' AND p.id IN (SELECT post FROM mentions WHERE account = ?) AND {sql}"  # noqa: S608
    return paged(call, things.listed(call, where, account["id"], *values), fb_show.post)


@ROUTES.on("GET", V + "/{page}/visitor_posts", "mentions")
def visitors(call: Call, page: str) -> Answer:
    """Posts of others on the Page's own wall; the town's residents name the Page instead."""
    page_of(call, page)
    return Answer({"data": []})


@ROUTES.on("GET", V + "/t_{who}/messages", "messages")
def messages(call: Call, who: str) -> Answer:
    """What is said in one conversation, the newest first."""
    rows = [row for row in fb_messages.talks(call) if fb_messages.partner(call, row) == who]
    return paged(call, rows, fb_messages.message)


@ROUTES.on("GET", V + "/{name}/comments", "replies")
def comments(call: Call, name: str) -> Answer:
    """Comments under a post or a comment; `filter=stream` flattens both levels."""
    row, request = node(call, name), call.request
    under, value = (
        ("p.root = ? AND p.id != p.root", row["root"]) if row["id"] == row["root"] else ("p.parent = ?", row["id"])
    )
    if row["id"] == row["root"] and request.arg("filter") != "stream":
        under = "p.parent = ?"
    sql, values = _bounds(call)
    forward = request.arg("order") != "reverse_chronological"
    rows = things.listed(call, f"{under} AND {sql}", value, *values, oldest_first=forward)
    summary = {"order": "chronological", "total_count": len(rows), "can_comment": True}
    return paged(call, rows, fb_show.comment, **({"summary": summary} if request.arg("summary") else {}))


@ROUTES.on("GET", V, "post")
def several(call: Call) -> Answer:
    """`?ids=a,b`: a dictionary of what there is; one that is not there refuses them all."""
    return Answer({name: any_node(call, name).body for name in call.request.many("ids")})


@ROUTES.on("GET", V + "/(?!debug_token){name}", "post")
def any_node(call: Call, name: str) -> Answer:
    """A Page, a person, a video, a post or a comment."""
    fields = call.request.arg("fields")
    account = call.me if name == "me" else call.world.account(name)
    if account is not None and account["platform"] == "facebook":
        if account["kind"] == "manager" and "category" in fb_show.parsed(fields):
            raise bad("(#100) Tried accessing nonexisting field (category) on node type (User)")
        return Answer(fb_show.page(call, account, fields))
    film = fb_videos.find(call, name)
    if film is not None:
        return Answer(fb_videos.shown(call, name, film))
    row = node(call, name)
    show = {"comment": fb_show.comment, "message": fb_messages.message}.get(row["kind"], fb_show.post)
    return Answer(show(call, row, fields))
