"""What a weekly report says, as plain data: computed once from the rows of its week, and written down by `reports`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from accounts.models import Town
from channels_app.models import Channel
from metrics import (
    aims,
    anomalies,
    charts,
    echoes,
    floor_kept,
    gaps,
    report_lines,
    report_words,
    response_parts,
    restating,
    shifting,
    weekly,
)
from metrics.figures import Figure
from metrics.measures import from_inbox, from_posts
from metrics.measures.ledger import RULES
from metrics.measures.shape import Rule
from metrics.models import FrozenReport
from metrics.pace import pace
from metrics.progress import progress
from metrics.report_lines import span_of, week_of
from metrics.weekly import WEEK, Week
from policy.models import Objective

ABOUT_TOPICS = ("pressure", "cost_avoided")
NO_TOPIC = "Contacts avoided and what they would have cost: no objective says which topic it is about"
DRAWN = 12  # weeks in the line of an objective
# What a report shows, in its order; measures about a topic are told for each objective that is about one.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Response": ("response_rate", "within_promise", "first_response", "resolution_rate"),
    "Conversation": ("conversation_balance", "participants", "continuation", "thread_depth"),
    "Taking part": ("engagement_rate", "own_clicks", "population_reached", "influence"),
    "Followers": ("followers", "useful_count", "useful_followers", "engaged_followers"),
    "Effect elsewhere": ("problem_solving", "promises_kept", "complaint_rate", "spend"),
    "How we speak": ("accessible", "originality", "unlinked", "ideas_gathered"),
}


def content(monday: date, now: datetime) -> dict[str, Any]:
    """Everything a report says, as plain data."""
    town = Town.here()
    week = week_of(monday)
    over = weekly.weeks(week.start, town.tz, DRAWN)
    span = span_of(week, now)
    posts, waits = from_posts.posts(span), from_inbox.waits(span)
    before, told = _frozen(monday - WEEK), report_lines.told(_rules(), span, posts, waits)
    lines = {heading: [_line(RULES[name], told[name], before) for name in names] for heading, names in SECTIONS.items()}
    aimed = list(Objective.objects.filter(active=True).select_related("aim__topic"))
    lines["Effect elsewhere"] = _about_topics(aimed, week, now) + lines["Effect elsewhere"]
    objectives = [_objective(one, over, now) for one in aimed]
    return {
        "summary": _summary(objectives, lines),
        "objectives": objectives,
        "sections": [{"heading": heading, "lines": rows} for heading, rows in lines.items()],
        "floor": floor_kept.as_data(floor_kept.of(_channels(), span)),
        "response_parts": response_parts.sentences(waits, town.tz),
        "echoes": echoes.echoes(posts),
        "changes": shifting.of_report(week.start, week.end, now.astimezone(town.tz).date()),
        "missing": _missing(week, lines),
        "jumps": [f"{one}: {jump.words}" for one, jump in anomalies.lately(_channels(), week.start, week.end)],
        **restating.changes(monday, now),
    }


def _rules() -> list[Rule]:
    return [RULES[name] for names in SECTIONS.values() for name in names]


def _channels() -> list[Channel]:
    return list(Channel.objects.living().order_by("name", "platform"))


def _about_topics(objectives: Sequence[Objective], week: Week, now: datetime) -> list[dict[str, Any]]:
    """What changed for other services since something was done about a topic, up to the end of the week."""
    found = []
    for aim in (one.aim for one in objectives if hasattr(one, "aim")):
        told = aims.since(aim, week.first + WEEK)
        query = urlencode({"from": told.first, "to": told.after, "objective": aim.objective.key})
        for name in ABOUT_TOPICS:
            figure = report_lines.about_topic(name, aim, told.first, week, now)
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
    figure, needed = series[-1], aims.needed(objective, over)
    day, measure = over[-1].end.date() - timedelta(days=1), aims.measure_of(objective.measure)
    at = progress(objective, figure.value, day)
    return {
        "key": str(objective.key),
        "sentence": objective.sentence,
        "owner": str(objective.owner),
        "measure": measure.label,
        "proxy": measure.proxy,
        "name": objective.measure,
        "unit": measure.unit,
        "target_unit": aims.unit_of(objective.measure),
        "standing": at.standing,
        "value": figure.value,
        "part": figure.part,
        "whole": figure.whole,
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
    told = report_words.standings([one["standing"] for one in objectives])
    kept = next(line for line in lines["Response"] if line["name"] == "within_promise")
    if kept["value"] is None:
        return f"{told}; whether people were answered in time is not known: {kept['missing']}."
    more = f", {kept['change']}" if kept["change"] else ""
    return f"{told}; {kept['shown']} % were answered within the promise{more}."


def _missing(week: Week, lines: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """What the report cannot say, and why: figures without a value, and channels without readings."""
    zone = Town.here().tz
    found = [f"{line['label']}: {line['missing']}" for rows in lines.values() for line in rows if line["value"] is None]
    found += [] if any("about" in line for line in lines["Effect elsewhere"]) else [NO_TOPIC]
    silent: dict[str, list[str]] = defaultdict(list)
    for channel, gap in gaps.missing(_channels(), week.start, week.end):
        until = f"{gap.until.astimezone(zone):%A %H:%M}" if gap.until else "the end of the week"
        silent[f"no numbers from {gap.since.astimezone(zone):%A %H:%M} to {until}, {gap.words}"].append(str(channel))
    return found + [f"{', '.join(names)}: {words}" for words, names in silent.items()]
