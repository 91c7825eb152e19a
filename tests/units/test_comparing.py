"""Two figures are compared only where both were counted from the same: pure, over known rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from metrics import aims, charts
from metrics.figures import Figure
from metrics.measures import reach
from metrics.measures.ledger import RULES
from metrics.measures.reach import EngagedRow, FollowerRow, PostRow

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = date(2026, 11, 16)


def fans(channel: str, value: int | None) -> FollowerRow:
    return FollowerRow(channel, channel, AT, value, "" if value else "no connection", DAY)


def followers(*rows: FollowerRow) -> Figure:
    return reach.total_followers(rows)


ROW = PostRow("a", "X", AT, "", "x", "", "", "", "", 12, 5, 0, 0, 0, None, 400, None, 900, None)
TWO, ONE = followers(fans("X", 900), fans("Page", 2000)), followers(fans("X", 950), fans("Page", None))
ENGAGED = [EngagedRow("X", "X", AT, 9, 900), EngagedRow("Page", "Page", AT, 9, 2000)]
UNKNOWN = "no comparison with the week before yet"
OTHERS = "no comparison: the week before was counted from other parts"


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("followers", TWO, ONE, OTHERS),
        ("followers", ONE, TWO, OTHERS),
        ("followers", ONE, followers(fans("X", 900), fans("Page", None)), "50 less than the week before"),
        ("followers", ONE, followers(fans("Page", 900), fans("X", None)), OTHERS),  # as many, and not the same
        ("engaged_followers", reach.engaged_followers(ENGAGED), reach.engaged_followers(ENGAGED[:1]), OTHERS),
        ("engagement_rate", reach.engagement_rate([ROW]), reach.engagement_rate([replace(ROW, reach=None)]), OTHERS),
        ("engagement_rate", reach.engagement_rate([ROW]), reach.engagement_rate([ROW]), "same as the week before"),
        ("engagement_rate", reach.engagement_rate([]), reach.engagement_rate([ROW]), UNKNOWN),
    ],
)  # fmt: skip
def test_what_rests_on_other_parts_is_not_compared(name: str, before: Figure, after: Figure, words: str) -> None:
    change = charts.change([before, after], aims.from_rule(RULES[name]))
    assert (change.words, change.tone == "plain") == (words, "less" not in words)


def test_a_chart_does_not_call_it_growth_that_a_channel_is_known_again() -> None:
    measure = aims.from_rule(RULES["followers"])
    assert charts.finding(measure, [ONE, ONE, TWO]) == (
        "Followers on all channels: 2,900; 2 weeks ago it was counted from other parts"
    )
    assert charts.finding(measure, [ONE, TWO, ONE]) == "Followers on all channels: 950, as 2 weeks ago"
