"""The sentences of a frozen report, put together once: its page, its paper and its table say the same ones. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from metrics import aims, charts
from metrics.figures import many
from metrics.measures.ledger import RULES
from metrics.models import ReportSignature, WeeklyReport

Line = Mapping[str, Any]  # one objective, line, post or change, as `metrics.reporting` wrote it down
ONE = {"comments": "comment", "shares": "share"}
CHANGES = {"decided": "Decided in this week, until", "reviewed": "Looked at again in this week",
           "waiting": "To be looked at again since"}  # fmt: skip
UNCLAIMED = {
    "few": "Held against nothing, as fewer than ten went out",
    "exempt": "Asked for no conversation, as it only warns",
}
NOTHING_CHANGED = "Nothing was decided or looked at again in this week."
NOTHING_MISSING = "Nothing is missing."
STANDS = {
    "met": "is met",
    "on track": "is on track",
    "behind": "is behind",
    "no baseline": "has no baseline",
    "no reading yet": "has no reading yet",
}


def standings(told: Sequence[str]) -> str:
    """How many objectives are where they should be."""
    if len(told) < 2:
        return f"The one objective {STANDS[told[0]]}" if told else "No objective is set"
    well = sum(one in {"met", "on track"} for one in told)
    return f"{well} of {len(told)} objectives {'is' if well == 1 else 'are'} met or on track"


def day(text: str) -> str:
    """A day as machines write it, as people do."""
    return _day(date.fromisoformat(text))


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def known(report: WeeklyReport, signature: ReportSignature | None, zone: ZoneInfo) -> str:
    """Which days it is about, as of when it was known, and who signed it."""
    first, last = report.week, report.week + timedelta(days=6)
    at = report.frozen.at
    signed = f"Signed by {signature.by.name} on {_moment(signature.at, zone)}." if signature else "Not signed."
    return f"{first.day} {first:%B} to {_day(last)}, as it was known on {_moment(at, zone)}. {signed}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return f"{_day(here.date())}, {here:%H:%M}"


def figure(line: Line) -> str:
    """A figure as it is printed: with its unit, as a range where it is an estimate."""
    if line["value"] is None:
        return "not known"
    if line.get("low") is None or line.get("high") is None:
        return f"{line['shown']} {line['unit']}".strip()
    measure = aims.from_rule(RULES[line["name"]])
    return f"{charts.number(line['low'], measure)} to {charts.number(line['high'], measure)}"


def of(line: Line) -> str:
    """The part and the whole of a share."""
    share = line["unit"] in {"%", "per 1,000"} and line["part"] is not None and line["whole"] is not None
    return f"{line['part']:,} of {line['whole']:,}" if share else ""


def beside(line: Line) -> str:
    """All that stands beside a figure, as sentences."""
    said = [line["missing"], line["change"], "; ".join(line["notes"])]
    return " ".join(f"{words[0].upper()}{words[1:]}." for words in said if words)


def against(one: Line) -> str:
    """What stands behind the figure of an objective: why there is none, its line, its target and its pace."""
    missing = f", {one['missing']}" if one["value"] is None and one["missing"] else ""
    needed = f", the line asks for {one['needed']}" if one["needed"] else ""
    target = f"{one['target']} {one['target_unit'] or one['unit']}".strip()
    return f"{missing}{needed}; target {target} by {day(one['by'])}. {one['pace']}".strip()


def post(one: Line, unit: str) -> str:
    """Where a post went out and what people did with it."""
    number = one["number"]
    done = f": {many(number, ONE.get(unit, unit), unit)}" if number else ""
    rate = f", {one['rate']}" if one["rate"] else ""
    return f"{one['channel']}{done}{rate}"


def below(echo: Line) -> list[str]:
    """What stands below a list of posts, or in its place."""
    if not echo["posts"]:
        return [echo["nothing"]]
    more = [f"And {echo['more']} more."] if echo.get("more") else []
    untold = many(echo["untold"], "post", "posts")
    return [
        *more,
        *([f"For {untold} no platform gives this number."] if echo["untold"] else []),
        *echo.get("notes", []),
    ]


def changed(said: Mapping[str, Iterable[Line]]) -> list[dict[str, Any]]:
    """What is done otherwise, each with when it was decided, looked at again, or should have been."""
    found = []
    for name, words in CHANGES.items():
        for one in said.get(name, ()):
            when = words if name == "reviewed" else f"{words} {day(one['until'])}"
            found.append({**one, "when": when, "said": change(one)})
    return found


def change(one: Line) -> str:
    """The figure from before and the one from after, what was said of it, and by whom."""
    words = ""
    if one["measure"]:
        then, after = (
            "not known" if one[name] is None else f"{one[name]} {one['unit']}".strip() for name in ("then", "after")
        )
        words = f"{one['measure']}: {then} then{f', {after} at the review' if one['outcome'] else ''}. "
    said = f"{one['words']} " if one["words"] else ""
    return f"{words}{said}{one['by']}"


def proxies(content: Mapping[str, Any]) -> list[str]:
    """Each measure that stands only for what is really meant, and why; each once."""
    lines = [line for part in content["sections"] for line in part["lines"]]
    told = {RULES[line["name"]].label: line["proxy"] for line in lines if line["proxy"] and line["name"] in RULES}
    told |= {one["measure"]: one["proxy"] for one in content["objectives"] if one.get("proxy")}
    return [f"{label}: {why}" for label, why in told.items()]


def unclaimed(held: Iterable[Line]) -> list[str]:
    """Of which channels no conversation is asked, or too little went out to claim anything: a sentence for each."""
    found = []
    for standing, why in UNCLAIMED.items():
        names = [one["channel"] for one in held if one["standing"] == standing]
        found += [f"{why}: {', '.join(names)}."] if names else []
    return found
