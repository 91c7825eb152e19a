"""What earlier reports would say otherwise today. Each change of a year is told once, in the next report.

What was only not over yet, such as an answer that came after the report, is told apart from a past that was changed.
The week reported last is counted again as a whole, and of the weeks before what is counted from rows that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Town
from channels_app.models import Attempt, Channel
from metrics import aims, charts, gaps, marks
from metrics.catalogue import MEASURES, Measure
from metrics.figures import Figure, many
from metrics.measures.ledger import RULES, rule_of
from metrics.models import FrozenReport, Tracked
from metrics.report_lines import about_topic, span_of, told, week_of
from metrics.weekly import WEEK, Week
from policy.models import Objective

BACK = 52  # weeks
TOLD = 40  # lines, so that a report stays readable when a year was brought in anew
NAMED = 10  # numbers of posts that platforms took back
# More of the same things are done by now; or only what is done is counted, of the same things that asked for it.
DONE_OF_ALL = ("response_rate", "resolution_rate", "problem_solving", "promises_kept", "ideas_taken_up")
DONE_ALONE = ("within_promise", "first_response")
ASKED = "response_rate"
Later = dict[str, dict[str, list[float | None]]]  # by Monday, by line: the value, its part and whole, as told since


@dataclass(frozen=True)
class Known:
    """A line as it was told last, or as it is counted now."""

    name: str  # of its measure
    label: str
    value: float | None
    part: float | None = None
    whole: float | None = None

    @classmethod
    def now(cls, was: Known, figure: Figure) -> Known:
        return cls(was.name, was.label, figure.value, figure.part, figure.whole)

    @property
    def measure(self) -> Measure:
        return aims.measure_of(self.name)


def ripened(was: Known, now: Known, asked: tuple[Known, Known] | None) -> bool:
    """Whether a figure only went on: what was not known then came in, or more of the same things are done. `asked` is
    what needed an answer, then and now.
    """
    if was.value is None or now.value is None:
        return was.value is None
    name = getattr(rule_of(was.name), "name", was.name)
    if name in DONE_OF_ALL:
        return was.whole == now.whole
    if name in DONE_ALONE and asked is not None:
        return asked[0].whole == asked[1].whole and (now.whole or 0) > (was.whole or 0)
    return False


def changes(monday: date, now: datetime) -> dict[str, Any]:
    """What a report on that week tells of the reports before it, and what the next one has to know of it."""
    week, first = week_of(monday), week_of(monday - BACK * WEEK)
    seen = marks.of_weeks(first.start, week.end)
    rows = FrozenReport.objects.filter(report__week__gte=first.first, report__week__lt=monday)
    before = list(rows.select_related("report").order_by("report__week"))
    restated: list[str] = []
    after: list[str] = []
    later: Later = {}
    for one in reversed(before):
        names = None if one is before[-1] else _moved(before[-1], one, seen)
        if names is None or names:
            _compare(one, _last_told(one, before), names, now, (restated, after, later))
    gone = taken_off(before, now) + taken_back(before[-1].at if before else week.start, now)
    restated = gone + restated
    return {"restated": _first(restated), "after": _first(after), "later": later, "marks": seen}


def _first(lines: list[str]) -> list[str]:
    """The first of many, of the newest weeks; the others are counted."""
    more = len(lines) - TOLD
    return [*lines[:TOLD], f"And {many(more, 'more such line', 'more such lines')}"] if more > 0 else lines


def _moved(last: FrozenReport, one: FrozenReport, seen: marks.Marks) -> set[str]:
    """Which measures of an earlier week are counted from other rows than at the last report."""
    if "marks" not in last.content:
        return set()
    monday = one.report.week.isoformat()
    return marks.moved(last.content["marks"].get(monday, {}), seen.get(monday, {}))


def _last_told(one: FrozenReport, reports: Iterable[FrozenReport]) -> dict[str, Known]:
    """The lines of a report by their key, with what later reports told of them."""
    found = {
        f"{line['name']}:{line.get('about', '')}": Known(
            *(line[name] for name in ("name", "label", "value", "part", "whole"))
        )
        for part in one.content["sections"]
        for line in part["lines"]
        if line["name"] in RULES
    }
    for line in one.content["objectives"]:
        known = Known(line["name"], f"“{line['sentence']}”", line["value"], line.get("part"), line.get("whole"))
        found[f"objective:{line['key']}"] = known
    for other in reports:
        for key, numbers in other.content.get("later", {}).get(one.report.week.isoformat(), {}).items():
            if key in found:
                found[key] = Known(found[key].name, found[key].label, *numbers)
    return found


def _compare(
    one: FrozenReport, was: Mapping[str, Known], names: set[str] | None, now: datetime,
    into: tuple[list[str], list[str], Later],
) -> None:  # fmt: skip
    """Count a week again, as far as `names` says, and put down what is not as it was told last."""
    restated, after, later = into
    counted = _counted(one, was, names, now)
    asked = (was[f"{ASKED}:"], counted[f"{ASKED}:"]) if f"{ASKED}:" in counted else None
    day = one.report.week
    for key, known in counted.items():
        shown, became = (charts.number(some.value, some.measure) for some in (was[key], known))
        if shown == became:
            continue
        words = f"Week of {day.day} {day:%B}, {known.label}: {shown or 'not known'} is now {became or 'not known'}"
        (after if ripened(was[key], known, asked) else restated).append(words)
        later.setdefault(day.isoformat(), {})[key] = [known.value, known.part, known.whole]


def _counted(one: FrozenReport, was: Mapping[str, Known], names: set[str] | None, now: datetime) -> dict[str, Known]:
    """The same lines as they are counted now; those of a topic or an objective that is not there any more are left."""
    week = week_of(one.report.week)
    lines = {line.name: key for key, line in was.items() if key.endswith(":")}
    plain = told((RULES[name] for name in lines if names is None or name in names), span_of(week, now))
    found = {lines[name]: Known.now(was[lines[name]], figure) for name, figure in plain.items()}
    aimed = {str(row.key): row for row in _objectives(one)}
    for line in _topics(one, names):
        aim = getattr(aimed.get(line["objective"]), "aim", None)
        key = f"{line['name']}:{line['about']}"
        if aim and str(aim.topic) == line["about"]:
            figure = about_topic(line["name"], aim, line["first"], week, now)
            found[key] = Known.now(was[key], figure)
    for line in one.content["objectives"]:
        key, objective = f"objective:{line['key']}", aimed.get(line["key"])
        if objective and objective.measure == line["name"] and _wanted(line["name"], names):
            found[key] = Known.now(was[key], _of_objective(objective, week, now, plain))
    return found


def _wanted(name: str, names: set[str] | None) -> bool:
    rule = rule_of(name)
    return names is None or (rule is not None and rule.name in names)


def _objectives(one: FrozenReport) -> Sequence[Objective]:
    keys = [line["key"] for line in one.content["objectives"]]
    return list(Objective.objects.filter(key__in=keys).select_related("aim__topic")) if keys else []


def _topics(one: FrozenReport, names: set[str] | None) -> Iterable[dict[str, Any]]:
    """The lines of a report that are about a topic, with the objective they are told for and since when."""
    for part in one.content["sections"]:
        for line in part["lines"]:
            if "about" in line and _wanted(line["name"], names):
                asked = dict(pair.split("=", 1) for pair in line["query"].split("&"))
                yield line | {"objective": asked["objective"], "first": date.fromisoformat(asked["from"])}


def _of_objective(objective: Objective, week: Week, now: datetime, plain: Mapping[str, Figure]) -> Figure:
    rule, aim = rule_of(objective.measure), getattr(objective, "aim", None)
    if rule is not None and rule.name in plain and aim is None:
        return plain[rule.name]
    return aims.series(objective.measure, [week], now, aim)[0]


def taken_off(reports: Sequence[FrozenReport], now: datetime) -> list[str]:
    """Posts that one of these reports counted and that have gone from their platform since the last of them."""
    if not reports:
        return []
    zone, weeks = Town.here().tz, {one.report.week for one in reports}
    rows = Attempt.objects.filter(event="removed", at__gt=reports[-1].at, at__lte=now, delivery__kind="post")
    rows = rows.filter(delivery__part=0, delivery__published_at__gte=week_of(min(weeks)).start)
    found = []
    for one in rows.select_related("delivery__channel").order_by("at"):
        day = one.delivery.published_at.astimezone(zone).date()  # type: ignore[union-attr]
        if (monday := day - timedelta(days=day.weekday())) not in weeks:
            continue
        text = shorter(one.delivery.payload.get("text", ""))
        gone = one.at.astimezone(zone)
        found.append(
            f"Week of {monday.day} {monday:%B}, a post on {one.delivery.channel}, “{text}”, "
            f"is gone since {gone:%A} {gone.day} {gone:%B}; it stays counted"
        )
    return found


def taken_back(since: datetime, until: datetime, channel: Channel | None = None) -> list[str]:
    """Numbers of posts that platforms made smaller after `since`, the largest steps first."""
    rows = gaps.taken_back(since, until, channel)
    posts = Tracked.objects.select_related("delivery", "channel").in_bulk({one.tracked for one in rows[:NAMED]})
    found = [_back(posts[one.tracked], one) for one in rows[:NAMED]]
    if more := len(rows) - len(found):
        found.append(f"And {many(more, 'more number', 'more numbers')} of posts that platforms made smaller")
    return found


def _back(post: Tracked, one: gaps.TakenBack) -> str:
    return f"{MEASURES[one.measure].label} of {named(post)}, {one.restatement.words} by the platform"


def named(post: Tracked) -> str:
    """Which post it is, in words."""
    text = shorter(post.delivery.payload.get("text", "")) if post.delivery else ""
    return f"a post on {post.channel}, “{text}”" if text else f"a post on {post.channel} made outside Parley"


def shorter(text: str, most: int = 60) -> str:
    """The beginning of a text in one line."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
