"""Facebook's Graph API: private messages of a Page, and its answers to them."""

import json
import sqlite3
from typing import Any

from . import things
from .clock import graph
from .facebook import ROUTES, V, bad, error
from .fb_show import cursor, parsed, person
from .wire import Answer, Refuse
from .world import DAY, Call

MOST = 2000


@ROUTES.on("GET", V + "/me/conversations", "messages")
def conversations(call: Call) -> Answer:
    """One for each person, the one spoken in last first, with its newest messages."""
    if call.request.arg("platform") not in {"", "messenger"}:
        return Answer({"data": []})
    people: dict[str, list[sqlite3.Row]] = {}
    for row in talks(call):
        people.setdefault(partner(call, row), []).append(row)
    fields, wanted = parsed(call.request.arg("fields")), call.request.arg("user_id")
    inner = fields["messages"][1] if "messages" in fields else "id"
    return Answer({"data": [_thread(call, one, rows, inner) for one, rows in people.items() if wanted in {"", one}]})


def _thread(call: Call, who: str, rows: list[sqlite3.Row], inner: str) -> dict[str, Any]:
    newest = within(f"t_{who}/messages", rows, [message(call, row, inner) for row in rows[:20]])
    return {"id": f"t_{who}", "updated_time": graph(rows[0]["created_at"]), "messages": newest}


def within(edge: str, rows: list[sqlite3.Row], shown: list[dict[str, Any]]) -> dict[str, Any]:
    """The first rows of an edge as they come with what they belong to, and where the others are."""
    if len(rows) <= len(shown):
        return {"data": shown}
    place = cursor(rows[len(shown) - 1])
    following = f"https://graph.facebook.com/v25.0/{edge}?after={place}"
    return {"data": shown, "paging": {"cursors": {"after": place}, "next": following}}


def talks(call: Call) -> list[sqlite3.Row]:
    where = "p.kind = 'message' AND (p.account = ? OR p.id IN (SELECT post FROM mentions WHERE account = ?))"
    return things.listed(call, where, call.me["id"], call.me["id"])


def partner(call: Call, row: sqlite3.Row) -> str:
    if row["account"] != call.me["id"]:
        return str(row["account"])
    return str(next(one["id"] for one in things.mentions_of(call.world, row["id"])))


def message(call: Call, row: sqlite3.Row, fields: str) -> dict[str, Any]:
    """A message as its conversation shows it."""
    author = call.world.account(row["account"])
    assert author is not None
    every: dict[str, Any] = {
        "created_time": graph(row["created_at"]), "message": row["text"], "from": person(author),
        "to": {"data": [person(one) for one in things.mentions_of(call.world, row["id"])]},
    }  # fmt: skip
    files = [_file(one) for one in things.media_of(call.world, row["id"])]
    every |= {"attachments": {"data": files}} if files else {}
    wanted = parsed(fields or "created_time")
    return {"id": row["id"], **{name: value for name, value in every.items() if name in wanted}}


def _file(one: sqlite3.Row) -> dict[str, Any]:
    what = "video_data" if one["mime"].startswith("video/") else "image_data"
    url = f"https://scontent.facebook.com/_media/{one['id']}"
    return {"id": one["id"], "mime_type": one["mime"], "size": one["size"], what: {"url": url}}


@ROUTES.on("POST", V + "/me/messages", "message")
def say(call: Call) -> Answer:
    """A private answer, within a day of the person's last message."""
    try:
        who = str(json.loads(call.request.arg("recipient"))["id"])
        text = str(json.loads(call.request.arg("message"))["text"])
    except (ValueError, KeyError, TypeError):
        raise bad("(#100) param recipient must be non-empty.") from None
    if len(text) > MOST:
        raise bad("(#100) Length of param message[text] must be less than or equal to 2000")
    last = next((row for row in talks(call) if row["account"] == who == partner(call, row)), None)
    if last is None or last["created_at"] < call.now - DAY:
        raise Refuse(error(10, "(#10) This message is sent outside of allowed window.", 2018278))
    row = things.write(
        call.world, "facebook", call.me["id"], text, call.now, id=f"m_{call.world.new_id('facebook', call.now)}",
        parent=last, kind="message", visibility="direct", mentions=[who],
    )  # fmt: skip
    call.world.town.hear(row)
    return Answer({"recipient_id": who, "message_id": row["id"]}, committed=row["id"])
