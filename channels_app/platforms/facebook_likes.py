"""The Page's own like of what somebody wrote on Facebook."""

from __future__ import annotations

from channels_app.platforms import facebook_search, liking
from channels_app.platforms.base import Outgoing
from channels_app.platforms.graph import Graph
from channels_app.platforms.verdicts import Answered

GONE = frozenset({"100/33", "803"})
SEEN = "id,likes.limit(0).summary(true)"


def put(client: Graph, outgoing: Outgoing) -> None:
    """Like it, or take that back. What is gone carries no like any more."""
    liking.refuse_private("Facebook", outgoing.visibility == "direct")
    try:
        if outgoing.kind == "like":
            client.put_object(outgoing.target, "likes")
        else:
            client.delete_object(f"{outgoing.target}/likes")
    except Answered as answer:
        if outgoing.kind == "like" or answer.code not in GONE:
            raise


def is_liked(client: Graph, target: str) -> bool | None:
    """Whether the Page likes it; None where Facebook does not tell."""
    row = facebook_search.one(client, target, SEEN)
    if row is None:
        return False
    # Not confirmed with real credentials: that a Page is told here whether it has liked.
    told = ((row.get("likes") or {}).get("summary") or {}).get("has_liked")
    return told if isinstance(told, bool) else None
