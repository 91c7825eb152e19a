"""X API v2: who calls, what may be written, how it refuses."""

import re
import sqlite3

from . import media, things, x_show, x_text
from .dialect import Dialect, used
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call, extra

ROUTES = Routes()
LIMITS = {
    "publish": 100, "reply": 100, "delete": 50, "hide": 50, "mentions": 300, "search": 300, "profile": 75, "media": 500,
}  # fmt: skip
WINDOW = 15 * 60
PROBLEMS = "https://api.twitter.com/2/problems/"
SCOPE_OF = {
    "publish": "tweet.write", "reply": "tweet.write", "delete": "tweet.write", "hide": "tweet.moderate.write",
    "media": "media.write", "alt_text": "media.write", "profile": "users.read",
    "messages": "dm.read", "message": "dm.write", "captions": "media.write",
}  # fmt: skip
OAUTH1 = re.compile(r'oauth_token="([^"]+)"')
HANDLE = re.compile(r"(?<!\w)@(\w{1,15})\b")
SUMMONS = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
    "author of the post you are replying to."
)


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: object) -> Answer:
    """X's problem body."""
    kind = kind if kind == "about:blank" else PROBLEMS + kind
    return Answer({"title": title, "detail": detail, "type": kind, "status": status, **more}, status)


def invalid(message: str, **parameters: str) -> Refuse:
    errors = [{"parameters": {name: [value] for name, value in parameters.items()}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return Refuse(problem(400, "Invalid Request", detail, "invalid-request", errors=errors))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as X words them."""
    if kind == "rate_limited":
        return problem(429, "Too Many Requests", "Too Many Requests")
    if kind == "duplicate":
        return problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
    if kind in {"revoked", "expired"}:
        return problem(401, "Unauthorized", "Unauthorized")
    detail = "You are not permitted to perform this action."
    return problem(403, "Forbidden", detail)


def identify(call: Call, route: str) -> None:
    """Find the account behind a bearer token or an OAuth 1.0a header."""
    if route == "token":
        return
    signed = OAUTH1.search(call.request.headers.get("Authorization", ""))
    row = call.world.token(signed[1] if signed else call.request.bearer)
    if row is None or row["state"] != "ok" or row["kind"] not in {"user", "oauth1"}:
        raise Refuse(refusal("revoked", call))
    account = call.world.account(row["account"])
    if account is None or account["platform"] != "x" or (row["expires_at"] or call.now) < call.now:
        raise Refuse(refusal("expired", call))
    call.token, call.account = row, account
    if account["state"] == "suspended":
        detail = "Your account is suspended and is not permitted to access this feature."
        raise Refuse(problem(403, "Forbidden", detail))
    needed = SCOPE_OF.get(route, "tweet.read")
    if account["state"] == "no_role" or needed not in row["scopes"].split():
        detail = "Your client app is not configured with the appropriate oauth permissions for this endpoint."
        raise Refuse(problem(403, "Forbidden", detail, "oauth2-permissions"))


def headers(call: Call, route: str) -> dict[str, str]:
    """The rate headers X puts on every answer; refuses over the limit where the rules say so."""
    limit = LIMITS.get(route, 900)
    count, reset = used(call, f"x.{route}", WINDOW)
    found = {"x-rate-limit-limit": str(limit), "x-rate-limit-reset": str(int(reset)), "api-version": "2.167"}
    found["x-rate-limit-remaining"] = str(max(0 if call.world.rule("limits") else 1, limit - count))
    if call.world.rule("limits") and count > limit:
        refused = refusal("rate_limited", call)
        refused.headers = found
        raise Refuse(refused)
    return found


def no_route(request: Request) -> Answer:
    return problem(404, "Not Found", "Not Found")


def _named(request: Request) -> str:
    body = request.json
    return "reply" if isinstance(body, dict) and body.get("reply") else "publish"


@ROUTES.on("POST", "/2/tweets", _named)
def publish(call: Call) -> Answer:
    """Create a post or a reply."""
    text, wanted, answers = _asked(call)
    if not text.strip() and not wanted:
        raise invalid("You must provide either text or media.", text=text)
    parent = _parent(call, answers)
    if call.world.rule("duplicates") and things.same_again(
        call, text, parent["id"] if parent is not None else None, DAY
    ):
        raise Refuse(refusal("duplicate", call))
    if x_text.too_long(text):
        detail = (
            "Your Tweet text is too long. For more information on how Twitter determines text length see "
            "https://github.com/twitter/twitter-text."
        )
        raise Refuse(problem(400, "Invalid Request", detail, "invalid-request"))
    pictures = [_attachable(call, str(one)) for one in wanted]
    if len(pictures) > 4:
        raise invalid("media_ids: must have at most 4 items", media_ids=str(wanted))
    poll = _poll(call, bool(pictures))
    row = things.write(
        call.world, "x", call.me["id"], text, call.now, parent=parent, media=[one["id"] for one in pictures],
        mentions=_mentioned(call, text, parent), extra={"urls": x_text.links(text)} | ({"poll": poll} if poll else {}),
    )  # fmt: skip
    call.world.town.hear(row)
    shown = x_show.text_of(call.world, row)[0]
    return Answer({"data": {"id": row["id"], "text": shown, "edit_history_tweet_ids": [row["id"]]}}, 201, {}, row["id"])


def _asked(call: Call) -> tuple[str, list[str], str]:
    """Text, media ids and the id of the post to be answered, each of the type X wants."""
    body = call.request.json
    if not isinstance(body, dict):
        raise invalid("Request body is not valid JSON.")
    text, attached, reply = body.get("text") or "", body.get("media") or {}, body.get("reply") or {}
    ids = attached.get("media_ids") or [] if isinstance(attached, dict) else [None]
    answers = reply.get("in_reply_to_tweet_id") if isinstance(reply, dict) and reply else ""
    if not isinstance(text, str) or not isinstance(answers, str) or (reply and not answers.isdigit()):
        raise invalid("One of text, reply is of the wrong type.")
    if not all(isinstance(one, str) and one.isdigit() for one in ids):
        raise invalid("media.media_ids must be numeric strings.")
    return text, [str(one) for one in ids], answers


def _poll(call: Call, pictures: bool) -> dict[str, object]:
    """Two to four options of at most 25 characters, open from five minutes to a week, and nothing beside them."""
    asked = call.request.json.get("poll") if isinstance(call.request.json, dict) else None
    if not asked:
        return {}
    options, minutes = asked.get("options"), asked.get("duration_minutes")
    if pictures:
        raise invalid("Only one of media, poll can be given.")
    texts = [str(one) for one in options] if isinstance(options, list) else []
    if not 2 <= len(texts) <= 4 or not all(0 < len(one) <= 25 for one in texts):
        raise invalid("poll.options: must have 2 to 4 items of 1 to 25 characters", options=str(options))
    if not isinstance(minutes, int) or not 5 <= minutes <= 10_080:
        raise invalid("poll.duration_minutes must be between 5 and 10080", duration_minutes=str(minutes))
    return {"options": texts, "minutes": minutes}


def _parent(call: Call, post: str) -> sqlite3.Row | None:
    """The post to be answered, if X lets this account answer it."""
    if not post:
        return None
    parent = things.alive(call.world, "x", post)
    if parent is None:
        detail = "You attempted to reply to a Tweet that is deleted or not visible to you."
        raise Refuse(problem(403, "Forbidden", detail))
    rule, me = call.world.rule("reply_summons"), call.me
    if rule == "anyone" or (parent["account"] == me["id"] and rule != "mentioned"):
        return parent
    summoned = call.store.one("SELECT 1 FROM mentions WHERE post = ? AND account = ?", parent["id"], me["id"])
    if not summoned or (rule == "mentioned" and f"@{me['handle']}".lower() not in parent["text"].lower()):
        raise Refuse(problem(403, "Forbidden", SUMMONS))
    return parent


def _attachable(call: Call, name: str) -> sqlite3.Row:
    """An upload of ours that is ready, not used and less than a day old."""
    row = media.mine(call, name)
    ready = row is not None and media.state_of(row, call.now) == "ready" and row["created_at"] > call.now - DAY
    if row is None or not ready or row["post"]:
        raise Refuse(problem(400, "Invalid Request", "Your media IDs are invalid.", "invalid-request"))
    return row


def _mentioned(call: Call, text: str, parent: sqlite3.Row | None) -> list[str]:
    named = [call.world.handle("x", handle) for handle in HANDLE.findall(text)]
    found = [row["id"] for row in named if row is not None]
    return found + [parent["account"]] if parent is not None else found


@ROUTES.on("DELETE", "/2/tweets/{post}", "delete")
def delete(call: Call, post: str) -> Answer:
    row = things.alive(call.world, "x", post)
    if row is None:
        raise Refuse(x_show.missing_alone(post))
    if row["account"] != call.me["id"]:
        raise Refuse(problem(403, "Forbidden", "You are not authorized to delete this Tweet."))
    things.delete(call.world, row, call.now)
    return Answer({"data": {"deleted": True}}, committed=post)


@ROUTES.on("PUT", "/2/tweets/{post}/hidden", "hide")
def hide(call: Call, post: str) -> Answer:
    """Hide or show a reply in one of our own conversations."""
    row = things.alive(call.world, "x", post)
    root = row and things.find(call.world, row["root"])
    if row is None or root is None:
        raise Refuse(x_show.missing_alone(post))
    hidden = (call.request.json or {}).get("hidden")
    if not isinstance(hidden, bool):
        raise invalid("hidden must be a boolean")
    if root["account"] != call.me["id"] or row["id"] == root["id"]:
        raise Refuse(problem(403, "Forbidden", "You can only hide replies to conversations that you started."))
    call.store.update("posts", {"id": post}, hidden=int(hidden))
    return Answer({"data": {"hidden": hidden}}, committed=post)


@ROUTES.on("POST", "/2/users/{user}/likes", "like")
def like(call: Call, user: str) -> Answer:
    """Not offered to self-serve developers."""
    detail = "Access to this endpoint is not included in your current plan."
    more = {"reason": "client-not-enrolled", "client_id": extra(call.me).get("client_id", "")}
    raise Refuse(problem(403, "Client Forbidden", detail, "client-forbidden", **more))


DIALECT = Dialect("x", ROUTES, identify, headers, refusal, no_route)
