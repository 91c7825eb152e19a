"""Five weeks of an invented town's calendar, for the style guide."""

from __future__ import annotations

from datetime import date, timedelta


def days() -> list[dict[str, object]]:
    """Five weeks of a month with a gap, a crowded day and today."""
    first = date(2026, 10, 26)
    return [_day(first + timedelta(days=offset), offset) for offset in range(35)]


def _day(day: date, offset: int) -> dict[str, object]:
    plans: dict[int, list[tuple[str, str, str, int | None, list[str]]]] = {
        1: [("09:00", "Half-term swimming: extra sessions on Wednesday and Friday", "published", 6, ["facebook", "x"])],
        3: [
            (
                "12:30",
                "Mill Road closes on Monday. Here is the way round",
                "published",
                2,
                ["facebook", "x", "mastodon"],
            )
        ],
        7: [("08:30", "Mill Road is closed from today until Friday", "published", 2, ["x", "mastodon"])],
        9: [("17:00", "What should the old library become?", "published", 3, ["facebook"])],
        10: [
            (
                "10:00",
                "Leaves on the line of the mower: behind the scenes with parks",
                "failed",
                4,
                ["facebook", "mastodon"],
            )
        ],
        14: [
            ("08:00", "Market on Saturday: who is coming", "scheduled", 4, ["facebook", "x"]),
            ("12:00", "Bins: Christmas collection days", "in_review", None, ["facebook", "x", "mastodon"]),
            ("17:30", "Council meets tonight at seven", "draft", None, ["mastodon"]),
        ],
        16: [("10:30", "Thank you to everyone who answered about the library", "approved", 3, ["facebook"])],
        18: [("09:00", "Remembrance Sunday: road closures", "scheduled", 8, ["facebook", "x", "mastodon"])],
        22: [("11:00", "Ask the swimming pool team anything", "needs_attention", 6, ["facebook"])],
    }
    posts = [
        dict(zip(("time", "words", "state", "hue", "platforms"), plan, strict=True)) for plan in plans.get(offset, [])
    ]
    events = {5: "Clocks go back", 16: "Council meeting", 20: "Remembrance Sunday"}
    return {
        "date": day,
        "outside": day.month != 11,
        "weekend": day.weekday() > 4,
        "today": offset == 14,
        "posts": posts,
        "event": events.get(offset, ""),
        "gap": offset in {11, 15, 23, 24},
        "more": 4 if offset == 14 else 0,
    }
