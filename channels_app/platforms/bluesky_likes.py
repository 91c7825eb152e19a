"""The town's own like of a post on Bluesky: a record of its own, under a name made from the post's.

So the same like again finds the first one. One that somebody gave in the app stands under another name; it counts as
the town's as well, and goes with it.
"""

from __future__ import annotations

from typing import Any

from channels_app.platforms import bluesky_chat, bluesky_streams, bluesky_text, liking
from channels_app.platforms.base import Account, Outgoing, Refused
from channels_app.platforms.bluesky_client import LABEL, Client, Place, place, reading, writing
from channels_app.platforms.bluesky_writing import now
from channels_app.platforms.verdicts import Answered

LIKE = "app.bsky.feed.like"


def put(account: Account, outgoing: Outgoing) -> None:
    """Like it, or take that back. What is gone carries no like any more."""
    client, target = Client(account), outgoing.target
    liking.refuse_private(LABEL, bluesky_chat.is_private(target))
    post = reading(lambda: bluesky_streams.one(client, target))
    given = reading(lambda: _given(account, client, target, post))
    if outgoing.kind == "unlike":
        for uri in given:
            writing(lambda uri=uri: client.do("com.atproto.repo.deleteRecord", place(uri)._asdict()))  # type: ignore[misc]
        return
    if post is None:
        raise Refused("This is no longer on Bluesky.", cause="gone", code="unable")
    if not given:
        writing(lambda: _write(client, _own(account, target), str(post["cid"]), target))


def is_liked(account: Account, client: Client, target: str) -> bool:
    return bool(_given(account, client, target, bluesky_streams.one(client, target)))


def _own(account: Account, target: str) -> Place:
    """Where Parley's like of this stands, or will."""
    return Place(account.remote_id, LIKE, bluesky_text.rkey(target))


def _given(account: Account, client: Client, target: str, post: dict[str, Any] | None) -> list[str]:
    """The likes of ours that are there now; the public view may name one that is gone."""
    seen = str(((post or {}).get("viewer") or {}).get("like") or "")
    names = dict.fromkeys([f"at://{'/'.join(_own(account, target))}", *([seen] if seen else [])])
    return [uri for uri in names if client.record(uri) is not None]


def _write(client: Client, where: Place, cid: str, target: str) -> None:
    record = {"$type": LIKE, "subject": {"uri": target, "cid": cid}, "createdAt": now()}
    try:
        client.do("com.atproto.repo.putRecord", where._asdict() | {"record": record, "swapRecord": None})
    except Answered as answer:
        if answer.code != "400 InvalidSwap":  # it is there since a moment ago
            raise
