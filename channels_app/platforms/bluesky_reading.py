"""Posts on Bluesky as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from channels_app.platforms.base import Account, Candidate, Incoming, Shown
from channels_app.platforms.bluesky_client import place

Row = Mapping[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def at_of(view: Row) -> datetime:
    """When it was written; never later than when it was first seen, whatever the writer says."""
    written, seen = str(view["record"].get("createdAt") or ""), moment(str(view["indexedAt"]))
    try:
        return min(moment(written), seen)
    except ValueError:
        return seen


def web(account: Account) -> str:
    """Where people read; in practice an address that leads nowhere."""
    return account.host if account.practice else "bsky.app"


def url_of(account: Account, uri: str) -> str:
    where = place(uri)
    return f"https://{web(account)}/profile/{where.repo}/post/{where.rkey}"


def _ref(view: Row, which: str) -> str:
    return str(((view["record"].get("reply") or {}).get(which) or {}).get("uri") or "")


def kind_of(account: Account, view: Row) -> Literal["post", "comment", "reply", "mention"]:
    """By the post alone, so that it is the same in every stream."""
    ours = view["author"]["did"] == account.remote_id
    root = _ref(view, "root")
    if not root:
        return "post" if ours else "mention"
    if ours:
        return "reply"
    if place(root).repo != account.remote_id:
        return "mention"
    return "comment" if _ref(view, "parent") == root else "reply"


def numbers(view: Row) -> dict[str, int | None]:
    """A post's numbers by catalogue name. Bluesky counts neither impressions nor clicks."""
    return {
        "impressions": None,
        "reach": None,
        "likes": view.get("likeCount"),
        "shares": view.get("repostCount"),
        "replies": view.get("replyCount"),
        "quotes": view.get("quoteCount"),
        "bookmarks": view.get("bookmarkCount"),
        "clicks": None,
    }


def profile_numbers(row: Row) -> dict[str, int | None]:
    return {
        "followers": row.get("followersCount"),
        "following": row.get("followsCount"),
        "posts": row.get("postsCount"),
    }


def handle_of(author: Row) -> str:
    return f"@{author.get('handle') or author.get('did')}"


def _media(view: Row) -> Row:
    """What hangs on it as it is shown or, in a notification, as it was written: without addresses of its files."""
    embed: Row = view.get("embed") or view["record"].get("embed") or {}
    return embed.get("media") or embed


def _pictures(view: Row) -> list[dict[str, str]]:
    images = _media(view).get("images") or ()
    return [{"url": str(one.get("fullsize") or ""), "alt": str(one.get("alt") or "")} for one in images]


def _videos(account: Account, view: Row) -> list[Shown]:
    """A post has one video at most; its playlist is for players, so people are sent to the post."""
    media = _media(view)
    shown = Shown(url_of(account, str(view["uri"])), alt=str(media.get("alt") or ""))
    return [shown] if media.get("playlist") or media.get("video") else []


def item(account: Account, view: Row, thread_key: str = "") -> Incoming:
    """One post; `thread_key` where the caller knows what stands at the top."""
    kind, uri, author = kind_of(account, view), str(view["uri"]), view["author"]
    parent, root = _ref(view, "parent"), _ref(view, "root")
    under_ours = bool(root) and place(root).repo == account.remote_id
    return Incoming(
        kind=kind,
        remote_id=uri,
        thread_key=thread_key or (uri if kind in {"post", "comment"} or not parent else parent),
        parent_id=parent,
        root_id=root if under_ours else "",
        author_id=str(author["did"]),
        author_handle=handle_of(author),
        author_name=str(author.get("displayName") or author.get("handle") or ""),
        text=str(view["record"].get("text") or ""),
        at=at_of(view),
        url=url_of(account, uri),
        language=str(next(iter(view["record"].get("langs") or ()), "")),
        pictures=_pictures(view),
        videos=_videos(account, view),
        numbers=numbers(view) if kind == "post" else {},
        raw=dict(view),
    )


def candidate(account: Account, uri: str, record: Row) -> Candidate:
    """Our own record, as our own server keeps it."""
    return Candidate(
        remote_id=uri,
        url=url_of(account, uri),
        text=str(record.get("text") or ""),
        at=moment(str(record["createdAt"])),
        pictures=len((record.get("embed") or {}).get("images") or ()),
        reply_to=str(((record.get("reply") or {}).get("parent") or {}).get("uri") or ""),
    )
