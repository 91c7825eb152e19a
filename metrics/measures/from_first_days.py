"""The rows of posts with their numbers of one age, so that an old post and a young one can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q

from metrics.measures import from_posts
from metrics.measures.post_numbers import NUMBERS, Numbers
from metrics.measures.reach import PostRow
from metrics.measures.shape import Span
from metrics.models import Reading

AGE = (timedelta(hours=23), timedelta(hours=72))  # how old a post is when its numbers are compared, as for good hours


def posts(span: Span) -> list[PostRow]:
    """Every post published in the span, on each channel, with its numbers of about a day later; None where nobody read
    or told them then, and for a post that is not so old yet.
    """
    return from_posts.told(span, lambda until: a_day_after(list(until), span.now))


def a_day_after(tracked: Collection[int], until: datetime) -> Numbers:
    """The first number of each kind once a post is about a day old, and when the last of them was read."""
    rows = Reading.objects.filter(
        Q(at__gte=F("tracked__published_at") + AGE[0]) & Q(at__lt=F("tracked__published_at") + AGE[1]),
        tracked__in=tracked,
        measure__in=NUMBERS,
        value__isnull=False,
        at__lt=until,
    )
    first = rows.order_by("tracked_id", "measure", "at").distinct("tracked_id", "measure")
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    read_at: dict[int, datetime] = {}
    for pk, name, value, at in first.values_list("tracked_id", "measure", "value", "at"):
        numbers[pk][name] = value or 0
        read_at[pk] = max(at, read_at.get(pk, at))
    return numbers, read_at
