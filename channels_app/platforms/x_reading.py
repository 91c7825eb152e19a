"""X's posts, mentions and replies as Parley reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, Literal

from channels_app.platforms.base import Account, Candidate, Incoming, Shown

TWEET = (
    "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,in_reply_to_user_id,lang,"
    "public_metrics,referenced_tweets"
)
MEDIA = "alt_text,type,url"  # a video has no address of its own: it is watched where it was posted
ASK = {
    "tweet.fields": TWEET,
    "expansions": "author_id,attachments.media_keys,attachments.poll_ids,referenced_tweets.id",
    "user.fields": "name,username",
    "media.fields": MEDIA,
}
VIDEO = ("7_", "13_")  # how the key of a video begins
Row = Mapping[str, Any]
Kind = Literal["post", "comment", "reply", "mention", "direct"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def text_of(tweet: Row) -> str:
    """The words as written: t.co links undone, the picture's own link left out."""
    text = str(tweet.get("text") or "")
    for link in (tweet.get("entities") or {}).get("urls") or ():
        picture = link.get("media_key") or re.search(r"/(?:photo|video)/", str(link.get("expanded_url") or ""))
        text = text.replace(str(link["url"]), "" if picture else str(link.get("expanded_url") or link["url"]))
    return unescape(text).strip()


def parent_of(tweet: Row) -> str:
    found = tweet.get("referenced_tweets") or tweet.get("referenced_posts") or ()
    return next((str(one["id"]) for one in found if one.get("type") == "replied_to"), "")


def numbers(tweet: Row) -> dict[str, int | None]:
    """A post's numbers by catalogue name, under X's old and new names for them; what X keeps back is None."""
    public = tweet.get("public_metrics") or {}
    own = tweet.get("non_public_metrics") or {}
    return {
        "impressions": public.get("impression_count"),
        "reach": None,
        "likes": public.get("like_count"),
        "shares": public.get("retweet_count", public.get("repost_count")),
        "replies": public.get("reply_count"),
        "quotes": public.get("quote_count"),
        "bookmarks": public.get("bookmark_count"),
        "clicks": own.get("url_link_clicks"),
    }


def profile_numbers(user: Row) -> dict[str, int | None]:
    public = user.get("public_metrics") or {}
    return {
        "followers": public.get("followers_count"),
        "following": public.get("following_count"),
        "posts": public.get("tweet_count", public.get("post_count")),
    }


def url_of(account: Account, handle: str, remote_id: str) -> str:
    """The address people open; in practice one that leads nowhere."""
    web = account.host.removeprefix("api.")
    return f"https://{web}/{handle or 'i'}/status/{remote_id}"


def _kind(account: Account, tweet: Row) -> Kind:
    """By the post alone, so that it is the same in every stream."""
    parent = parent_of(tweet)
    if not parent:
        return "post" if str(tweet.get("author_id")) == account.remote_id else "mention"
    if parent != str(tweet.get("conversation_id")) or str(tweet.get("author_id")) == account.remote_id:
        return "reply"
    return "comment" if str(tweet.get("in_reply_to_user_id")) == account.remote_id else "mention"


def _top(tweet: Row, known: Mapping[str, Row]) -> str:
    """The top-level comment this hangs under, as far up as this page reaches."""
    root = str(tweet.get("conversation_id") or "")
    at = tweet
    while (parent := parent_of(at)) and parent != root:
        if parent not in known:
            return parent
        at = known[parent]
    return str(at["id"])


def page_items(account: Account, body: Row) -> list[Incoming]:
    """The posts of one answer, newest first as X gives them."""
    data = body.get("data") or []
    rows = [data] if isinstance(data, dict) else list(data)
    included = body.get("includes") or {}
    people = {str(one["id"]): one for one in included.get("users") or ()}
    media = {str(one["media_key"]): one for one in included.get("media") or ()}
    polls = {str(one["id"]): one for one in included.get("polls") or ()}
    known = {str(one["id"]): one for one in [*(included.get("tweets") or ()), *rows]}
    found = [_incoming(account, row, people, media, known) for row in rows]
    return [replace(one, poll=_options(row, polls)) for one, row in zip(found, rows, strict=True)]


def _options(tweet: Row, polls: Mapping[str, Row]) -> list[str]:
    ids = (tweet.get("attachments") or {}).get("poll_ids") or ()
    return [str(option["label"]) for one in ids for option in (polls.get(str(one)) or {}).get("options") or ()]


def _incoming(
    account: Account, tweet: Row, people: Mapping[str, Row], media: Mapping[str, Row], known: Mapping[str, Row]
) -> Incoming:
    remote_id, author = str(tweet["id"]), people.get(str(tweet.get("author_id")), {})
    handle = str(author.get("username") or "")
    kind = _kind(account, tweet)
    shown = attached(tweet, media)
    versions = tweet.get("edit_history_tweet_ids") or ()
    return Incoming(
        kind=kind,
        remote_id=remote_id,
        thread_key=remote_id if kind in {"post", "mention"} else _top(tweet, known),
        parent_id=parent_of(tweet),
        root_id=str(tweet.get("conversation_id") or "") if kind in {"comment", "reply"} else "",
        author_id=str(tweet.get("author_id") or ""),
        author_handle=f"@{handle}" if handle else "",
        author_name=str(author.get("name") or ""),
        text=text_of(tweet),
        at=moment(str(tweet["created_at"])),
        url=url_of(account, handle, remote_id),
        language=str(tweet.get("lang") or ""),
        edited_at=moment(str(tweet["created_at"])) if len(versions) > 1 else None,
        pictures=pictures(shown),
        videos=videos(shown, url_of(account, handle, remote_id)),
        numbers=numbers(tweet) if kind == "post" else {},
        raw=dict(tweet),
    )


def attached(row: Row, media: Mapping[str, Row]) -> list[Row]:
    """What hangs on a post or a private message, as far as the answer brought it along."""
    keys = (row.get("attachments") or {}).get("media_keys") or ()
    return [media[str(key)] for key in keys if str(key) in media]


def pictures(shown: Sequence[Row]) -> list[Mapping[str, str]]:
    """Photos and moving pictures."""
    return [
        {"url": str(one.get("url") or ""), "alt": str(one.get("alt_text") or "")}
        for one in shown
        if one.get("type") != "video"
    ]


def videos(shown: Sequence[Row], url: str) -> list[Shown]:
    """Each is watched at this address."""
    return [Shown(url, alt=str(one.get("alt_text") or "")) for one in shown if one.get("type") == "video"]


def candidate(account: Account, tweet: Row) -> Candidate:
    remote_id = str(tweet["id"])
    return Candidate(
        remote_id=remote_id,
        url=url_of(account, account.handle.removeprefix("@"), remote_id),
        text=text_of(tweet),
        at=moment(str(tweet["created_at"])),
        pictures=sum(not key.startswith(VIDEO) for key in (tweet.get("attachments") or {}).get("media_keys") or ()),
        reply_to=parent_of(tweet),
    )
