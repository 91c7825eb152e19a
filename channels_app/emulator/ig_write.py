"""Instagram's part of the Graph API: comments, private answers, hiding and deleting."""

import json

from . import things
from .facebook import bad, error, refusal
from .ig import ROUTES, V, comment, node, own
from .ig_lists import named, partner, talks
from .wire import Answer, Refuse
from .world import DAY, Call

MOST_BYTES = 1000


@ROUTES.on("POST", V + "/{media}/comments", "reply")
def comment_on(call: Call, media: str) -> Answer:
    above = node(call, media, "post")
    if above["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    row = comment(call, call.request.arg("message"), above)
    return Answer({"id": row["id"]}, committed=row["id"])


@ROUTES.on("POST", V + "/{name}/replies", "reply")
def reply(call: Call, name: str) -> Answer:
    row = comment(call, call.request.arg("message"), node(call, name, "comment"))
    return Answer({"id": row["id"]}, committed=row["id"])


@ROUTES.on("POST", V + "/{account}/mentions", "reply")
def answer_mention(call: Call, account: str) -> Answer:
    """A comment under somebody else's post, or under a comment there, that names the account."""
    own(call, account)
    if not call.request.arg("media_id"):
        raise bad("(#100) The parameter media_id is required")
    above = named(call, node(call, call.request.arg("comment_id") or call.request.arg("media_id")))
    if above["root"] != call.request.arg("media_id"):
        raise bad("(#100) Invalid parameter")
    row = comment(call, call.request.arg("message"), above)
    return Answer({"id": row["id"]}, committed=row["id"])


@ROUTES.on("POST", V + "/me/messages", "reply")
def say(call: Call) -> Answer:
    """A private answer, within a day of the person's last message."""
    try:
        person = str(json.loads(call.request.arg("recipient"))["id"])
        text = str(json.loads(call.request.arg("message"))["text"])
    except (ValueError, KeyError, TypeError):
        raise bad("(#100) param recipient must be non-empty.") from None
    if len(text.encode()) > MOST_BYTES:
        raise bad("(#100) Length of param message[text] must be less than or equal to 1000")
    last = next((row for row in talks(call) if row["account"] == person == partner(call, row)), None)
    if last is None or last["created_at"] < call.now - DAY:
        raise Refuse(error(10, "This message is sent outside of allowed window.", 2534022))
    row = things.write(
        call.world, "instagram", call.me["id"], text, call.now, parent=last, kind="message", visibility="direct",
        mentions=[person],
    )  # fmt: skip
    call.world.town.hear(row)
    return Answer({"recipient_id": person, "message_id": row["id"]}, committed=row["id"])


@ROUTES.on("POST", V + "/{name}", "hide")
def hide(call: Call, name: str) -> Answer:
    """Hide somebody's comment under one's own post, or show it again."""
    row, flag = node(call, name, "comment"), call.request.arg("hide").lower()
    root = things.find(call.world, row["root"])
    if flag not in {"true", "false", "1", "0"}:
        raise bad("(#100) The parameter hide is required")
    if root is None or root["account"] != call.me["id"] or row["account"] == call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    call.store.update("posts", {"id": row["id"]}, hidden=int(flag in {"true", "1"}))
    return Answer({"success": True}, committed=row["id"])


@ROUTES.on("DELETE", V + "/{name}", "delete")
def delete(call: Call, name: str) -> Answer:
    """Delete one's own comment, or somebody's under one's own post."""
    row = node(call, name, "comment")
    root = things.find(call.world, row["root"])
    if row["account"] != call.me["id"] and (root is None or root["account"] != call.me["id"]):
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer({"success": True}, committed=name)
