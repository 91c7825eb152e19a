"""Since when anything is known of the town's channels: of the time before, no number is nought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from metrics.figures import Figure
from metrics.weekly import Week

BEFORE = Figure(None, missing="of before Parley knows anything")
BEGAN = """
SELECT LEAST((SELECT min(created_at) FROM channels_app_channel),
             (SELECT min(at) FROM engagement_clockevent WHERE kind = 'started'),
             (SELECT min(at) FROM engagement_message WHERE kind = 'post'))
"""


def began() -> datetime | None:
    """The first moment anything is known of: a channel, a question, or a post; None on a new desk."""
    with connection.cursor() as cursor:
        cursor.execute(BEGAN)
        found: datetime | None = cursor.fetchone()[0]
    return found


def known(figures: Sequence[Figure], over: Sequence[Week], since: datetime | None) -> list[Figure]:
    """The figures of the last of these weeks; the noughts of those that ended before anything was known are unknown."""
    told = zip(figures, over[-len(figures) :], strict=True)
    return [one if one.value or not since or since < week.end else BEFORE for one, week in told]
