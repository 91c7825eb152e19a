"""A Page's posts, comments and mentions as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms.base import Account, Candidate, Incoming, Shown

COUNTS = "likes.limit(0).summary(true),comments.limit(0).summary(true),shares"
CARDS = "attachments{type,media,description,url,unshimmed_url,subattachments}"
POST = f"id,message,created_time,from,permalink_url,{CARDS},{COUNTS}"
COMMENT = "id,message,created_time,from,permalink_url,is_hidden,can_hide,parent,like_count,comment_count,attachment"
INSIGHTS = {
    "post_media_view": "impressions",
    "post_total_media_view_unique": "reach",
    "post_clicks": "clicks",
}
Row = Mapping[str, Any]


def moment(text: str) -> datetime:
    """Graph writes its offsets without a colon, which Python reads from 3.11 on."""
    return datetime.fromisoformat(text).astimezone(UTC)


def attachments(row: Row) -> list[Row]:
    """Pictures and link cards of a post, an album taken apart."""
    found: list[Row] = []
    for one in (row.get("attachments") or {}).get("data") or ():
        inner = (one.get("subattachments") or {}).get("data")
        found += inner or [one]
    return found


def pictures(row: Row) -> list[Mapping[str, str]]:
    shown = [one for one in attachments(row) if one.get("type") in {"photo", "cover_photo"}]
    hung = row.get("attachment")  # of a comment
    if isinstance(hung, dict) and "image" in (hung.get("media") or {}) and not _moves(hung):
        shown.append(hung)
    return [
        {
            "url": str(((one.get("media") or {}).get("image") or {}).get("src") or ""),
            "alt": str(one.get("description") or ""),
        }
        for one in shown
    ]


def videos(row: Row) -> list[Shown] | None:
    """Videos of a post or a comment. A post whose video is not ready has none yet, and that proves nothing.

    The kinds of attachment are not listed anywhere: those of videos are known by how their names begin. Not verified.
    """
    hung = row.get("attachment")
    every = [*attachments(row), *([hung] if isinstance(hung, dict) else [])]
    address = str(row.get("permalink_url") or "")
    found = [
        Shown(str(one.get("url") or one.get("unshimmed_url") or address), alt=str(one.get("description") or ""))
        for one in every
        if _moves(one)
    ]
    return found or None


def _moves(attachment: Row) -> bool:
    return str(attachment.get("type") or "").startswith("video")


def link_of(row: Row) -> str:
    links = [one for one in attachments(row) if one.get("type") == "share"]
    return str(links[0].get("unshimmed_url") or links[0].get("url") or "") if links else ""


def numbers(row: Row) -> dict[str, int | None]:
    """A post's numbers by catalogue name. Facebook leaves `shares` out where there are none."""

    def total(name: str) -> int | None:
        return ((row.get(name) or {}).get("summary") or {}).get("total_count")

    known = "likes" in row or "comments" in row
    shares = (row.get("shares") or {}).get("count", 0 if known else None)
    return {
        "impressions": None,
        "reach": None,
        "likes": total("likes"),
        "shares": shares,
        "replies": total("comments"),
        "quotes": None,
        "bookmarks": None,
        "clicks": None,
    }


def profile_numbers(row: Row) -> dict[str, int | None]:
    return {"followers": row.get("followers_count"), "following": None, "posts": None}


def insights(body: Row) -> dict[str, int | None]:
    """The newest value of each metric in an insights answer."""
    found: dict[str, int | None] = {}
    for one in body.get("data") or ():
        values = one.get("values") or ()
        if one.get("name") in INSIGHTS and values:
            found[INSIGHTS[one["name"]]] = values[-1].get("value")
    return found


def post(account: Account, row: Row) -> Incoming:
    """A post of the Page itself, or (kind `mention`) of somebody who named it."""
    author = row.get("from") or {}
    ours = str(author.get("id") or account.remote_id) == account.remote_id
    return Incoming(
        kind="post" if ours else "mention",
        remote_id=str(row["id"]),
        thread_key=str(row["id"]),
        parent_id="",
        root_id="",
        author_id=str(author.get("id") or ""),
        author_handle="",
        author_name=str(author.get("name") or ""),
        text=str(row.get("message") or ""),
        at=moment(str(row["created_time"])),
        url=str(row.get("permalink_url") or ""),
        hidden=bool(row.get("is_hidden")),
        pictures=pictures(row),
        videos=videos(row),
        numbers=numbers(row) if ours else {},
        raw=dict(row),
    )


def comment(row: Row, root: str) -> Incoming:
    """A comment under `root`. Who wrote it is missing where the person keeps it from Pages."""
    author, parent = row.get("from") or {}, str((row.get("parent") or {}).get("id") or "")
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=str(row["id"]),
        thread_key=parent or str(row["id"]),
        parent_id=parent or root,
        root_id=root,
        author_id=str(author.get("id") or ""),
        author_handle="",
        author_name=str(author.get("name") or ""),
        text=str(row.get("message") or ""),
        at=moment(str(row["created_time"])),
        url=str(row.get("permalink_url") or ""),
        hidden=bool(row.get("is_hidden")),
        pictures=pictures(row),
        videos=videos(row),
        raw=dict(row),
    )


def candidate(row: Row, reply_to: str = "") -> Candidate:
    return Candidate(
        remote_id=str(row["id"]),
        url=str(row.get("permalink_url") or ""),
        text=str(row.get("message") or ""),
        at=moment(str(row["created_time"])),
        pictures=len(pictures(row)),
        reply_to=reply_to,
    )
