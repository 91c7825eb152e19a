"""One measured figure with the yardstick of the same run and its budget; and how figures are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """`yardstick` is what the work would cost at best, in the same unit; `why` says what it is, or which case this was."""

    row: str
    size: str
    value: float
    unit: str
    budget: float | None
    yardstick: float | None = None
    why: str = ""
    within: Literal["at most", "at least"] = "at most"

    @property
    def ratio(self) -> float | None:
        return self.value / self.yardstick if self.yardstick else None

    @property
    def ok(self) -> bool:
        if self.budget is None:
            return True
        return self.value >= self.budget if self.within == "at least" else self.value <= self.budget

    def as_row(self) -> dict[str, object]:
        """The figure as JSON shows it."""
        return {
            "row": self.row,
            "size": self.size,
            "value": _short(self.value),
            "unit": self.unit,
            "yardstick": _short(self.yardstick),
            "ratio": _short(self.ratio),
            "budget": self.budget,
            "ok": self.ok,
            "why": self.why,
        }


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * 0.95) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """All figures as one table that can be pasted into a page."""
    head = ["row", "size", "figure", "yardstick", "ratio", "budget", "ok", "what"]
    rows = [head, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cells(figure: Figure) -> list[str]:
    sign = "≥" if figure.within == "at least" else "≤"
    return [
        figure.row,
        figure.size,
        f"{_plain(figure.value)} {figure.unit}",
        _plain(figure.yardstick),
        _plain(figure.ratio),
        f"{sign} {_plain(figure.budget)}" if figure.budget is not None else "",
        "yes" if figure.ok else "NO",
        figure.why,
    ]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.3g}"
