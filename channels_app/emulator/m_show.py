"""How Mastodon hands out statuses, accounts and media."""

import re
import sqlite3
from html import escape
from typing import Any

from . import media, moving, reach, things
from .clock import iso
from .world import Call, extra

TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])|(?<![\w/])@(?P<name>\w+(?:[\w.-]*\w)?)(?:@(?P<host>[\w.-]+\w))?|(?<!\w)#(?P<tag>\w*[^\W\d]\w*)"
)


def base(call: Call) -> str:
    """The address of the server that is asked, as the public knows it."""
    return f"https://{call.notes.get('host') or call.request.host}"


def address(account: sqlite3.Row) -> str:
    return f"https://{account['host']}/@{account['handle']}"


def acct(call: Call, account: sqlite3.Row) -> str:
    """The name as this server writes it: bare for its own people, with host for others."""
    return account["handle"] if account["host"] == call.notes.get("host") else f"{account['handle']}@{account['host']}"


def content(call: Call, text: str) -> str:
    """The text as Mastodon's HTML: paragraphs, breaks, shortened links, names and tags."""
    return "".join(f"<p>{_line(call, part)}</p>" for part in re.split(r"\n{2,}", text.strip()) if part)


def _line(call: Call, text: str) -> str:
    pieces, at = [], 0
    for hit in TOKEN.finditer(text):
        pieces.append(escape(text[at : hit.start()], quote=True).replace("\n", "<br>"))
        pieces.append(_linked(call, hit))
        at = hit.end()
    return "".join(pieces) + escape(text[at:], quote=True).replace("\n", "<br>")


def _linked(call: Call, hit: re.Match[str]) -> str:
    if hit["link"]:
        url = escape(hit["link"], quote=True)
        scheme, _, rest = hit["link"].partition("://")
        shown, hidden = escape(rest[:30]), escape(rest[30:])
        kind = "ellipsis" if hidden else ""
        return (
            f'<a href="{url}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">{scheme}://</span>'
            f'<span class="{kind}">{shown}</span><span class="invisible">{hidden}</span></a>'
        )
    if hit["tag"]:
        tag = hit["tag"]
        return f'<a href="{base(call)}/tags/{tag.lower()}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    account = call.world.handle("mastodon", hit["name"], hit["host"] or call.notes.get("host", ""))
    if account is None:
        return escape(hit[0])
    name = account["handle"]
    inner = f'<a href="{address(account)}" class="u-url mention">@<span>{name}</span></a>'
    return f'<span class="h-card" translate="no">{inner}</span>'


def account(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    posts = call.store.one("SELECT count(*) AS n FROM posts WHERE account = ? AND deleted_at IS NULL", row["id"])
    picture = f"https://{row['host']}/avatars/original/missing.png"
    return {
        "id": row["id"], "username": row["handle"], "acct": acct(call, row), "display_name": row["name"],
        "locked": False,
        "bot": False, "discoverable": True, "group": False,
        "created_at": iso(row["created_at"])[:10] + "T00:00:00.000Z",
        "note": f"<p>{escape(row['bio'])}</p>", "url": address(row),
        "uri": f"https://{row['host']}/users/{row['handle']}",
        "avatar": picture, "avatar_static": picture, "header": picture, "header_static": picture,
        "followers_count": reach.followers(row, call.now), "following_count": row["following"],
        "statuses_count": posts["n"] if posts else 0, "last_status_at": None, "emojis": [], "fields": [],
    }  # fmt: skip


def attachment(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    ready, kind = media.state_of(row, call.now) == "ready", "video" if moving.is_video(row) else "image"
    url = f"{base(call)}/_media/{row['id']}" if ready else None
    size = {"width": row["width"], "height": row["height"], "size": f"{row['width']}x{row['height']}",
            "aspect": row["width"] / max(1, row["height"])}  # fmt: skip
    return {
        "id": row["id"], "type": kind, "url": url, "preview_url": f"{base(call)}/_media/{row['id']}",
        "remote_url": None,
        "preview_remote_url": None, "text_url": None, "meta": {"original": size, "small": size} if ready else {},
        "description": row["alt"] or None, "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH" if ready else None,
    }  # fmt: skip


def status(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A Status entity."""
    author, more, seen = call.world.account(row["account"]), extra(row), reach.at(call.world, row, call.now)
    assert author is not None
    parent = row["parent"] and things.find(call.world, row["parent"])
    liked = call.store.one("SELECT 1 FROM reactions WHERE post = ? AND account = ?", row["id"], call.me["id"])
    tags = [hit["tag"] for hit in TOKEN.finditer(row["text"]) if hit["tag"]]
    mentions = [
        {"id": one["id"], "username": one["handle"], "acct": acct(call, one), "url": address(one)}
        for one in things.mentions_of(call.world, row["id"])
    ]
    return {
        "id": row["id"], "created_at": iso(row["created_at"]), "in_reply_to_id": parent["id"] if parent else None,
        "in_reply_to_account_id": parent["account"] if parent else None, "sensitive": bool(more.get("sensitive")),
        "spoiler_text": more.get("spoiler", ""), "visibility": row["visibility"], "language": row["lang"],
        "uri": f"https://{author['host']}/users/{author['handle']}/statuses/{row['id']}",
        "url": f"{address(author)}/{row['id']}", "replies_count": things.count_replies(call.world, row["id"]),
        "reblogs_count": seen["shares"], "favourites_count": seen["likes"], "quotes_count": seen["quotes"],
        "edited_at": iso(row["edited_at"]) if row["edited_at"] else None, "favourited": bool(liked), "reblogged": False,
        "muted": False, "bookmarked": False, "pinned": False, "content": content(call, row["text"]), "filtered": [],
        "reblog": None, "quote": None, "application": {"name": more["app"],
        "website": None} if more.get("app") else None,
        "account": account(call, author), "mentions": mentions, "emojis": [], "card": None, "poll": poll(row),
        "media_attachments": [attachment(call, one) for one in things.media_of(call.world, row["id"])],
        "tags": [{"name": tag.lower(), "url": f"{base(call)}/tags/{tag.lower()}"} for tag in tags],
    }  # fmt: skip


def poll(row: sqlite3.Row) -> dict[str, Any] | None:
    """Nobody of the town votes here; the options are what matters."""
    asked = extra(row).get("poll")
    if not asked:
        return None
    options = [{"title": one, "votes_count": 0} for one in asked["options"]]
    ends = row["created_at"] + asked["minutes"] * 60
    return {"id": row["id"], "expires_at": iso(ends), "expired": False, "multiple": False, "votes_count": 0,
            "voters_count": 0, "options": options, "emojis": []}  # fmt: skip


def readable(call: Call, post: str) -> sqlite3.Row | None:
    """A living status that this account may read: private ones only by their writer and those they name."""
    row = things.alive(call.world, "mastodon", post)
    if row is None or row["visibility"] in {"public", "unlisted"} or row["account"] == call.me["id"]:
        return row
    named = call.store.one("SELECT 1 FROM mentions WHERE post = ? AND account = ?", post, call.me["id"])
    return row if named else None
