"""A report that is made, as it is read: on a page and on paper by the same template, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from accounts.models import Town
from metrics import charts, report_words
from metrics.drawing import Drawing, drawing
from metrics.models import WeeklyReport
from metrics.weekly import WEEK

HEADS = {
    "echoes": "What people did with our posts",
    "changes": "What we do otherwise",
    "restated": "Restated since the last report",
    "after": "What came in after earlier reports",
    "missing": "What is missing, and why",
    "proxies": "What stands only for something else, and why",
    "jumps": "Followers that came or went at once",
}
LISTS = ("restated", "after", "missing", "proxies", "jumps")  # of sentences
# `figure` is the number as it is printed, `words` is every sentence that stands beside it.
COLUMNS = (
    *("section", "week", "measure", "figure", "value", "unit", "low", "high", "part", "whole", "needed", "target"),
    *("by", "missing", "standing", "proxy", "words"),
)
FLOOR = {"section": "Conversation the policy asks for", "unit": "%"}
Said = dict[str, object]


def shown(report: WeeklyReport) -> dict[str, Any]:
    """What a page and a sheet of paper say of a report that is made."""
    content: dict[str, Any] = report.frozen.content
    known = urlencode({"as": report.frozen.at.isoformat()})  # every figure opens its rows as they were known then
    query = f"{urlencode({'from': report.week, 'to': report.week + WEEK})}&{known}"
    signature = getattr(report, "signature", None)
    return {
        "report": report,
        "content": content,
        "heads": HEADS,
        "known": report_words.known(report, signature, Town.here().tz),
        "objectives": [(_objective(one), _line(one)) for one in content["objectives"]],
        "sections": [_section(part, known, content.get("response_parts", [])) for part in content["sections"]],
        "floor": _floor(content),
        "echoes": [_echo(one) for one in content["echoes"]],
        "changes": report_words.changed(content["changes"]),
        "nothing_changed": report_words.NOTHING_CHANGED,
        **lists(content),
        "query": query,
        "signature": signature,
    }


def lists(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parts that are sentences and nothing else."""
    missing = content["missing"] or [report_words.NOTHING_MISSING]
    made = {"missing": missing, "proxies": report_words.proxies(content)}
    return {name: made[name] if name in made else content.get(name, []) for name in LISTS}


def _floor(content: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What was said of the conversation that the policy asks for: where it falls short, where it is had, and of which
    channels nothing is claimed.
    """
    held = content.get("floor", [])
    told = {name: [one for one in held if one["standing"] == name] for name in ("under", "kept")}
    return {**told, "unclaimed": report_words.unclaimed(held), "held": held}


def _objective(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"figure": report_words.figure(one), "against": report_words.against(one)}


def _section(part: dict[str, Any], known: str, parts: list[str]) -> tuple[str, list[dict[str, Any]], list[str]]:
    """Its heading, its lines, and the sentences below them."""
    below = parts if part["heading"] == "Response" else []
    return part["heading"], [_told(line, known) for line in part["lines"]], below


def _told(line: dict[str, Any], known: str) -> dict[str, Any]:
    """A line with its figure, its part of a whole, and all that stands beside it."""
    query = {"query": f"{line['query']}&{known}"} if "query" in line else {}
    words = {"figure": report_words.figure(line), "of": report_words.of(line), "beside": report_words.beside(line)}
    return line | words | query


def _echo(one: dict[str, Any]) -> dict[str, Any]:
    posts = [post | {"said": report_words.post(post, one["unit"])} for post in one["posts"]]
    return one | {"posts": posts, "below": report_words.below(one)}


def _line(objective: dict[str, Any]) -> Drawing | None:
    rows = [(charts.day(date.fromisoformat(day)), value, needed) for day, value, needed in objective["weeks"]]
    return drawing(rows, objective["unit"])


# --- as a table ------------------------------------------------------------------------------------------------------


def table(report: WeeklyReport) -> list[list[object]]:
    """The same numbers and the same sentences as rows of COLUMNS, in the order of the page."""
    told, week = shown(report), report.week.isoformat()
    return [[row.get(name, "") for name in COLUMNS] for row in ({"week": week} | row for row in _rows(told))]


def _rows(told: Mapping[str, Any]) -> Iterator[Said]:
    yield {"section": "Summary", "words": told["content"]["summary"]}
    yield {"section": "Report", "words": told["known"]}
    if told["signature"] and told["signature"].remark:
        yield {"section": "Remark", "words": told["signature"].remark}
    for one, _ in told["objectives"]:
        yield one | {"section": "Objectives", "measure": one["sentence"], "words": _sentence(one)}
    for heading, lines, parts in told["sections"]:
        for line in lines:
            yield line | {"section": heading, "measure": line["label"], "words": line["beside"]}
        yield from ({"section": heading, "words": words} for words in parts)
    yield from _held(told["floor"])
    for one, drawn in told["objectives"]:
        yield from _week_by_week(one, drawn)
    for one in told["echoes"]:
        yield from _posts(one)
    for one in told["changes"]:
        facts = {"section": HEADS["changes"], "measure": f"Because {one['because']}: {one['will']}"}
        yield facts | {"words": one["when"]}
        yield facts | {"standing": one["outcome"], "words": one["said"]}
    if not told["changes"]:
        yield {"section": HEADS["changes"], "words": told["nothing_changed"]}
    for name in LISTS:
        yield from ({"section": HEADS[name], "words": words} for words in told[name])


def _held(floor: Mapping[str, list[Any]]) -> Iterator[Said]:
    for one in floor["held"]:
        words = one["words"] if one in floor["under"] + floor["kept"] else ""
        yield one | FLOOR | {"measure": one["channel"], "standing": one["said"], "words": words}
    yield from ({"section": FLOOR["section"], "words": words} for words in floor["unclaimed"])


def _sentence(one: Mapping[str, Any]) -> str:
    return f"{one['measure']}: {one['figure']}{one['against']}"


def _week_by_week(one: Mapping[str, Any], drawn: Drawing | None) -> Iterator[Said]:
    facts = {"section": "Week by week", "measure": one["sentence"], "unit": one["unit"]}
    if drawn is not None:
        yield facts | {"words": one["finding"]}
    for day, value, needed in one["weeks"]:
        yield facts | {"week": day, "value": value, "needed": needed}


def _posts(one: Mapping[str, Any]) -> Iterator[Said]:
    facts = {"section": one["heading"], "unit": one["unit"]}
    for post in one["posts"]:
        yield facts | {"measure": post["words"], "value": post["number"], "words": post["said"]}
    yield from (facts | {"unit": "", "words": words} for words in one["below"])
