"""Looking for our own things on Instagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from channels_app.platforms import instagram_private as private
from channels_app.platforms import instagram_reading as reading
from channels_app.platforms.base import Account, Candidate, Outgoing
from channels_app.platforms.instagram_client import Client, one
from channels_app.platforms.matching import SLACK
from channels_app.platforms.verdicts import Answered

PAGES = 10  # a walk that needs more pages than this is not complete


def walk(
    client: Client, name: str, edge: str, since: datetime | None, fields: str
) -> tuple[list[dict[str, Any]], bool]:
    """Rows of an edge, newest first, back to `since` or (without it) to the end; and whether the walk got there."""
    found: list[dict[str, Any]] = []
    asked = {"fields": fields, "limit": "50"}
    for _ in range(PAGES):
        body = client.get_connections(name, edge, **asked)
        found += body["data"]
        if not (body.get("paging") or {}).get("next"):
            return found, True
        if since and found and reading.moment(found[-1]["timestamp"]) < since - SLACK:
            return found, True
        asked["after"] = body["paging"]["cursors"]["after"]
    return found, False


def posts(account: Account, client: Client, since: datetime) -> tuple[list[Candidate], bool]:
    rows, complete = walk(client, account.remote_id, "media", since, reading.POST)
    return [reading.candidate(row) for row in rows], complete


def times(account: Account, client: Client, since: datetime) -> Sequence[datetime]:
    """When the posts since then were made, newest first."""
    rows, _ = walk(client, account.remote_id, "media", since, "id,timestamp")
    return [at for row in rows if (at := reading.moment(row["timestamp"])) >= since]


def replies(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our answers where this one may stand: under what it answers or, as there are two levels only, beside it.

    They are known by our name, which may be another by now.
    """
    named = (one(client, account.remote_id, "username") or {}).get("username")
    account = replace(account, handle=f"@{named}") if named else account
    if outgoing.visibility == "direct":
        return private.said(account, client, outgoing, since)
    if not outgoing.root:
        return _under_a_mention(account, client, outgoing)
    if outgoing.reply_to == outgoing.root:
        rows, complete = walk(client, outgoing.root, "comments", since, reading.COMMENT)
    else:
        answered = one(client, outgoing.reply_to, "id,parent_id")
        if answered is None:
            return [], True  # what stood under it is gone with it
        top = str(answered.get("parent_id") or outgoing.reply_to)
        rows, complete = walk(client, top, "replies", None, reading.COMMENT)
    ours = [row for row in rows if reading.is_ours(account, row)]
    return [reading.candidate(row, outgoing.reply_to) for row in ours], complete


def _under_a_mention(account: Account, client: Client, outgoing: Outgoing) -> tuple[list[Candidate], bool]:
    """Our comments under somebody else's post, which shows its newest comments only, or below a comment there."""
    below = outgoing.reply_to.partition("/")[2]
    if below:
        return _below_a_mention(account, client, outgoing, below)
    row = mentioned(account, client, outgoing.reply_to, f"{reading.MENTIONED},comments{{{reading.COMMENT}}}") or {}
    rows = (row.get("comments") or {}).get("data") or []
    ours = [one for one in rows if reading.is_ours(account, one)]
    return [reading.candidate(one, outgoing.reply_to) for one in ours], not (row.get("comments") or {}).get("paging")


def _below_a_mention(account: Account, client: Client, outgoing: Outgoing, below: str) -> tuple[list[Candidate], bool]:
    """Whether the answers of such a comment are shown at all is not verified; where they are not, nothing is known."""
    try:
        row = naming(account, client, below, f"id,replies{{{reading.COMMENT}}}") or {}
    except Answered as answer:
        if answer.code != "100":
            raise
        return [], False
    below_it = row.get("replies") or {}
    ours = [one for one in below_it.get("data") or () if reading.is_ours(account, one)]
    return [reading.candidate(one, outgoing.reply_to) for one in ours], not below_it.get("paging")


def naming(account: Account, client: Client, name: str, fields: str) -> dict[str, Any] | None:
    """A comment that names the account; None when it is gone, or comments were switched off there."""
    row = one(client, account.remote_id, f"mentioned_comment.comment_id({name}){{{fields}}}")
    return (row or {}).get("mentioned_comment")


def mentioned(account: Account, client: Client, name: str, fields: str = reading.MENTIONED) -> dict[str, Any] | None:
    """Somebody else's post that names the account; None when it is gone or does not name it any more."""
    row = one(client, account.remote_id, f"mentioned_media.media_id({name}){{{fields}}}")
    return (row or {}).get("mentioned_media")
