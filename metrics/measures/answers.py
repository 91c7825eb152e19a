"""Did we answer, and did it help: figures over waits, conversations, promises, problems and people who wrote. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import ClassVar

from metrics.figures import Figure, many, none, percentile, share
from metrics.measures.shape import Row

SOLVED = ("answered", "elsewhere")
NOTHING_ASKED = "nobody asked for an answer"
NEEDED_NONE = (
    "was coded as needing no answer and is not counted",
    "were coded as needing no answer and are not counted",
)
CAME_BACK = (
    "came back after it was closed and counts as not solved",
    "came back after they were closed and count as not solved",
)


@dataclass(frozen=True)
class WaitRow(Row):
    """One wait for an answer, by the rule of Kept and missed. `hours` run on while nobody has answered; `answered` is a
    human answer, ours on the channel or given outside Parley, never a receipt. `promised` is the promise in force when
    the message came, in hours.
    """

    COUNTED: ClassVar = ("outcome",)

    outcome: str  # kept, missed, waiting, excused, withdrawn
    answered: bool
    hours: float
    service_hours: float | None
    promised: float | None


def needing(rows: Sequence[WaitRow]) -> list[WaitRow]:
    """Those that need an answer: all but what a person coded as needing none, and what the resident took back."""
    return [one for one in rows if one.outcome not in {"excused", "withdrawn"}]


def response_rate(rows: Sequence[WaitRow]) -> Figure:
    """Of those that need an answer, the share that has one."""
    asked = needing(rows)
    answered = sum(one.answered for one in asked)
    left_out = Counter(one.outcome for one in rows if one.outcome in {"excused", "withdrawn"})
    notes = [f"{answered} of {many(len(asked), 'that needs an answer', 'that need an answer')}"]
    if left_out["excused"]:
        notes.append(many(left_out["excused"], *NEEDED_NONE))
    if left_out["withdrawn"]:
        notes.append(many(left_out["withdrawn"], "was taken back by who wrote it", "were taken back by who wrote them"))
    return share(answered, len(asked), NOTHING_ASKED, notes)


def first_response(rows: Sequence[WaitRow]) -> Figure:
    """The middle value of hours to the first human answer; what is still open is said beside it, as at least so old."""
    asked = needing(rows)
    times = [one.hours for one in asked if one.answered]
    waiting = [one.hours for one in asked if not one.answered]
    notes = []
    if waiting:
        notes.append(f"{len(waiting)} without an answer, the oldest waits for at least {max(waiting):.0f} h")
    if not times:
        return none("nobody was answered yet" if asked else NOTHING_ASKED, whole=0, notes=notes)
    service = [one.service_hours for one in asked if one.answered and one.service_hours is not None]
    notes.insert(0, f"nine in ten within {percentile(times, 90):.1f} h")
    if service:
        notes.insert(1, f"in service hours {median(service):.1f} h, nine in ten within {percentile(service, 90):.1f} h")
    return Figure(float(median(times)), None, len(times), notes=tuple(notes))


def within_promise(rows: Sequence[WaitRow]) -> Figure:
    """Of those whose time is up or used, the share answered within the promise that held when they came."""
    kept = sum(one.outcome == "kept" for one in rows)
    late = sum(one.outcome == "missed" for one in rows)
    waiting = sum(one.outcome == "waiting" for one in rows)
    neither = "is still in time and counted on neither side", "are still in time and counted on neither side"
    notes = [many(waiting, *neither)] if waiting else []
    return share(kept, kept + late, NOTHING_ASKED, notes)


@dataclass(frozen=True)
class CaseRow(Row):
    """One conversation by the week it was opened in: whether it is done, with which outcome, how often it came back."""

    COUNTED: ClassVar = ("outcome",)

    closed: bool
    outcome: str
    reopened: int


def resolution_rate(rows: Sequence[CaseRow]) -> Figure:
    """Of those opened, the share closed with an answer and not opened again."""
    solved = sum(one.closed and one.outcome in SOLVED and not one.reopened for one in rows)
    again = sum(bool(one.reopened) for one in rows)
    notes = [many(again, *CAME_BACK)] if again else []
    return share(solved, len(rows), "no conversation that asked for something was opened", notes)


@dataclass(frozen=True)
class PromiseRow(Row):
    """One promise by the day that was promised first, and what became of it."""

    COUNTED: ClassVar = ("outcome",)

    words: str
    first_due_on: date
    outcome: str  # kept, extended, late, broken, overdue


def promise_kept_rate(rows: Sequence[PromiseRow]) -> Figure:
    """Of the promises fallen due, the share kept by the day first promised; more time is not the same as kept."""
    count = Counter(one.outcome for one in rows)
    words = {"extended": "given more time", "late": "kept late", "broken": "broken", "overdue": "overdue"}
    notes = [f"{count[key]} {said}" for key, said in words.items() if count[key]]
    return share(count["kept"], len(rows), "no promise fell due", notes)


@dataclass(frozen=True)
class ProblemRow(Row):
    """A problem residents raised: an issue, or a promise that belongs to none."""

    COUNTED: ClassVar = ("end",)

    words: str
    end: str  # fixed, refused (with its reason), open, dropped (closed and nobody told)


def problem_solving_rate(rows: Sequence[ProblemRow]) -> Figure:
    """Of the problems raised, the share fixed or refused with a reason; the refused ones are said apart."""
    count = Counter(one.end for one in rows)
    notes = [f"{count['fixed']} fixed", f"{count['refused']} refused with the reason"]
    notes += [f"{count['dropped']} closed without telling anybody"] if count["dropped"] else []
    return share(count["fixed"] + count["refused"], len(rows), "no problem was raised", notes if rows else [])


@dataclass(frozen=True)
class InboundRow(Row):
    """One message of a resident; whether a person confirmed it as a formal complaint, and in how many days that ended.

    A request for a service, a report of a fault and criticism are no complaint.
    """

    complaint: bool
    days: float | None


def complaint_rate(rows: Sequence[InboundRow]) -> Figure:
    """Formal complaints in a thousand messages."""
    complaints = [one for one in rows if one.complaint]
    ended = [one.days for one in complaints if one.days is not None]
    notes = [f"{len(complaints):,} of {many(len(rows), 'message', 'messages')}"]
    if ended:
        notes.append(f"settled after {many(round(median(ended)), 'day', 'days')}{_middle_of(len(ended))}")
    if len(ended) < len(complaints):
        notes.append(f"{len(complaints) - len(ended)} not settled yet")
    if not rows:
        return none("nobody wrote", part=0, whole=0)
    return Figure(1000 * len(complaints) / len(rows), len(complaints), len(rows), notes=tuple(notes))


def _middle_of(number: int) -> str:
    return f", the middle value of {number}" if number > 1 else ""


@dataclass(frozen=True)
class AnsweredRow(Row):
    """A person we answered, by a number within the table: how many messages came from them after our first answer."""

    after: int


def continuation(rows: Sequence[AnsweredRow]) -> Figure:
    """Of the people answered, the share who wrote at least twice after our first answer."""
    back = sum(one.after >= 2 for one in rows)
    return share(back, len(rows), "nobody was answered")


@dataclass(frozen=True)
class WriterRow(Row):
    """A person who wrote, by a number within the table; `new` when they had never written before."""

    new: bool
    messages: int


def participants(rows: Sequence[WriterRow]) -> Figure:
    """How many people wrote; new and returning ones are said apart."""
    new = sum(one.new for one in rows)
    notes = (f"{new} for the first time, {len(rows) - new} who had written before",)
    return Figure(float(len(rows)), new, len(rows), notes=notes)


@dataclass(frozen=True)
class IdeaRow(Row):
    """An idea of a resident that somebody marked as one, and how it stands."""

    COUNTED: ClassVar = ("state",)

    words: str
    state: str


def ideas_gathered(rows: Sequence[IdeaRow]) -> Figure:
    """How many ideas were gathered."""
    return Figure(float(len(rows)), whole=len(rows))


def ideas_taken_up(rows: Sequence[IdeaRow]) -> Figure:
    """Of the ideas gathered, the share taken up or done; those nobody has judged are said beside it."""
    taken = sum(one.state in {"taken_up", "done"} for one in rows)
    new = sum(one.state == "new" for one in rows)
    return share(taken, len(rows), "no idea was gathered", [f"{new} not judged yet"] if new else [])
