"""Private messages on Bluesky, as far as the app password lets Parley see them.

They have no key of ours. So an answer is only sent where the same words do not stand below what it answers already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from channels_app.platforms import bluesky_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Receipt, Refused
from channels_app.platforms.bluesky_client import Client, reading, writing
from channels_app.platforms.plaintext import normal
from channels_app.platforms.verdicts import Answered

MOST = 1000  # characters of one message
PAGES = 5  # of one conversation, and of the list of them
SHUT = frozenset(
    {"400 InvalidToken", "401 InvalidToken", "403 Forbidden", "400 InvalidRequest", "501 MethodNotImplemented"}
)
Row = Mapping[str, Any]


def is_private(remote_id: str) -> bool:
    """Whether an id of ours names a private message: its conversation, a slash, itself."""
    return "/" in remote_id and not remote_id.startswith("at:")


def newest(account: Account, client: Client) -> list[Incoming]:
    """What stands in every conversation, the newest hundred each; nothing where the app password keeps them shut."""
    items: list[Incoming] = []
    try:
        for convo in _pages(client, "listConvos", "convos"):
            people = {str(one["did"]): one for one in convo.get("members") or ()}
            body = client.ask("chat.bsky.convo.getMessages", chat=True, convoId=convo["id"], limit=100)
            items += [_item(account, str(convo["id"]), row, people) for row in body["messages"] if "text" in row]
    except Answered as answer:
        if answer.code not in SHUT:
            raise
    return sorted(items, key=lambda one: (one.at, one.remote_id), reverse=True)


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
