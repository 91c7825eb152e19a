"""Vimeo's videos and comments as Parley reads them. A comment's id is its video's and its own, with a colon between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms.base import Account, Candidate, Incoming, TryLater
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.vimeo_upload import tail

Row = Mapping[str, Any]
VIDEO = (
    "uri,name,description,link,created_time,user.uri,user.name,privacy.view,upload.status,transcode.status,"
    "stats.plays,metadata.connections.likes.total,metadata.connections.comments.total"
)
COUNTS = "uri,stats.plays,metadata.connections.likes.total,metadata.connections.comments.total"
SOON = 60  # seconds; Vimeo converts for minutes


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def url_of(account: Account, remote_id: str) -> str:
    """The address people open; in practice one that leads nowhere."""
    video, _, comment = remote_id.partition(":")
    return f"https://{account.host.removeprefix('api.')}/{video}" + (f"#comment_{comment}" if comment else "")


def path_of(remote_id: str) -> str:
    """Where a video or a comment is in the API."""
    video, _, comment = remote_id.partition(":")
    return f"/videos/{video}/comments/{comment}" if comment else f"/videos/{video}"


def total(row: Row, name: str) -> int | None:
    found = ((row.get("metadata") or {}).get("connections") or {}).get(name) or {}
    return found.get("total")


def numbers(video: Row) -> dict[str, int | None]:
    """A video's numbers by catalogue name: a play is a time shown. What Vimeo keeps back is None."""
    return {
        "impressions": (video.get("stats") or {}).get("plays"),
        "reach": None,
        "likes": total(video, "likes"),
        "shares": None,
        "replies": total(video, "comments"),
        "quotes": None,
        "bookmarks": None,
        "clicks": None,
    }


def profile_numbers(user: Row) -> dict[str, int | None]:
    return {
        "followers": total(user, "followers"),
        "following": total(user, "following"),
        "posts": total(user, "videos"),
    }


def processed(video: Row) -> None:
    """Raises TryLater while Vimeo is at work on it, and `Answered` where it has given up."""
    state = (video.get("transcode") or {}).get("status")
    if state == "error" or (video.get("upload") or {}).get("status") == "error":
        raise Answered("not processed")
    if state == "in_progress":
        raise TryLater("Vimeo is still processing this video.", wait=SOON, code="200 in_progress", at_work=True)


def post(account: Account, video: Row) -> Incoming:
    """One of our videos; its words are its description."""
    user, remote_id = video.get("user") or {}, tail(video["uri"])
    return Incoming(
        kind="post",
        remote_id=remote_id,
        thread_key=remote_id,
        parent_id="",
        root_id="",
        author_id=tail(user.get("uri") or ""),
        author_handle=account.handle,
        author_name=str(user.get("name") or ""),
        text=str(video.get("description") or video.get("name") or ""),
        at=moment(str(video["created_time"])),
        url=url_of(account, remote_id),
        numbers=numbers(video),
        raw=dict(video),
    )


def comment(account: Account, row: Row, parent: str = "") -> Incoming:
    """A comment under a video, or with `parent` an answer to that comment."""
    pieces = str(row["uri"]).split("/")
    root, remote_id, user = pieces[2], f"{pieces[2]}:{pieces[4]}", row.get("user") or {}
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=remote_id,
        thread_key=parent or remote_id,
        parent_id=parent or root,
        root_id=root,
        author_id=tail(user.get("uri") or ""),
        author_handle="",
        author_name=str(user.get("name") or ""),
        text=str(row.get("text") or ""),
        at=moment(str(row["created_on"])),
        url=url_of(account, remote_id),
        raw=dict(row),
    )


def candidate(found: Incoming, reply_to: str = "") -> Candidate:
    return Candidate(found.remote_id, found.url, found.text, found.at, 0, reply_to)
