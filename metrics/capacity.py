"""Capacity: what planned posts will bring in, by what posts brought in before, against the hours there are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.figures import many, ratio


@dataclass(frozen=True)
class Past:
    """What some weeks showed: posts that went out, messages that came under them, and messages that came otherwise."""

    weeks: float
    posts: int
    under_posts: int
    otherwise: int

    @property
    def per_post(self) -> float | None:
        """Messages that a post brings in; None where no post went out."""
        return ratio(self.under_posts, self.posts)


@dataclass(frozen=True)
class Forecast:
    """A week to come. `inbound` and `hours` are None where no post shows how many messages one brings in."""

    planned: int
    inbound: float | None
    hours: float | None
    given: float | None
    per_post: float | None

    @property
    def over(self) -> bool:
        return self.hours is not None and self.given is not None and self.hours > self.given

    @property
    def words(self) -> str:
        if self.inbound is None or self.hours is None:
            return "No post of these weeks shows how many messages one brings in, so nothing can be forecast."
        told = (
            f"{many(self.planned, 'post', 'posts')} planned, about {self.per_post:.1f} messages each: "
            f"about {many(round(self.inbound), 'message', 'messages')} "
            f"and {self.hours:.1f} hours in the week."
        )
        if self.given is None:
            return f"{told} Nobody has said how many hours there are."
        if self.over:
            return f"Over capacity. {told} Only {self.given:g} hours are kept for it."
        return f"{told} {self.given:g} hours are kept for it."


def forecast(planned: int, past: Past, post_minutes: float, answer_minutes: float, given: float | None) -> Forecast:
    """One week with so many planned posts. What comes otherwise comes whatever is planned."""
    if past.per_post is None or not past.weeks:
        return Forecast(planned, None, None, given, None)
    inbound = planned * past.per_post + past.otherwise / past.weeks
    hours = (planned * post_minutes + inbound * answer_minutes) / 60
    return Forecast(planned, inbound, hours, given, past.per_post)
