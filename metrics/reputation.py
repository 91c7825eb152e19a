"""How the town is seen: what people say of it, whether it answers and puts things right, how it keeps its voice.

Nothing here is guessed by a machine: tone comes from samples people read, and a trait without a measure says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels_app.models import Delivery
from metrics import aims, charts
from metrics.figures import Figure
from metrics.measures.ledger import RULES
from metrics.measures.shape import Rule, Span, figures
from policy import voice
from policy.checks import drift
from policy.checks.house import Band, House
from policy.profile import Trait

PARTS: Mapping[str, tuple[str, ...]] = {
    "What people say of us": ("praise", "criticism", "praise_to_criticism"),
    "Whether we answer": ("response_rate", "within_promise", "complaint_rate"),
    "Whether we keep our word": ("promises_kept", "problem_solving", "put_right"),
    "Whether people know what we say": ("recall",),
}
LAST, FEWEST = 60, 10  # texts looked at, and how many there must be
NOTES = 3


@dataclass(frozen=True)
class Line:
    """One figure as the panel shows it."""

    rule: Rule
    figure: Figure
    value: str | None
    low: str | None
    high: str | None

    @property
    def said(self) -> list[str]:
        """What stands under the figure: its interval, its counts and its first notes; or why there is none."""
        told, unit = self.figure, self.rule.unit
        if told.value is None:
            return [told.missing]
        found = [f"between {self.low} and {self.high} {unit}"] if self.low is not None else []
        joins = {"%": "of", "to 1": "to"}
        counts = f"{told.part:,} {joins[unit]} {told.whole:,}" if unit in joins and told.part is not None else ""
        notes = list(told.notes[:NOTES])
        return found + ([counts] if counts and not any(one.startswith(counts) for one in notes) else []) + notes


@dataclass(frozen=True)
class Kept:
    """One trait of the voice: how many checks stand for it, and where its measure lies beside the town's band."""

    trait: Trait
    checks: int
    band: Band | None
    value: float | None
    said: str
    tone: str


def lines(span: Span) -> dict[str, list[Line]]:
    """Every figure of the panel under its heading."""
    told = figures([RULES[name] for names in PARTS.values() for name in names], span)
    return {heading: [_line(RULES[name], told[name]) for name in names] for heading, names in PARTS.items()}


def _line(rule: Rule, figure: Figure) -> Line:
    measure = aims.from_rule(rule)
    value, low, high = (charts.number(one, measure) for one in (figure.value, figure.low, figure.high))
    return Line(rule, figure, value, low, high)


def traits(start: datetime, end: datetime) -> tuple[list[Kept], int]:
    """Every trait of the voice as the posts and answers of these days kept it, and how many texts were looked at."""
    texts, house = _texts(start, end), voice.house()
    found: Mapping[str, float | None] = drift.of_texts(texts, house) if len(texts) >= FEWEST else {}
    return [_kept(one, house, found) for one in voice.current().profile.traits], len(texts)


def _texts(start: datetime, end: datetime) -> Sequence[str]:
    """What went out in public, the newest first."""
    rows = Delivery.objects.filter(kind__in=["post", "reply"], part=0, state__in=["published", "removed"])
    rows = rows.filter(published_at__gte=start, published_at__lt=end, payload__visibility__in=["public", "unlisted"])
    return [str(text) for text in rows.order_by("-published_at").values_list("payload__text", flat=True)[:LAST] if text]


def _kept(trait: Trait, house: House, found: Mapping[str, float | None]) -> Kept:
    band = house.bands.get(trait.measure)
    value = found.get(trait.measure) if band else None
    if band is None:
        return Kept(trait, len(trait.rules), None, None, "not measured", "plain")
    if value is None:
        return Kept(trait, len(trait.rules), band, None, "not enough yet", "plain")
    inside = band.low <= value <= band.high
    said = "within the band" if inside else "below the band" if value < band.low else "above the band"
    return Kept(trait, len(trait.rules), band, value, said, "good" if inside else "warn")
