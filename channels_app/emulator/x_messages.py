"""X API v2: private messages, as events of their conversations."""

import sqlite3
from typing import Any

from . import things, x_show
from .clock import iso
from .wire import Answer, Refuse
from .world import Call
from .x import ROUTES, invalid, problem

PRIVATE = "p.platform = 'x' AND p.visibility = 'direct'"


def _people(call: Call, row: sqlite3.Row) -> list[str]:
    """The two who talk, the smaller number first."""
    others = [one["id"] for one in things.mentions_of(call.world, row["id"])]
    return sorted({row["account"], *others}, key=int)[:2]


def _rows(call: Call, conversation: str = "") -> list[sqlite3.Row]:
    mine = "(p.account = ? OR p.id IN (SELECT post FROM mentions WHERE account = ?))"
    rows = things.listed(call, f"{PRIVATE} AND {mine}", call.me["id"], call.me["id"])
    return [row for row in rows if not conversation or "-".join(_people(call, row)) == conversation]


def _event(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    people = _people(call, row)
    every = {"created_at": iso(row["created_at"]), "dm_conversation_id": "-".join(people), "sender_id": row["account"],
             "participant_ids": people}  # fmt: skip
    files = things.media_of(call.world, row["id"])
    every |= {"attachments": {"media_keys": [x_show.media_key(one) for one in files]}} if files else {}
    shown = {"id": row["id"], "text": row["text"], "event_type": "MessageCreate"}
    return shown | {name: value for name, value in every.items() if name in x_show.wanted(call.request, "dm_event")}


def _answer(call: Call, rows: list[sqlite3.Row]) -> dict[str, Any]:
    senders = [account for one in sorted({row["account"] for row in rows}) if (account := call.world.account(one))]
    users = [x_show.user(one, x_show.wanted(call.request, "user"), call) for one in senders]
    files = [one for row in rows for one in things.media_of(call.world, row["id"])]
    media = [x_show.picture(one, x_show.wanted(call.request, "media")) for one in files]
    told = {"sender_id": ("users", users), "attachments.media_keys": ("media", media)}
    included = dict(told[name] for name in call.request.many("expansions") if name in told and told[name][1])
    return {"data": [_event(call, row) for row in rows]} | ({"includes": included} if included else {})


def _paged(call: Call, rows: list[sqlite3.Row]) -> Answer:
    size, after = call.request.number("max_results", 100), call.request.arg("pagination_token")
    if not 1 <= size <= 100:
        raise invalid("max_results must be between 1 and 100", max_results=str(size))
    rows = [row for row in rows if not after or int(row["id"]) < int(after)]
    meta: dict[str, object] = {"result_count": len(rows[:size])}
    if len(rows) > size:
        meta["next_token"] = rows[size - 1]["id"]
    return Answer((_answer(call, rows[:size]) if rows else {}) | {"meta": meta})


@ROUTES.on("GET", "/2/dm_events", "messages")
def events(call: Call) -> Answer:
    return _paged(call, _rows(call))


@ROUTES.on("GET", "/2/dm_conversations/{conversation}/dm_events", "messages")
def conversation_events(call: Call, conversation: str) -> Answer:
    return _paged(call, _rows(call, conversation))


@ROUTES.on("GET", "/2/dm_events/{event}", "messages")
def event(call: Call, event: str) -> Answer:
    rows = [row for row in _rows(call) if row["id"] == event]
    if not rows:
        raise Refuse(problem(404, "Not Found Error", "Could not find the event.", "resource-not-found"))
    body = _answer(call, rows)
    return Answer(body | {"data": body["data"][0]})


@ROUTES.on("POST", "/2/dm_conversations/{conversation}/messages", "message")
def send(call: Call, conversation: str) -> Answer:
    """Say something in a conversation there is."""
    known = _rows(call, conversation)
    text = str((call.request.json or {}).get("text") or "")
    if not known:
        raise Refuse(problem(403, "Forbidden", "You are not permitted to perform this action."))
    if not text or len(text) > 10_000:
        raise invalid("text must be between 1 and 10000 characters", text=text[:40])
    others = [one for one in _people(call, known[0]) if one != call.me["id"]]
    row = things.write(
        call.world, "x", call.me["id"], text, call.now, parent=known[0], visibility="direct", mentions=others
    )
    call.world.town.hear(row)
    return Answer({"data": {"dm_conversation_id": conversation, "dm_event_id": row["id"]}}, 201, {}, row["id"])
