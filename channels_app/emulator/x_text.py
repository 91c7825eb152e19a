"""X's way with text: weighted length, t.co links, the forms in which a post is handed out."""

import hashlib
import re
from html import escape
from typing import Any

from twitter_text import extract_urls_with_indices, parse_tweet

LIMIT = 280
TOO_LONG_TO_PARSE = 1500  # the reference parser is quadratic on dotted text
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")


def too_long(text: str) -> bool:
    """More than 280 by X's own weighted count."""
    return len(text) > TOO_LONG_TO_PARSE or parse_tweet(text).weightedLength > LIMIT


def links(text: str) -> list[dict[str, str]]:
    """The links in a text, in order, each with the t.co address X makes for it."""
    found = {(hit.start(), hit.end()): hit[0] for hit in ADDRESS.finditer(text)}
    if len(text) <= TOO_LONG_TO_PARSE and "." in text:
        for hit in extract_urls_with_indices(text):
            start, end = hit["indices"]
            if not any(start < other_end and end > other_start for other_start, other_end in found):
                found[(start, end)] = hit["url"]
    return [short_link(found[place]) for place in sorted(found)]


def short_link(url: str, seed: str = "") -> dict[str, str]:
    code = hashlib.sha256(f"{seed}{url}".encode()).hexdigest()[:10]
    full = url if "://" in url else f"http://{url}"
    shown = full.partition("://")[2]
    return {
        "raw": url,
        "url": f"https://t.co/{code}",
        "expanded_url": full,
        "display_url": shown[:27] + ("…" if len(shown) > 27 else ""),
    }


def handed_out(text: str, known: list[dict[str, str]]) -> tuple[str, list[dict[str, Any]]]:
    """The text as the API gives it (t.co instead of links, & < > as entities) and `entities.urls` with places in it."""
    pieces, entities, length, rest = [], [], 0, text
    for link in known:
        before, raw, rest = rest.partition(link["raw"])
        if not raw:
            rest = before
            continue
        before = escape(before, quote=False)
        start = length + len(before)
        length = start + len(link["url"])
        pieces += [before, link["url"]]
        entities.append({"start": start, "end": length} | {key: value for key, value in link.items() if key != "raw"})
    return "".join(pieces) + escape(rest, quote=False), entities
