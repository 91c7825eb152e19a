"""On Mastodon a video without sound becomes a moving picture: it is still found as the video that was sent."""

from __future__ import annotations

from typing import Any

import pytest

from channels_app.platforms import mastodon_reading
from channels_app.platforms.base import Account


def status(*kinds: str) -> dict[str, Any]:
    media = [{"type": kind, "url": f"https://social.example/{kind}", "description": ""} for kind in kinds]
    account = {"id": "7", "acct": "fernhill", "username": "fernhill"}
    return {
        "id": "1",
        "content": "",
        "created_at": "2026-11-30T12:00:00Z",
        "account": account,
        "media_attachments": media,
    }


@pytest.mark.parametrize(
    ("kinds", "pictures", "filmed", "videos"),
    [
        (("image", "image"), 2, 2, 0),
        (("video",), 0, 0, 1),
        (("gifv",), 1, 0, None),
        (("gifv", "image"), 2, 1, None),
        ((), 0, 0, 0),
    ],
)
def test_what_is_counted(kinds: tuple[str, ...], pictures: int, filmed: int, videos: int | None) -> None:
    row = status(*kinds)
    assert mastodon_reading.candidate(row).pictures == pictures
    assert mastodon_reading.candidate(row, filmed=True).pictures == filmed
    found = mastodon_reading.item(Account("mastodon", "social.example", "7", "@fernhill", {}), row).videos
    assert (found if found is None else len(found)) == videos
