"""Private conversations at Meta, one with each person, read as one stream.

The list shows the newest twenty messages of each; where there are more, they are asked for as long as they may be new.
Meta's papers say that only these twenty can be looked into, so of older ones there may come no more than a number:
those are left out. Where the key may not read messages there are none. Not verified with real credentials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from channels_app.platforms import merged
from channels_app.platforms.base import Incoming, Page
from channels_app.platforms.facebook_reading import moment
from channels_app.platforms.graph import Graph
from channels_app.platforms.merged import Left
from channels_app.platforms.verdicts import Answered

EACH = 20  # messages of a conversation at once
MESSAGE = "id,created_time,from,to,message,attachments"
CONVERSATIONS = f"id,updated_time,messages.limit({EACH}){{{MESSAGE}}}"
SHUT = frozenset({"10", "200", "3"})
BEYOND = frozenset({"100", "100/33"})  # older messages than may be looked into, which keep nobody from the newer
Row = Mapping[str, Any]


def page(client: Graph, platform: str, place: str, item: Callable[[Row], Incoming]) -> Page:
    """A page of the messages of everybody, newest first. `platform` is Meta's word for where they are exchanged."""
    one, left = merged.first(merged.opened(place))
    try:
        rows, more = _deeper(client, one) if one.name else _listed(client, platform, one.place)
    except Answered as answer:
        if answer.code not in SHUT and not (one.name and answer.code in BEYOND):
            raise
        rows, more = [], []
    return merged.page((item(row) for row in rows if row.get("from")), [*left, *more])


def with_person(client: Graph, platform: str, person: str) -> list[Row]:
    """The newest messages exchanged with a person."""
    asked = {"platform": platform, "fields": CONVERSATIONS, "limit": "50", "user_id": person}
    try:
        threads = client.get_connections("me", "conversations", **asked)["data"]
    except Answered as answer:
        if answer.code not in SHUT:
            raise
        return []
    rows = [row for thread in threads for row in (thread.get("messages") or {}).get("data") or ()]
    return sorted(rows, key=lambda row: moment(str(row["created_time"])), reverse=True)


def _listed(client: Graph, platform: str, after: str) -> tuple[list[Row], list[Left]]:
    """A page of conversations with their newest messages, the one spoken in last first."""
    asked = {"platform": platform, "fields": CONVERSATIONS, "limit": "50"}
    body = client.get_connections("me", "conversations", **asked | ({"after": after} if after else {}))
    shown = [(str(one["id"]), one.get("messages") or {}) for one in body["data"]]
    left = [more for name, messages in shown for more in _more(name, messages)]
    if (place := following(body)) and body["data"]:
        left.append(Left(max(moment(str(one["updated_time"])) for one in body["data"]), place=place))
    return [row for _, messages in shown for row in messages.get("data") or ()], left


def _deeper(client: Graph, one: Left) -> tuple[Sequence[Row], list[Left]]:
    """The next messages of one conversation."""
    body = client.get_connections(one.name, "messages", fields=MESSAGE, limit=str(EACH), after=one.place)
    return body["data"], list(_more(one.name, body))


def _more(name: str, messages: Row) -> Iterator[Left]:
    times = [moment(str(row["created_time"])) for row in messages.get("data") or () if row.get("created_time")]
    if (place := following(messages)) and times:
        yield Left(min(times), name, place)


def following(body: Row) -> str:
    """Where a list goes on; empty at its end."""
    paging = body.get("paging") or {}
    return str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
