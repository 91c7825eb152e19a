"""Walking one of our lists back, page by page, to where an attempt began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels_app.platforms.base import Incoming, Page
from channels_app.platforms.matching import SLACK

PAGES = 10  # a walk that needs more pages than this is not complete


def back_to(since: datetime, turn: Callable[[str], Page], *, threads: bool = False) -> tuple[list[Incoming], bool]:
    """All items as far back as `since`, and whether the walk got that far. `turn` gives one page, the newest first.

    Where pages are of `threads`, with their old answers, it ends only where a whole page is older.
    """
    found, page, nearest = list[Incoming](), "", max if threads else min
    for _ in range(PAGES):
        got = turn(page)
        found += got.items
        page = got.next
        if not page or (got.items and nearest(one.at for one in got.items) < since - SLACK):
            return found, True
    return found, False
