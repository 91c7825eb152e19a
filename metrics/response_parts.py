"""How promptly people were answered by channel and by the hour they wrote at, in a sentence each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from metrics.figures import many, middle
from metrics.measures.answers import WaitRow, needing

CHANNELS = 6  # are named; the others are counted together
HOURS = 6  # in each part of the day


def sentences(rows: Sequence[WaitRow], zone: ZoneInfo) -> list[str]:
    """By channel, the one most people wrote on first, and by the part of the day; nothing where all is one part."""
    asked = needing(rows)
    channels = sorted(_parts(asked, lambda one: one.channel).items(), key=lambda part: (-len(part[1]), part[0]))
    more = [one for _, some in channels[CHANNELS:] for one in some]
    rest = many(len(channels) - CHANNELS, "other channel", "other channels")
    named = channels[:CHANNELS] + ([(rest, more)] if more else [])
    hours = sorted(_parts(asked, lambda one: _hours(one, zone)).items())
    return [
        f"{head}: {'; '.join(_said(name, some) for name, some in parts)}."
        for head, parts in (("By channel", named), ("By the time they wrote", hours))
        if len(parts) > 1
    ]


def _parts(rows: Sequence[WaitRow], of: Callable[[WaitRow], str]) -> dict[str, list[WaitRow]]:
    found: dict[str, list[WaitRow]] = {}
    for one in rows:
        found.setdefault(of(one), []).append(one)
    return found


def _hours(one: WaitRow, zone: ZoneInfo) -> str:
    first = one.at.astimezone(zone).hour // HOURS * HOURS
    return f"{first:02}:00 to {first + HOURS:02}:00"


def _said(name: str, rows: Sequence[WaitRow]) -> str:
    """How many were answered within the promise, of those whose time is up or used, and how fast."""
    kept, judged = (sum(one.outcome in outcomes for one in rows) for outcomes in (("kept",), ("kept", "missed")))
    median = middle(one.hours for one in rows if one.answered)
    told = f"{kept} of {judged} within the promise" if judged else f"{len(rows)} still in time"
    return f"{name} {told}" + (f", median {median:.1f} h" if median is not None else "")
