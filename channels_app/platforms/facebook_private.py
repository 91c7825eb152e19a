"""Who speaks to a Page: private messages, answered within a day of the person's last one, and posts that name it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels_app.platforms import facebook_reading as reading
from channels_app.platforms import facebook_search, message_ids, meta_talks
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page, Refused, Shown
from channels_app.platforms.graph import TABLE, Graph
from channels_app.platforms.verdicts import Answered

MOST = 2000  # characters
Row = Mapping[str, Any]


def talks(account: Account, client: Graph, page: str) -> Page:
    """A page of private messages, newest first."""
    return meta_talks.page(client, "messenger", page, lambda row: _item(account, row))


def tagged(account: Account, client: Graph, page: str) -> Page:
    """A page of posts of others that name the Page, none where the key may not read them.

    Walks begun together with private messages go on as well.
    """
    after = json.loads(page).get("tags") if page.startswith("{") else page
    if after is None:
        return Page([])
    asked = {"fields": reading.POST, "limit": "50"} | ({"after": after} if after else {})
    try:
        body = client.get_connections(account.remote_id, "tagged", **asked)
    except Answered as answer:
        if answer.code not in meta_talks.SHUT:
            raise
        return Page([])
    items = sorted((reading.post(account, row) for row in body["data"]), key=lambda one: one.at, reverse=True)
    return Page(items, meta_talks.following(body), items[0].remote_id if items else "")


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


def _with(account: Account, client: Graph, person: str) -> list[Incoming]:
    return [_item(account, row) for row in meta_talks.with_person(client, "messenger", person)]


def read(account: Account, client: Graph, name: str) -> Incoming | None:
    """One message; None when it is gone, or no longer among the newest of its conversation."""
    person = message_ids.person_of(name)
    if person:
        return next((one for one in _with(account, client, person) if one.remote_id == name), None)
    row = facebook_search.one(client, name, meta_talks.MESSAGE)
    return _item(account, row) if row is not None else None


def person(account: Account, client: Graph, outgoing: Outgoing) -> str:
    """Who is answered."""
    if known := message_ids.person_of(outgoing.reply_to):
        return known
    row = facebook_search.one(client, outgoing.reply_to, meta_talks.MESSAGE)
    if row is None:
        raise Refused(TABLE["100/33"].words, cause="gone", code="100/33")
    return _other(account, row)


def say(client: Graph, to: str, text: str) -> str:
    """Answer a person; the message's name."""
    body = {"recipient": {"id": to}, "message": {"text": text}, "messaging_type": "RESPONSE"}
    return message_ids.short(to, str(client.put_object("me", "messages", **body)["message_id"]))


def said(account: Account, client: Graph, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """What we wrote to this person since then, as far as the newest messages of the conversation reach."""
    items = _with(account, client, person(account, client, outgoing))
    ours = [one for one in items if one.author_id == account.remote_id]
    reached = len(items) < meta_talks.EACH or min(one.at for one in items) < since
    found = [Candidate(one.remote_id, one.url, one.text, one.at, 0, outgoing.reply_to) for one in ours]
    return found, reached and bool(items)
