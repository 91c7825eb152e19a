"""A measure for a part of the town's work only: the rows of one channel, or of some posts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metrics.measures import tracing
from metrics.measures.shape import Row, Rule, Span


@dataclass(frozen=True)
class Within:
    """Which rows count: those of a channel and those about posts, both by their keys. Neither: all. `seen` are the
    channels whose rows say what they are, by their keys; None: all of them.
    """

    channel: str = ""
    posts: frozenset[str] | None = None
    seen: frozenset[str] | None = None

    def of(self, rows: Sequence[Any]) -> list[Any]:
        found = [one for one in rows if self.has(one)]
        return found if self.seen is None else tracing.seen(found, self.seen)

    def has(self, row: Row) -> bool:
        return (not self.channel or row.where == self.channel) and (self.posts is None or row.ref in self.posts)

    def rule(self, rule: Rule) -> Rule:
        """The same measure, counted from these rows alone."""
        return rule if self == Within() else replace(rule, rows=Narrowed(rule.rows, self))


@dataclass(frozen=True)
class Narrowed:
    """A fetch of rows of which only some count; alike for all measures that are counted from the same rows."""

    rows: Callable[[Span], Sequence[Any]]
    within: Within

    def __call__(self, span: Span) -> Sequence[Any]:
        return self.within.of(self.rows(span))
