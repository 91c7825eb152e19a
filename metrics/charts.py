"""Charts as data: a title that says the finding, named series, rows that are also the table. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from metrics.catalogue import MEASURES, Measure
from metrics.weekly import Figure, Week

DECIMAL = ("hours", "rate")


@dataclass(frozen=True)
class Chart:
    """What `components/chart.html` draws. The first of `names` heads the rows' labels; None in a row is a gap."""

    id: str
    finding: str
    names: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]
    kind: str = "line"
    note: str = ""
    unit: str = ""
    tones: Sequence[str] = ()
    dashed: Sequence[str] = ()
    csv: str = ""

    def with_csv(self, url: str) -> Chart:
        return replace(self, csv=url)

    def as_dict(self) -> dict[str, object]:
        """Plain data for the template and its JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Change:
    """How the newest whole week compares with the one before."""

    words: str
    tone: str = field(default="plain")


def day(when: date) -> str:
    return f"{when.day} {when:%b}"


def quarter(week: Week) -> str:
    return f"{week.first:%b}–{week.end.date() - timedelta(days=1):%b %Y}"


HEADS = {"weeks": "Week from", "months": "Month", "quarters": "Quarter"}
LABELS: Mapping[str, Callable[[Week], str]] = {
    "weeks": lambda week: day(week.first),
    "months": lambda week: f"{week.first:%b %Y}",
    "quarters": quarter,
}


def number(value: float | None, measure: Measure) -> str | None:
    """A figure as it is shown: shares and counts whole, hours and rates with one decimal; None stays None."""
    if value is None:
        return None
    if measure.unit == "money each":
        return f"{value:,.2f}"
    if measure.kind in DECIMAL:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def change(figures: Sequence[Figure], measure: Measure, what: str = "week") -> Change:
    """The last two figures compared in words; an unknown one is said to be unknown."""
    if len(figures) < 2 or figures[-1].value is None or figures[-2].value is None:
        return Change(f"no comparison with the {what} before yet")
    if figures[-1].basis != figures[-2].basis:
        return Change(f"no comparison: the {what} before was counted from other parts")
    step = round(figures[-1].value - figures[-2].value, 1)
    if abs(step) < 0.5 and measure.kind not in DECIMAL or step == 0:
        return Change(f"same as the {what} before")
    size = f"{abs(step):.1f}" if measure.kind in DECIMAL else f"{abs(step):,.0f}"
    points = "point" if size == "1" else "points"
    unit = points if measure.unit == "%" else "h" if measure.kind == "hours" else ""
    good = (step > 0) == (measure.better == "up")
    return Change(
        f"{size} {unit} {'more' if step > 0 else 'less'} than the {what} before".replace("  ", " "),
        "good" if good else "warn",
    )


def finding(measure: Measure, figures: Sequence[Figure], what: str = "weeks") -> str:
    """A sentence for the chart's title: the first known value against the last."""
    known = [(place, figure.value, figure.basis) for place, figure in enumerate(figures) if figure.value is not None]
    if len(known) < 2:
        return f"{measure.label}: not enough {what} yet to say anything"
    (start, before, first_basis), (end, after, last_basis) = known[0], known[-1]
    first, last = number(before, measure), number(after, measure)
    time = f"{end - start} {what if end - start > 1 else what.removesuffix('s')}"
    if first_basis != last_basis:
        return f"{measure.label}: {last} {measure.unit}; {time} ago it was counted from other parts".replace(" ;", ";")
    if first == last:
        return f"{measure.label}: {last} {measure.unit}, as {time} ago".replace(" ,", ",")
    return f"{measure.label}: from {first} to {last} {measure.unit} in {time}".replace("  ", " ")


def weekly(name: str, over: Sequence[Week], figures: Sequence[Figure], needed: Sequence[float | None] = ()) -> Chart:
    """The chart of one weekly measure, with the line an objective needs where there is one."""
    return drawn(MEASURES[name], over, figures, needed)


def drawn(
    measure: Measure, over: Sequence[Week], figures: Sequence[Figure], needed: Sequence[float | None] = (),
    what: str = "weeks",
) -> Chart:  # fmt: skip
    """The chart of any measure over weeks or months."""
    places = 1 if measure.kind in DECIMAL else 0
    rows: list[list[str | float | None]] = []
    for place, (week, figure) in enumerate(zip(over, figures, strict=True)):
        label = LABELS[what](week)
        row: list[str | float | None] = [label, _round(figure.value, places)]
        if needed:
            row.append(_round(needed[place], places))
        rows.append(row)
    names = [HEADS[what], measure.label] + (["Needed"] if needed else [])
    return Chart(
        id=f"weekly-{measure.name.replace('_', '-')}",
        finding=finding(measure, figures, what),
        names=names,
        rows=rows,
        unit=measure.unit,
        note=measure.formula,
        tones=("1", "plain") if needed else ("1",),
        dashed=("Needed",) if needed else (),
    )


def _round(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
