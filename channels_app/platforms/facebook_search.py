"""Looking for our own things on a Page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels_app.platforms import facebook_reading, plaintext
from channels_app.platforms.base import Account, Candidate, Outgoing
from channels_app.platforms.graph import Graph
from channels_app.platforms.matching import SLACK
from channels_app.platforms.verdicts import Answered

PAGES = 10  # a walk that needs more pages than this is not complete


def one(client: Graph, name: str, fields: str) -> dict[str, Any] | None:
    """An object with these fields; None when it is gone or hidden from the Page."""
    try:
        row: dict[str, Any] = client.get_object(name, fields=fields)
    except Answered as answer:
        if answer.code in {"100/33", "803"}:
            return None
        raise
    return row


def _walk(client: Graph, name: str, edge: str, since: datetime, **asked: Any) -> tuple[list[dict[str, Any]], bool]:
    """Rows of an edge, newest first, back to `since`; and whether the walk got there."""
    found: list[dict[str, Any]] = []
    for _ in range(PAGES):
        body = client.get_connections(name, edge, limit="100", **asked)
        found += body["data"]
        if not (body.get("paging") or {}).get("next"):
            return found, True
        if facebook_reading.moment(found[-1]["created_time"]) < since - SLACK:
            return found, True
        asked["after"] = body["paging"]["cursors"]["after"]
    return found, False


def posts(account: Account, client: Graph, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """The Page's posts back to `since`, those with another link left out."""
    rows, complete = _walk(client, account.remote_id, "published_posts", since, fields=facebook_reading.POST)
    link = plaintext.normal(outgoing.link)
    same = [row for row in rows if not link or outgoing.pictures or _same_link(row, link)]
    return [facebook_reading.candidate(row) for row in same], complete


def _same_link(row: Mapping[str, Any], link: str) -> bool:
    """Facebook may not have made a card of a link, so only another link tells two posts apart."""
    shown = plaintext.normal(facebook_reading.link_of(row))
    return not shown or shown == link


def replies(account: Account, client: Graph, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our comments where the reply may stand: under what it answers or, as there are two levels only, beside it."""
    root, places = outgoing.root or outgoing.reply_to, {outgoing.reply_to}
    if outgoing.reply_to != root:
        answered = one(client, outgoing.reply_to, "id,parent") or {}
        places.add(str((answered.get("parent") or {}).get("id") or outgoing.reply_to))
    asked = {"fields": facebook_reading.COMMENT, "filter": "stream", "order": "reverse_chronological"}
    rows, complete = _walk(client, root, "comments", since, **asked)
    ours = [row for row in rows if str((row.get("from") or {}).get("id")) == account.remote_id]
    placed = [row for row in ours if str((row.get("parent") or {}).get("id") or root) in places]
    return [facebook_reading.candidate(row, outgoing.reply_to) for row in placed], complete
