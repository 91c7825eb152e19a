"""An account's posts, comments and mentions as Parley reads them.

Where Instagram tells only the name of who wrote something, the name stands for the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from channels_app.platforms.base import Account, Candidate, Incoming, Shown
from channels_app.platforms.facebook_reading import moment

POST = (
    "id,caption,timestamp,username,permalink,media_type,media_url,alt_text,like_count,comments_count,"
    "children{id,media_type,media_url,alt_text}"
)
MENTION = "id,caption,timestamp,username,permalink,media_type,media_url"
MENTIONED = "id,caption,timestamp,username,media_type,media_url"  # what is asked for by its id has no address
COMMENT = "id,text,timestamp,username,from,hidden,like_count,parent_id"
NAMING = "id,text,timestamp,media"  # what is told of a comment that names the account; its writer perhaps as well
COMMENTS = f"{COMMENT},replies.limit(50){{{COMMENT}}}"
INSIGHTS = {"views": "impressions", "reach": "reach", "likes": "likes", "shares": "shares", "saved": "bookmarks"}
Row = Mapping[str, Any]

__all__ = ["moment"]


def parts(row: Row) -> list[Row]:
    """The pictures and videos of a post, one or several."""
    return list((row.get("children") or {}).get("data") or [row])


def pictures(row: Row) -> list[Mapping[str, str]]:
    return [
        {"url": str(one.get("media_url") or ""), "alt": str(one.get("alt_text") or "")}
        for one in parts(row)
        if one.get("media_type") == "IMAGE"
    ]


def videos(row: Row) -> list[Shown]:
    """People are sent to the post; one that comes without its address (a mention read again) to the file."""
    address = str(row.get("permalink") or "")
    return [Shown(address or str(one.get("media_url") or "")) for one in parts(row) if one.get("media_type") == "VIDEO"]


def numbers(row: Row) -> dict[str, int | None]:
    """A post's numbers by catalogue name, as far as the post itself tells them."""
    unknown = dict.fromkeys(("impressions", "reach", "shares", "quotes", "bookmarks", "clicks"))
    return unknown | {"likes": row.get("like_count"), "replies": row.get("comments_count")}


def insights(body: Row) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for one in body.get("data") or ():
        values = one.get("values") or [one.get("total_value") or {}]
        if one.get("name") in INSIGHTS:
            found[INSIGHTS[one["name"]]] = values[-1].get("value")
    return found


def profile_numbers(row: Row) -> dict[str, int | None]:
    return {
        "followers": row.get("followers_count"),
        "following": row.get("follows_count"),
        "posts": row.get("media_count"),
    }


class Writer(NamedTuple):
    number: str
    name: str

    @property
    def handle(self) -> str:
        return f"@{self.name}" if self.name else ""


def writer(account: Account, row: Row) -> Writer:
    """Who wrote it. Our own things come under our own number, whatever number Instagram gives for us there."""
    who = row.get("from") or {}
    name = str(who.get("username") or row.get("username") or "")
    ours = name.lower() == account.handle.removeprefix("@").lower()
    number = account.remote_id if ours else str(who.get("id") or name)
    return Writer(number, name)


def is_ours(account: Account, row: Row) -> bool:
    return writer(account, row).number == account.remote_id


def post(account: Account, row: Row, *, own: bool = False) -> Incoming:
    """A post of the account itself, or (kind `mention`) of somebody who named it.

    One from a place where only its `own` stand is the account's, whatever it is called by now.
    """
    ours, by = own or is_ours(account, row), writer(account, row)
    by = by._replace(number=account.remote_id) if ours else by
    return Incoming(
        kind="post" if ours else "mention",
        remote_id=str(row["id"]),
        thread_key=str(row["id"]),
        parent_id="",
        root_id="",
        author_id=by.number,
        author_handle=by.handle,
        author_name=by.name,
        text=str(row.get("caption") or ""),
        at=moment(str(row["timestamp"])),
        url=str(row.get("permalink") or ""),
        pictures=[one for one in pictures(row) if ours or one["url"]],
        videos=videos(row),
        numbers=numbers(row) if ours else {},
        raw=dict(row),
    )


def comment(account: Account, row: Row, root: str) -> Incoming:
    """A comment under `root`, or an answer to one: there are two levels."""
    parent, by = str(row.get("parent_id") or ""), writer(account, row)
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=str(row["id"]),
        thread_key=parent or str(row["id"]),
        parent_id=parent or root,
        root_id=root,
        author_id=by.number,
        author_handle=by.handle,
        author_name=by.name,
        text=str(row.get("text") or ""),
        at=moment(str(row["timestamp"])),
        url="",
        hidden=bool(row.get("hidden")),
        raw={key: value for key, value in row.items() if key != "replies"},
    )


def mention_in(account: Account, row: Row, media: str) -> Incoming:
    """A comment under somebody else's post that names the account. Who wrote it is not always told.

    Its id alone reads and answers nothing there, so that of the post goes before it.
    """
    by, name = writer(account, row), f"{media}/{row['id']}"
    return Incoming(
        kind="mention",
        remote_id=name,
        thread_key=name,
        parent_id="",
        root_id="",
        author_id=by.number,
        author_handle=by.handle,
        author_name=by.name,
        text=str(row.get("text") or ""),
        at=moment(str(row["timestamp"])),
        url="",
        raw=dict(row),
    )


def flat(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Comments with the answers below them, the newest answer first."""
    for row in rows:
        below = (row.get("replies") or {}).get("data") or []
        yield from sorted(below, key=lambda one: moment(str(one["timestamp"])), reverse=True)
        yield row


def candidate(row: Row, reply_to: str = "") -> Candidate:
    return Candidate(
        remote_id=str(row["id"]),
        url=str(row.get("permalink") or ""),
        text=str(row.get("caption") or row.get("text") or row.get("message") or ""),
        at=moment(str(row.get("timestamp") or row.get("created_time"))),
        pictures=len(pictures(row)) if "media_type" in row else 0,
        reply_to=reply_to,
    )
