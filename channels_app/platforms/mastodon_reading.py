"""Mastodon statuses as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from channels_app.platforms.base import Account, Candidate, Incoming, Shown, Visibility
from channels_app.platforms.plaintext import from_html

Row = Mapping[str, Any]
VISIBILITIES: Mapping[str, Visibility] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "private",
    "direct": "direct",
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def handle_of(account: Account, row: Row) -> str:
    """The full handle, with the server even for people of our own."""
    acct = str(row.get("acct") or row.get("username") or "")
    return f"@{acct}" if "@" in acct else f"@{acct}@{account.host}"


def text_of(row: Row) -> str:
    warning, words = str(row.get("spoiler_text") or ""), from_html(str(row.get("content") or ""))
    return f"{warning}\n\n{words}".strip()


def visibility_of(row: Row) -> Visibility:
    """An unknown kind of visibility counts as private: nothing of it may be answered in public."""
    return VISIBILITIES.get(str(row.get("visibility")), "private")


def kind_of(account: Account, row: Row) -> Literal["post", "reply", "mention", "direct"]:
    """By the status alone, so that it is the same in every stream."""
    if visibility_of(row) == "direct":
        return "direct"
    if row.get("in_reply_to_id"):
        return "reply"
    return "post" if str(row["account"]["id"]) == account.remote_id else "mention"


def numbers(row: Row) -> dict[str, int | None]:
    """A status's numbers by catalogue name. Mastodon counts neither impressions nor clicks."""
    return {
        "impressions": None,
        "reach": None,
        "likes": row.get("favourites_count"),
        "shares": row.get("reblogs_count"),
        "replies": row.get("replies_count"),
        "quotes": row.get("quotes_count"),
        "bookmarks": None,
        "clicks": None,
    }


def profile_numbers(row: Row) -> dict[str, int | None]:
    return {
        "followers": row.get("followers_count"),
        "following": row.get("following_count"),
        "posts": row.get("statuses_count"),
    }


def place(account: Account, row: Row, above: Sequence[Row]) -> tuple[str, str]:
    """(thread key, our post it hangs under) of a status, given everything above it, oldest first.

    The key is the top-level comment under our post; elsewhere the first status of the thread that names the town or
    is its own; for a private thread its first status.
    """
    chain = [*above, row]
    if kind_of(account, row) == "direct":
        return str(chain[0]["id"]), ""
    if str(chain[0]["account"]["id"]) == account.remote_id and len(chain) > 1:
        return str(chain[1]["id"]), str(chain[0]["id"])
    return str(next((one for one in chain if _ours(account, one)), row)["id"]), ""


def _ours(account: Account, row: Row) -> bool:
    named = {str(one["id"]) for one in row.get("mentions") or ()}
    return account.remote_id in named | {str(row["account"]["id"])}


def item(account: Account, row: Row, thread_key: str = "", root: str = "") -> Incoming:
    kind, author = kind_of(account, row), row["account"]
    return Incoming(
        kind=kind,
        remote_id=str(row["id"]),
        thread_key=thread_key or str(row.get("in_reply_to_id") or row["id"]),
        parent_id=str(row.get("in_reply_to_id") or ""),
        root_id=root,
        author_id=str(author["id"]),
        author_handle=handle_of(account, author),
        author_name=str(author.get("display_name") or author.get("username") or ""),
        text=text_of(row),
        at=moment(str(row["created_at"])),
        url=str(row.get("url") or ""),
        visibility=visibility_of(row),
        language=str(row.get("language") or ""),
        edited_at=moment(str(row["edited_at"])) if row.get("edited_at") else None,
        pictures=[
            {"url": str(one.get("url") or ""), "alt": str(one.get("description") or "")} for one in _pictures(row)
        ],
        videos=_videos(row),
        poll=[str(one.get("title") or "") for one in (row.get("poll") or {}).get("options") or ()],
        numbers=numbers(row) if kind == "post" else {},
        raw=dict(row),
    )


def _pictures(row: Row) -> list[Row]:
    """What is attached, without videos; a moving picture counts as one."""
    return [one for one in row.get("media_attachments") or () if one.get("type") != "video"]


def _videos(row: Row) -> list[Shown] | None:
    """Where each can be watched. A video without sound becomes a moving picture, so that one tells of neither."""
    every = row.get("media_attachments") or ()
    found = [
        Shown(str(one.get("url") or one.get("remote_url") or ""), alt=str(one.get("description") or ""))
        for one in every
        if one.get("type") == "video"
    ]
    return None if not found and any(one.get("type") == "gifv" for one in every) else found


def candidate(row: Row, *, filmed: bool = False) -> Candidate:
    """`filmed`: a video is looked for, and one without sound has become a moving picture."""
    shown = [one for one in _pictures(row) if not (filmed and one.get("type") == "gifv")]
    return Candidate(
        remote_id=str(row["id"]),
        url=str(row.get("url") or ""),
        text=text_of(row),
        at=moment(str(row["created_at"])),
        pictures=len(shown),
        reply_to=str(row.get("in_reply_to_id") or ""),
    )
