"""Private messages of a Page. They are answered within a day of the person's last one.

Facebook shows the newest twenty messages of a conversation. Where the key may not read them there are none. Not
verified with real credentials.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from channels_app.platforms import facebook_reading as reading
from channels_app.platforms import facebook_search, message_ids
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Refused, Shown
from channels_app.platforms.graph import TABLE, Graph
from channels_app.platforms.verdicts import Answered

MOST = 2000  # characters
MESSAGE = "id,created_time,from,to,message,attachments"
CONVERSATIONS = f"id,updated_time,messages.limit(20){{{MESSAGE}}}"
SHUT = frozenset({"10", "200", "3"})
Row = Mapping[str, Any]


def called(account: Account, client: Graph, page: str, *, tags: bool) -> tuple[list[Incoming], str]:
    """Posts of others that name the Page, and private messages: each has its own place to go on from."""
    known = json.loads(page) if page.startswith("{") else {"tags": page} if page else {"talks": "", "tags": ""}
    left: dict[str, str] = {name: place for name, place in known.items() if tags or name == "talks"}
    items: list[Incoming] = []
    following: dict[str, str] = {}
    if "talks" in left:
        items, following["talks"] = conversations(account, client, left["talks"])
    if "tags" in left:
        rows, following["tags"] = _page(client, account.remote_id, "tagged", reading.POST, left["tags"])
        items += [reading.post(account, row) for row in rows]
    items.sort(key=lambda item: item.at, reverse=True)
    more = {name: place for name, place in following.items() if place}
    return items, json.dumps(more) if more else ""


def conversations(account: Account, client: Graph, after: str, person: str = "") -> tuple[list[Incoming], str]:
    """Messages of a page of conversations, newest first, and where it goes on."""
    asked = {"platform": "messenger"} | ({"user_id": person} if person else {})
    try:
        threads, following = _page(client, "me", "conversations", CONVERSATIONS, after, **asked)
    except Answered as answer:
        if answer.code not in SHUT:
            raise
        return [], ""
    rows = [row for thread in threads for row in (thread.get("messages") or {}).get("data") or ()]
    return sorted((_item(account, row) for row in rows), key=lambda one: one.at, reverse=True), following


def _page(
    client: Graph, name: str, edge: str, fields: str, after: str, **asked: str
) -> tuple[Sequence[dict[str, Any]], str]:
    body = client.get_connections(name, edge, fields=fields, limit="50", **({"after": after} if after else {}), **asked)
    paging = body.get("paging") or {}
    return body["data"], str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""


def _item(account: Account, row: Row) -> Incoming:
    """There is one conversation with each person, so the person names it."""
    author, person = row.get("from") or {}, _other(account, row)
    return Incoming(
        kind="direct",
        remote_id=message_ids.short(person, str(row["id"])),
        thread_key=person,
        parent_id="",
        root_id="",
        author_id=str(author.get("id") or ""),
        author_handle="",
        author_name=str(author.get("name") or ""),
        text=str(row.get("message") or ""),
        at=reading.moment(str(row["created_time"])),
        url="",
        visibility="direct",
        pictures=[{"url": one, "alt": ""} for one in files(row, "image_data")],
        videos=[Shown(one) for one in files(row, "video_data")],
        raw=dict(row),
    )


def files(row: Row, kind: str) -> list[str]:
    """Addresses of what was sent along, good for a while: `image_data` or `video_data`."""
    every = (row.get("attachments") or {}).get("data") or ()
    return [str(one[kind].get("url") or "") for one in every if isinstance(one.get(kind), dict)]


def _other(account: Account, row: Row) -> str:
    """The person the Page talks with."""
    author = str((row.get("from") or {}).get("id") or "")
    if author != account.remote_id:
        return author
    to: list[dict[str, Any]] = (row.get("to") or {}).get("data") or [{}]
    return str(to[0].get("id") or "")


def read(account: Account, client: Graph, name: str) -> Incoming | None:
    """One message; None when it is gone, or no longer among the newest of its conversation."""
    person = message_ids.person_of(name)
    if person:
        return next((one for one in conversations(account, client, "", person)[0] if one.remote_id == name), None)
    row = facebook_search.one(client, name, MESSAGE)
    return _item(account, row) if row is not None else None


def person(account: Account, client: Graph, outgoing: Outgoing) -> str:
    """Who is answered."""
    if known := message_ids.person_of(outgoing.reply_to):
        return known
    row = facebook_search.one(client, outgoing.reply_to, MESSAGE)
    if row is None:
        raise Refused(TABLE["100/33"].words, cause="gone", code="100/33")
    return _other(account, row)


def say(client: Graph, to: str, text: str) -> str:
    """Answer a person; the message's name."""
    body = {"recipient": {"id": to}, "message": {"text": text}, "messaging_type": "RESPONSE"}
    return message_ids.short(to, str(client.put_object("me", "messages", **body)["message_id"]))


def said(account: Account, client: Graph, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """What we wrote to this person since then, as far as the newest messages of the conversation reach."""
    items, _ = conversations(account, client, "", person(account, client, outgoing))
    ours = [one for one in items if one.author_id == account.remote_id]
    reached = len(items) < 20 or min(one.at for one in items) < since
    found = [Candidate(one.remote_id, one.url, one.text, one.at, 0, outgoing.reply_to) for one in ours]
    return found, reached and bool(items)
