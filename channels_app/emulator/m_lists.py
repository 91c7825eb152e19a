"""Mastodon's API: everything that reads what people wrote."""

import sqlite3
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import m_show, things
from .clock import iso
from .mastodon import ROUTES, refuse
from .wire import Answer
from .world import Call

PAGE = 20


def _window(call: Call, where: str, *values: Any, most: int = 40) -> tuple[list[sqlite3.Row], dict[str, str]]:
    """Rows between max_id, since_id and min_id, newest first, with the Link header that leads on."""
    request, limit = call.request, min(call.request.number("limit", PAGE), most)
    terms, found = [f"({where})"], list(values)
    for name, sign in (("max_id", "<"), ("since_id", ">"), ("min_id", ">")):
        if request.arg(name).isdigit():
            terms.append(f"p.id {sign} ?")
            found.append(request.arg(name))
    forward = bool(request.arg("min_id"))
    rows = things.listed(call, " AND ".join(terms), *found, oldest_first=forward)[:limit]
    rows = sorted(rows, key=lambda row: int(row["id"]), reverse=True)
    return rows, _links(call, rows, limit)


def _links(call: Call, rows: list[sqlite3.Row], limit: int) -> dict[str, str]:
    if not rows:
        return {}
    kept = [
        (name, value) for name, value in parse_qsl(call.request.query) if name not in {"max_id", "min_id", "since_id"}
    ]
    page = f"{m_show.base(call)}{call.request.path}?"
    links = [f'<{page}{urlencode([*kept, ("min_id", rows[0]["id"])])}>; rel="prev"']
    if len(rows) >= limit:
        links.insert(0, f'<{page}{urlencode([*kept, ("max_id", rows[-1]["id"])])}>; rel="next"')
    return {"Link": ", ".join(links)}


@ROUTES.on("GET", "/api/v1/accounts/verify_credentials", "profile")
def verify(call: Call) -> Answer:
    source = {"privacy": "public", "sensitive": False, "language": "en", "note": call.me["bio"], "fields": []}
    return Answer(m_show.account(call, call.me) | {"source": source})


@ROUTES.on("GET", "/api/v1/accounts/{who}/statuses", "own_posts")
def statuses(call: Call, who: str) -> Answer:
    where, values = "p.account = ?", [_known(call, who)["id"]]
    if who != call.me["id"]:
        where += " AND p.visibility IN ('public', 'unlisted')"
    if call.request.flag("exclude_replies"):
        where += " AND p.parent IS NULL"
    rows, links = _window(call, where, *values)
    return Answer([m_show.status(call, row) for row in rows], headers=links)


def _known(call: Call, who: str) -> sqlite3.Row:
    row = call.world.account(who)
    if row is None or row["platform"] != "mastodon":
        raise refuse(call, 404, "gone")
    return row


@ROUTES.on("GET", "/api/v1/accounts/lookup", "profile")
def lookup(call: Call) -> Answer:
    row = call.world.handle("mastodon", call.request.arg("acct"))
    if row is None:
        raise refuse(call, 404, "gone")
    return Answer(m_show.account(call, row))


@ROUTES.on("GET", "/api/v1/accounts/{who}", "profile")
def account(call: Call, who: str) -> Answer:
    return Answer(m_show.account(call, _known(call, who)))


@ROUTES.on("GET", "/api/v1/statuses", "post")
def several(call: Call) -> Answer:
    rows = [m_show.readable(call, name) for name in call.request.many("id")]
    return Answer([m_show.status(call, row) for row in rows if row is not None])


def _readable(call: Call, post: str) -> sqlite3.Row:
    row = m_show.readable(call, post)
    if row is None:
        raise refuse(call, 404, "gone")
    return row


@ROUTES.on("GET", "/api/v1/statuses/{post}", "post")
def single(call: Call, post: str) -> Answer:
    return Answer(m_show.status(call, _readable(call, post)))


@ROUTES.on("GET", "/api/v1/statuses/{post}/source", "post")
def source(call: Call, post: str) -> Answer:
    row = _readable(call, post)
    return Answer({"id": post, "text": row["text"], "spoiler_text": ""})


@ROUTES.on("GET", "/api/v1/statuses/{post}/history", "post")
def history(call: Call, post: str) -> Answer:
    """Every wording of a status, oldest first."""
    row = _readable(call, post)
    old = call.store.rows("SELECT * FROM edits WHERE post = ? ORDER BY at", post)
    texts = [one["text"] for one in old] + [row["text"]]
    times = [row["created_at"]] + [one["at"] for one in old]
    who = m_show.status(call, row)["account"]
    pairs = zip(texts, times, strict=True)
    return Answer(
        [{"content": m_show.content(call, text), "created_at": iso(at), "account": who} for text, at in pairs]
    )


@ROUTES.on("GET", "/api/v1/statuses/{post}/context", "replies")
def context(call: Call, post: str) -> Answer:
    """What a status answers and what answers it, parents before children."""
    row, ancestors = _readable(call, post), list[sqlite3.Row]()
    above = row["parent"] and m_show.readable(call, row["parent"])
    while above:
        ancestors.insert(0, above)
        above = above["parent"] and m_show.readable(call, above["parent"])
    below, thread = {post}, []
    for one in things.listed(call, "p.root = ? AND p.id > ?", row["root"], post, oldest_first=True):
        if one["parent"] in below and m_show.readable(call, one["id"]):
            below.add(one["id"])
            thread.append(one)
    return Answer({
        "ancestors": [m_show.status(call, one) for one in ancestors],
        "descendants": [m_show.status(call, one) for one in thread],
    })  # fmt: skip


@ROUTES.on("GET", "/api/v1/notifications", "mentions")
def notifications(call: Call) -> Answer:
    """Mentions, private ones included. Other kinds are not kept."""
    types = call.request.many("types")
    if (types and "mention" not in types) or "mention" in call.request.many("exclude_types"):
        return Answer([])
    where = "p.account != ? AND p.id IN (SELECT post FROM mentions WHERE account = ?)"
    rows, links = _window(call, where, call.me["id"], call.me["id"], most=80)
    shown = [m_show.status(call, row) for row in rows]
    return Answer(
        [{"id": one["id"], "type": "mention", "created_at": one["created_at"], "group_key": f"ungrouped-{one['id']}",
          "account": one["account"], "status": one} for one in shown],
        headers=links,
    )  # fmt: skip


@ROUTES.on("GET", "/api/v1/conversations", "messages")
def conversations(call: Call) -> Answer:
    """Private threads this account takes part in, the one that moved last first."""
    where = "p.visibility = 'direct' AND (p.account = ? OR p.id IN (SELECT post FROM mentions WHERE account = ?))"
    rows = things.listed(call, where, call.me["id"], call.me["id"])
    last: dict[str, sqlite3.Row] = {}
    for row in rows:
        last.setdefault(row["root"], row)
    shown = []
    for root, row in list(last.items())[: min(call.request.number("limit", PAGE), 40)]:
        status = m_show.status(call, row)
        people = [call.world.account(one["id"]) for one in status["mentions"]] + [call.world.account(row["account"])]
        others = {one["id"]: m_show.account(call, one) for one in people if one and one["id"] != call.me["id"]}
        unread = row["account"] != call.me["id"]
        shown.append({"id": root, "unread": unread, "accounts": list(others.values()), "last_status": status})
    return Answer(shown)


@ROUTES.on("GET", "/api/v2/search", "search")
def search(call: Call) -> Answer:
    """Statuses whose text has the words, accounts whose name has them."""
    words, kind = call.request.arg("q").lower().strip('"'), call.request.arg("type")
    found: dict[str, list[Any]] = {"accounts": [], "statuses": [], "hashtags": []}
    if words and kind in {"", "statuses"}:
        where = "p.platform = 'mastodon' AND p.visibility = 'public' AND instr(lower(p.text), ?)"
        rows = _window(call, where, words)[0]
        found["statuses"] = [m_show.status(call, row) for row in rows]
    if words and kind in {"", "accounts"}:
        row = call.world.handle("mastodon", words)
        found["accounts"] = [m_show.account(call, row)] if row else []
    return Answer(found)


@ROUTES.on("GET", "/api/v1/timelines/tag/{tag}", "search")
def tagged(call: Call, tag: str) -> Answer:
    where = "p.platform = 'mastodon' AND p.visibility = 'public' AND instr(lower(p.text), ?)"
    rows, links = _window(call, where, f"#{tag.lower()}")
    shown = [m_show.status(call, row) for row in rows]
    return Answer([one for one in shown if any(mark["name"] == tag.lower() for mark in one["tags"])], headers=links)
