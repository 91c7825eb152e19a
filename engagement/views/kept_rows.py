"""One wait for an answer in words, for the page and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engagement import kept, words
from engagement.kept import Kept

COLUMNS = (
    "conversation", "channel", "private", "priority", "written", "read by Parley", "promised hours", "due", "outcome",
    "settled", "how", "hours by the clock", "promised service hours", "due in service hours", "service hours",
    "why no answer was needed", "why missed", "in words", "said by",
)  # fmt: skip
HOW = {"answered": "answered", "outside": "answered outside Parley", "settled": "closed", "withdrawn": "taken back"}


def length(time: timedelta | None) -> str | None:
    return words.length(time) if time is not None else None


def exact(time: timedelta) -> str:
    """24 h 54 min: to the minute, since a minute is what separates kept from missed."""
    hours, minutes = divmod(int(time.total_seconds() // 60), 60)
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"


def told_all(rows: Sequence[Kept], now: datetime) -> list[dict[str, Any]]:
    """The rows in words, each with what the resident wrote."""
    asked = kept.asked(rows)
    return [told(one, now) | {"asked": asked[one.conversation.pk, one.turn.since]} for one in rows]


def told(one: Kept, now: datetime) -> dict[str, Any]:
    """One row: both clocks in words, and why it was missed."""
    promise = one.turn.promise
    ways = [f"{exact(one.elapsed.spent)} of {promise.hours:g} h by the clock"]
    if promise.calendar:
        ways.append(f"{exact(one.service.spent)} of {promise.service_hours:g} service hours")
    late = one.elapsed.left is not None and one.elapsed.late and one.outcome == "missed"
    return {
        "one": one,
        "written": words.when(one.turn.since, now),
        "ways": ways,
        "late": f"{words.length(-one.elapsed.left)} late" if late and one.elapsed.left is not None else "",
        "how": HOW.get(one.turn.how, "not answered yet"),
        "read": words.when(one.read_at, now) if one.read_late else "",
        "since": one.turn.since.isoformat(),
    }


def cells(one: Kept) -> list[object]:
    turn, said = one.turn, one.reason
    return [
        f"/inbox/{one.conversation.key}/",
        one.conversation.channel,
        "yes" if one.conversation.private else "no",
        one.priority,
        turn.since.isoformat(),
        one.read_at.isoformat(),
        f"{turn.promise.hours:g}",
        one.elapsed.due.isoformat() if one.elapsed.due else "",
        one.outcome_words,
        turn.ended_at.isoformat() if turn.ended_at else "",
        HOW.get(turn.how, "not answered yet"),
        _hours(one.elapsed.spent),
        f"{turn.promise.service_hours:g}" if turn.promise.calendar else "",
        one.service.due.isoformat() if one.service.due else "",
        _hours(one.service.spent) if turn.promise.calendar else "",
        one.code_words if one.outcome == "excused" else "",
        said.get_code_display() if said else "",
        said.words if said else "",
        said.by.name if said else "",
    ]


def _hours(time: timedelta) -> str:
    return f"{time / timedelta(hours=1):.4f}"
