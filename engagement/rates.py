"""The figures of waits for an answer, computed from the rows that are shown and exported, and from nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Scope
from engagement.kept import Kept


@dataclass(frozen=True)
class Tally:
    """The figures of some waits. Times are of those that were answered; None where none was. `ref` finds them again."""

    name: str
    ref: str
    kept: int
    missed: int
    waiting: int
    withdrawn: int
    answered: int
    excused: dict[str, int]
    median: timedelta | None
    ninetieth: timedelta | None
    service_median: timedelta | None
    service_ninetieth: timedelta | None
    unanswered: int
    oldest: timedelta | None

    @property
    def needing(self) -> int:
        """Those that needed an answer and whose time is up or used."""
        return self.kept + self.missed

    @property
    def kept_share(self) -> int | None:
        return round(100 * self.kept / self.needing) if self.needing else None

    @property
    def answered_share(self) -> int | None:
        return round(100 * self.answered / self.needing) if self.needing else None

    @property
    def excused_count(self) -> int:
        return sum(self.excused.values())


def tally(rows: Iterable[Kept], name: str = "", ref: str = "") -> Tally:
    """The figures of these waits."""
    rows = list(rows)
    count = Counter(one.outcome for one in rows)
    answered = [one for one in rows if one.answered]
    open_ones = [one for one in rows if one.turn.ended_at is None and one.outcome == "missed"]
    clock = [one.elapsed.spent for one in answered]
    service = [one.service.spent for one in answered if one.turn.promise.calendar]
    return Tally(
        name=name,
        ref=ref,
        kept=count["kept"],
        missed=count["missed"],
        waiting=count["waiting"],
        withdrawn=count["withdrawn"],
        answered=len(answered),
        excused=dict(Counter(one.code_words for one in rows if one.outcome == "excused").most_common()),
        median=percentile(clock, 50),
        ninetieth=percentile(clock, 90),
        service_median=percentile(service, 50),
        service_ninetieth=percentile(service, 90),
        unanswered=len(open_ones),
        oldest=max((one.elapsed.spent for one in open_ones), default=None),
    )


def by_channel(rows: Iterable[Kept]) -> list[Tally]:
    """The figures of each channel, by its name."""
    groups: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for one in rows:
        groups[str(one.conversation.channel), str(one.conversation.channel.key)].append(one)
    return [tally(groups[name, key], name, key) for name, key in sorted(groups)]


def by_hour(rows: Iterable[Kept], zone: ZoneInfo) -> list[Tally]:
    """The figures by the hour in which residents wrote, on the town's clocks; hours without any are left out."""
    groups: dict[int, list[Kept]] = defaultdict(list)
    for one in rows:
        groups[hour_of(one, zone)].append(one)
    return [tally(groups[hour], f"{hour:02}:00", str(hour)) for hour in sorted(groups)]


def by_department(rows: Iterable[Kept], held: Mapping[tuple[int, datetime], Scope]) -> list[Tally]:
    """The figures of each department as `held` names it, by its name; those that were with none come last."""
    groups: dict[tuple[bool, str, str], list[Kept]] = defaultdict(list)
    for one in rows:
        scope = held.get((one.conversation.pk, one.turn.since))
        groups[(False, scope.name, str(scope.pk)) if scope else (True, "No department", "none")].append(one)
    return [tally(groups[key], key[1], key[2]) for key in sorted(groups)]


def hour_of(one: Kept, zone: ZoneInfo) -> int:
    return one.turn.since.astimezone(zone).hour


def percentile(values: Iterable[timedelta], share: int) -> timedelta | None:
    """The value below which `share` percent lie, between two neighbours in proportion; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * share / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
