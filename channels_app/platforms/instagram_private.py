"""Private messages of an Instagram account: they run through the Page it is linked with.

Instagram takes an answer within a day of the person's last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from channels_app.platforms import message_ids, meta_talks
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page, Refused, Shown
from channels_app.platforms.instagram_client import TABLE, Client, one
from channels_app.platforms.instagram_reading import candidate, is_ours, moment, writer

MOST_BYTES = 1000
Row = Mapping[str, Any]


def talks(account: Account, client: Client, page: str) -> Page:
    """A page of private messages, newest first."""
    return meta_talks.page(client, "instagram", page, lambda row: _message(account, row))


def message(account: Account, client: Client, name: str) -> Incoming | None:
    """One message; None when it is gone, or no longer among the newest of its conversation."""
    if with_whom := message_ids.person_of(name):
        return next((item for item in _with(account, client, with_whom) if item.remote_id == name), None)
    row = one(client, name, meta_talks.MESSAGE)
    return _message(account, row) if row is not None else None


def _with(account: Account, client: Client, person: str) -> list[Incoming]:
    return [_message(account, row) for row in meta_talks.with_person(client, "instagram", person)]


def _message(account: Account, row: Row) -> Incoming:
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


def _files(row: Row, kind: str) -> list[str]:
    """Addresses of what was sent along, good for a while: `image_data` or `video_data`."""
    every = (row.get("attachments") or {}).get("data") or ()
    return [str(one[kind].get("url") or "") for one in every if isinstance(one.get(kind), dict)]


def other(account: Account, row: Row) -> str:
    """The person we talk with."""
    if not is_ours(account, row):
        return str(row["from"]["id"])
    to: list[dict[str, Any]] = (row.get("to") or {}).get("data") or [{}]
    return str(to[0].get("id") or "")


def person(account: Account, client: Client, outgoing: Outgoing) -> str:
    """Who is answered."""
    if known := message_ids.person_of(outgoing.reply_to):
        return known
    row = one(client, outgoing.reply_to, meta_talks.MESSAGE)
    if row is None:
        raise Refused(TABLE["100/33"].words, cause="gone", code="100/33")
    return other(account, row)


def say(client: Client, to: str, text: str) -> str:
    body = {"recipient": {"id": to}, "message": {"text": text}, "messaging_type": "RESPONSE"}
    return message_ids.short(to, str(client.put_object("me", "messages", **body)["message_id"]))


def said(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """What we wrote to this person since then, as far as the newest messages of the conversation reach."""
    items = _with(account, client, person(account, client, outgoing))
    mine = [item for item in items if item.author_id == account.remote_id]
    ours = [replace(candidate(dict(item.raw), outgoing.reply_to), remote_id=item.remote_id) for item in mine]
    reached = len(items) < meta_talks.EACH or min(item.at for item in items) < since
    return ours, reached
