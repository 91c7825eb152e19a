"""Reading Bluesky's lists: our own posts, what answers them, who names us, what strangers say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from channels_app.platforms import bluesky_reading
from channels_app.platforms.base import Account, Incoming, Page
from channels_app.platforms.bluesky_client import ABSENT, Client, place
from channels_app.platforms.verdicts import Answered

DEEP = 1000  # asked for; the public view gives as much of a thread as it likes
ASKED = 60  # branches of one thread that are asked for apart, at most


def posts(account: Account, client: Client, page: str) -> Page:
    """Our own posts and answers, without what we only passed on."""
    body = client.ask("app.bsky.feed.getAuthorFeed", actor=account.remote_id, limit=100, cursor=page)
    rows = [one["post"] for one in body["feed"] if not one.get("reason")]
    items = [bluesky_reading.item(account, row) for row in rows if row["author"]["did"] == account.remote_id]
    return Page(items, next=str(body.get("cursor") or ""), newest=items[0].remote_id if items else "")


def one(client: Client, uri: str) -> dict[str, Any] | None:
    """A post as the public sees it; None when it is gone."""
    found: list[dict[str, Any]] = client.ask("app.bsky.feed.getPosts", uris=[uri])["posts"]
    return found[0] if found else None


def comments(account: Account, client: Client, root: str) -> Page:
    """Everything under our post, in one page: a branch that was cut off is asked for again from where it ends."""
    items = [bluesky_reading.item(account, view, top) for view, top in _walk(client, root)]
    items.sort(key=lambda one: (one.at, place(one.remote_id).rkey), reverse=True)
    return Page(items, newest=items[0].remote_id if items else "")


def _walk(client: Client, root: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every answer below a post with the top-level one it belongs to."""
    waiting: list[tuple[str, str]] = [(root, "")]
    met = {root}
    for _ in range(ASKED):
        if not waiting:
            return
        name, top = waiting.pop()
        branch = [(one, top) for one in _below(client, name)]
        while branch:
            node, above = branch.pop()
            view = node.get("post") or {}
            if not view.get("record") or view["uri"] in met:
                continue  # deleted, blocked, or seen already
            met.add(view["uri"])
            belongs = above or str(view["uri"])
            yield view, belongs
            below = node.get("replies") or ()
            branch += [(one, belongs) for one in below]
            if not below and view.get("replyCount"):
                waiting.append((view["uri"], belongs))


def _below(client: Client, uri: str) -> Sequence[dict[str, Any]]:
    try:
        thread = client.ask("app.bsky.feed.getPostThread", uri=uri, depth=DEEP, parentHeight=0)["thread"]
    except Answered as answer:
        if answer.code in ABSENT:
            return ()
        raise
    found: Sequence[dict[str, Any]] = thread.get("replies") or ()
    return found


def mentions(account: Account, client: Client, page: str) -> Page:
    """Who named us, and who answered us."""
    body = client.ask("app.bsky.notification.listNotifications", reasons=["mention", "reply"], limit=100, cursor=page)
    rows = [one for one in body["notifications"] if one["reason"] in {"mention", "reply"}]
    items = [bluesky_reading.item(account, row) for row in rows if row["author"]["did"] != account.remote_id]
    return Page(items, next=str(body.get("cursor") or ""), newest=items[0].remote_id if items else "")


def found(account: Account, client: Client, phrases: Sequence[str], since: datetime) -> list[Incoming]:
    """Posts of others with one of the phrases; several words are asked for as they stand."""
    rows: dict[str, dict[str, Any]] = {}
    start = since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for phrase in phrases:
        plain = phrase.replace('"', " ").rstrip("*").strip()
        asked = f'"{plain}"' if " " in plain else plain
        if asked:
            body = client.ask("app.bsky.feed.searchPosts", q=asked, sort="latest", since=start, limit=100)
            rows |= {str(row["uri"]): row for row in body["posts"]}
    items = [bluesky_reading.item(account, row) for row in rows.values()]
    return [item for item in items if item.at >= since and item.author_id != account.remote_id]
