"""Webhooks out of the emulator: whenever a resident writes, the town's desk is told, signed as the platforms sign."""

import hashlib
import hmac
import json
import logging
import sqlite3
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from .world import World

log = logging.getLogger(__name__)
PLATFORMS = ("x", "facebook", "instagram")


def send_to(world: World, platform: str, url: str, secret: str) -> dict[str, Any]:
    """Remember where to send a platform's webhooks; only to this machine, as nothing here leaves it."""
    if platform not in PLATFORMS:
        raise ValueError(f"{platform} has no webhooks here")
    if url and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        raise ValueError("webhooks go to this machine only")
    kept = {**world.store.get("hooks", {}), platform: {"url": url, "secret": secret}}
    world.store.put("hooks", {name: one for name, one in kept.items() if one["url"]})
    return {"told": sorted(world.store.get("hooks", {}))}


def tell(world: World, post: sqlite3.Row, mentions: Iterable[str]) -> None:
    """Send a webhook for each of the town's accounts that a resident's words are about, without waiting for it."""
    hook = world.store.get("hooks", {}).get(post["platform"])
    author = world.account(post["account"]) if hook else None
    if hook is None or author is None or author["kind"] == "ours":
        return
    root = world.store.one("SELECT account FROM posts WHERE id = ?", post["root"])
    under = root["account"] if root else ""
    about = [world.account(name) for name in {*mentions, under}]
    for account in about:
        if account is not None and account["kind"] == "ours":
            shapes = {"x": _of_x, "facebook": _of_facebook, "instagram": _of_instagram}
            told = shapes[post["platform"]](account, author, post, under)
            body = json.dumps(told, ensure_ascii=False).encode()
            threading.Thread(target=_send, args=(post["platform"], hook, body), daemon=True).start()


def _of_facebook(account: sqlite3.Row, author: sqlite3.Row, post: sqlite3.Row, under: str) -> dict[str, Any]:
    if post["kind"] == "message":
        message = {"sender": {"id": author["id"]}, "recipient": {"id": account["id"]}, "message": {"mid": post["id"]}}
        return {"object": "page", "entry": [{"id": account["id"], "messaging": [message]}]}
    comment = {"item": "comment", "comment_id": post["id"], "post_id": post["root"]}
    value = comment if post["kind"] == "comment" else {"item": "post", "post_id": post["id"]}
    value |= {"verb": "add", "message": post["text"], "from": {"id": author["id"], "name": author["name"]}}
    change = {"field": "feed" if post["kind"] == "comment" else "mention", "value": value}
    entry = {"id": account["id"], "time": int(post["created_at"]), "changes": [change]}
    return {"object": "page", "entry": [entry]}


def _of_instagram(account: sqlite3.Row, author: sqlite3.Row, post: sqlite3.Row, under: str) -> dict[str, Any]:
    """Who is named elsewhere is told two numbers and nothing else."""
    who = {"id": author["id"], "username": author["handle"]}
    if post["kind"] == "message":
        message = {"sender": {"id": author["id"]}, "recipient": {"id": account["id"]}, "message": {"mid": post["id"]}}
        return {"object": "instagram", "entry": [{"id": account["id"], "messaging": [message]}]}
    comment = {"media_id": post["root"], "comment_id": post["id"]}
    named = comment if post["kind"] == "comment" else {"media_id": post["id"]}
    told = {"id": post["id"], "text": post["text"], "from": who, "media": {"id": post["root"]}}
    ours = post["kind"] == "comment" and under == account["id"]
    change = {"field": "comments", "value": told} if ours else {"field": "mentions", "value": named}
    return {"object": "instagram", "entry": [{"id": account["id"], "time": 1, "changes": [change]}]}


def _of_x(account: sqlite3.Row, author: sqlite3.Row, post: sqlite3.Row, under: str) -> dict[str, Any]:
    user = {"id_str": author["id"], "screen_name": author["handle"], "name": author["name"]}
    event = {"id_str": post["id"], "text": post["text"], "user": user, "in_reply_to_status_id_str": post["parent"]}
    return {"for_user_id": account["id"], "user_has_blocked": False, "tweet_create_events": [event]}


def signature(platform: str, secret: str, body: bytes) -> dict[str, str]:
    """The header a platform signs with."""
    made = hmac.new(secret.encode(), body, hashlib.sha256)
    if platform == "x":
        return {"x-twitter-webhooks-signature": f"sha256={b64encode(made.digest()).decode()}"}
    return {"X-Hub-Signature-256": f"sha256={made.hexdigest()}"}


def _send(platform: str, hook: dict[str, str], body: bytes) -> None:
    headers = {"Content-Type": "application/json", **signature(platform, hook["secret"], body)}
    request = urllib.request.Request(hook["url"], data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310
            pass
    except (urllib.error.URLError, OSError) as problem:
        log.info("a webhook was not taken: %s", problem)
