"""Rows of a figure whose numbers a platform made smaller: what it said before and since, when, and which platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.models import Town
from metrics import gaps, restating
from metrics.catalogue import MEASURES
from metrics.measures import from_posts
from metrics.measures.post_numbers import NUMBERS
from metrics.measures.reach import PostRow, ReachRow
from metrics.measures.shape import Row, Rule, Span
from metrics.models import Tracked

# Which of a post's numbers a figure is counted from, where it is not all of them.
OF_FIGURE: Mapping[str, tuple[str, ...]] = {
    "popularity": ("likes",),
    "commitment": ("replies",),
    "virality": ("shares",),
    "population_reached": ("reach",),
    "own_clicks": (),
}


def words(rule: Rule, rows: Sequence[Row], span: Span) -> list[str]:
    """A sentence for each number of these rows that was made smaller within the span, the largest step first."""
    measures = OF_FIGURE.get(rule.name, NUMBERS) if rule.row in {PostRow, ReachRow} else ()
    posts = _posts(rows) if measures and rows else {}
    if not posts:
        return []
    found = gaps.taken_back(span.start, span.until, posts=posts, measures=measures)
    return [_words(posts[one.tracked], one) for one in found]


def _posts(rows: Sequence[Row]) -> dict[int, Tracked]:
    """What is read of these rows, as far as they say which post they are."""
    wanted = {(row.channel_key, row.ref) for row in rows if row.ref}
    ends, keys = [row.at for row in rows], {key for key, _ in wanted}
    read = Tracked.objects.filter(published_at__range=(min(ends), max(ends)), channel__key__in=keys)
    tracked = list(read.exclude(remote_id="").select_related("channel", "delivery"))
    placed = from_posts.placements(one.delivery_id for one in tracked if one.delivery_id)
    found = {}
    for one in tracked:
        placement = placed.get(one.delivery_id or 0)
        if (str(one.channel.key), str(placement.post.key) if placement else one.remote_id) in wanted:
            found[one.pk] = one
    return found


def _words(post: Tracked, one: gaps.TakenBack) -> str:
    step, at = one.restatement, one.restatement.at.astimezone(Town.here().tz)
    when = f"{at:%A} {at.day} {at:%B %Y, %H:%M}"
    by = post.channel.get_platform_display()
    label = MEASURES[one.measure].label
    return f"{label} of {restating.named(post)}: {step.was:,} before, {step.became:,} since {when}, as {by} says"
