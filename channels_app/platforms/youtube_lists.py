"""Reading YouTube's lists to their end: our videos, and what people write under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from channels_app.platforms import youtube_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.walking import back_to
from channels_app.platforms.youtube_client import Client

PARTS = "snippet,status,statistics"
EACH = 50  # videos by one call
# Every day there may be numbers of; YouTube asks for an order where it lists videos.
REPORT = {
    "ids": "channel==MINE",
    "metrics": "views,shares",
    "dimensions": "video",
    "sort": "-views",
    "startDate": "2005-04-23",
}


def videos(client: Client, ids: Sequence[str], part: str = PARTS) -> list[dict[str, Any]]:
    """Those of these videos that are there."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), EACH):
        query = {"part": part, "id": ",".join(ids[start : start + EACH])}
        found += client.call("GET", "videos", query)["items"]
    return found


def shares(client: Client, ids: Sequence[str], today: date) -> dict[str, int]:
    """How often each of these videos was shared, as far as YouTube has counted; nothing where the keys may not ask.

    Videos it has not counted yet are left out. Its reports have a quota of their own, so an empty one is no reason for
    the channel to wait.
    """
    found: dict[str, int] = {}
    for start in range(0, len(ids), EACH):
        wanted = {"filters": f"video=={','.join(ids[start : start + EACH])}", "maxResults": str(EACH)}
        asked = REPORT | wanted | {"endDate": today.isoformat()}
        try:
            body = client.report(asked)
        except Answered as answer:
            if answer.code.startswith("401"):
                raise
            return {}
        names = [one["name"] for one in body["columnHeaders"]]
        rows = [dict(zip(names, row, strict=True)) for row in body.get("rows") or ()]
        found |= {str(row["video"]): int(row["shares"]) for row in rows}
    return found


def channel(client: Client, part: str) -> dict[str, Any]:
    """The channel the keys speak for."""
    body = client.call("GET", "channels", {"part": part, "mine": "true"})
    items = body["items"] if body.get("pageInfo", {}).get("totalResults") != 0 else ()
    if not items:
        raise Answered("401 youtubeSignupRequired")
    return dict(items[0])


def own(account: Account, client: Client, page: str) -> Page:
    """A page of our public videos, newest first. The cursor holds the list's own name, so that it is asked for once."""
    uploads, _, token = page.partition(":")
    uploads = uploads or str(channel(client, "contentDetails")["contentDetails"]["relatedPlaylists"]["uploads"])
    query = {"part": "contentDetails", "playlistId": uploads, "maxResults": str(EACH)}
    body = client.call("GET", "playlistItems", query | ({"pageToken": token} if token else {}))
    ids = [str(one["contentDetails"]["videoId"]) for one in body["items"]]
    rows = [row for row in videos(client, ids) if not youtube_reading.is_private(row)]
    items = [youtube_reading.post(account, row) for row in rows]
    items.sort(key=lambda one: one.at, reverse=True)
    following = str(body.get("nextPageToken") or "")
    return Page(items, f"{uploads}:{following}" if following else "", items[0].remote_id if items else "")


def comments(account: Account, client: Client, root: str, page: str) -> Page:
    """A page of the comments under a video, each with all of its answers; with the first page what is held back."""
    query = {"part": "snippet,replies", "videoId": root, "order": "time", "maxResults": "100"}
    query |= {"textFormat": "plainText"} | ({"pageToken": page} if page else {})
    body = client.call("GET", "commentThreads", query)
    items = [one for thread in body["items"] for one in _thread(account, client, root, thread)]
    items += _held(account, client, root) if not page else []
    items.sort(key=lambda one: one.at, reverse=True)
    return Page(items, str(body.get("nextPageToken") or ""), items[0].remote_id if items else "")


def _held(account: Account, client: Client, root: str) -> list[Incoming]:
    """The newest comments that wait for somebody to publish them: the public does not see them, the town should.

    That those YouTube takes for spam are a list of their own, which is left out, is not verified.
    """
    query = {"part": "snippet", "videoId": root, "order": "time", "maxResults": "100", "textFormat": "plainText"}
    try:
        body = client.call("GET", "commentThreads", query | {"moderationStatus": "heldForReview"})
    except Answered as answer:
        if answer.code != "403 forbidden":  # whose keys may not moderate
            raise
        return []
    rows = [youtube_reading.comment(account, one["snippet"]["topLevelComment"], root) for one in body["items"]]
    return [replace(one, hidden=True) for one in rows]


def _thread(account: Account, client: Client, root: str, thread: dict[str, Any]) -> Iterator[Incoming]:
    """YouTube puts some of the answers beside the comment; where there are more, they are asked for."""
    yield youtube_reading.comment(account, thread["snippet"]["topLevelComment"], root)
    beside = (thread.get("replies") or {}).get("comments") or []
    if int(thread["snippet"].get("totalReplyCount") or 0) <= len(beside):
        yield from (youtube_reading.comment(account, row, root) for row in beside)
        return
    token = ""
    while True:
        rows, token = answers(client, str(thread["id"]), token)
        yield from (youtube_reading.comment(account, row, root) for row in rows)
        if not token:
            return


def answers(client: Client, parent: str, token: str = "") -> tuple[list[dict[str, Any]], str]:
    """A page of the answers to one comment, and where the next begins."""
    query = {"part": "snippet", "parentId": parent, "maxResults": "100", "textFormat": "plainText"}
    body = client.call("GET", "comments", query | ({"pageToken": token} if token else {}))
    return list(body["items"]), str(body.get("nextPageToken") or "")


def one_comment(client: Client, remote_id: str) -> dict[str, Any] | None:
    query = {"part": "snippet", "id": remote_id, "textFormat": "plainText"}
    items = client.call("GET", "comments", query)["items"]
    return dict(items[0]) if items else None


def seen_posts(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our public videos back to `since`, and whether the reading got that far."""
    found, complete = back_to(since, partial(own, account, client))
    return [youtube_reading.candidate(one) for one in found], complete


def seen_comments(
    account: Account, client: Client, outgoing: Outgoing, since: datetime
) -> tuple[list[Candidate], bool]:
    """What we wrote under the same comment or video. An answer to an answer stands beside it."""
    above = outgoing.reply_to.partition(".")[0]
    look = _answers if youtube_reading.is_comment(above) else comments

    def turn(page: str) -> Page:
        got = look(account, client, above, page)
        return replace(got, items=[one for one in got.items if one.parent_id == above])

    found, complete = back_to(since, turn, threads=True)
    ours = [one for one in found if one.author_id == account.remote_id]
    return [youtube_reading.candidate(one, outgoing.reply_to) for one in ours], complete


def _answers(account: Account, client: Client, parent: str, page: str) -> Page:
    rows, following = answers(client, parent, page)
    return Page([youtube_reading.comment(account, row) for row in rows], following)
