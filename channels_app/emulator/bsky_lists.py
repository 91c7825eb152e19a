"""Bluesky's view of what people wrote: posts, threads, feeds, notifications, search."""

import sqlite3
from typing import Any

from . import bsky_show, things
from .bsky import ROUTES, invalid, who
from .clock import iso, parse
from .wire import Answer
from .world import Call

DEEP = 6  # a thread is shown so deep at most, whatever was asked for
PUBLIC = "p.platform = 'bluesky' AND p.visibility = 'public'"


def page(call: Call, rows: list[sqlite3.Row], usual: int = 50) -> tuple[list[sqlite3.Row], dict[str, str]]:
    """One page of rows that come newest first, and the cursor that leads on."""
    size = call.request.number("limit", usual)
    if not 1 <= size <= 100:
        raise invalid("Error: limit can not be greater than 100")
    at, _, name = call.request.arg("cursor").partition("::")
    if at:
        rows = [row for row in rows if (row["created_at"], row["id"]) < (float(at), name)]
    shown = rows[:size]
    more = {"cursor": f"{shown[-1]['created_at']!r}::{shown[-1]['id']}"} if len(rows) > size else {}
    return shown, more


@ROUTES.on("GET", "/xrpc/app.bsky.actor.getProfile", "profile")
def profile(call: Call) -> Answer:
    row = who(call, call.request.arg("actor"))
    if row is None:
        raise invalid("Profile not found")
    return Answer(bsky_show.profile(call, row))


@ROUTES.on("GET", "/xrpc/app.bsky.feed.getPosts", "post")
def posts(call: Call) -> Answer:
    """At most 25 posts; those that are not there are left out."""
    names = call.request.fields.get("uris", [])
    if not 1 <= len(names) <= 25:
        raise invalid("Error: uris must not have more than 25 elements")
    rows = [things.alive(call.world, "bluesky", str(name)) for name in names]
    seen = [row for row in rows if row is not None and row["visibility"] == "public"]
    return Answer({"posts": [bsky_show.view(call, row) for row in seen]})


@ROUTES.on("GET", "/xrpc/app.bsky.feed.getPostThread", "replies")
def thread(call: Call) -> Answer:
    """A post with what answers it, so deep as asked for and no deeper than this server goes."""
    row = things.alive(call.world, "bluesky", call.request.arg("uri"))
    if row is None or row["visibility"] != "public":
        raise invalid(f"Post not found: {call.request.arg('uri')}", "NotFound")
    depth = min(call.request.number("depth", 6), DEEP)
    rows = things.listed(call, f"p.root = ? AND {PUBLIC}", row["root"])
    below: dict[str, list[sqlite3.Row]] = {}
    for one in rows:
        below.setdefault(one["parent"] or "", []).append(one)
    return Answer({"thread": _branch(call, row, below, depth)})


def _branch(call: Call, row: sqlite3.Row, below: dict[str, list[sqlite3.Row]], depth: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"$type": "app.bsky.feed.defs#threadViewPost", "post": bsky_show.view(call, row)}
    if depth > 0:
        shown["replies"] = [_branch(call, one, below, depth - 1) for one in below.get(row["id"], ())]
    return shown


@ROUTES.on("GET", "/xrpc/app.bsky.feed.getAuthorFeed", "own_posts")
def feed(call: Call) -> Answer:
    row = who(call, call.request.arg("actor"))
    if row is None:
        raise invalid("Profile not found")
    where = f"p.account = ? AND {PUBLIC}"
    if call.request.arg("filter") == "posts_no_replies":
        where += " AND p.parent IS NULL"
    rows, more = page(call, things.listed(call, where, row["id"]))
    return Answer({"feed": [{"post": bsky_show.view(call, one)} for one in rows]} | more)


@ROUTES.on("GET", "/xrpc/app.bsky.notification.listNotifications", "mentions")
def notifications(call: Call) -> Answer:
    """Who answered or named this account. Other reasons are not kept."""
    reasons = set(call.request.fields.get("reasons") or ["mention", "reply"])
    where = f"{PUBLIC} AND p.account != ? AND p.id IN (SELECT post FROM mentions WHERE account = ?)"  # noqa: S608
    rows = [row for row in things.listed(call, where, call.me["id"], call.me["id"]) if _reason(row) in reasons]
    rows, more = page(call, rows)
    return Answer({"notifications": [_notice(call, row) for row in rows], "priority": False} | more)


def _reason(row: sqlite3.Row) -> str:
    return "reply" if row["parent"] else "mention"


def _notice(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    view = bsky_show.view(call, row)
    kept = {name: view[name] for name in ("uri", "cid", "author", "record")}
    above = {"reasonSubject": row["parent"]} if row["parent"] else {}
    return kept | above | {"reason": _reason(row), "isRead": False, "indexedAt": iso(row["created_at"]), "labels": []}


@ROUTES.on("GET", "/xrpc/app.bsky.feed.searchPosts", "search")
def search(call: Call) -> Answer:
    """Posts with all the words, or with the words in quotes as they stand, the newest first."""
    asked = call.request.arg("q").lower()
    if not asked:
        raise invalid('Error: Params must have the property "q"')
    since = parse(call.request.arg("since")) if call.request.arg("since") else 0.0
    words = [asked.strip('"')] if asked.startswith('"') else asked.split()
    rows = things.listed(call, f"{PUBLIC} AND p.created_at >= ?", since)
    rows, more = page(call, [row for row in rows if all(word in row["text"].lower() for word in words)])
    return Answer({"posts": [bsky_show.view(call, row) for row in rows]} | more)
