"""Reading Vimeo's lists to their end: our videos, and what people write under them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from channels_app.platforms import vimeo_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page
from channels_app.platforms.matching import SLACK
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.vimeo_client import Client

EACH = 100
PAGES = 10  # a look-up that needs more pages than this is not complete


def one(client: Client, remote_id: str, fields: str = "") -> dict[str, Any] | None:
    """A video or a comment; None when it is gone."""
    try:
        return client.call("GET", vimeo_reading.path_of(remote_id), {"fields": fields} if fields else None)
    except Answered as answer:
        if answer.code == "404 5000":
            return None
        raise


def paged(client: Client, path: str, page: str, **query: str) -> tuple[list[dict[str, Any]], str]:
    """A page of a list, newest first, and the number of the next."""
    asked = {"per_page": str(EACH), "page": page or "1", "direction": "desc", **query}
    body = client.call("GET", path, asked)
    more = (body.get("paging") or {}).get("next")
    return list(body["data"]), str(int(page or 1) + 1) if more else ""


def own(account: Account, client: Client, page: str) -> Page:
    """A page of our videos. One that nobody else can see yet is no post."""
    rows, following = paged(client, "/me/videos", page, sort="date", fields=vimeo_reading.VIDEO)
    items = [vimeo_reading.post(account, row) for row in rows if (row.get("privacy") or {}).get("view") != "nobody"]
    return Page(items, following, items[0].remote_id if items else "")


def comments(account: Account, client: Client, root: str, page: str) -> Page:
    """A page of the comments under a video, each with all of its answers."""
    rows, following = paged(client, f"/videos/{root}/comments", page)
    items = [each for row in rows for each in _thread(account, client, row)]
    items.sort(key=lambda each: each.at, reverse=True)
    return Page(items, following, items[0].remote_id if items else "")


def _thread(account: Account, client: Client, row: dict[str, Any]) -> Iterator[Incoming]:
    top = vimeo_reading.comment(account, row)
    yield top
    page = "" if vimeo_reading.total(row, "replies") else "none"
    while page != "none":
        items, page = answers(account, client, top.remote_id, page)
        yield from items
        page = page or "none"


def answers(account: Account, client: Client, parent: str, page: str) -> tuple[list[Incoming], str]:
    """A page of the answers to one comment, and where the next begins."""
    rows, following = paged(client, f"{vimeo_reading.path_of(parent)}/replies", page)
    return [vimeo_reading.comment(account, row, parent) for row in rows], following


def seen_posts(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our public videos back to `since`, and whether the reading got that far."""
    found, page = list[Candidate](), ""
    for _ in range(PAGES):
        got = own(account, client, page)
        found += [vimeo_reading.candidate(each) for each in got.items]
        page = got.next
        if not page or (got.items and min(each.at for each in got.items) < since - SLACK):
            return found, True
    return found, False


def seen_comments(
    account: Account, client: Client, outgoing: Outgoing, since: datetime
) -> tuple[list[Candidate], bool]:
    """What we wrote under the same comment or video."""
    page, found = "", list[Candidate]()
    for _ in range(PAGES):
        if ":" in outgoing.reply_to:
            items, page = answers(account, client, outgoing.reply_to, page)
        else:
            got = comments(account, client, outgoing.reply_to, page)
            items, page = [each for each in got.items if each.parent_id == outgoing.reply_to], got.next
        ours = [each for each in items if each.author_id == account.remote_id]
        found += [vimeo_reading.candidate(each, outgoing.reply_to) for each in ours]
        if not page or (items and max(each.at for each in items) < since - SLACK):
            return found, True
    return found, False
