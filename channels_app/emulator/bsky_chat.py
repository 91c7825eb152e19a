"""Bluesky's private messages, which the server passes on to another service where it is told to."""

import sqlite3
from typing import Any

from . import bsky_show, things
from .bsky import ROUTES, error, invalid
from .bsky_lists import page
from .clock import iso
from .wire import Answer, Refuse
from .world import Call

SERVICE = "did:web:api.bsky.chat#bsky_chat"
PRIVATE = "p.platform = 'bluesky' AND p.visibility = 'direct'"


def _allowed(call: Call) -> None:
    if call.request.headers.get("atproto-proxy") != SERVICE:
        raise Refuse(error(501, "MethodNotImplemented", "Method Not Implemented"))
    if call.token is None or "appPassPrivileged" not in call.token["scopes"]:
        raise invalid("Bad token method", "InvalidToken")


def _messages(call: Call, convo: str = "") -> list[sqlite3.Row]:
    mine = "(p.account = ? OR p.id IN (SELECT post FROM mentions WHERE account = ?))"
    rows = things.listed(call, f"{PRIVATE} AND {mine}", call.me["id"], call.me["id"])
    return [row for row in rows if not convo or row["id"].startswith(f"{convo}/")]


def _message(row: sqlite3.Row) -> dict[str, Any]:
    name = row["id"].partition("/")[2]
    return {"$type": "chat.bsky.convo.defs#messageView", "id": name, "rev": name, "text": row["text"],
            "sender": {"did": row["account"]}, "sentAt": iso(row["created_at"])}  # fmt: skip


@ROUTES.on("GET", "/xrpc/chat.bsky.convo.listConvos", "messages")
def convos(call: Call) -> Answer:
    """Every conversation with its two people and its last message, the one that moved last first."""
    _allowed(call)
    last: dict[str, sqlite3.Row] = {}
    people: dict[str, set[str]] = {}
    for row in _messages(call):
        name = row["id"].partition("/")[0]
        last.setdefault(name, row)
        people.setdefault(name, {call.me["id"]}).update(
            {row["account"], *(one["id"] for one in things.mentions_of(call.world, row["id"]))}
        )
    rows, more = page(call, list(last.values()))
    shown = []
    for row in rows:
        name = row["id"].partition("/")[0]
        members = [bsky_show.person(one) for who in sorted(people[name]) if (one := call.world.account(who))]
        shown.append({"id": name, "rev": name, "members": members, "lastMessage": _message(row), "muted": False,
                      "unreadCount": 1, "status": "accepted"})  # fmt: skip
    return Answer({"convos": shown} | more)


@ROUTES.on("GET", "/xrpc/chat.bsky.convo.getMessages", "messages")
def messages(call: Call) -> Answer:
    _allowed(call)
    rows, more = page(call, _messages(call, call.request.arg("convoId")))
    return Answer({"messages": [_message(row) for row in rows]} | more)


@ROUTES.on("POST", "/xrpc/chat.bsky.convo.sendMessage", "reply")
def send(call: Call) -> Answer:
    _allowed(call)
    body = call.request.json or {}
    convo, text = str(body.get("convoId") or ""), str((body.get("message") or {}).get("text") or "")
    known = _messages(call, convo)
    if not known:
        raise invalid("Convo not found")
    if not text or len(text) > 1000:
        raise invalid("Input/message/text must not be longer than 1000 graphemes")
    others = {row["account"] for row in known} | {
        one["id"] for row in known for one in things.mentions_of(call.world, row["id"])
    }
    name = f"{convo}/{call.world.new_id('bluesky', call.now)}"
    row = things.write(
        call.world, "bluesky", call.me["id"], text, call.now, id=name, parent=known[0], visibility="direct",
        mentions=sorted(others - {call.me["id"]}),
    )  # fmt: skip
    call.world.town.hear(row)
    return Answer(_message(row), committed=name)
