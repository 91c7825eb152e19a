"""What objectives are measured by: the measures of each family, what they are about, and their figures over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from metrics import weekly
from metrics.catalogue import MEASURES, Measure
from metrics.figures import Figure
from metrics.measures import from_followers, shape
from metrics.measures.ledger import FAMILIES, RULES, rule_of
from metrics.measures.reach import FollowerRow
from metrics.measures.shape import Rule, Span, Unit
from metrics.models import Aim
from metrics.progress import lines_to
from metrics.weekly import Week
from policy.models import Objective

USUAL, LONGEST = timedelta(weeks=4), timedelta(weeks=52)  # how far back an effect on contacts is told
KINDS: dict[Unit, Literal["share", "hours", "rate", "level"]] = {
    "%": "share",
    "h": "hours",
    "per 1,000": "rate",
    "points": "rate",
    "to 1": "rate",
    "money each": "rate",
    "": "level",
    "money": "level",
}

# Counted within a week: a target is for a week, and a longer time counts more.
A_WEEK: frozenset[str] = frozenset({"ideas_gathered", "own_clicks", "contacts", "participants"})
ONCE: frozenset[str] = frozenset({"participants"})  # of these a month counts less than the sum of its weeks


def measure_of(name: str) -> Measure:
    """How a measure is called, counted and read. KeyError for one that Parley does not know."""
    if name in MEASURES:
        return MEASURES[name]
    rule = rule_of(name)
    if rule is None:
        raise KeyError(name)
    return from_rule(rule)


def from_rule(rule: Rule) -> Measure:
    """A rule as an entry of the catalogue."""
    kind = "rate" if rule.fine else KINDS[rule.unit]
    return Measure(rule.name, rule.label, rule.unit, kind, rule.source, rule.formula, rule.better, rule.proxy)


def unit_of(name: str) -> str:
    """What stands behind the target of an objective: its unit, and that it is for a week where weeks add up."""
    return f"{measure_of(name).unit} a week".strip() if name in A_WEEK else measure_of(name).unit


def needed(objective: Objective, over: Sequence[Week]) -> list[float | None]:
    """What the line asks for in each of these weeks, months or quarters: of what adds up so many times as they have
    weeks, and nothing where a longer time counts everybody once.
    """
    asked = lines_to(objective, [week.end - timedelta(days=1) for week in over])
    if objective.measure not in A_WEEK:
        return asked
    weeks = [(week.end.date() - week.first).days / 7 for week in over]
    once = objective.measure in ONCE
    return [
        None if line is None or (once and count != 1) else line * count
        for line, count in zip(asked, weeks, strict=True)
    ]


def most_of(measure: Measure) -> float | None:
    """What a measure cannot exceed, where there is such a thing."""
    return 100.0 if measure.kind == "share" else None


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The measures an objective can be set on, under the family they belong to."""
    return [(family, [(name, measure_of(name).label) for name in FAMILIES[key]]) for key, family in Objective.FAMILIES]


def fits(family: str, name: str) -> bool:
    """Whether objectives of this family can be measured by it."""
    return name in FAMILIES.get(family, ())


def about(objective: Objective) -> Aim | None:
    """The topic its measure is about, where it is about one."""
    return Aim.objects.filter(objective=objective).select_related("topic", "control").first()


def series(name: str, over: Sequence[Week], now: datetime, aim: Aim | None = None) -> list[Figure]:
    """One figure for each of these weeks or months, which follow one another."""
    if name == "total_followers":
        return followers(over, now)
    if name in weekly.FIGURES:
        return weekly.series(name, over, now)
    rule = rule_of(name)
    if rule is None:
        raise KeyError(name)
    return shape.series(rule, over, now, *topics_of(aim))


def followers(
    over: Sequence[Week], now: datetime, of: Callable[[Sequence[FollowerRow]], Sequence[FollowerRow]] = list
) -> list[Figure]:
    """Followers at the end of each week, as their rows tell them, which are fetched once; `of` leaves some out."""
    fresh = from_followers.FRESH
    rows = of(from_followers.followers(Span(min(over[0].start, over[0].end - fresh), over[-1].end, now)))
    found = []
    for week in over:
        until = min(week.end, now)
        since = min(week.start, until - fresh)
        found.append(RULES["followers"].figure([one for one in rows if since <= one.at < until]))
    return found


def topics_of(aim: Aim | None) -> tuple[int | None, int | None, date | None]:
    """The topic and the control a measure is asked about, and since when something is done; none where it is about no
    topic.
    """
    return (aim.topic_id, aim.control_id, aim.since) if aim else (None, None, None)


@dataclass(frozen=True)
class Stretch:
    """Whole weeks, by the first day and the one after the last, that are held against as many before."""

    first: date
    after: date
    words: str


def since(aim: Aim, after: date) -> Stretch:
    """The whole weeks since something was done, up to before this Monday: all of them, and of more than a year the last
    52. Where nobody said when, the last four.
    """
    if aim.since is None:
        return Stretch(after - USUAL, after, "the last 4 weeks against the 4 before")
    begun, day = aim.since + timedelta(days=-aim.since.weekday() % 7), f"{aim.since.day} {aim.since:%B %Y}"
    first = max(begun, after - LONGEST)
    words = f"since {day}" if first == begun else f"the last 52 weeks against the 52 before {day}"
    return Stretch(min(first, after - weekly.WEEK), after, words)


def of(objective: Objective, over: Sequence[Week], now: datetime) -> list[Figure]:
    """The figures of one objective."""
    return series(objective.measure, over, now, about(objective))
