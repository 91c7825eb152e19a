"""The town's news pages as a feed, in RSS and in Atom. Nobody signs in, and only a changed feed is sent again."""

import hashlib
import sqlite3
from email.utils import format_datetime
from xml.sax.saxutils import escape

from . import things
from .clock import iso, moment
from .dialect import Dialect
from .wire import Answer, Request, Routes
from .world import Call

ROUTES = Routes()
HOST = "news.fernhill.example"
REFUSALS = {"rate_limited": 429, "revoked": 403, "expired": 403, "forbidden": 403}
SHOWN = 30  # a feed has the newest only


def refusal(kind: str, call: Call) -> Answer:
    status = REFUSALS.get(kind, 403)
    return Answer(f"<html><body><h1>{status}</h1></body></html>".encode(), status, {"Content-Type": "text/html"})


def identify(call: Call, route: str) -> None:
    """Whoever asks may read."""


def headers(call: Call, route: str) -> dict[str, str]:
    return {"Cache-Control": "max-age=60"}


def no_route(request: Request) -> Answer:
    return Answer(b"<html><body><h1>Not found</h1></body></html>", 404, {"Content-Type": "text/html"})


def _items(call: Call) -> list[sqlite3.Row]:
    return things.listed(call, "p.platform = 'rss'")[:SHOWN]


def _answer(call: Call, body: str, mime: str) -> Answer:
    data = body.encode()
    mark = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    if call.request.headers.get("If-None-Match") == mark:
        return Answer(b"", 304, {"ETag": mark})
    return Answer(data, headers={"Content-Type": mime, "ETag": mark})


@ROUTES.on("GET", "/feed.rss", "own_posts")
def rss(call: Call) -> Answer:
    items = "".join(
        f'<item><title>News</title><guid isPermaLink="false">{row["id"]}</guid>'
        f"<link>https://{HOST}/{row['id']}</link><pubDate>{format_datetime(moment(row['created_at']))}</pubDate>"
        f"<description>{escape(escape(row['text']))}</description></item>"
        for row in _items(call)
    )
    head = f"<title>Town of Fernhill</title><link>https://{HOST}/</link><description>News</description>"
    return _answer(call, f'<rss version="2.0"><channel>{head}{items}</channel></rss>', "application/rss+xml")


@ROUTES.on("GET", "/feed.atom", "own_posts")
def atom(call: Call) -> Answer:
    entries = "".join(
        f"<entry><id>{row['id']}</id><title>News</title><published>{iso(row['created_at'])}</published>"
        f"<updated>{iso(row['edited_at'] or row['created_at'])}</updated>"
        f'<link href="https://{HOST}/{row["id"]}"/><content type="html">{escape(escape(row["text"]))}</content></entry>'
        for row in _items(call)
    )
    head = f'<id>tag:{HOST},2020:news</id><title>Town of Fernhill</title><link href="https://{HOST}/"/>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'
    return _answer(call, body, "application/atom+xml")


@ROUTES.on("GET", "/", "profile")
def page(call: Call) -> Answer:
    """The page itself, which names its feed."""
    link = '<link rel="alternate" type="application/atom+xml" href="/feed.atom">'
    return Answer(f"<!doctype html><html><head>{link}</head></html>".encode(), headers={"Content-Type": "text/html"})


DIALECT = Dialect("rss", ROUTES, identify, headers, refusal, no_route)
