"""The town's own blog on WordPress, by its REST API and an application password.

WordPress takes no key of ours, but it takes an address: each post gets one that nothing else has, so that an uncertain
post is looked for exactly there. A second post with that address would get another one; it is never sent to find out.
What is behind an article, its comments, can be held back, let through and answered; WordPress itself knows no
likes. A video stands below the words, with its captions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms import liking, plaintext, wordpress_library, wordpress_reading, wordpress_writing
from channels_app.platforms import limits as limiting
from channels_app.platforms.base import (
    Account,
    Incoming,
    Limits,
    Lookup,
    Measured,
    Need,
    Outgoing,
    Page,
    Profile,
    Receipt,
    Refused,
    VideoLimits,
)
from channels_app.platforms.matching import done, matches
from channels_app.platforms.verdicts import Answered, after_read, after_write, ended, proof
from channels_app.platforms.wordpress_client import TABLE, Client
from channels_app.platforms.wordpress_reading import COMMENT

NAME = "wordpress"
LABEL = "WordPress"
HOST = ""
CAN = frozenset(
    {
        *("publish", "link", "images", "video", "captions", "title", "delete", "reply", "hide"),
        *("own_posts", "comments"),
    }
)
STREAMS = ("posts", "comments")
KEYED = False
PROOF = proof(TABLE)
NEEDS = (
    Need("username", "User name", "Of the WordPress user Parley writes as; it needs the role Editor.", shown=True),
    Need(
        "access_token",
        "Application password",
        "Made in WordPress under Users, Profile, Application Passwords. Not the password you sign in with.",
        spaced=True,
    ),
)
# WordPress itself has no limit but the server's for an upload, which it does not tell; these are Parley's own.
LIMITS = Limits(
    text=40_000,
    images=10,
    image_bytes=8 * 1024 * 1024,
    alt=1000,
    mimes=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
    video=VideoLimits(limiting.IN_ONE, 0.1, 3600, frozenset({"video/mp4", "video/webm"}), captions=True),
    title=200,
    together=True,
)
# What is asked for: the rest of a post can be large, and the rest of a comment is nobody's business.
EMBED: Mapping[str, Any] = {
    "_embed": "wp:featuredmedia",
    "_fields": "id,slug,status,link,date_gmt,modified_gmt,title,content,_links,_embedded",
}
FIELDS = "id,post,parent,author,author_name,author_avatar_urls,date_gmt,content,link,status"
RIGHTS = ("publish_posts", "upload_files", "moderate_comments")
T = TypeVar("T")


def limits(account: Account | None) -> Limits:
    return LIMITS


def measure(text: str, account: Account | None = None, link: str = "") -> Measured:
    return Measured(len(plaintext.with_link(text, link)), LIMITS.text)


def words(outgoing: Outgoing) -> str:
    """The link stands below the words; a title of its own is no part of them."""
    return plaintext.with_link(outgoing.text, outgoing.link)


def _read(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def _write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def profile(account: Account) -> Profile:
    """Who the user is, and whether this user may publish at all."""
    row = _read(lambda: Client(account).call("GET", "users/me", context="edit"))
    granted = _read(lambda: frozenset(name for name in RIGHTS if row["capabilities"].get(name)))
    if "publish_posts" not in granted:
        raise Refused("This WordPress user may not publish. Give it the role Editor.", cause="permission")
    return _read(
        lambda: Profile(
            remote_id=str(row["id"]),
            handle=f"{row['slug']}@{account.host}"[:120],
            name=str(row["name"]),
            url=f"https://{account.host}/",
            scopes=granted,
        )
    )


def take_back(account: Account) -> None:
    """Delete the application password that is asked with; WordPress tells which one it is."""
    # Not confirmed with real credentials: that every site lets a password delete itself.
    client, among = Client(account), "users/me/application-passwords"
    mine = _read(lambda: str(client.call("GET", f"{among}/introspect")["uuid"]))
    _read(lambda: client.call("DELETE", f"{among}/{mine}"))


def steps(account: Account, outgoing: Outgoing) -> Sequence[str]:
    return wordpress_library.steps(outgoing)


def prepare(account: Account, outgoing: Outgoing, step: str) -> str:
    return _read(lambda: wordpress_library.put(Client(account), outgoing, step))


def send(account: Account, outgoing: Outgoing) -> Receipt:
    liking.refuse(LABEL, outgoing)
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        _write(lambda: _act(client, outgoing))
        return Receipt(outgoing.target)
    if measure(outgoing.text, account, outgoing.link).left < 0:
        raise Refused(f"The text is longer than {LIMITS.text:,} characters.", cause="content", code="unable")
    if outgoing.kind == "reply":
        return _write(lambda: _reply(client, outgoing))
    row = _write(lambda: client.call("POST", "posts", json=wordpress_writing.article(outgoing)))
    return _write(lambda: Receipt(str(row["id"]), str(row["link"]), wordpress_reading.moment(row["date_gmt"])))


def _reply(client: Client, outgoing: Outgoing) -> Receipt:
    parent = outgoing.reply_to.removeprefix(COMMENT) if outgoing.reply_to.startswith(COMMENT) else "0"
    root = outgoing.root
    if not root:
        root = str(client.call("GET", f"comments/{parent}")["post"]) if parent != "0" else outgoing.reply_to
    fields = {"post": int(root), "parent": int(parent), "content": wordpress_writing.remark(words(outgoing))}
    row = client.call("POST", "comments", json=fields)
    return Receipt(f"{COMMENT}{row['id']}", str(row["link"]), wordpress_reading.moment(row["date_gmt"]))


def _act(client: Client, outgoing: Outgoing) -> None:
    """Into the bin, held back, or let through. To delete what is gone already is to have deleted it."""
    where = _place(outgoing.target)
    if outgoing.kind == "delete":
        try:
            client.call("DELETE", where)
        except Answered as answer:
            if answer.code not in {"rest_post_invalid_id", "rest_comment_invalid_id", "410"}:
                raise
    elif not outgoing.target.startswith(COMMENT):
        raise Refused("Only a comment can be held back on WordPress.", cause="content", code="unable")
    else:
        client.call("POST", where, json={"status": "hold" if outgoing.kind == "hide" else "approved"})


def _place(remote_id: str) -> str:
    """A post and a comment may have the same number, so ours of a comment says that it is one."""
    number = remote_id.removeprefix(COMMENT)
    return f"comments/{number}" if remote_id != number else f"posts/{number}"


def look_up(account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
    client = Client(account)
    if outgoing.kind in {"delete", "hide", "unhide"}:
        row = _read(lambda: _one(client, outgoing.target))
        if outgoing.kind == "delete":
            seen = row is None
        else:
            seen = row is not None and (row.get("status") == "hold") == (outgoing.kind == "hide")
        return Lookup(exact=done(outgoing, since) if seen else None, resend_safe=True)
    if outgoing.kind == "reply":
        rows, complete = _read(lambda: wordpress_reading.own_remarks(account, client, outgoing, since))
        return Lookup([row for row in rows if matches(words(outgoing), outgoing, since, row)], complete=complete)
    return _read(lambda: _by_address(client, outgoing, since))


def _by_address(client: Client, outgoing: Outgoing, since: datetime) -> Lookup:
    """What has the address this post would have. One in the bin was thrown away by somebody: no proof of absence."""
    slug = wordpress_writing.address(outgoing)
    names = f"{slug},{slug}__trashed"
    rows = client.call("GET", "posts", slug=names, status="publish,private,draft,pending,future,trash", **EMBED)
    shown = [wordpress_reading.candidate(row) for row in rows if row.get("status") == "publish"]
    exact = shown[0] if len(shown) == 1 else None
    fresh = [one for one in shown if matches(words(outgoing), outgoing, since, one)]
    return Lookup(fresh, exact=exact, complete=len(rows) == len(shown))


def _one(client: Client, remote_id: str) -> dict[str, Any] | None:
    """A published post, or a comment that is not in the bin; None otherwise."""
    asked = {"_fields": FIELDS} if remote_id.startswith(COMMENT) else EMBED
    try:
        row: dict[str, Any] = client.call("GET", _place(remote_id), **asked)
    except Answered as answer:
        if answer.code in {"rest_post_invalid_id", "rest_comment_invalid_id", "410"}:
            return None
        raise
    return row if row.get("status") in {"publish", "approved", "hold"} else None


def read(account: Account, remote_id: str, kind: str) -> Incoming | None:
    row = _read(lambda: _one(Client(account), remote_id))
    if row is None:
        return None
    if remote_id.startswith(COMMENT):
        return _read(lambda: wordpress_reading.comment(row))
    return _read(lambda: wordpress_reading.article(account, row))


def fetch(account: Account, stream: str, page: str, root: str = "") -> Page:
    """Held back comments come too, marked as hidden: on many blogs a newcomer's first words wait to be let through."""
    client = Client(account)
    asked: dict[str, Any] = {"page": page or "1", "order": "desc"}
    if stream == "comments":
        asked |= {"post": root, "status": "all", "orderby": "date_gmt", "per_page": "100", "_fields": FIELDS}
        rows = _read(lambda: client.call("GET", "comments", **asked))
        items = _read(lambda: wordpress_reading.comments(rows))
    else:
        asked |= {"status": "publish", "orderby": "date", "per_page": "20", **EMBED}
        rows = _read(lambda: client.call("GET", "posts", **asked))
        items = _read(lambda: [wordpress_reading.article(account, row) for row in rows])
    return Page(items, next=client.next_page(), newest=items[0].remote_id if items else "")


def search(account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
    """On the town's own blog nobody writes but under what the town wrote."""
    return ()


def metrics(account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """WordPress itself counts nobody who reads."""
    return {}
