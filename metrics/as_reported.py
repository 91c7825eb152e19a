"""What a frozen report says of a figure, beside what its rows give as of the moment the report was made.

Nearly all rows can be read as of a moment. Where something is known only as it stands today, or was filed later for an
earlier time, the rows give another number than the report; then both are said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from metrics import aims, charts
from metrics.figures import Figure
from metrics.measures.ledger import rule_of
from metrics.measures.shape import Rule
from metrics.models import FrozenReport, WeeklyReport
from metrics.weekly import WEEK
from policy.models import Objective


@dataclass(frozen=True)
class Reported:
    """The report, what it says, what its rows give, and whether that is the same."""

    report: WeeklyReport
    said: str
    given: str
    same: bool

    @property
    def words(self) -> str:
        week = f"The report of the week of {self.report.week.day} {self.report.week:%B %Y}"
        said, given = self.said or "that it is not known", self.given or "no number"
        if self.same:
            return f"{week} says {said}, and so do these rows as they were known then."
        return f"The rows have changed since the report was made. {week} says {said}; these rows give {given}."


def reported(
    rule: Rule, figure: Figure, first: date, after: date, objective: Objective | None, at: datetime
) -> Reported | None:
    """What the report made at that moment says of this measure for these days; None where none says anything."""
    for row in FrozenReport.objects.filter(at=at).select_related("report"):
        line = _line(row, rule, first, after, objective)
        if line is not None:
            return Reported(row.report, _said(rule, line), _said(rule, _facts(figure)), _same(line, figure))
    return None


def _line(
    row: FrozenReport, rule: Rule, first: date, after: date, objective: Objective | None
) -> Mapping[str, Any] | None:
    key = str(objective.key) if objective else ""
    asked = {"from": first.isoformat(), "to": after.isoformat(), **({"objective": key} if key else {})}
    week = {"from": row.report.week.isoformat(), "to": (row.report.week + WEEK).isoformat()}
    lines = [one for part in row.content["sections"] for one in part["lines"]]
    told = ((one, dict(parse_qsl(one["query"])) if "query" in one else week) for one in lines)
    found = next((one for one, days in told if one["name"] == rule.name and days == asked), None)
    if found is not None or not key:
        return found
    mine = (one for one in row.content["objectives"] if one["key"] == key and asked == week | {"objective": key})
    return next((one for one in mine if rule_of(one["name"]) == rule), None)


def _facts(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("value", "low", "high", "part", "whole")}


def _said(rule: Rule, line: Mapping[str, Any]) -> str:
    """A figure in words; none where it is not known."""
    measure, unit = aims.from_rule(rule), "" if rule.unit == "money" else rule.unit
    if line["value"] is None:
        return ""
    if line.get("low") is not None and line.get("high") is not None:
        return f"{charts.number(line['low'], measure)} to {charts.number(line['high'], measure)} {unit}".strip()
    share = rule.unit in {"%", "per 1,000"} and line.get("part") is not None and line.get("whole") is not None
    of = f" ({line['part']:,} of {line['whole']:,})" if share else ""
    return f"{charts.number(line['value'], measure)} {unit}".strip() + of


def _same(line: Mapping[str, Any], figure: Figure) -> bool:
    facts = _facts(figure)
    return all(_alike(line[name], facts[name]) for name in facts if name in line)


def _alike(was: float | None, became: float | None) -> bool:
    if was is None or became is None:
        return was is became
    return abs(was - became) < 1e-9
