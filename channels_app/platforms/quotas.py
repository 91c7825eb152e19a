"""What a platform tells of how often it still lets itself be asked: read off its answers, kept until somebody writes it
down.

Only what a platform tells stands here. LinkedIn, YouTube, WordPress and feeds tell nothing as long as there is room; X
tells its fifteen minutes and, for some apps, its day, but not the month's cap, which only the app's own key may ask
for. The headers' names are the platforms' own; what each route counts is not verified with real credentials.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from channels_app.platforms.base import Account

MOST = 31 * 86_400  # seconds that anything is taken to last


@dataclass(frozen=True)
class Quota:
    """`left` of `most`, counted in `what`; full again in `seconds`, None where that is not told."""

    what: str
    left: int
    most: int
    seconds: float | None = None


Headers = Mapping[str, str]
_kept: dict[tuple[str, str, str], dict[str, Quota]] = {}
_taken: dict[tuple[str, str, str], float] = {}
_lock = threading.Lock()


def keep(account: Account, found: Iterable[Quota]) -> None:
    """Keep the newest of each kind for whoever writes it down; of an account that is not known yet nothing."""
    if account.remote_id:
        with _lock:
            _kept.setdefault((account.platform, account.host, account.remote_id), {}).update(
                (one.what, one) for one in found
            )


def take(platform: str, host: str, remote_id: str, pause: float = 0) -> list[Quota]:
    """What was kept since the last time, once; nothing before `pause` seconds have passed since then."""
    account, moment = (platform, host, remote_id), time.monotonic()
    with _lock:
        if account not in _kept or moment - _taken.get(account, -pause) < pause:
            return []
        _taken[account] = moment
        return list(_kept.pop(account).values())


def hear(account: Account, method: str, url: str, headers: Headers) -> None:
    """Every answer of a platform comes by here. What cannot be read is left: an answer never fails for it."""
    read = READERS.get(account.platform)
    if read is not None:
        keep(account, read(method, urlsplit(url).path, headers))


def tells(platform: str) -> bool:
    """Whether the platform says how much is left before it is too late."""
    return platform in READERS


def _x(method: str, path: str, headers: Headers) -> list[Quota]:
    what = next((words for verb, route, words in X_ROUTES if verb == method and re.fullmatch(route, path)), "")
    found = _triple(what, headers, "x-rate-limit-", _epoch) if what else []
    for who in ("app", "user"):
        found += _triple(f"calls of the {who} in a day, {what}", headers, f"x-{who}-limit-24hour-", _epoch)
    return found


X_ROUTES = (
    ("POST", "/2/tweets", "posts and answers"),
    ("GET", r"/2/users/\d+/mentions", "reads of mentions"),
    ("GET", r"/2/users/\d+/tweets", "reads of own posts"),
    ("GET", "/2/tweets/search/recent", "searches"),
    ("GET", "/2/dm_events", "reads of private messages"),
)


def _mastodon(method: str, path: str, headers: Headers) -> list[Quota]:
    what = "calls"
    if method == "POST" and path.endswith("/media"):
        what = "uploads"
    elif method == "DELETE":
        what = "deletions"
    return _triple(what, headers, "X-RateLimit-", _iso)


def _bluesky(method: str, path: str, headers: Headers) -> list[Quota]:
    what = "calls"
    if path.startswith("/xrpc/com.atproto.repo.") and method == "POST":
        what = "uploads" if path.endswith("uploadBlob") else "points for writing"
    elif path.endswith(("createSession", "refreshSession")):
        what = "sign-ins"
    return _triple(what, headers, "RateLimit-", _epoch)


def _vimeo(method: str, path: str, headers: Headers) -> list[Quota]:
    return _triple("calls", headers, "X-RateLimit-", _iso)


def _pinterest(method: str, path: str, headers: Headers) -> list[Quota]:
    return _triple("calls", headers, "X-RateLimit-", _span)


def _graph(method: str, path: str, headers: Headers) -> list[Quota]:
    """Meta tells the share that is used of what it does not name; the highest of its shares is the one that counts."""
    return [
        *_percent("percent of the app's calls", [_object(headers, "X-App-Usage")]),
        *_percent("percent of the account's calls", _rows(_object(headers, "X-Business-Use-Case-Usage"))),
    ]


READERS: Mapping[str, Callable[[str, str, Headers], list[Quota]]] = {
    "x": _x,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "vimeo": _vimeo,
    "pinterest": _pinterest,
    "facebook": _graph,
    "instagram": _graph,
}


def _triple(what: str, headers: Headers, start: str, until: Callable[[str, Headers], float | None]) -> list[Quota]:
    """Limit, remaining and reset under one beginning; a limit may have its window behind a comma."""
    left = _number(headers.get(f"{start}Remaining", ""))
    most = _number(headers.get(f"{start}Limit", "").partition(",")[0].strip())
    if left is None or not most:
        return []
    return [Quota(what, left, most, until(headers.get(f"{start}Reset", ""), headers))]


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def _epoch(text: str, headers: Headers) -> float | None:
    seconds = _number(text)
    return None if seconds is None else _bounded(seconds - _now(headers))


def _iso(text: str, headers: Headers) -> float | None:
    try:
        return _bounded(datetime.fromisoformat(text).timestamp() - _now(headers))
    except (ValueError, OverflowError):
        return None


def _span(text: str, headers: Headers) -> float | None:
    seconds = _number(text)
    return None if seconds is None else _bounded(seconds)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0), MOST)


def _now(headers: Headers) -> float:
    """The moment of the answer by the platform's own clock."""
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        return time.time()


def _object(headers: Headers, name: str) -> Mapping[str, object]:
    try:
        found = json.loads(headers.get(name) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _rows(usage: Mapping[str, object]) -> list[Mapping[str, object]]:
    lists = [rows for rows in usage.values() if isinstance(rows, list)]
    return [row for rows in lists for row in rows if isinstance(row, dict)]


def _percent(what: str, rows: Iterable[Mapping[str, object]]) -> list[Quota]:
    used = _numbers(rows, "call_count", "total_cputime", "total_time")
    if not used:
        return []
    minutes = max(_numbers(rows, "estimated_time_to_regain_access"), default=0)
    return [Quota(what, 100 - int(min(max(used), 100)), 100, _bounded(minutes * 60) if minutes else None)]


def _numbers(rows: Iterable[Mapping[str, object]], *names: str) -> list[float]:
    """None of them below nothing, and no number that is none."""
    found = [row.get(name) for row in rows for name in names]
    return [float(one) for one in found if isinstance(one, int | float) and one >= 0]
