"""Instagram's part of the Graph API: everything that reads posts, comments, messages and numbers."""

import re
import sqlite3
from typing import Any

from . import ig_containers, ig_show, reach, things
from .clock import graph
from .facebook import bad, gone, refusal
from .fb_lists import paged
from .fb_messages import within
from .fb_show import parsed
from .ig import ROUTES, V, node, own
from .wire import Answer, Refuse
from .world import Call

METRICS = {
    "views": lambda seen: seen["impressions"],
    "reach": lambda seen: int(seen["impressions"] * 0.83),
    "likes": lambda seen: seen["likes"],
    "comments": lambda seen: 0,
    "saved": lambda seen: seen["bookmarks"],
    "shares": lambda seen: seen["shares"],
    "total_interactions": lambda seen: seen["likes"] + seen["shares"] + seen["bookmarks"],
}
NAMED = re.compile(r"\.(?:media|comment)_id\((\d+)\)")


@ROUTES.on("GET", V + "/{account}/media", "own_posts")
def published(call: Call, account: str) -> Answer:
    own(call, account)
    return paged(call, things.listed(call, "p.account = ? AND p.kind = 'post'", account), ig_show.post)


@ROUTES.on("GET", V + "/{account}/tags", "mentions")
def tagged(call: Call, account: str) -> Answer:
    """Posts of others in which the account is tagged."""
    own(call, account)
    where = "p.kind = 'post' AND p.id IN (SELECT post FROM mentions WHERE account = ?)"
    return paged(call, things.listed(call, where, account), ig_show.post)


@ROUTES.on("GET", V + "/{media}/comments", "replies")
def comments(call: Call, media: str) -> Answer:
    """Top comments, newest first; their answers come within them."""
    return paged(call, ig_show.below(call, node(call, media, "post")["id"]), ig_show.comment)


@ROUTES.on("GET", V + "/{comment}/replies", "replies")
def replies(call: Call, comment: str) -> Answer:
    return paged(call, ig_show.below(call, node(call, comment, "comment")["id"]), ig_show.comment)


@ROUTES.on("GET", V + "/me/conversations", "messages")
def conversations(call: Call) -> Answer:
    """One for each person, the one spoken in last first, with its newest messages."""
    if call.request.arg("platform") != "instagram":
        return Answer({"data": []})
    people: dict[str, list[sqlite3.Row]] = {}
    for row in talks(call):
        people.setdefault(partner(call, row), []).append(row)
    fields = parsed(call.request.arg("fields"))
    inner = fields["messages"][1] if "messages" in fields else "id"
    wanted = call.request.arg("user_id")
    data = [_conversation(call, one, rows, inner) for one, rows in people.items() if wanted in {"", one}]
    return Answer({"data": data})


def talks(call: Call) -> list[sqlite3.Row]:
    where = "p.kind = 'message' AND (p.account = ? OR p.id IN (SELECT post FROM mentions WHERE account = ?))"
    return things.listed(call, where, call.me["id"], call.me["id"])


def partner(call: Call, row: sqlite3.Row) -> str:
    if row["account"] != call.me["id"]:
        return str(row["account"])
    return str(next(one["id"] for one in things.mentions_of(call.world, row["id"])))


def _conversation(call: Call, person: str, rows: list[sqlite3.Row], inner: str) -> dict[str, Any]:
    newest = within(f"aWdf{person}/messages", rows, [ig_show.message(call, row, inner) for row in rows[:20]])
    return {"id": f"aWdf{person}", "updated_time": graph(rows[0]["created_at"]), "messages": newest}


@ROUTES.on("GET", V + "/aWdf{person}/messages", "messages")
def messages(call: Call, person: str) -> Answer:
    """What is said in one conversation, the newest first."""
    return paged(call, [row for row in talks(call) if partner(call, row) == person], ig_show.message)


@ROUTES.on("GET", V + "/{name}/insights", "insights")
def insights(call: Call, name: str) -> Answer:
    """Numbers of one's own post, of those metrics that still live."""
    metrics, row = call.request.many("metric"), node(call, name)
    if row["kind"] != "post" or not metrics or any(metric not in METRICS for metric in metrics):
        raise bad("(#100) The value must be a valid insights metric")
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    seen = reach.at(call.world, row, call.now)
    told = [{"name": one, "period": "lifetime", "values": [{"value": METRICS[one](seen)}]} for one in metrics]
    return Answer({"data": told})


@ROUTES.on("GET", V + "/{name}", ig_containers.by_fields)
def any_node(call: Call, name: str) -> Answer:
    """The Page, the account, a container, a post, a comment or a message."""
    fields = call.request.arg("fields")
    if name == "me":
        return Answer(ig_show.page(call, fields))
    if name == call.me["id"]:
        if "mentioned_comment" in fields:
            return _naming(call, fields)
        return _mentioned(call, fields) if "mentioned_media" in fields else Answer(ig_show.account(call, fields))
    kept = ig_containers.find(call, name)
    if kept is not None:
        return ig_containers.shown(call, kept)
    row = node(call, name)
    if row["kind"] == "post" and row["account"] != call.me["id"]:
        raise gone(call, name)
    show = {"comment": ig_show.comment, "message": ig_show.message}.get(row["kind"], ig_show.post)
    return Answer(show(call, row, fields))


def _mentioned(call: Call, fields: str) -> Answer:
    """Somebody else's post, as long as it names the account."""
    modifiers, inner = parsed(fields)["mentioned_media"]
    hit = NAMED.search(modifiers)
    row = named(call, node(call, hit[1] if hit else "", "post"))
    return Answer({"mentioned_media": ig_show.post(call, row, inner), "id": call.me["id"]})


def _naming(call: Call, fields: str) -> Answer:
    """Somebody's comment, as long as it names the account."""
    modifiers, inner = parsed(fields)["mentioned_comment"]
    hit = NAMED.search(modifiers)
    row = named(call, node(call, hit[1] if hit else "", "comment"))
    return Answer({"mentioned_comment": ig_show.comment(call, row, inner), "id": call.me["id"]})


def named(call: Call, row: sqlite3.Row) -> sqlite3.Row:
    """The same thing, if it names the account."""
    if call.me["id"] not in {one["id"] for one in things.mentions_of(call.world, row["id"])}:
        raise gone(call, row["id"])
    return row
