"""The parts of the emulator that every dialect needs: store, clock, rules, accounts, tokens, ids."""

import hashlib
import json
import secrets
import sqlite3
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import bsky_ids
from .clock import Clock
from .store import Store
from .wire import Request

if TYPE_CHECKING:
    from .town import Town

DAY = 86_400.0
MASTODON = "social.fernhill.example"
HOSTS = {
    "x": "api.x.com",
    "facebook": "graph.facebook.com",
    "instagram": "graph.facebook.com",
    "linkedin": "api.linkedin.com",
    "mastodon": MASTODON,
    "bluesky": "bsky.social",
    "youtube": "www.googleapis.com",
    "vimeo": "api.vimeo.com",
    "pinterest": "api.pinterest.com",
    "wordpress": "blog.fernhill.example",
    "rss": "news.fernhill.example",
    "manual": "by-hand.example",
}
SCOPES = {
    "x": "tweet.read tweet.write users.read offline.access media.write tweet.moderate.write dm.read dm.write",
    "facebook": "pages_show_list pages_read_engagement pages_manage_posts pages_manage_engagement "
    "pages_read_user_content pages_messaging pages_manage_metadata read_insights",
    "mastodon": "read write",
    "instagram": "instagram_basic instagram_content_publish instagram_manage_comments instagram_manage_insights "
    "instagram_manage_messages pages_read_engagement pages_manage_metadata",
    "youtube": "youtube.force-ssl youtube.upload youtube.readonly yt-analytics.readonly",
    "vimeo": "public private create edit delete interact upload video_files stats",
    "bluesky": "com.atproto.appPassPrivileged",
    "wordpress": "",
    "rss": "",
    "manual": "",
    "pinterest": "boards:read pins:read pins:write user_accounts:read",
    "linkedin": "r_organization_social w_organization_social rw_organization_admin",
}
RULES: dict[str, Any] = {
    "reply_summons": "replied",  # X: who may be answered: anyone, replied (or mentioned), mentioned (only)
    "duplicates": True,  # X and Facebook refuse the same text again
    "limits": False,  # enforce the rate limits that the headers tell about
    "media_seconds": 0,  # how long an upload stays in processing
    "container_seconds": 86_400,  # how long Instagram keeps a container that is not published
    "container_error": "2207053",  # why one fails
    "daily_posts": 100,  # how many posts of an account Instagram takes within a day
    "mastodon_language": "en",  # the language of Mastodon's error texts
    "mastodon_version": "4.6.4",
    "linkedin_page": "organization",  # what LinkedIn calls the page of a role
    "linkedin_sheet": 100,  # how many roles it gives at once at most
    "token_seconds": 7200,  # how long X's access tokens last
    "meta_secret": "",  # the secret of the app at Meta, where it was replaced there
    "refresh_tokens": True,  # whether LinkedIn gives this app a key to renew with; it does to approved ones only
}
X_EPOCH = 1_288_834_974.657


class World:
    """Everything that lives as long as the server."""

    town: "Town"

    def __init__(self, home: Path) -> None:
        self.store = Store(home)
        self.clock = Clock(self.store)

    def rule(self, name: str) -> Any:
        return self.store.get("rules", {}).get(name, RULES[name])

    def change_rules(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Set some rules and return all of them; unknown names are a KeyError."""
        for name in changes:
            RULES[name]
        rules = self.store.get("rules", {}) | changes
        self.store.put("rules", rules)
        return RULES | rules

    def new_id(self, platform: str, now: float) -> str:
        """An id of the platform's shape. Ids grow with time and are never repeated."""
        count = self.store.next_number("id")
        if platform == "x":
            return str((int((now - X_EPOCH) * 1000) << 22) | (count & 0x3FFFFF))
        if platform == "mastodon":
            return str((int(now * 1000) << 16) | (count & 0xFFFF))
        if platform == "youtube":
            return urlsafe_b64encode(((int(now) << 24) | (count & 0xFFFFFF)).to_bytes(8, "big")).decode()[:11]
        if platform == "bluesky":
            return bsky_ids.tid(int(now * 1_000_000), count)
        if platform == "wordpress":
            return str(1000 + count)
        if platform == "linkedin":
            return str((int(now * 1000) << 22) | (count << 1 & 0x3FFFFF))
        return f"1221{int(now) % 10**9:09d}{count % 10**5:05d}"

    def account(self, account_id: str) -> sqlite3.Row | None:
        return self.store.one("SELECT * FROM accounts WHERE id = ?", account_id)

    def handle(self, platform: str, handle: str, host: str = "") -> sqlite3.Row | None:
        """An account by what people call it, with or without the @ and the host."""
        name, _, at_host = handle.removeprefix("@").partition("@")
        host = at_host or host
        sql = (
            "SELECT * FROM accounts WHERE platform = ? AND lower(handle) = lower(?) AND (? = '' OR host = ?) "
            "ORDER BY kind"
        )
        return self.store.one(sql, platform, name, host, host)

    def create_account(self, platform: str, handle: str, now: float, **more: Any) -> sqlite3.Row:
        """An account with its defaults; `more` may name any column, `extra` as a dictionary."""
        handle = handle.removeprefix("@")
        columns: dict[str, Any] = {
            "id": account_number(platform, more.get("host", ""), handle),
            "platform": platform,
            "host": HOSTS.get(platform, ""),
            "handle": handle,
            "name": handle,
            "kind": "ours",
            "followers": 0,
            "created_at": now,
            "counted_at": now,
        }
        columns |= more | {"extra": json.dumps(more.get("extra", {}))}
        self.store.insert("accounts", **columns)
        row = self.account(columns["id"])
        assert row is not None
        return row

    def create_token(self, account: str, platform: str, now: float, **more: Any) -> str:
        """A token for an account; `more` may name `token`, `kind`, `scopes`, `expires_at`, `secret`."""
        token = more.pop("token", "") or f"practice-{platform}-{secrets.token_urlsafe(18)}"
        more = {"kind": "user", "scopes": SCOPES[platform]} | more
        self.store.run("DELETE FROM tokens WHERE token = ?", token)
        self.store.insert("tokens", token=token, account=account, issued_at=now, **more)
        return token

    def token(self, token: str) -> sqlite3.Row | None:
        return self.store.one("SELECT * FROM tokens WHERE token = ?", token)


def account_number(platform: str, host: str, handle: str) -> str:
    """A stable id for an account, in the platform's shape."""
    digest = int.from_bytes(hashlib.sha256(f"{platform}/{host}/{handle}".encode()).digest()[:8], "big")
    if platform == "facebook":
        return f"1{digest % 10**14:014d}"
    if platform == "mastodon":
        return f"109{digest % 10**15:015d}"
    if platform == "youtube":
        return "UC" + hashlib.sha256(f"{host}/{handle}".encode()).hexdigest()[:22]
    if platform == "bluesky":
        return bsky_ids.did(digest)
    if platform == "wordpress":
        return str(2 + digest % 10**6)
    return f"1{digest % 10**17:017d}"


@dataclass
class Call:
    """One request on its way through a dialect."""

    world: World
    request: Request
    now: float
    token: sqlite3.Row | None = None
    account: sqlite3.Row | None = None
    lag: float = 0.0  # lists do not show what is younger than this
    refuse_duplicate: bool = False
    media_fails: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.world.store

    @property
    def horizon(self) -> float:
        return self.now - self.lag

    @property
    def me(self) -> sqlite3.Row:
        """The account that calls; only after the dialect has identified it."""
        assert self.account is not None
        return self.account


def extra(row: sqlite3.Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["extra"])
    return found
