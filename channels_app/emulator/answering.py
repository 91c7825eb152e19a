"""One request in, one answer out: which dialect, which faults, one transaction, one line in the log."""

import json
import re
import sqlite3
import threading
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from . import (
    bsky,
    bsky_chat,
    bsky_lists,
    bsky_write,
    doors,
    exchanges,
    facebook,
    fb_lists,
    fb_messages,
    fb_notices,
    fb_numbers,
    fb_tokens,
    fb_videos,
    fb_write,
    ig,
    ig_containers,
    ig_lists,
    ig_write,
    li_media,
    li_numbers,
    li_posts,
    li_social,
    linkedin,
    m_lists,
    m_server,
    mastodon,
    media,
    pinterest,
    pn_media,
    rss,
    vimeo,
    vm_lists,
    vm_upload,
    wordpress,
    wp_lists,
    x,
    x_lists,
    x_media,
    x_messages,
    x_video,
    youtube,
    yt_lists,
    yt_upload,
)
from .clock import iso
from .dialect import REFUSALS, Dialect
from .faults import Fault, Faults
from .town import Town
from .wire import Answer, Refuse, Request
from .world import Call, World

ROUTED = (  # importing registers routes
    bsky_chat, bsky_lists, bsky_write, exchanges, fb_lists, fb_messages, fb_notices, fb_numbers, fb_tokens, fb_videos,
    fb_write, ig_containers, ig_lists, ig_write, li_media, li_numbers, li_posts, li_social, m_lists, m_server, pn_media,
    vm_lists, vm_upload, wp_lists, x_lists, x_media, x_messages, x_video, yt_lists, yt_upload,
)  # fmt: skip
DIALECTS = {
    "x": x.DIALECT,
    "facebook": facebook.DIALECT,
    "instagram": ig.DIALECT,
    "linkedin": linkedin.DIALECT,
    "mastodon": mastodon.DIALECT,
    "bluesky": bsky.DIALECT,
    "youtube": youtube.DIALECT,
    "vimeo": vimeo.DIALECT,
    "pinterest": pinterest.DIALECT,
    "wordpress": wordpress.DIALECT,
    "rss": rss.DIALECT,
    "doors": doors.DIALECT,  # where people let Parley in
}
SECRET = {"access_token", "input_token", "client_secret", "fb_exchange_token", "code", "appsecret_proof"}
PAGE_5XX = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)
WAITED_FOR = {"wordpress", "rss", "pinterest", "youtube", "linkedin"}  # says when in the words of HTTP itself
# What an address opens with, and the host it is asked of; Mastodon is at home anywhere else.
BY_PATH = {"/wp-json/": "wordpress", "/xrpc/": "bluesky", "/rest/": "linkedin"}
BY_HOST = {
    "api.x.": "x",
    "x.com": "x",
    "twitter.com": "x",
    "api.twitter.": "x",
    "upload.twitter.": "x",
    "graph.facebook.": "facebook",
    "api.linkedin.": "linkedin",
    "www.linkedin.": "linkedin",
    "www.google": "youtube",
    "youtube.": "youtube",
    "youtubeanalytics.": "youtube",
    "api.vimeo.": "vimeo",
    "api.pinterest.": "pinterest",
}
GRAPH_PATH = re.compile(r"/v\d+\.\d+/")


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def platform_of(request: Request) -> str:
    """Whose dialect a request speaks."""
    if doors.wanted(request) and not request.path.startswith("/rest/"):
        return "doors"
    host = request.host.partition(":")[0]
    asked = next((name for opening, name in BY_PATH.items() if request.path.startswith(opening)), "")
    if asked or host == rss.HOST:
        return asked or "rss"
    if found := next((name for opening, name in BY_HOST.items() if host.startswith(opening)), ""):
        return found
    if "." in host and not host.startswith("127."):
        return "mastodon"
    if GRAPH_PATH.match(request.path):
        return "facebook"
    return "x" if request.path.startswith("/2/") else "mastodon"


class Emulator:
    """The world with its faults, answering one request at a time."""

    def __init__(self, home: Path, control_token: str = "") -> None:
        self.world = World(home)
        self.world.town = Town(self.world)
        self.faults = Faults()
        self.control_token = control_token

    def prepare(self, town: str, seed: int, speed: float) -> None:
        """Found the town at the first start; later starts find it as it was."""
        with self.world.store.transaction():
            if self.world.store.get("town") is None:
                if speed != 1:
                    self.world.clock.set(speed=speed)
                self.world.town.found(town, seed, self.world.clock.now())

    def answer(self, request: Request) -> tuple[Answer, list[Fault]]:
        """Do what the request asks; the answer and the faults still to be acted on while sending it."""
        owner = self.world.token(self._token(request))
        dialect = DIALECTS[self._spoken(request, owner)]
        hit = dialect.routes.find(request)
        route = hit[0] if hit else "unknown"
        struck = self.faults.strike(request, dialect.platform, route, owner["account"] if owner else "")
        kinds = {fault.kind: fault for fault in struck}
        number = self._log(request, dialect, route, owner["account"] if owner else None, ",".join(kinds))
        answer = self._before(dialect, request, kinds, number) or self._commit(dialect, request, kinds, number)
        self.world.store.update("requests", {"n": number}, status=answer.status, committed=answer.committed)
        return answer, [
            fault
            for fault in struck
            if fault.kind.endswith("_after") or fault.kind in {"empty_body", "truncated", "drip"}
        ]

    def _spoken(self, request: Request, owner: sqlite3.Row | None) -> str:
        """Whose dialect it is. On Facebook's host an Instagram account is told by its token."""
        platform = platform_of(request)
        account = self.world.account(owner["account"]) if owner and platform == "facebook" else None
        return "instagram" if account is not None and account["platform"] == "instagram" else platform

    @staticmethod
    def _token(request: Request) -> str:
        signed = x.OAUTH1.search(request.headers.get("Authorization", ""))
        return signed[1] if signed else request.bearer or request.basic or request.arg("access_token")

    def _log(self, request: Request, dialect: Dialect, route: str, account: str | None, fault: str) -> int:
        query = urlencode([(name, value) for name, value in parse_qsl(request.query) if name not in SECRET])
        with self.world.store.transaction():
            number = self.world.store.next_number("request")
            self.world.store.insert(
                "requests", n=number, at=self.world.clock.now(), method=request.method, host=request.host,
                path=request.path + (f"?{query}" if query else ""), platform=dialect.platform, route=route,
                account=account, fault=fault or None,
            )  # fmt: skip
            if number % 5000 == 0:
                self.world.store.run("DELETE FROM requests WHERE n < ?", number - 50_000)
        return number

    def cut_short(self, request: Request) -> None:
        """The line broke in the middle of a request: an upload in parts keeps what had come, all else is forgotten."""
        platform = platform_of(request)
        keeps = {"youtube": yt_upload.cut_short, "vimeo": vm_upload.cut_short}.get(platform)
        if keeps is not None:
            with self.world.store.transaction():
                kept = keeps(Call(self.world, request, self.world.clock.now()))
                if kept:
                    number = self._log(request, DIALECTS[platform], "media", None, "cut short")
                    self.world.store.update("requests", {"n": number}, committed=kept)

    def _before(self, dialect: Dialect, request: Request, kinds: dict[str, Fault], number: int) -> Answer | None:
        """Faults that strike before anything is done."""
        if "delay_before" in kinds:
            time.sleep(kinds["delay_before"].seconds)
        if "drop_before" in kinds:
            raise Dropped
        for kind in ("refuse", "html", "unavailable"):
            if kind in kinds:
                return canned(kinds[kind])
        for kind in REFUSALS:
            if kind in kinds:
                return self._refused(dialect, request, kinds[kind])
        if "late" in kinds:
            return self._late(dialect, request, kinds["late"], number)
        return None

    def _refused(self, dialect: Dialect, request: Request, fault: Fault) -> Answer:
        now = self.world.clock.now()
        answer = dialect.refusal(fault.kind, Call(self.world, request, now))
        if fault.kind == "rate_limited" and fault.reset is not None:
            answer.headers = limit_headers(dialect.platform, now, fault.reset)
        return answer

    def _late(self, dialect: Dialect, request: Request, fault: Fault, number: int) -> Answer:
        """Let the caller go, and do what it asked some seconds later."""

        def commit() -> None:
            answer = self._commit(dialect, request, {}, number)
            self.world.store.update("requests", {"n": number}, committed=answer.committed)

        timer = threading.Timer(fault.seconds, commit)
        timer.daemon = True
        timer.start()
        if fault.answer == "hang":
            time.sleep(fault.hold)
        if fault.answer in {"hang", "drop"}:
            raise Dropped
        return canned(Fault("html", status=503))

    def _commit(self, dialect: Dialect, request: Request, kinds: dict[str, Fault], number: int) -> Answer:
        """Run the handler in one transaction; a refusal rolls back what it wrote."""
        store, headers = self.world.store, dict[str, str]()
        hit = dialect.routes.find(request)
        with store.lock:
            with store.transaction():
                now = self.world.clock.now()
                self.world.town.live(now)
                self.world.town.stir(now)
            call = Call(self.world, request, now, media_fails="media_fails" in kinds)
            call.lag = 1e12 if {"silent", "hushed"} & set(kinds) else kinds["lag"].seconds if "lag" in kinds else 0.0
            try:
                if hit is None:
                    return dialect.no_route(request)
                with store.transaction():
                    dialect.identify(call, hit[0])
                    headers = dialect.headers(call, hit[0])
                with store.transaction():
                    answer = hit[1](call, **hit[2])
            except Refuse as refused:
                answer = refused.answer
        answer.headers = headers | answer.headers
        return answer

    def picture(self, name: str) -> Answer:
        """The bytes of an upload."""
        row = self.world.store.one("SELECT * FROM media WHERE id = ?", name)
        if row is None:
            return Answer(b"", 404)
        return Answer(media.file_of(self.world, row["sha256"]).read_bytes(), headers={"Content-Type": row["mime"]})


def canned(fault: Fault) -> Answer:
    """The answer a fault brings along, or a proxy's error page."""
    if fault.kind == "unavailable":
        return Answer({"error": "Service Unavailable"}, 503)
    if fault.kind in {"html", "html_after"}:
        return Answer(PAGE_5XX, fault.status if fault.status >= 500 else 502, {"Content-Type": "text/html"})
    return Answer(fault.body.encode(), fault.status, {"Content-Type": "application/json", **fault.headers})


def limit_headers(platform: str, now: float, wait: float) -> dict[str, str]:
    """What a 429 says about its end."""
    if platform == "x":
        return {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(now + wait))}
    if platform == "mastodon":
        return {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": iso(now + wait)}
    if platform == "vimeo":
        return {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": iso(now + wait)}
    if platform == "bluesky":
        return bsky.over(now, wait)
    if platform in WAITED_FOR:
        return {"Retry-After": str(int(wait))}
    minutes = max(1, int(wait // 60))
    usage = {"page": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes}]}
    return {"X-Business-Use-Case-Usage": json.dumps(usage)}
