"""Every measure: its name, its label, its unit, whether it adds up or is a level, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Measure:
    """`kind`: a `level` is a state at a time (followers), `cumulative` a total so far (likes), a `share` 0 to 100, a
    `rate` a number told with one decimal. `proxy` says why it only stands for what is really meant.
    """

    name: str
    label: str
    unit: str
    kind: Literal["level", "cumulative", "share", "hours", "rate"]
    source: str
    formula: str = ""
    better: Literal["up", "down"] = "up"
    proxy: str = ""


def _from_platform(name: str, label: str, kind: Literal["level", "cumulative"]) -> Measure:
    return Measure(name, label, label.lower(), kind, "the platform, as read at the time shown")


_ALL = [
    _from_platform("followers", "Followers", "level"),
    _from_platform("following", "Accounts followed", "level"),
    _from_platform("posts", "Posts", "level"),
    _from_platform("impressions", "Times shown", "cumulative"),
    _from_platform("reach", "People reached", "cumulative"),
    _from_platform("likes", "Likes", "cumulative"),
    _from_platform("shares", "Shares", "cumulative"),
    _from_platform("replies", "Replies", "cumulative"),
    _from_platform("quotes", "Quotes", "cumulative"),
    _from_platform("bookmarks", "Bookmarks", "cumulative"),
    _from_platform("clicks", "Link clicks", "cumulative"),
    Measure(
        "answered_in_time",
        "Answered within the promise",
        "%",
        "share",
        "the clocks of conversations that asked for an answer",
        "answered within the promise ÷ what needed an answer, by the week in which people wrote; as in Kept and missed",
    ),
    Measure(
        "first_answer_hours",
        "Median hours to the first answer",
        "h",
        "hours",
        "the clocks of conversations that asked for an answer",
        "the middle value of hours from the resident's message to our published answer",
        better="down",
    ),
    Measure(
        "conversation_share",
        "Conversation balance",
        "%",
        "share",
        "what went out: posts that tell, posts that ask, answers, and what was said in other people's groups",
        "what asks, answers or joins in where others talk ÷ everything that went out",
    ),
    Measure(
        "total_followers",
        "Followers on all channels",
        "",
        "level",
        "the newest reading of each channel in the week, added up; people who follow twice count twice",
        "sum of followers over channels at the end of the week",
    ),
]

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
WEEKLY = ("answered_in_time", "first_answer_hours", "conversation_share", "total_followers")


def choices(names: Iterable[str] = WEEKLY) -> list[tuple[str, str]]:
    """The measures an objective can be set on, for a form."""
    return [(name, MEASURES[name].label) for name in names]
