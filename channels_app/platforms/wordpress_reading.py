"""Articles and comments of a WordPress site as Parley reads them: what it shows to people, undone to text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_app.platforms import plaintext
from channels_app.platforms.base import Account, Candidate, Incoming, Outgoing
from channels_app.platforms.matching import SLACK
from channels_app.platforms.wordpress_client import Client

Row = Mapping[str, Any]
COMMENT = "comment-"  # opens the number of a comment, as in its address
PAGES = 10  # a walk that needs more pages than this is not complete
TOUCHED = timedelta(minutes=1)  # what WordPress itself does to an article just after it came
AVATAR = re.compile(r"/avatar/([0-9a-f]{16})")


def moment(text: object) -> datetime:
    """WordPress writes GMT without saying so."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


def pictures(row: Row) -> list[Mapping[str, str]]:
    """The article's own picture, and those among its words."""
    own = [one for one in (row.get("_embedded") or {}).get("wp:featuredmedia") or () if one.get("source_url")][:1]
    featured = [{"url": str(one["source_url"]), "alt": str(one.get("alt_text") or "")} for one in own]
    return [*featured, *plaintext.pictures(str(row["content"]["rendered"]))]


def article(account: Account, row: Row) -> Incoming:
    """Whoever of the town wrote it: on its own blog everything is the town's."""
    at, changed = moment(row["date_gmt"]), moment(row["modified_gmt"])
    return Incoming(
        kind="post",
        remote_id=str(row["id"]),
        thread_key=str(row["id"]),
        parent_id="",
        root_id="",
        author_id=account.remote_id,
        author_handle=account.handle,
        author_name="",
        text=plaintext.from_page(str(row["content"]["rendered"])),
        at=at,
        url=str(row.get("link") or ""),
        edited_at=changed if changed > at + TOUCHED else None,
        pictures=pictures(row),
        videos=plaintext.videos(str(row["content"]["rendered"])),
        raw={name: row.get(name) for name in ("id", "slug", "title", "content", "date_gmt", "modified_gmt", "link")},
    )


def candidate(row: Row) -> Candidate:
    return Candidate(
        remote_id=str(row["id"]),
        url=str(row.get("link") or ""),
        text=plaintext.from_page(str(row["content"]["rendered"])),
        at=moment(row["date_gmt"]),
        pictures=len(pictures(row)),
    )


def comments(rows: Sequence[Row]) -> list[Incoming]:
    """One page of them; the top of a thread is known as far as it is on the same page."""
    known = {int(row["id"]): row for row in rows}
    return [comment(row, _top(row, known)) for row in rows]


def _top(row: Row, known: Mapping[int, Row]) -> str:
    while row.get("parent"):
        above = known.get(int(row["parent"]))
        if above is None:
            return f"{COMMENT}{row['parent']}"
        row = above
    return f"{COMMENT}{row['id']}"


def comment(row: Row, top: str = "") -> Incoming:
    """Never with the address or the machine of who wrote it, which WordPress shows to editors."""
    parent, root = int(row.get("parent") or 0), str(row["post"])
    name = f"{COMMENT}{row['id']}"
    return Incoming(
        kind="reply" if parent else "comment",
        remote_id=name,
        thread_key=top or (f"{COMMENT}{parent}" if parent else name),
        parent_id=f"{COMMENT}{parent}" if parent else root,
        root_id=root,
        author_id=_who(row),
        author_handle="",
        author_name=html.unescape(str(row.get("author_name") or "")),
        text=plaintext.from_page(str(row["content"]["rendered"])),
        at=moment(row["date_gmt"]),
        url=str(row.get("link") or ""),
        hidden=row.get("status") != "approved",
        raw={one: row.get(one) for one in ("id", "post", "parent", "author_name", "content", "date_gmt", "status")},
    )


def _who(row: Row) -> str:
    """A user's number; a visitor has none, and is told apart by what their picture is fetched by."""
    if row.get("author"):
        return str(row["author"])
    hit = AVATAR.search(" ".join(str(one) for one in (row.get("author_avatar_urls") or {}).values()))
    return f"visitor-{hit[1]}" if hit else ""


def own_remarks(account: Account, client: Client, outgoing: Outgoing, since: datetime) -> tuple[list[Candidate], bool]:
    """Our own comments on the article a reply would stand under, back to `since`; and whether the walk got there."""
    found: list[Candidate] = []
    page = "1"
    asked = {"post": outgoing.root, "author": account.remote_id, "status": "all", "orderby": "date_gmt"}
    for _ in range(PAGES):
        rows = client.call("GET", "comments", per_page="100", order="desc", page=page, **asked)
        found += [_own(row) for row in rows]
        page = client.next_page()
        if not page or found[-1].at < since - SLACK:
            return found, True
    return found, False


def _own(row: Row) -> Candidate:
    said = comment(row)
    return Candidate(said.remote_id, said.url, said.text, said.at, 0, said.parent_id)
