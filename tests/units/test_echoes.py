"""What people did with posts: the most of each, zeros shown, and the unknown never taken for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from metrics.echoes import UNTOLD, echoes
from metrics.measures.reach import PostRow

AT = datetime(2026, 11, 11, 9, tzinfo=UTC)
NAMES = ("platform", "kind", "medium", "topic", "call")
NUMBERS = ("likes", "replies", "shares", "clicks", "own_clicks", "reach", "impressions", "followers")


def post(words: str, **numbers: int | None) -> PostRow:
    facts: dict[str, Any] = dict.fromkeys(NAMES, "") | dict.fromkeys(NUMBERS) | numbers
    return PostRow(ref=words, channel="Fernhill on X", at=AT, words=words, hour=9, read_at=AT, **facts)


def test_the_most_of_each_come_first_and_posts_nobody_shared_are_shown() -> None:
    rows = [
        post("Bins", likes=1, replies=9, shares=0, reach=200),
        post("Pond", likes=40, replies=1, shares=6, reach=1000),
        post("Roads", likes=2, replies=4, shares=0),
        post("Tax", likes=0, replies=0, shares=0),
        post("Music", likes=3, replies=2, shares=1),
    ]
    commented, shared, took_part, quiet = echoes(rows)
    assert [(one["words"], one["number"]) for one in commented["posts"]] == [("Bins", 9), ("Roads", 4), ("Music", 2)]
    assert [(one["words"], one["number"]) for one in shared["posts"]] == [("Pond", 6), ("Music", 1)]
    assert [one["rate"] for one in took_part["posts"]][:2] == [
        "4.7 % of 1,000 reached took part",
        "5.0 % of 200 reached took part",
    ]
    assert [one["words"] for one in quiet["posts"]] == ["Bins", "Roads", "Tax"]


def test_what_no_platform_tells_is_said_and_is_no_nought() -> None:
    rows = [post("Bins", likes=3, shares=None), post("Pond")]
    commented, shared, took_part, quiet = echoes(rows)
    assert (commented["posts"], commented["nothing"], commented["untold"]) == ([], UNTOLD, 2)
    assert (shared["nothing"], quiet["posts"], quiet["untold"]) == (UNTOLD, [], 2)
    assert (took_part["posts"][0]["number"], took_part["untold"]) == (3, 1)


def test_more_silent_posts_than_have_room_are_counted() -> None:
    quiet = echoes([post(f"Post {n}", shares=0) for n in range(8)])[3]
    assert (len(quiet["posts"]), quiet["more"]) == (5, 3)
    assert echoes([])[0]["nothing"] == UNTOLD
