"""Pins as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms.base import Account, Candidate, Incoming, Shown
from channels_app.platforms.matching import SLACK
from channels_app.platforms.pinterest_client import GONE, PAGES, Client
from channels_app.platforms.verdicts import Answered

Row = Mapping[str, Any]
SIZES = ("originals", "1200x", "600x", "400x300", "150x150")


def moment(row: Row) -> datetime:
    """Pinterest writes UTC without saying so."""
    at = datetime.fromisoformat(str(row["created_at"]))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def address(row: Row) -> str:
    return f"https://www.pinterest.com/pin/{row['id']}/"


def pictures(row: Row) -> list[Mapping[str, str]]:
    """Without the one that stands for a video."""
    media = row.get("media") or {}
    if is_video(row):
        return []
    images = (
        [media.get("images") or {}] if "items" not in media else [one.get("images") or {} for one in media["items"]]
    )
    urls = [next((str(one[size]["url"]) for size in SIZES if size in one), "") for one in images]
    return [{"url": url, "alt": str(row.get("alt_text") or "") if n == 0 else ""} for n, url in enumerate(urls) if url]


def is_video(row: Row) -> bool:
    return (row.get("media") or {}).get("media_type") == "video"


def videos(row: Row) -> list[Shown]:
    """It is watched on the pin's own page; whether there are captions Pinterest does not tell."""
    return [Shown(address(row), alt=str(row.get("alt_text") or ""))] if is_video(row) else []


def numbers(row: Row) -> dict[str, int | None]:
    """A pin's numbers by catalogue name. To save a pin is to pin it again, where one's own followers see it."""
    told = (row.get("pin_metrics") or {}).get("lifetime_metrics") or {}
    return {
        "impressions": told.get("impression"),
        "reach": None,
        "likes": told.get("reaction"),
        "shares": told.get("save"),
        "replies": told.get("comment"),
        "quotes": None,
        "bookmarks": None,
        "clicks": told.get("clickthrough"),
    }


def profile_numbers(row: Row) -> dict[str, int | None]:
    return {
        "followers": row.get("follower_count"),
        "following": row.get("following_count"),
        "posts": row.get("pin_count"),
    }


def one(client: Client, remote_id: str) -> dict[str, Any] | None:
    """A pin with its numbers; None when it is gone."""
    try:
        row: dict[str, Any] = client.call("GET", f"pins/{remote_id}", pin_metrics="true")
    except Answered as answer:
        if answer.code == GONE:
            return None
        raise
    return row


def own_since(client: Client, since: datetime) -> tuple[list[Candidate], bool]:
    """Our own pins back to `since`; and whether the walk got there.

    Nothing promises an order: an early end counts only where everything read so far came newest first.
    """
    found: list[Candidate] = []
    asked = {"page_size": "100"}
    for _ in range(PAGES):
        body = client.call("GET", "pins", **asked)
        found += [candidate(row) for row in body["items"]]
        times = [row.at for row in found]
        if not body.get("bookmark") or (times == sorted(times, reverse=True) and times[-1] < since - SLACK):
            return found, True
        asked["bookmark"] = str(body["bookmark"])
    return found, False


def candidate(row: Row) -> Candidate:
    text = str(row.get("description") or "")
    return Candidate(str(row["id"]), address(row), text, moment(row), len(pictures(row)))


def item(account: Account, row: Row) -> Incoming:
    return Incoming(
        kind="post",
        remote_id=str(row["id"]),
        thread_key=str(row["id"]),
        parent_id="",
        root_id="",
        author_id=account.remote_id,
        author_handle=account.handle,
        author_name="",
        text=str(row.get("description") or ""),
        at=moment(row),
        url=address(row),
        pictures=pictures(row),
        videos=videos(row),
        numbers=numbers(row),
        raw=dict(row),
    )
