"""Mastodon's API: everything that reads, and media, apps and tokens."""

import secrets
import sqlite3
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import m_show, media, things
from .clock import iso
from .mastodon import MOST_ALT, MOST_BYTES, MOST_PICTURES, MOST_TEXT, ROUTES, refuse
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
    row, ancestors = _readable(call, post), []
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
    words, kind = call.request.arg("q").lower(), call.request.arg("type")
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


def _upload(call: Call) -> Answer:
    file = call.request.files.get("file")
    picture = media.measure(file.data) if file else None
    alt = call.request.arg("description")
    if file is None or picture is None or len(file.data) > MOST_BYTES or len(alt) > MOST_ALT:
        raise refuse(call, 422, "file")
    row = media.keep(call, file.data, picture, alt)
    status = 200 if media.state_of(row, call.now) == "ready" else 202
    return Answer(m_show.attachment(call, row), status, committed=row["id"])


@ROUTES.on("POST", "/api/v2/media", "media")
def upload(call: Call) -> Answer:
    """A picture; 202 while it is processed."""
    return _upload(call)


@ROUTES.on("GET", "/api/v1/media/{name}", "media_status")
def media_status(call: Call, name: str) -> Answer:
    row = media.mine(call, name)
    if row is None:
        raise refuse(call, 404, "gone")
    state = media.state_of(row, call.now)
    if state == "failed":
        raise refuse(call, 422, "failed")
    return Answer(m_show.attachment(call, row), 206 if state == "pending" else 200)


@ROUTES.on("PUT", "/api/v1/media/{name}", "alt_text")
def describe(call: Call, name: str) -> Answer:
    if not call.store.update("media", {"id": name, "account": call.me["id"]}, alt=call.request.arg("description")):
        raise refuse(call, 404, "gone")
    return media_status(call, name)


def _limits() -> dict[str, Any]:
    return {
        "statuses": {"max_characters": MOST_TEXT, "max_media_attachments": MOST_PICTURES, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": list(media.MIMES.values()), "image_size_limit": MOST_BYTES, "image_matrix_limit": 33177600,
            "video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400,
            "description_limit": MOST_ALT,
        },
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
    }  # fmt: skip


def _server(call: Call) -> dict[str, Any]:
    host = call.notes["host"]
    return {"title": host.partition(".")[0].title(), "version": call.world.rule("mastodon_version"),
            "description": "A small server for the town and its neighbours.", "languages": ["en"]}  # fmt: skip


@ROUTES.on("GET", "/api/v2/instance", "instance")
def instance(call: Call) -> Answer:
    host = call.notes["host"]
    return Answer(_server(call) | {
        "domain": host, "source_url": "https://github.com/mastodon/mastodon", "configuration": _limits() | {
            "urls": {"streaming": f"wss://{host}"}, "translation": {"enabled": False}},
        "usage": {"users": {"active_month": 412}}, "thumbnail": {"url": f"https://{host}/thumbnail.png"},
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "api_versions": {"mastodon": 8}, "contact": {"email": f"help@{host}", "account": None}, "rules": [],
    })  # fmt: skip


@ROUTES.on("GET", "/api/v1/instance", "instance")
def instance_v1(call: Call) -> Answer:
    host = call.notes["host"]
    return Answer(_server(call) | {
        "uri": host, "short_description": "", "email": f"help@{host}", "urls": {"streaming_api": f"wss://{host}"},
        "stats": {"user_count": 1204, "status_count": 48210, "domain_count": 3110}, "thumbnail": None,
        "registrations": False, "approval_required": False, "invites_enabled": False, "configuration": _limits(),
        "contact_account": None, "rules": [],
    })  # fmt: skip


@ROUTES.on("POST", "/api/v1/apps", "app")
def register(call: Call) -> Answer:
    name, scopes = call.request.arg("client_name"), call.request.arg("scopes", "read")
    client, secret = f"practice-app-{secrets.token_urlsafe(12)}", secrets.token_urlsafe(24)
    call.store.insert("tokens", token=client, account="", kind="app", scopes=scopes, issued_at=call.now, secret=secret)
    redirect = call.request.arg("redirect_uris")
    shown = {"id": "1", "name": name, "website": None, "scopes": scopes.split(), "redirect_uris": [redirect]}
    return Answer(shown | {"redirect_uri": redirect, "client_id": client, "client_secret": secret, "vapid_key": ""})


@ROUTES.on("GET", "/api/v1/apps/verify_credentials", "app")
def verify_app(call: Call) -> Answer:
    """Which scopes the token has."""
    if call.token is None or call.token["state"] != "ok":
        raise refuse(call, 401, "invalid")
    shown = {"id": "1", "name": "Parley", "website": None, "redirect_uris": [], "scopes": call.token["scopes"].split()}
    return Answer(shown | {"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})


@ROUTES.on("POST", "/oauth/token", "token")
def token(call: Call) -> Answer:
    """A token for a code that the control endpoint issued."""
    old, client = call.world.token(call.request.arg("code")), call.world.token(call.request.arg("client_id"))
    if client is None or client["secret"] != call.request.arg("client_secret"):
        text = "Client authentication failed due to unknown client, no client authentication included, or unsupported method."
        return Answer({"error": "invalid_client", "error_description": text}, 401)
    if old is None or old["kind"] != "code" or old["state"] != "ok":
        text = "The provided authorization grant is invalid, expired, revoked, or was issued to another client."
        return Answer({"error": "invalid_grant", "error_description": text}, 400)
    call.store.update("tokens", {"token": old["token"]}, state="revoked")
    made = call.world.create_token(old["account"], "mastodon", call.now, scopes=old["scopes"])
    shown = {"access_token": made, "token_type": "Bearer", "scope": old["scopes"], "created_at": int(call.now)}
    return Answer(shown, committed=old["account"])


@ROUTES.on("POST", "/oauth/revoke", "token")
def revoke(call: Call) -> Answer:
    call.store.update("tokens", {"token": call.request.arg("token")}, state="revoked")
    return Answer({})
