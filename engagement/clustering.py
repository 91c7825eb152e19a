"""Reports of the same thing at the same place, found in a list of reports. Pure: the same reports give the same groups.

A report is about the places it names, else about its labels. A group is there as soon as enough different people have
reported within the window; what came after about the same belongs to it as well. No report is in two groups: the
larger one has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Subject = tuple[str, int]  # ("place", id) or ("label", id)


@dataclass(frozen=True)
class Report:
    """One message of a resident that reports something: where it was said, by whom, and what it is about."""

    conversation: int
    person: int | None
    at: datetime
    places: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        if self.places:
            return tuple(("place", pk) for pk in self.places)
        return tuple(("label", pk) for pk in self.labels)


@dataclass(frozen=True)
class Group:
    """Enough reports about one subject: those of the window in which they became enough, and all that came after."""

    subject: Subject
    reports: tuple[Report, ...]


def groups(reports: Iterable[Report], *, enough: int, window: timedelta) -> list[Group]:
    """Every subject that enough different people reported within the window, the largest first."""
    left = sorted(reports, key=lambda one: (one.at, one.conversation))
    found: list[Group] = []
    while True:
        best = _largest(left, enough, window)
        if best is None:
            return found
        found.append(best)
        taken = {one.conversation for one in best.reports}
        left = [one for one in left if one.conversation not in taken]


def _largest(reports: Sequence[Report], enough: int, window: timedelta) -> Group | None:
    """The subject that most people reported, of those with enough; of equal ones the first reported."""
    about: dict[Subject, list[Report]] = defaultdict(list)
    for report in reports:
        for subject in report.subjects:
            about[subject].append(report)
    found = []
    for subject, rows in about.items():
        start = first_window(rows, enough=enough, window=window)
        if start is not None:
            found.append(Group(subject, tuple(rows[start:])))
    return min(
        found, key=lambda one: (-len({_who(row) for row in one.reports}), one.reports[0].at, one.subject), default=None
    )


def first_window(reports: Sequence[Report], *, enough: int, window: timedelta) -> int | None:
    """Where the first window with enough people begins in reports in their order; None where there is none."""
    for start, first in enumerate(reports):
        within = [one for one in reports[start:] if one.at - first.at <= window]
        if len({_who(one) for one in within}) >= enough:
            return start
    return None


def _who(report: Report) -> tuple[str, int]:
    """Somebody who is not known by name is as many people as conversations."""
    return ("person", report.person) if report.person is not None else ("conversation", report.conversation)
