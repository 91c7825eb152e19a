"""How long a text is, as each platform counts it."""

from __future__ import annotations

import re
from functools import lru_cache

import regex
from mastodon._url_regex import url_regex
from twitter_text import parse_tweet

X_LIMIT = 280
LINK = 23  # every link counts this much on X and on Mastodon, however long it is
PARSED_AT_MOST = 1500  # X's reference parser takes quadratic time on dotted text
GRAPHEME = regex.compile(r"\X")
LONG_LINK = re.compile(
    r"(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w~/%=&?.+-]{40})[\w~/%=&?.+-]+(?=[\w~/%=&?.+-])", re.IGNORECASE | re.ASCII
)
HANDLE = re.compile(r"(^|[^/\w])@(([a-z0-9_]+)@[a-z0-9.\-]+[a-z0-9]+)", re.IGNORECASE)


def graphemes(text: str) -> int:
    """Characters as a reader sees them: a family emoji or a letter with its accents is one."""
    return sum(1 for _ in GRAPHEME.finditer(text))


@lru_cache(maxsize=1024)
def x(text: str) -> int:
    """X's weighted length. A text far too long is not parsed: the answer is then a lower bound over the limit."""
    if len(text) > X_LIMIT * 2:
        least = at_least(text)
        if least > X_LIMIT:
            return least
        text = LONG_LINK.sub(r"\1", text)
        if len(text) > PARSED_AT_MOST:
            return max(least, X_LIMIT + 1)
    return int(parse_tweet(text).weightedLength) if text else 0


def at_least(text: str) -> int:
    """A cheap lower bound of X's and Mastodon's count: no word counts more than a link would."""
    runs = text.split()
    return sum(min(graphemes(run), LINK) for run in runs) + max(len(runs) - 1, 0)


@lru_cache(maxsize=1024)
def mastodon(text: str, limit: int = 500) -> int:
    """Mastodon's length: graphemes, with links as 23 and `@name@server` as `@name`."""
    if len(text) > limit * 4:
        least = at_least(HANDLE.sub(r"\1@\3", text))
        if least > limit:
            return least
    short = url_regex.sub(lambda hit: hit.group(2) + "x" * LINK, text)
    return graphemes(HANDLE.sub(r"\1@\3", short))


def facebook(text: str) -> int:
    return len(text)


def linkedin(text: str) -> int:
    """As many as the text has in UTF-16, as a Java server counts: most emoji are two."""
    # Not confirmed with real credentials: LinkedIn's papers say "characters" only, and this never counts too few.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
