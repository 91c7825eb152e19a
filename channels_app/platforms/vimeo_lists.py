"""Reading Vimeo's lists to their end: our videos, and what people write under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from channels_app.platforms import vimeo_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing, Page
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.vimeo_client import Client
from channels_app.platforms.walking import back_to

EACH = 100


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
        got = answers(account, client, top.remote_id, page)
        yield from got.items
        page = got.next or "none"


def answers(account: Account, client: Client, parent: str, page: str) -> Page:
    """A page of the answers to one comment."""
    rows, following = paged(client, f"{vimeo_reading.path_of(parent)}/replies", page)
    return Page([vimeo_reading.comment(account, row, parent) for row in rows], following)


def seen_posts(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our public videos back to `since`, and whether the reading got that far."""
    found, complete = back_to(since, partial(own, account, client))
    return [vimeo_reading.candidate(each) for each in found], complete


def seen_comments(
    account: Account, client: Client, outgoing: Outgoing, since: datetime
) -> tuple[list[Candidate], bool]:
    """What we wrote under the same comment or video."""
    above = outgoing.reply_to
    look = answers if ":" in above else comments

    def turn(page: str) -> Page:
        got = look(account, client, above, page)
        return replace(got, items=[each for each in got.items if each.parent_id == above])

    found, complete = back_to(since, turn, threads=True)
    ours = [each for each in found if each.author_id == account.remote_id]
    return [vimeo_reading.candidate(each, above) for each in ours], complete
