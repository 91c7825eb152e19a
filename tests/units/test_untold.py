"""What platforms do not tell of taking part is said beside what they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from metrics.echoes import echoes
from metrics.measures import reach, untold
from metrics.measures.reach import PostRow

AT = datetime(2026, 11, 11, 9, tzinfo=UTC)
NONE: dict[str, Any] = dict.fromkeys(("own_clicks", "reach", "impressions", "followers"))
ALL = {"likes": 4, "replies": 1, "shares": 0, "clicks": 2}


def post(platform: str, **numbers: int | None) -> PostRow:
    return PostRow("ref", "Fernhill", AT, "Bins", platform, "", "", "", "", 9, **NONE | ALL | numbers, read_at=AT)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([post("x")], ""),
        ([post("x"), post("x", clicks=None)], ""),  # it tells some of them
        ([post("x"), post("mastodon", clicks=None)], "Mastodon tells no clicks: this is not counted"),
        (
            [post("mastodon", clicks=None), post("bluesky", clicks=None), post("youtube", shares=None, clicks=None)],
            "YouTube tells no shares; Bluesky, Mastodon and YouTube tell no clicks: these are not counted",
        ),
        ([post("vimeo", shares=None, clicks=None)], "Vimeo tells no shares or clicks: this is not counted"),
        ([post("", clicks=None)], ""),  # on a channel that is not seen
    ],
)
def test_each_platform_that_never_tells_a_part_is_named_with_it(rows: list[PostRow], said: str) -> None:
    assert untold.sentence(rows) == said


def test_the_share_who_took_part_and_the_report_say_it() -> None:
    rows = [replace(one, reach=100) for one in (post("x"), post("mastodon", clicks=None))]
    words = "Mastodon tells no clicks: this is not counted"
    assert words in reach.engagement_rate(rows).notes
    assert echoes(rows)[2]["notes"] == [f"{words}."]
