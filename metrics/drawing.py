"""A small line chart as the points of a picture that needs no program: alike on a page, on paper and in a PDF. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320.0, 104.0
LEFT, RIGHT, TOP, BOTTOM = 6.0, 84.0, 16.0, 24.0  # room around the lines; on the right for their labels
APART = 13.0  # so far from each other two labels can be read

Point = tuple[float, float]
Rows = Sequence[tuple[str, float | None, float | None]]


@dataclass(frozen=True)
class Label:
    """Words beside a line, at the height of their baseline."""

    y: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """`lines`: the measured points, one text of points for each stretch without a gap, and `dots` for all of them.
    `needed`: the line that is asked for. Labels stand at the ends of the lines, or are None where there is nothing.
    """

    lines: tuple[str, ...]
    dots: tuple[Point, ...]
    needed: str
    value: Label | None
    asked: Label | None
    first: str
    last: str


def drawing(rows: Rows, unit: str = "") -> Drawing | None:
    """Of rows of a label, a value and what is needed, either of which may be missing; None where no value is known."""
    known = [number for _, *numbers in rows for number in numbers if number is not None]
    if all(value is None for _, value, _ in rows):
        return None
    low, high = min(known), max(known)
    if high == low:
        low, high = low - 1, high + 1

    def place(n: int, number: float) -> Point:
        across = (WIDTH - LEFT - RIGHT) * (n / (len(rows) - 1) if len(rows) > 1 else 1)
        up = (HEIGHT - TOP - BOTTOM) * (high - number) / (high - low)
        return round(LEFT + across, 1), round(TOP + up, 1)

    measured = [None if value is None else place(n, value) for n, (_, value, _) in enumerate(rows)]
    wanted = [place(n, needed) for n, (_, _, needed) in enumerate(rows) if needed is not None]
    value = next(value for _, value, _ in reversed(rows) if value is not None)
    dots = tuple(one for one in measured if one)
    told = Label(dots[-1][1] + 4, f"{_short(value)} {unit}".strip())
    return Drawing(
        lines=tuple(_points(stretch) for stretch in _stretches(measured)),
        dots=dots,
        needed=_points(wanted),
        value=told,
        asked=_asked(rows, wanted, told),
        first=rows[0][0],
        last=rows[-1][0],
    )


def _asked(
    rows: Sequence[tuple[str, float | None, float | None]], wanted: Sequence[Point], told: Label
) -> Label | None:
    """The label of the needed line, moved away from the other where they would cover each other."""
    if not wanted:
        return None
    y = wanted[-1][1] + 4
    if abs(y - told.y) < APART:
        y = told.y + (APART if y >= told.y and told.y + APART < HEIGHT - BOTTOM + 8 else -APART)
    needed = next(needed for _, _, needed in reversed(rows) if needed is not None)
    return Label(round(y, 1), f"needed {_short(needed)}")


def _stretches(points: Sequence[Point | None]) -> list[list[Point]]:
    found: list[list[Point]] = [[]]
    for one in points:
        if one is None:
            found.append([])
        else:
            found[-1].append(one)
    return [one for one in found if len(one) > 1]


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 20 else f"{number:.1f}".removesuffix(".0")
