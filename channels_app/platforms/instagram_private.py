"""Private messages of an Instagram account: they run through the Page it is linked with.

Instagram shows the newest twenty messages of a conversation, and takes an answer within a day of the person's last one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from channels_app.platforms import message_ids
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Refused, Shown
from channels_app.platforms.instagram_client import TABLE, Client, one
from channels_app.platforms.instagram_reading import candidate, is_ours, moment, writer

MOST_BYTES = 1000
MESSAGE = "id,created_time,from,to,message,attachments"
CONVERSATIONS = f"id,updated_time,messages.limit(20){{{MESSAGE}}}"


def conversations(account: Account, client: Client, after: str, person: str = "") -> tuple[list[Incoming], str]:
    """Messages of a page of conversations, newest first, and where it goes on."""
    asked = {"platform": "instagram", "fields": CONVERSATIONS, "limit": "50"}
    asked |= {"after": after} if after else {}
    body = client.get_connections("me", "conversations", **asked | ({"user_id": person} if person else {}))
    found = [
        _message(account, row) for thread in body["data"] for row in (thread.get("messages") or {}).get("data") or ()
    ]
    paging = body.get("paging") or {}
    following = str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
    return sorted(found, key=lambda item: item.at, reverse=True), following


def message(account: Account, client: Client, name: str) -> Incoming | None:
    """One message; None when it is gone, or no longer among the newest of its conversation."""
    if with_whom := message_ids.person_of(name):
        return next((item for item in conversations(account, client, "", with_whom)[0] if item.remote_id == name), None)
    row = one(client, name, MESSAGE)
    return _message(account, row) if row is not None else None


def _message(account: Account, row: dict[str, Any]) -> Incoming:
    """There is one conversation with each person, and a message alone does not name it: the person does."""
    by, with_whom = writer(account, row), other(account, row)
    return Incoming(
        kind="direct",
        remote_id=message_ids.short(with_whom, str(row["id"])),
        thread_key=with_whom,
        parent_id="",
        root_id="",
        author_id=by.number,
        author_handle=by.handle,
        author_name=by.name,
        text=str(row.get("message") or ""),
        at=moment(str(row["created_time"])),
        url="",
        visibility="direct",
        pictures=[{"url": one, "alt": ""} for one in _files(row, "image_data")],
        videos=[Shown(one) for one in _files(row, "video_data")],
        raw=dict(row),
    )


def _files(row: dict[str, Any], kind: str) -> list[str]:
    """Addresses of what was sent along, good for a while: `image_data` or `video_data`."""
    every = (row.get("attachments") or {}).get("data") or ()
    return [str(one[kind].get("url") or "") for one in every if isinstance(one.get(kind), dict)]


def other(account: Account, row: dict[str, Any]) -> str:
    """The person we talk with."""
    if not is_ours(account, row):
        return str(row["from"]["id"])
    to: list[dict[str, Any]] = (row.get("to") or {}).get("data") or [{}]
    return str(to[0].get("id") or "")


def person(account: Account, client: Client, outgoing: Outgoing) -> str:
    """Who is answered."""
    if known := message_ids.person_of(outgoing.reply_to):
        return known
    row = one(client, outgoing.reply_to, MESSAGE)
    if row is None:
        raise Refused(TABLE["100/33"].words, cause="gone", code="100/33")
    return other(account, row)


def say(client: Client, to: str, text: str) -> str:
    body = {"recipient": {"id": to}, "message": {"text": text}, "messaging_type": "RESPONSE"}
    return message_ids.short(to, str(client.put_object("me", "messages", **body)["message_id"]))


def said(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """What we wrote to this person since then, as far as the newest messages of the conversation reach."""
    items, _ = conversations(account, client, "", person(account, client, outgoing))
    mine = [item for item in items if item.author_id == account.remote_id]
    ours = [replace(candidate(dict(item.raw), outgoing.reply_to), remote_id=item.remote_id) for item in mine]
    reached = len(items) < 20 or min(item.at for item in items) < since
    return ours, reached
