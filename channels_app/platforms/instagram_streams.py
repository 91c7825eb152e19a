"""An account's lists, a page at a time, and the numbers of single things."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from channels_app.platforms import instagram_reading as reading
from channels_app.platforms import instagram_search
from channels_app.platforms.base import Account, Incoming, Page
from channels_app.platforms.instagram_client import Client, one
from channels_app.platforms.meta_talks import SHUT
from channels_app.platforms.verdicts import Answered


def listed(account: Account, client: Client, stream: str, page: str, root: str) -> Page:
    items: Sequence[Incoming]
    if stream == "comments":
        rows, following = _rows(client, root, "comments", reading.COMMENTS, page)
        for row in rows:
            _add_answers(client, row)
        items = [reading.comment(account, row, root) for row in reading.flat(rows)]
    else:
        rows, following = _rows(client, account.remote_id, "media", reading.POST, page)
        items = [reading.post(account, row, own=True) for row in rows]
    handle = items[0].author_handle if items and stream == "posts" else ""
    return Page(items, next=following, newest=items[0].remote_id if items else "", handle=handle)


def tagged(account: Account, client: Client, page: str) -> Page:
    """A page of posts of others that tag the account, none where the key may not read them.

    Walks begun together with private messages go on as well. Who names the account in words alone is told by webhook
    only, and read one by one.
    """
    after = json.loads(page).get("tags") if page.startswith("{") else page
    if after is None:
        return Page([])
    try:
        rows, following = _rows(client, account.remote_id, "tags", reading.MENTION, after)
    except Answered as answer:
        if answer.code not in SHUT:
            raise
        return Page([])
    items = sorted((reading.post(account, row) for row in rows), key=lambda item: item.at, reverse=True)
    return Page(items, next=following, newest=items[0].remote_id if items else "")


def _rows(client: Client, name: str, edge: str, fields: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """A page of an edge, and where it goes on."""
    body = client.get_connections(name, edge, fields=fields, limit="50", **({"after": after} if after else {}))
    paging = body.get("paging") or {}
    return body["data"], str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""


def _add_answers(client: Client, row: dict[str, Any]) -> None:
    """All answers to a comment that has more than come with it. Their order is not told: they are read to the end."""
    below = row.get("replies") or {}
    while (paging := below.get("paging") or {}).get("next"):
        asked = {"fields": reading.COMMENT, "limit": "50", "after": str(paging["cursors"]["after"])}
        below = client.get_connections(str(row["id"]), "replies", **asked)
        row["replies"]["data"] += below["data"]


def named(account: Account, client: Client, name: str) -> Page:
    """The one thing a webhook named. What stands under a post of our own is read there, and not told twice."""
    media = name.partition("/")[0]
    ours = media != name and one_of_ours(client, media)
    item = None if ours else mention(account, client, name)
    return Page([item] if item is not None and item.kind == "mention" else [])


def one_of_ours(client: Client, media: str) -> bool:
    """Posts of others cannot be asked for by their number; as what that is refused is not verified."""
    try:
        return one(client, media, "id") is not None
    except Answered as answer:
        if answer.code not in {"10", "100", "200"}:
            raise
        return False


def mention(account: Account, client: Client, name: str) -> Incoming | None:
    """A post that names the account, or (its post's id and a slash before its own) a comment that does."""
    media, _, comment = name.partition("/")
    if not comment:
        row = instagram_search.mentioned(account, client, media)
        return reading.post(account, row) if row else None
    try:
        row = instagram_search.naming(account, client, comment, f"{reading.NAMING},username,from")
    except Answered as answer:
        if answer.code != "100":
            raise
        row = instagram_search.naming(account, client, comment, reading.NAMING)
    return reading.mention_in(account, row, media) if row else None


def single(account: Account, client: Client, name: str, kind: str) -> Incoming | None:
    """A post or a comment. A first comment of ours is asked for as a post, and has other fields than one."""
    if kind == "post":
        try:
            row = one(client, name, reading.POST)
        except Answered as answer:
            if answer.code != "100":
                raise
        else:
            return reading.post(account, row, own=True) if row else None
    row = one(client, name, f"{reading.COMMENT},media")
    return reading.comment(account, row, str((row.get("media") or {}).get("id") or "")) if row else None


def counts(client: Client, name: str) -> dict[str, Any] | None:
    try:
        return one(client, name, "like_count,comments_count")
    except Answered as answer:
        if answer.code != "100":
            raise
        return one(client, name, "like_count")  # a comment


def insights(client: Client, name: str) -> dict[str, int | None]:
    """What Instagram tells of a post beyond its counts; nothing where it does not tell, as for comments."""
    try:
        return reading.insights(client.get_connections(name, "insights", metric=",".join(reading.INSIGHTS)))
    except Answered as answer:
        if answer.code in {"100", "100/33", "10", "200", "3"}:
            return {}
        raise
