"""Private messages on Bluesky, as far as the app password lets Parley see them.

They have no key of ours. So an answer is only sent where the same words do not stand below what it answers already.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms import bluesky_reading, merged
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page, Receipt, Refused
from channels_app.platforms.bluesky_client import Client, reading, writing
from channels_app.platforms.merged import Left
from channels_app.platforms.plaintext import normal
from channels_app.platforms.verdicts import Answered

MOST = 1000  # characters of one message
PAGES = 5  # of one conversation
EARLIEST = datetime.min.replace(tzinfo=UTC)
SHUT = frozenset(
    {"400 InvalidToken", "401 InvalidToken", "403 Forbidden", "400 InvalidRequest", "501 MethodNotImplemented"}
)
Row = Mapping[str, Any]


def is_private(remote_id: str) -> bool:
    """Whether an id of ours names a private message: its conversation, a slash, itself."""
    return "/" in remote_id and not remote_id.startswith("at:")


def talks(account: Account, client: Client, place: str) -> Page:
    """A page of what is said in all conversations, newest first; nothing where the app password keeps them shut.

    One that nothing new was said in is not opened.
    """
    items: list[Incoming] = []
    one, left = merged.first(merged.opened(place))
    try:
        if not one.name:
            left += _convos(client, one.place)
            if not left:
                return Page([])
            one, left = merged.first(left)
        if one.name:
            items, more = _said(account, client, one)
            left += more
        else:
            left.append(one)
    except Answered as answer:
        if answer.code not in SHUT:
            raise
    return merged.page(items, left)


def _convos(client: Client, cursor: str) -> list[Left]:
    """A page of the conversations, the one that moved last first. What moves one may be no message: so the list has no
    end that is older than its newest.
    """
    body = client.ask("chat.bsky.convo.listConvos", chat=True, limit=100, cursor=cursor)
    spoken = [one for one in body["convos"] if (one.get("lastMessage") or {}).get("sentAt")]
    found = [
        Left(_moment(one["lastMessage"]), str(one["id"]), about=json.dumps(list(map(_named, one.get("members") or ()))))
        for one in spoken
    ]
    if (following := str(body.get("cursor") or "")) and body["convos"]:
        found.append(Left(max((one.edge for one in found), default=EARLIEST), place=following))
    return found


def _said(account: Account, client: Client, one: Left) -> tuple[list[Incoming], list[Left]]:
    """The next messages of a conversation."""
    body = client.ask("chat.bsky.convo.getMessages", chat=True, convoId=one.name, limit=100, cursor=one.place)
    people = {str(each["did"]): each for each in json.loads(one.about or "[]")}
    rows, following = body["messages"], str(body.get("cursor") or "")
    more = [Left(min(map(_moment, rows)), one.name, following, one.about)] if rows and following else []
    return [_item(account, one.name, row, people) for row in rows if "text" in row], more


def _named(person: Row) -> Mapping[str, str]:
    return {key: str(person[key]) for key in ("did", "handle", "displayName") if person.get(key)}


def _moment(row: Row) -> datetime:
    return bluesky_reading.moment(str(row["sentAt"]))


def _pages(client: Client, name: str, key: str, **query: str) -> Iterator[Row]:
    cursor = ""
    for _ in range(PAGES):
        body = client.ask(f"chat.bsky.convo.{name}", chat=True, limit=100, cursor=cursor, **query)
        yield from body[key]
        cursor = str(body.get("cursor") or "")
        if not cursor:
            return


def one(account: Account, client: Client, remote_id: str) -> Incoming | None:
    """A message of a conversation; None when it is not there any more."""
    convo, _, name = remote_id.partition("/")
    for row in _pages(client, "getMessages", "messages", convoId=convo):
        if str(row.get("id")) == name:
            return _item(account, convo, row, {}) if "text" in row else None
    return None


def _item(account: Account, convo: str, row: Row, people: Mapping[str, Row]) -> Incoming:
    did = str(row["sender"]["did"])
    author = people.get(did, {"did": did})
    return Incoming(
        kind="direct",
        remote_id=f"{convo}/{row['id']}",
        thread_key=convo,
        parent_id="",
        root_id="",
        author_id=did,
        author_handle=bluesky_reading.handle_of(author),
        author_name=str(author.get("displayName") or author.get("handle") or did),
        text=str(row["text"]),
        at=bluesky_reading.moment(str(row["sentAt"])),
        url=f"https://{bluesky_reading.web(account)}/messages/{convo}",
        visibility="direct",
        raw=dict(row),
    )


def sent(account: Account, outgoing: Outgoing, words: str) -> Receipt:
    """Answer a private message, unless this answer stands below it already."""
    if not is_private(outgoing.reply_to):
        raise Refused("Bluesky has no private answer to a public post.", cause="content", code="not private")
    client = Client(account)
    convo, _, asked = outgoing.reply_to.partition("/")
    there = reading(lambda: _below(account, client, convo, asked, words))
    if there is None:
        body = {"convoId": convo, "message": {"text": words}}
        row = writing(lambda: client.do("chat.bsky.convo.sendMessage", body, chat=True))
        there = writing(lambda: _item(account, convo, row, {}))
    return Receipt(there.remote_id, there.url, there.at)


def _below(account: Account, client: Client, convo: str, asked: str, words: str) -> Incoming | None:
    for row in _pages(client, "getMessages", "messages", convoId=convo):
        if str(row.get("id")) == asked:
            return None
        if row.get("sender", {}).get("did") == account.remote_id and normal(str(row.get("text"))) == normal(words):
            return _item(account, convo, row, {})
    return None


def seen(account: Account, outgoing: Outgoing, words: str, since: datetime) -> list[Candidate]:
    """Our answers with these words that may be this one."""
    client = Client(account)
    convo, _, asked = outgoing.reply_to.partition("/")
    item = _below(account, client, convo, asked, words)
    if item is None:
        return []
    return [Candidate(item.remote_id, item.url, item.text, item.at, 0, outgoing.reply_to)]
