"""Whether a text has a link in it, as X sees links: a bare domain is one."""

from __future__ import annotations

from functools import lru_cache

from twitter_text import extract_urls

LOOKED_AT = 1500  # X's reference parser takes quadratic time on dotted text; no post there is longer


@lru_cache(maxsize=512)
def has_link(text: str) -> bool:
    return "." in text and bool(extract_urls(text[:LOOKED_AT]))
