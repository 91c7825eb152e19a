"""Mastodon's API: who calls, what may be written, how it refuses."""

import re
import sqlite3

import regex

from . import m_show, media, things
from .clock import iso
from .dialect import Dialect, used
from .m_texts import TEXTS
from .wire import Answer, Refuse, Request, Routes
from .world import Call

ROUTES = Routes()
MOST_TEXT, MOST_ALT, MOST_BYTES, MOST_PICTURES, KEY_SECONDS = 500, 1500, 16 * 1024 * 1024, 4, 3600.0
LIMITS = {"media": (30, 1800), "delete": (30, 1800)}
WRITES = {"publish": "write:statuses", "reply": "write:statuses", "edit": "write:statuses", "delete": "write:statuses",
          "media": "write:media", "like": "write:favourites"}  # fmt: skip
OPEN = {"instance", "token", "app"}
NAMED = re.compile(r"(?<![\w/])@(\w+(?:[\w.-]*\w)?)(?:@([\w.-]+\w))?")
COUNTED_LINK = re.compile(r"https?://\S+")


def refuse(call: Call, status: int, key: str) -> Refuse:
    """An error in the server's language."""
    texts = TEXTS.get(call.world.rule("mastodon_language"), TEXTS["en"])
    return Refuse(Answer({"error": texts[key]}, status))


def refusal(kind: str, call: Call) -> Answer:
    """The standard refusals, as Mastodon words them. It knows no duplicates: it is asked for a plain 422 then."""
    status, key = {
        "rate_limited": (429, "limit"), "revoked": (401, "revoked"), "expired": (401, "invalid"),
        "duplicate": (422, "forbidden"), "forbidden": (403, "forbidden"), "wrong_account": (403, "forbidden"),
    }[kind]  # fmt: skip
    return refuse(call, status, key).answer


def identify(call: Call, route: str) -> None:
    """Find the account behind a bearer token, on the host that was asked."""
    row = call.world.token(call.request.bearer)
    account = row and call.world.account(row["account"])
    call.notes["host"] = account["host"] if account else call.request.host
    if route in OPEN:
        call.token, call.account = (row, account) if account else (None, None)
        return
    asked = call.request.host
    elsewhere = account is not None and "." in asked and not asked.startswith("127.") and asked != account["host"]
    if row is None or account is None or account["platform"] != "mastodon" or elsewhere or row["state"] == "expired":
        raise refuse(call, 401, "invalid")
    if row["state"] != "ok":
        raise refuse(call, 401, "revoked")
    call.token, call.account = row, account
    if account["state"] == "suspended":
        raise refuse(call, 403, "disabled")
    needed = WRITES.get(route, "read")
    scopes = set(row["scopes"].split())
    if account["state"] == "no_role" or not scopes & {needed, needed.partition(":")[0], *_finer(needed, scopes)}:
        raise refuse(call, 403, "scope")


def _finer(needed: str, scopes: set[str]) -> set[str]:
    """Any fine read scope is enough to read here; the routes differ less than their scopes."""
    return {scope for scope in scopes if scope.startswith("read:")} if needed == "read" else set()


def headers(call: Call, route: str) -> dict[str, str]:
    """The rate headers, whose reset is an ISO time; refuses over the limit where the rules say so."""
    limit, seconds = LIMITS.get(route, (300, 300))
    count, reset = used(call, f"m.{route if route in LIMITS else ''}", seconds)
    enforced = call.world.rule("limits")
    found = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Reset": iso(reset)}
    found["X-RateLimit-Remaining"] = str(max(0 if enforced else 1, limit - count))
    if enforced and count > limit:
        answer = refusal("rate_limited", call)
        answer.headers = found
        raise Refuse(answer)
    return found


def no_route(request: Request) -> Answer:
    return Answer({"error": "The page you are looking for isn't here"}, 404)


def length(text: str) -> int:
    """Characters as people see them; a link counts 23, a name without its host."""
    text = COUNTED_LINK.sub("x" * 23, text)
    text = NAMED.sub(lambda hit: f"@{hit[1]}", text)
    return len(regex.findall(r"\X", text))


def _named(request: Request) -> str:
    return "reply" if request.arg("in_reply_to_id") else "publish"


@ROUTES.on("POST", "/api/v1/statuses", _named)
def publish(call: Call) -> Answer:
    """Create a status; the same Idempotency-Key within the hour gives the same status."""
    key = call.request.headers.get("Idempotency-Key", "")
    known = key and call.store.one(
        "SELECT post FROM keys WHERE account = ? AND key = ? AND at > ?", call.me["id"], key, call.now - KEY_SECONDS
    )
    row = things.find(call.world, known["post"]) if known else None
    if row is None:
        row = _create(call)
        if key:
            call.store.run("DELETE FROM keys WHERE account = ? AND key = ?", call.me["id"], key)
            call.store.insert("keys", account=call.me["id"], key=key, post=row["id"], at=call.now)
        call.world.town.hear(row)
        return Answer(m_show.status(call, row), committed=row["id"])
    return Answer(m_show.status(call, row))


def _create(call: Call) -> sqlite3.Row:
    request, text = call.request, call.request.arg("status")
    media_ids, spoiler = request.many("media_ids"), request.arg("spoiler_text")
    if not text.strip() and not media_ids:
        raise refuse(call, 422, "empty")
    if length(spoiler + text) > MOST_TEXT:
        raise refuse(call, 422, "long")
    parent = None
    if request.arg("in_reply_to_id"):
        parent = m_show.readable(call, request.arg("in_reply_to_id"))
        if parent is None:
            raise refuse(call, 404, "gone")
    if len(media_ids) > MOST_PICTURES:
        raise refuse(call, 422, "many")
    for name in media_ids:
        _attachable(call, name)
    visibility = request.arg("visibility") or "public"
    more: dict[str, object] = {"spoiler": spoiler, "sensitive": request.flag("sensitive"), "app": "Parley"}
    more |= _poll(call, bool(media_ids))
    return things.write(
        call.world, "mastodon", call.me["id"], text, call.now, parent=parent, media=media_ids, extra=more,
        visibility=visibility, lang=request.arg("language") or "en", mentions=named(call, text),
    )  # fmt: skip


def _poll(call: Call, pictures: bool) -> dict[str, object]:
    """Two to four different options of at most 50 characters, open from five minutes to a month."""
    asked = call.request.json.get("poll") if isinstance(call.request.json, dict) else None
    fields = call.request.fields
    options = (asked or {}).get("options") or fields.get("poll[options][]") or fields.get("poll[options]") or []
    if not options:
        return {}
    seconds = str((asked or {}).get("expires_in") or call.request.arg("poll[expires_in]"))
    texts = [str(one) for one in options]
    if pictures:
        raise refuse(call, 422, "both")
    if not 2 <= len(texts) <= 4 or len(set(texts)) < len(texts) or not all(0 < len(one) <= 50 for one in texts):
        raise refuse(call, 422, "poll")
    if not seconds.isdigit() or not 300 <= int(seconds) <= 2_629_746:
        raise refuse(call, 422, "poll")
    return {"poll": {"options": texts, "minutes": int(seconds) // 60}}


def _attachable(call: Call, name: str) -> None:
    row = media.mine(call, name)
    if row is None or row["post"] or media.state_of(row, call.now) == "failed":
        raise refuse(call, 422, "missing")
    if media.state_of(row, call.now) == "pending":
        raise refuse(call, 422, "busy")


def named(call: Call, text: str) -> list[str]:
    """The accounts a text names; a name without a host is one of this server."""
    found = [call.world.handle("mastodon", hit[1], hit[2] or call.me["host"]) for hit in NAMED.finditer(text)]
    return [row["id"] for row in found if row is not None]


def _own(call: Call, post: str) -> sqlite3.Row:
    row = things.alive(call.world, "mastodon", post)
    if row is None or row["account"] != call.me["id"]:
        raise refuse(call, 404, "gone")
    return row


@ROUTES.on("DELETE", "/api/v1/statuses/{post}", "delete")
def delete(call: Call, post: str) -> Answer:
    """Delete a status; the answer carries its source text, so that it can be written again."""
    row = _own(call, post)
    shown = m_show.status(call, row) | {"text": row["text"]}
    things.delete(call.world, row, call.now)
    return Answer(shown, committed=post)


@ROUTES.on("PUT", "/api/v1/statuses/{post}", "edit")
def edit(call: Call, post: str) -> Answer:
    """New words, or new alt texts through `media_attributes`."""
    row, text = _own(call, post), call.request.arg("status")
    if length(text) > MOST_TEXT:
        raise refuse(call, 422, "long")
    names, alts = (
        call.request.many("media_attributes[][id"),
        call.request.fields.get("media_attributes[][description", []),
    )
    attributes = (call.request.json or {}).get("media_attributes", []) if isinstance(call.request.json, dict) else []
    pairs = [(one.get("id"), one.get("description")) for one in attributes] or list(zip(names, alts, strict=False))
    for name, alt in pairs:
        call.store.update("media", {"id": str(name), "post": post}, alt=str(alt or ""))
    things.edit(call.world, row, text or row["text"], call.now)
    return Answer(m_show.status(call, _own(call, post)), committed=post)


@ROUTES.on("POST", "/api/v1/statuses/{post}/favourite", "like")
def favourite(call: Call, post: str) -> Answer:
    row = m_show.readable(call, post)
    if row is None:
        raise refuse(call, 404, "gone")
    call.store.run("INSERT OR IGNORE INTO reactions VALUES (?, ?, ?)", post, call.me["id"], call.now)
    return Answer(m_show.status(call, row), committed=post)


@ROUTES.on("POST", "/api/v1/statuses/{post}/unfavourite", "like")
def unfavourite(call: Call, post: str) -> Answer:
    row = m_show.readable(call, post)
    if row is None:
        raise refuse(call, 404, "gone")
    call.store.run("DELETE FROM reactions WHERE post = ? AND account = ?", post, call.me["id"])
    return Answer(m_show.status(call, row), committed=post)


DIALECT = Dialect("mastodon", ROUTES, identify, headers, refusal, no_route)
