"""What people did with the posts of a week: commented, shared, interacted with most, and what nobody shared. Pure.

Posts whose numbers nobody tells are said and never taken for posts nobody cared about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metrics.measures import untold
from metrics.measures.reach import PostRow

MOST = 3
QUIET = 5  # posts nobody shared that are named; the others are counted
COMMENTED, SHARED, INTERACTED = "Commented on most", "Shared most", "Interacted with most"
NOT_SHARED = "Shared by nobody"
UNTOLD = "No platform gives this number."


def echoes(rows: Sequence[PostRow]) -> list[dict[str, Any]]:
    """Lists side by side, each with its heading, its posts and what is not in it."""
    return [
        _list(COMMENTED, "comments", rows, lambda one: one.replies),
        _list(SHARED, "shares", rows, lambda one: one.shares),
        _list(INTERACTED, "reactions, comments, shares and clicks", rows, lambda one: one.taken_part)
        | {"notes": _untold(rows)},
        _quiet(rows),
    ]


def _list(heading: str, unit: str, rows: Sequence[PostRow], of: Callable[[PostRow], int | None]) -> dict[str, Any]:
    told = [(number, one) for one in rows if (number := of(one)) is not None]
    best = sorted((pair for pair in told if pair[0]), key=lambda pair: (-pair[0], pair[1].at))[:MOST]
    return {
        "heading": heading,
        "unit": unit,
        "posts": [_post(one, number) for number, one in best],
        "nothing": "Nobody did." if told else UNTOLD,
        "untold": len(rows) - len(told),
    }


def _untold(rows: Sequence[PostRow]) -> list[str]:
    words = untold.sentence(one for one in rows if one.taken_part is not None)
    return [f"{words}."] if words else []


def _quiet(rows: Sequence[PostRow]) -> dict[str, Any]:
    silent = [one for one in rows if one.shares == 0]
    return {
        "heading": NOT_SHARED,
        "unit": "shares",
        "posts": [_post(one, 0) for one in silent[:QUIET]],
        "more": max(len(silent) - QUIET, 0),
        "nothing": "Every post was shared." if any(one.shares is not None for one in rows) else UNTOLD,
        "untold": sum(one.shares is None for one in rows),
    }


def _post(one: PostRow, number: int) -> dict[str, Any]:
    """The rate has the people reached below it, where the platform tells them."""
    taken = one.taken_part
    rate = f"{100 * taken / one.reach:.1f} % of {one.reach:,} reached took part" if taken and one.reach else ""
    return {"words": one.words[:90], "channel": one.channel, "number": number, "rate": rate}
