"""LinkedIn's posts, comments and mentions as Parley reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms import linkedin_little
from channels_app.platforms.base import Account, Candidate, Incoming, Shown
from channels_app.platforms.linkedin_client import encoded

UNNAMED = "Somebody on LinkedIn"  # who keeps their name from the page
COMMENT = "urn:li:comment:"
STATISTICS = {
    "impressionCount": "impressions",
    "uniqueImpressionsCount": "reach",
    "likeCount": "likes",
    "shareCount": "shares",
    "commentCount": "replies",
    "clickCount": "clicks",
}
Row = Mapping[str, Any]
Names = Mapping[str, str]


def moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def url_of(account: Account, urn: str, root: str = "") -> str:
    """The address people open; in practice one that leads nowhere."""
    web = f"https://www.{account.host.removeprefix('api.')}/feed/update"
    if urn.startswith(COMMENT):
        return f"{web}/{root or parts_of(urn)[0]}/?commentUrn={encoded(urn)}"
    return f"{web}/{urn}/"


def parts_of(urn: str) -> tuple[str, str]:
    """What a comment stands under and its number: `urn:li:comment:(urn:li:activity:1,2)` has both."""
    thread, _, number = urn.removeprefix(f"{COMMENT}(").removesuffix(")").rpartition(",")
    return thread, number


def person_of(account: Account, urn: str) -> str:
    """An author's id; the page's own is its number."""
    return account.remote_id if urn == f"urn:li:organization:{account.remote_id}" else urn


def pictures(row: Row) -> list[Mapping[str, str]]:
    content = row.get("content") or {}
    several = (content.get("multiImage") or {}).get("images") or ()
    media = [one for one in (*several, content.get("media") or {}) if ":image:" in str(one.get("id") or "")]
    return [{"url": "", "alt": str(one.get("altText") or "")} for one in media]


def comment_pictures(row: Row) -> list[Mapping[str, str]]:
    """A comment carries one picture at the most, without a description of it."""
    # Not confirmed with real credentials: that LinkedIn names the address of the picture beside it every time.
    shown = [one for one in row.get("content") or () if _is_picture(one)]
    return [{"url": str(one.get("url") or ""), "alt": ""} for one in shown]


def _is_picture(one: Row) -> bool:
    """Said by its type; where that is missing, by the name of what was uploaded."""
    named = "".join(str(name) for name in (one.get("entity") or {}).values())
    return one.get("type") == "IMAGE" or (one.get("type") is None and ":image:" in named)


def videos(row: Row, url: str) -> list[Shown]:
    """LinkedIn gives no address of a video itself: it is watched where it was posted."""
    media = (row.get("content") or {}).get("media") or {}
    return [Shown(url, alt=str(media.get("title") or ""))] if ":video:" in str(media.get("id") or "") else []


def numbers(metadata: Row | None = None, statistics: Row | None = None) -> dict[str, int | None]:
    """A post's numbers by catalogue name: reactions and comments as everybody sees them, the rest from statistics."""
    found: dict[str, int | None] = dict.fromkeys(("quotes", "bookmarks", *STATISTICS.values()))
    if metadata is not None:
        reactions = (metadata.get("reactionSummaries") or {}).values()
        found["likes"] = sum(int(one.get("count") or 0) for one in reactions)
        found["replies"] = (metadata.get("commentSummary") or {}).get("count")
    told = {name: (statistics or {}).get(key) for key, name in STATISTICS.items()}
    return found | {name: value for name, value in told.items() if value is not None}


def post(account: Account, row: Row, names: Names, metadata: Row | None = None) -> Incoming:
    """A post of the page itself, or (kind `mention`) of somebody who named it."""
    urn, author = str(row["id"]), str(row["author"])
    ours = person_of(account, author) == account.remote_id
    edited = (row.get("lifecycleStateInfo") or {}).get("isEditedByAuthor")
    return Incoming(
        kind="post" if ours else "mention",
        remote_id=urn,
        thread_key=urn,
        parent_id="",
        root_id="",
        author_id=person_of(account, author),
        author_handle="",
        author_name=account.handle if ours else names.get(author, UNNAMED),
        text=linkedin_little.plain(str(row.get("commentary") or "")),
        at=moment(row.get("publishedAt") or row["createdAt"]),
        url=url_of(account, urn),
        edited_at=moment(row["lastModifiedAt"]) if edited else None,
        pictures=pictures(row),
        videos=videos(row, url_of(account, urn)),
        numbers=numbers(metadata) if ours else {},
        raw=dict(row),
    )


def comment(account: Account, row: Row, root: str, names: Names) -> Incoming:
    """A comment under `root`, or an answer to one: there are these two levels."""
    urn, author, parent = str(row["commentUrn"]), str(row["actor"]), str(row.get("parentComment") or "")
    created, changed = row["created"]["time"], (row.get("lastModified") or {}).get("time")
    ours = person_of(account, author) == account.remote_id
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=urn,
        thread_key=parent or urn,
        parent_id=parent or root,
        root_id=root,
        author_id=person_of(account, author),
        author_handle="",
        author_name=account.handle if ours else names.get(author, UNNAMED),
        text=str((row.get("message") or {}).get("text") or ""),
        at=moment(created),
        url=url_of(account, urn, root),
        edited_at=moment(changed) if changed and changed != created else None,
        pictures=comment_pictures(row),
        raw=dict(row),
    )


def mention(account: Account, row: Row, names: Names) -> Incoming:
    """A notification that somebody's post names the page."""
    urn = str(row["generatedActivity"])
    told = (row.get("decoratedGeneratedActivity") or {}).get("share") or {}
    author = str(told.get("owner") or "")
    return Incoming(
        kind="mention",
        remote_id=urn,
        thread_key=urn,
        parent_id="",
        root_id="",
        author_id=person_of(account, author),
        author_handle="",
        author_name=names.get(author, UNNAMED),
        text=str(told.get("text") or ""),
        at=moment(row["lastModifiedAt"]),
        url=url_of(account, urn),
        videos=[Shown(url_of(account, urn))] if told.get("mediaCategory") == "VIDEO" else [],
        raw=dict(row),
    )


def candidate(account: Account, row: Row) -> Candidate:
    found = post(account, row, {})
    return Candidate(found.remote_id, found.url, found.text, found.at, len(found.pictures))


def comment_candidate(account: Account, row: Row, reply_to: str) -> Candidate:
    found = comment(account, row, "", {})
    return Candidate(found.remote_id, found.url, found.text, found.at, len(found.pictures), reply_to)
