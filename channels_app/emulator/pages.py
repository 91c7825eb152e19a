"""What the public sees, as plain pages for a browser on this machine.

The paths are those of the platforms' own permalinks, so a practice permalink leads here once its host is replaced by
the emulator's address. Private messages and hidden or deleted words are not shown.
"""

import re
import sqlite3
from html import escape

from . import bsky_ids, reach, things
from .clock import moment
from .wire import Answer, Request
from .world import World, extra

NAMES = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "youtube": "YouTube",
    "vimeo": "Vimeo",
    "pinterest": "Pinterest",
    "wordpress": "WordPress",
    "rss": "News",
}
THREAD = re.compile(
    r"/(?:@?[^/]+/status/|(?P<page>\d+)/posts/|@[^/]+/|p/|feed/update/(?=urn))?(?P<post>\d+|urn:li:share:\d+)/?\Z"
)
ON_BLUESKY = re.compile(r"/profile/(?P<who>did:[^/]+)/post/(?P<rkey>\w+)/?\Z")
WATCH = "/watch"  # YouTube names the video in the query
SEEN = "p.deleted_at IS NULL AND p.hidden = 0 AND p.visibility IN ('public', 'unlisted')"
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
main {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
article {{ border-top: 1px solid #8888; padding: .75rem 0 }} article article {{ margin-left: 1.5rem }}
.who {{ font-weight: 600 }} .when {{ opacity: .8 }} img, video {{ max-width: 100%; height: auto }}
p {{ margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere }}
</style></head><body><main><h1>{title}</h1>
"""
FOOT = "</main></body></html>"


def wanted(request: Request) -> bool:
    """A browser that came to this machine itself, not a client looking for a platform."""
    local = request.host.partition(":")[0] in {"127.0.0.1", "localhost"}
    return local and request.method == "GET" and (request.path == "/" or bool(named(request)))


def named(request: Request) -> str:
    """The post a permalink leads to; "" for another address."""
    if request.path == WATCH:
        return request.arg("v")
    hit, there = THREAD.match(request.path), ON_BLUESKY.match(request.path)
    if there:
        return bsky_ids.uri(there["who"], there["rkey"])
    if hit is None:
        return ""
    return f"{hit['page']}_{hit['post']}" if hit["page"] else hit["post"]


def page(world: World, request: Request) -> Answer:
    """The town's latest posts, or one thread."""
    name = named(request)
    if not name:
        return _timeline(world)
    post = world.store.one(f"SELECT p.* FROM posts p WHERE p.id = ? AND {SEEN}", name)  # noqa: S608
    if post is None:
        return _html("This is not there any more", "<p>It was deleted, hidden, or never public.</p>", 404)
    return _html(f"On {NAMES[post['platform']]}", _thread(world, things.find(world, post["root"]) or post))


def _timeline(world: World) -> Answer:
    rows = world.store.rows(
        f"SELECT p.* FROM posts p JOIN accounts a ON a.id = p.account WHERE a.kind = 'ours' AND p.parent IS NULL "  # noqa: S608
        f"AND {SEEN} ORDER BY p.created_at DESC LIMIT 60"
    )
    shown = "".join(_thread(world, row) for row in rows)
    return _html("What the public sees", shown or "<p>Nothing has been posted yet.</p>")


def _html(title: str, body: str, status: int = 200) -> Answer:
    whole = HEAD.format(title=escape(title)) + body + FOOT
    return Answer(whole.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


def _thread(world: World, post: sqlite3.Row, depth: int = 0) -> str:
    """A post with what answers it; very deep answers stand beside each other."""
    below = world.store.rows(f"SELECT p.* FROM posts p WHERE p.parent = ? AND {SEEN} ORDER BY p.created_at", post["id"])  # noqa: S608
    inner = "".join(_thread(world, row, depth + 1) for row in below)
    return f"<article>{_words(world, post)}{inner}</article>" if depth < 4 else f"{_words(world, post)}{inner}"


def _words(world: World, post: sqlite3.Row) -> str:
    author, now = world.account(post["account"]), world.clock.now()
    name = escape(author["name"]) if author else ""
    when = f"{moment(post['created_at']):%d %B %Y, %H:%M} UTC" + (", edited" if post["edited_at"] else "")
    seen = reach.at(world, post, now)
    counts = f" · {seen['likes']} likes · {seen['shares']} shares" if author and author["kind"] == "ours" else ""
    pictures = "".join(_file(one) for one in things.media_of(world, post["id"]))
    link = f"<p>{escape(post['link'])}</p>" if post["link"] else ""
    head = (
        f'<p><span class="who">{name}</span> <span class="when">{NAMES[post["platform"]]} · {when}{counts}</span></p>'
    )
    lang = escape(post["lang"], quote=True)
    title = f'<p lang="{lang}" class="who">{escape(str(called))}</p>' if (called := extra(post).get("title")) else ""
    return f'{head}{title}<p lang="{lang}">{escape(post["text"])}</p>{link}{pictures}'


def _file(one: sqlite3.Row) -> str:
    """A picture or a video as it was uploaded."""
    where, alt = f"/_media/{one['id']}", escape(one["alt"], quote=True)
    if one["mime"].startswith("video/"):
        return f'<p><video src="{where}" aria-label="{alt or "Video"}" width="640" controls></video></p>'
    return f'<p><img src="{where}" alt="{alt}" width="{one["width"]}"></p>'
