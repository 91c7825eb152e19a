"""Reading a Mastodon server's lists: our own statuses, what answers them, who names us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels_app.platforms import mastodon_reading
from channels_app.platforms.base import Account, Candidate, Incoming, Page
from channels_app.platforms.mastodon_client import Client
from channels_app.platforms.matching import SLACK
from channels_app.platforms.verdicts import Answered

PAGES = 10  # a walk that needs more pages than this is not complete
REMEMBERED = 10_000
# Where a status stands in its thread never changes, and asking costs a request each: (host, account, status) → place.
_places: dict[tuple[str, str, str], tuple[str, str]] = {}


def own_since(account: Account, client: Client, since: datetime, *, filmed: bool) -> tuple[list[Candidate], bool]:
    """Our own statuses back to `since`; and whether the walk got there."""
    found: list[Candidate] = []
    page = ""
    for _ in range(PAGES):
        found += [mastodon_reading.candidate(row, filmed=filmed) for row in statuses(account, client, page)]
        page = client.next_page()
        if not page or found[-1].at < since - SLACK:
            return found, True
    return found, False


def statuses(account: Account, client: Client, page: str) -> list[dict[str, Any]]:
    """One page of our own statuses, newest first."""
    rows: list[dict[str, Any]] = client.call(
        "account_statuses", account.remote_id, exclude_reblogs=True, limit=40, max_id=page or None
    )
    return rows


def one(client: Client, remote_id: str) -> dict[str, Any] | None:
    """A status; None when it is gone or not visible to us."""
    try:
        row: dict[str, Any] = client.call("status", remote_id)
    except Answered as answer:
        if answer.code in {"404", "410"}:
            return None
        raise
    return row


def comments(account: Account, client: Client, root: str) -> Page:
    """Everything the server knows under our post, in one page."""
    rows = client.call("status_context", root)["descendants"]
    known, items = {str(row["id"]): row for row in rows}, []
    for row in rows:
        top = row
        while str(top.get("in_reply_to_id")) in known:
            top = known[str(top["in_reply_to_id"])]
        items.append(mastodon_reading.item(account, row, str(top["id"]), root))
    items.sort(key=lambda one: (one.at, len(one.remote_id), one.remote_id), reverse=True)
    return Page(items, newest=items[0].remote_id if items else "")


def mentions(account: Account, client: Client, page: str, *, only_direct: bool) -> Page:
    """Whoever named us, private messages included, each with its place in its thread."""
    rows = client.call("notifications", types=["mention"], limit=40, max_id=page or None)
    following, items = client.next_page(), []
    for row in (one["status"] for one in rows if one.get("status")):
        if only_direct and mastodon_reading.visibility_of(row) != "direct":
            continue
        try:
            items.append(mastodon_reading.item(account, row, *_place(account, client, row)))
        except Answered as answer:
            if answer.code not in {"404", "410"}:
                raise  # else it was taken back between the list and this question, and is not there any more
    return Page(items, next=following, newest=str(rows[0]["id"]) if rows else "")


def _place(account: Account, client: Client, row: dict[str, Any]) -> tuple[str, str]:
    """(thread key, our post it hangs under), asked of the server only for a reply not met before."""
    if not row.get("in_reply_to_id"):
        return mastodon_reading.place(account, row, [])
    key = (account.host, account.remote_id, str(row["id"]))
    if key not in _places:
        if len(_places) >= REMEMBERED:
            _places.clear()
        above = client.call("status_context", row["id"])["ancestors"]
        _places[key] = mastodon_reading.place(account, row, above)
    return _places[key]


def found(account: Account, client: Client, phrases: Sequence[str], since: datetime) -> list[Incoming]:
    """Public statuses of others with one of the phrases; a tag is read from its own list, which every server has."""
    rows: dict[str, dict[str, Any]] = {}
    for phrase in phrases:
        if phrase.startswith("#"):
            got = client.call("timeline_hashtag", phrase[1:], limit=40)
        else:
            plain = phrase.rstrip("*")
            asked = f'"{plain}"' if " " in plain else plain
            got = client.call("search_v2", asked, resolve=False, limit=40)["statuses"]
        rows |= {str(one["id"]): one for one in got}
    items = [
        mastodon_reading.item(account, row) for row in rows.values() if str(row["account"]["id"]) != account.remote_id
    ]
    return [one for one in items if one.at >= since and one.visibility == "public"]
