"""YouTube's videos, comments and channels as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels_app.platforms.base import Account, Candidate, Incoming

Row = Mapping[str, Any]
VIDEO_ID = 11  # characters; comments have longer ids


def is_comment(remote_id: str) -> bool:
    return len(remote_id) > VIDEO_ID


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def count(value: Any) -> int | None:
    """YouTube writes its numbers as texts."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


def web(account: Account) -> str:
    """The host people open; in practice one that leads nowhere."""
    return "www.youtube.com" if account.host.endswith(".com") else "www.youtube.example"


def url_of(account: Account, video: str, comment: str = "") -> str:
    return f"https://{web(account)}/watch?v={video}" + (f"&lc={comment}" if comment else "")


def numbers(statistics: Row, shares: int | None = None) -> dict[str, int | None]:
    """A video's numbers by catalogue name: a view is a time shown. What YouTube does not tell is None."""
    return {
        "impressions": count(statistics.get("viewCount")),
        "reach": None,
        "likes": count(statistics.get("likeCount")),
        "shares": shares,
        "replies": count(statistics.get("commentCount")),
        "quotes": None,
        "bookmarks": None,
        "clicks": None,
    }


def profile_numbers(channel: Row) -> dict[str, int | None]:
    """Subscribers are rounded to three digits by YouTube, and None where the channel hides them."""
    told = channel.get("statistics") or {}
    followers = None if told.get("hiddenSubscriberCount") else count(told.get("subscriberCount"))
    return {"followers": followers, "following": None, "posts": count(told.get("videoCount"))}


def is_private(video: Row) -> bool:
    return (video.get("status") or {}).get("privacyStatus") == "private"


def text_of(video: Row) -> str:
    snippet = video["snippet"]
    return str(snippet.get("description") or snippet.get("title") or "")


def post(account: Account, video: Row) -> Incoming:
    """One of our videos; its words are its description."""
    snippet, remote_id = video["snippet"], str(video["id"])
    return Incoming(
        kind="post",
        remote_id=remote_id,
        thread_key=remote_id,
        parent_id="",
        root_id="",
        author_id=str(snippet.get("channelId") or ""),
        author_handle=account.handle,
        author_name=str(snippet.get("channelTitle") or ""),
        text=text_of(video),
        at=moment(str(snippet["publishedAt"])),
        url=url_of(account, remote_id),
        language=str(snippet.get("defaultLanguage") or ""),
        numbers=numbers(video.get("statistics") or {}),
        raw=dict(video),
    )


def comment(account: Account, row: Row, root: str = "") -> Incoming:
    """A comment, or an answer to one: the part of its id before the dot is the comment it hangs under."""
    snippet, remote_id = row["snippet"], str(row["id"])
    video = str(snippet.get("videoId") or root)
    parent = str(snippet.get("parentId") or "")
    edited = snippet.get("updatedAt") != snippet.get("publishedAt")
    name = str(snippet.get("authorDisplayName") or "")
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=remote_id,
        thread_key=parent or remote_id,
        parent_id=parent or video,
        root_id=video,
        author_id=str((snippet.get("authorChannelId") or {}).get("value") or ""),
        author_handle=name if name.startswith("@") else "",
        author_name=name,
        text=str(snippet.get("textOriginal") or snippet.get("textDisplay") or ""),
        at=moment(str(snippet["publishedAt"])),
        url=url_of(account, video, remote_id),
        edited_at=moment(str(snippet["updatedAt"])) if edited and snippet.get("updatedAt") else None,
        hidden=snippet.get("moderationStatus") in {"heldForReview", "likelySpam", "rejected"},
        raw=dict(row),
    )


def candidate(found: Incoming, reply_to: str = "") -> Candidate:
    return Candidate(found.remote_id, found.url, found.text, found.at, len(found.pictures), reply_to)


def id_in(url: str) -> str:
    """The video's id in an address a person pasted, in any of the forms YouTube gives it; "" where there is none."""
    parts = urlsplit(url.strip())
    place = [piece for piece in parts.path.split("/") if piece]
    if parts.hostname == "youtu.be" or place[:1] in (["shorts"], ["live"]):
        return place[-1] if place else ""
    return (parse_qs(parts.query).get("v") or [""])[0]
