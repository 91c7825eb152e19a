"""Private messages on X: read as events, answered within their conversation. There is no key of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from channels_app.platforms import x_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page, Refused
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.x_client import Client

ASK = {
    "dm_event.fields": "attachments,created_at,dm_conversation_id,event_type,participant_ids,sender_id,text",
    "event_types": "MessageCreate",
    "expansions": "attachments.media_keys,sender_id",
    "media.fields": x_reading.MEDIA,
    "user.fields": "name,username",
}
Row = Mapping[str, Any]


def page(account: Account, client: Client, place: str) -> Page:
    """A page of what is said in all conversations, newest first; nothing where the keys do not reach it."""
    asked = ASK | {"max_results": "100"} | ({"pagination_token": place} if place else {})
    try:
        body = client.call("GET", "/2/dm_events", asked)
    except Answered as answer:
        if not answer.code.startswith("403"):
            raise
        return Page([])
    items = _items(account, body)
    return Page(items, str((body.get("meta") or {}).get("next_token") or ""), items[0].remote_id if items else "")


def one(account: Account, client: Client, remote_id: str) -> Incoming | None:
    """A message; None when it is not there any more."""
    asked = {name: value for name, value in ASK.items() if name != "event_types"}
    try:
        body = client.call("GET", f"/2/dm_events/{remote_id}", asked)
    except Answered as answer:
        if answer.code.startswith("404"):
            return None
        raise
    items = _items(account, body) if body.get("data") else []
    return items[0] if items else None


def _items(account: Account, body: Row) -> list[Incoming]:
    data = body.get("data") or []
    rows: Sequence[Row] = [data] if isinstance(data, dict) else list(data)
    included = body.get("includes") or {}
    people = {str(one["id"]): one for one in included.get("users") or ()}
    media = {str(one["media_key"]): one for one in included.get("media") or ()}
    return [
        _item(account, row, people, media) for row in rows if row.get("event_type", "MessageCreate") == "MessageCreate"
    ]


def _item(account: Account, row: Row, people: Mapping[str, Row], media: Mapping[str, Row]) -> Incoming:
    sender, conversation = str(row["sender_id"]), str(row["dm_conversation_id"])
    author = people.get(sender, {})
    handle = str(author.get("username") or "")
    shown, url = x_reading.attached(row, media), f"https://{account.host.removeprefix('api.')}/messages/{conversation}"
    return Incoming(
        kind="direct",
        remote_id=str(row["id"]),
        thread_key=conversation,
        parent_id="",
        root_id="",
        author_id=sender,
        author_handle=f"@{handle}" if handle else "",
        author_name=str(author.get("name") or handle),
        text=x_reading.text_of(row),
        at=x_reading.moment(str(row["created_at"])),
        url=url,
        visibility="direct",
        pictures=x_reading.pictures(shown),
        videos=x_reading.videos(shown, url),
        raw=dict(row),
    )


def conversation_of(account: Account, client: Client, message: str) -> str:
    """Where a message stands; Refused when it is gone."""
    asked = one(account, client, message)
    if asked is None:
        raise Refused("The message this answers is no longer on X.", cause="gone", code="gone")
    return asked.thread_key


def sent(client: Client, conversation: str, words: str) -> str:
    """Answer in a conversation; the message's id."""
    body = client.call("POST", f"/2/dm_conversations/{conversation}/messages", json={"text": words})
    return str(body["data"]["dm_event_id"])


def own(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our own messages in the conversation, as answers to what this answers; whether they reach back to `since`."""
    conversation = conversation_of(account, client, outgoing.reply_to)
    body = client.call("GET", f"/2/dm_conversations/{conversation}/dm_events", ASK | {"max_results": "100"})
    items = _items(account, body)
    ours = [item for item in items if item.author_id == account.remote_id]
    found = [Candidate(item.remote_id, item.url, item.text, item.at, 0, outgoing.reply_to) for item in ours]
    return found, not (body.get("meta") or {}).get("next_token") or items[-1].at < since
