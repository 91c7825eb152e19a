"""What templates need to draw: icons, spark lines, bar lengths, and a steady colour for a name."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template.defaultfilters import urlize
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()

HUES = 8
SPARK_WIDTH, SPARK_HEIGHT = 100.0, 28.0


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """A Lucide icon sized by CSS; decoration unless it gets a label, which then is its accessible name."""
    if label:
        return mark_safe(lucide(str(name), size=None, **{"class": "icon", "role": "img", "aria_label": str(label)}))  # noqa: S308
    return mark_safe(lucide(str(name), size=None, **{"class": "icon", "aria_hidden": "true"}))  # noqa: S308


@register.simple_tag
def part(template_name: str, **inputs: object) -> SafeString:
    """A component that is drawn many times on a page, and always alike for the same inputs, which become text.

    It must show nothing but these: no time in somebody's zone, no request.
    """
    return _drawn(template_name, tuple(sorted((name, _text(value)) for name, value in inputs.items())))


@lru_cache(maxsize=4096)
def _drawn(template_name: str, inputs: tuple[tuple[str, str], ...]) -> SafeString:
    return mark_safe(get_template(template_name).render(dict(inputs)))  # noqa: S308 - a template escapes by itself


def _text(value: object) -> str:
    """Plain text: what was marked as safe elsewhere is escaped here like everything else."""
    return "" if value is None else str(value) + ""


@register.filter
def linked(text: object) -> SafeString:
    """Escaped words with their addresses as links; a page that is looked at again and again asks for the same ones."""
    return _linked(_text(text))


@lru_cache(maxsize=1024)
def _linked(text: str) -> SafeString:
    return urlize(text, autoescape=True)


@register.filter(expects_localtime=True)
def iso(moment: datetime | str) -> str:
    """A local time as machines read it; text is that already."""
    return moment if isinstance(moment, str) else moment.isoformat()


@register.filter
def day_of(text: str) -> str:
    """A day as machines write it, "2026-12-09", as people do: "9 December 2026"."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


@register.filter
def hue(name: object) -> int:
    """One of the eight colours, always the same for the same name."""
    return zlib.crc32(str(name).encode()) % HUES + 1


@register.filter
def initials(name: object) -> str:
    """The first letters of a name's first and last word, no article: "Ada von Berg" gives AB, "A resident" R."""
    words = [word for word in str(name).replace("@", "").split() if word[0].isalnum() and word not in {"A", "The"}]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def spark(values: Iterable[float | None]) -> str:
    """An SVG path through the values in a 100 by 28 box; a missing value leaves a gap, it is never zero."""
    row = list(values)
    known = [value for value in row if value is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), (max(known) - min(known)) or 1
    step = SPARK_WIDTH / (len(row) - 1)
    parts, pen = [], "M"
    for place, value in enumerate(row):
        if value is None:
            pen = "M"
            continue
        height = SPARK_HEIGHT - 2 - (value - low) / spread * (SPARK_HEIGHT - 4)
        parts.append(f"{pen}{place * step:.1f} {height:.1f}")
        pen = "L"
    return "".join(parts)


@register.filter
def percent_of(part: float | None, whole: float | None) -> float:
    """How long a bar is, 0 to 100."""
    if not part or not whole:
        return 0
    return round(min(100.0, max(0.0, part / whole * 100)), 1)


@register.filter
def cell(value: object) -> object:
    """A number in a table; a missing one is a dash with a spoken word, never 0."""
    if value is None:
        return mark_safe('<span class="missing" aria-hidden="true">–</span><span class="hidden-text">not known</span>')
    return value


@register.filter
def pairs(words: Sequence[object]) -> list[tuple[object, object]]:
    """Items two by two: [a, b, c, d] gives [(a, b), (c, d)]."""
    return list(zip(words[::2], words[1::2], strict=False))
