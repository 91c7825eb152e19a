"""What the lines of a report are counted from: the figures of a week, of a topic since something was done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from accounts.models import Town
from metrics import aims
from metrics.figures import Figure
from metrics.measures import from_inbox, from_posts
from metrics.measures.answers import WaitRow
from metrics.measures.ledger import RULES
from metrics.measures.reach import PostRow
from metrics.measures.shape import Rule, Span, figure_of, figures
from metrics.models import Aim
from metrics.weekly import WEEK, Week


def week_of(monday: date) -> Week:
    """The week by the town's clocks."""
    zone = Town.here().tz
    return Week(monday, datetime.combine(monday, time(), zone), datetime.combine(monday + WEEK, time(), zone))


def span_of(week: Week, now: datetime) -> Span:
    return Span(week.start, week.end, now)


def told(
    rules: Iterable[Rule], span: Span, posts: Sequence[PostRow] | None = None, waits: Sequence[WaitRow] | None = None
) -> dict[str, Figure]:
    """The figures by name; rows that several are counted from are fetched once, or were fetched before."""
    rules = list(rules)
    there: dict[Callable[[Span], Sequence[Any]], Sequence[Any]] = {} if waits is None else {from_inbox.waits: waits}
    if any(rule.rows in {from_posts.posts, from_posts.reached} for rule in rules):
        posts = from_posts.posts(span) if posts is None else posts
        there |= {from_posts.posts: posts, from_posts.reached: from_posts.reach_of(posts)}
    counted = {rule.name: rule.figure(there[rule.rows]) for rule in rules if rule.rows in there}
    return figures([rule for rule in rules if rule.rows not in there], span) | counted


def about_topic(name: str, aim: Aim, first: date, week: Week, now: datetime) -> Figure:
    """What changed about a topic from then up to the end of the week."""
    start = datetime.combine(first, time(), week.start.tzinfo)
    return figure_of(RULES[name], Span(start, week.end, now, *aims.topics_of(aim)))
