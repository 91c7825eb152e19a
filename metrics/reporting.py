"""What a weekly report says, as plain data: computed once from the rows of its week, and written down by `reports`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from accounts.models import Town
from channels_app.models import Attempt, Channel
from metrics import aims, anomalies, charts, echoes, gaps, shifting, weekly
from metrics.figures import Figure
from metrics.measures import from_posts
from metrics.measures.ledger import RULES
from metrics.measures.reach import PostRow
from metrics.measures.shape import Rule, Span, figure_of, figures
from metrics.models import FrozenReport
from metrics.pace import pace
from metrics.progress import lines_to, progress
from metrics.weekly import Week
from policy.models import Objective

WEEK = timedelta(weeks=1)
ABOUT_TOPICS = ("pressure", "cost_avoided")
DRAWN = 12  # weeks in the line of an objective
# What a report shows, in its order; measures about a topic are told for each objective that is about one.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Response": ("response_rate", "within_promise", "first_response", "resolution_rate"),
    "Conversation": ("conversation_balance", "participants", "continuation"),
    "Taking part": ("engagement_rate", "own_clicks", "population_reached", "influence"),
    "Followers": ("followers", "useful_followers", "engaged_followers"),
    "Effect elsewhere": ("problem_solving", "promises_kept", "complaint_rate", "spend"),
    "How we speak": ("accessible", "originality", "unlinked", "ideas_gathered"),
}


def week_of(monday: date) -> Week:
    """The week by the town's clocks."""
    zone = Town.here().tz
    return Week(monday, datetime.combine(monday, time(), zone), datetime.combine(monday + WEEK, time(), zone))


def content(monday: date, now: datetime) -> dict[str, Any]:
    """Everything a report says, as plain data."""
    town = Town.here()
    week = week_of(monday)
    over = weekly.weeks(week.start, town.tz, DRAWN)
    posts = from_posts.posts(_span(week, now))
    before, told = _frozen(monday - WEEK), _figures(_rules(), _span(week, now), posts)
    lines = {heading: [_line(RULES[name], told[name], before) for name in names] for heading, names in SECTIONS.items()}
    aimed = list(Objective.objects.filter(active=True).select_related("aim__topic"))
    lines["Effect elsewhere"] = _about_topics(aimed, week, now) + lines["Effect elsewhere"]
    objectives = [_objective(one, over, now) for one in aimed]
    return {
        "summary": _summary(objectives, lines),
        "objectives": objectives,
        "sections": [{"heading": heading, "lines": rows} for heading, rows in lines.items()],
        "echoes": echoes.echoes(posts),
        "changes": shifting.of_report(week.start, week.end, now.astimezone(town.tz).date()),
        "restated": restated(monday - WEEK, now) + taken_off(monday - WEEK, now),
        "missing": _missing(week, lines),
        "jumps": [f"{one}: {jump.words}" for one, jump in anomalies.lately(_channels(), week.start, week.end)],
    }


def _rules() -> list[Rule]:
    return [RULES[name] for names in SECTIONS.values() for name in names]


def _figures(rules: Sequence[Rule], span: Span, posts: Sequence[PostRow]) -> dict[str, Figure]:
    """The figures by name; the posts that several are counted from were fetched before."""
    there: dict[Callable[[Span], Sequence[Any]], Sequence[Any]]
    there = {from_posts.posts: posts, from_posts.reached: from_posts.reach_of(posts)}
    counted = {rule.name: rule.figure(there[rule.rows]) for rule in rules if rule.rows in there}
    return figures([rule for rule in rules if rule.rows not in there], span) | counted


def _span(week: Week, now: datetime) -> Span:
    return Span(week.start, week.end, now)


def _channels() -> list[Channel]:
    return list(Channel.objects.living().order_by("name", "platform"))


def _about_topics(objectives: Sequence[Objective], week: Week, now: datetime) -> list[dict[str, Any]]:
    """What changed for other services since something was done about a topic, up to the end of the week."""
    found = []
    for aim in (one.aim for one in objectives if hasattr(one, "aim")):
        told = aims.since(aim, week.first + WEEK)
        start = datetime.combine(told.first, time(), week.start.tzinfo)
        query = urlencode({"from": told.first, "to": told.after, "objective": aim.objective.key})
        for name in ABOUT_TOPICS:
            figure = figure_of(RULES[name], Span(start, week.end, now, *aims.topics_of(aim)))
            label = f"{RULES[name].label}: {aim.topic}, {told.words}"
            found.append(_line(RULES[name], figure, {}) | {"label": label, "about": str(aim.topic), "query": query})
    return found


def _frozen(monday: date) -> dict[str, dict[str, Any]]:
    """The lines of an earlier report by the name of their measure, as far as they are about its week alone."""
    row = FrozenReport.objects.filter(report__week=monday).first()
    sections = row.content["sections"] if row else []
    return {line["name"]: line for one in sections for line in one["lines"] if "about" not in line}


def _line(rule: Rule, figure: Figure, before: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    measure = aims.from_rule(rule)
    then = before.get(rule.name, {})
    was = then.get("value")
    change = charts.change([Figure(was, basis=then.get("basis", figure.basis)), figure], measure)
    return {
        "name": rule.name,
        "label": rule.label,
        "unit": rule.unit,
        "value": figure.value,
        "shown": charts.number(figure.value, measure),
        "low": figure.low,
        "high": figure.high,
        "part": figure.part,
        "whole": figure.whole,
        "missing": figure.missing,
        "notes": list(figure.notes),
        "basis": figure.basis,
        "proxy": rule.proxy,
        "change": change.words if was is not None and figure.value is not None else "",
        "tone": change.tone,
    }


def _objective(objective: Objective, over: Sequence[Week], now: datetime) -> dict[str, Any]:
    """Where an objective stands at the end of the last of these weeks, how it came there, and its pace."""
    series = aims.series(objective.measure, over, now, getattr(objective, "aim", None))
    figure, needed = series[-1], lines_to(objective, [week.end - timedelta(days=1) for week in over])
    day, measure = over[-1].end.date() - timedelta(days=1), aims.measure_of(objective.measure)
    at = progress(objective, figure.value, day)
    return {
        "key": str(objective.key),
        "sentence": objective.sentence,
        "owner": str(objective.owner),
        "measure": measure.label,
        "name": objective.measure,
        "unit": measure.unit,
        "standing": at.standing,
        "value": figure.value,
        "shown": charts.number(figure.value, measure),
        "missing": figure.missing,
        "needed": charts.number(at.needed, measure),
        "target": charts.number(objective.target, measure),
        "by": objective.target_on.isoformat(),
        "pace": pace(objective, figure.value, day, "week", aims.most_of(measure)).words,
        "finding": charts.finding(measure, series),
        "weeks": [
            [week.first.isoformat(), one.value, line] for week, one, line in zip(over, series, needed, strict=True)
        ],
    }


def _summary(objectives: Sequence[Mapping[str, Any]], lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """One sentence: how many objectives are where they should be, and how promptly people were answered."""
    well = sum(one["standing"] in {"met", "on track"} for one in objectives)
    told = f"{well} of {len(objectives)} objectives are met or on track" if objectives else "No objective is set"
    kept = next(line for line in lines["Response"] if line["name"] == "within_promise")
    if kept["value"] is None:
        return f"{told}; whether people were answered in time is not known: {kept['missing']}."
    more = f", {kept['change']}" if kept["change"] else ""
    return f"{told}; {kept['shown']} % were answered within the promise{more}."


def _missing(week: Week, lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """What the report cannot say, and why: figures without a value, and channels without readings."""
    zone = Town.here().tz
    found = [f"{line['label']}: {line['missing']}" for rows in lines.values() for line in rows if line["value"] is None]
    for channel, gap in gaps.missing(_channels(), week.start, week.end):
        until = f"{gap.until.astimezone(zone):%A %H:%M}" if gap.until else "the end of the week"
        found.append(f"{channel}: no numbers from {gap.since.astimezone(zone):%A %H:%M} to {until}, {gap.words}")
    return found


def restated(monday: date, now: datetime) -> list[str]:
    """What a report of that week would say otherwise today; the report itself stays."""
    week, said = week_of(monday), _frozen(monday)
    rules = [RULES[name] for name in said if name in RULES]
    found = []
    posts = from_posts.posts(_span(week, now)) if rules else []
    for name, figure in _figures(rules, _span(week, now), posts).items():
        line = said[name]
        if _same(line["value"], figure.value):
            continue
        became = charts.number(figure.value, aims.from_rule(RULES[name]))
        found.append(f"{line['label']}: {line['shown'] or 'not known'} is now {became or 'not known'}")
    return found


def taken_off(monday: date, now: datetime) -> list[str]:
    """Posts that the report of that week counted and that have gone from their platform since."""
    made, week, zone = FrozenReport.objects.filter(report__week=monday).first(), week_of(monday), Town.here().tz
    if made is None:
        return []
    rows = Attempt.objects.filter(event="removed", at__gt=made.at, at__lte=now, delivery__kind="post", delivery__part=0)
    rows = rows.filter(delivery__published_at__gte=week.start, delivery__published_at__lt=week.end)
    return [
        f"A post on {one.delivery.channel}, “{shorter(one.delivery.payload.get('text', ''))}”, "
        f"is gone since {one.at.astimezone(zone):%A}; it stays counted"
        for one in rows.select_related("delivery__channel").order_by("at")
    ]


def shorter(text: str, most: int = 60) -> str:
    """The beginning of a text in one line."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _same(was: float | None, became: float | None) -> bool:
    if was is None or became is None:
        return was is became
    return abs(was - became) < 1e-9
