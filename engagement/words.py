"""How times, clocks and people are put on the inbox's pages. Local times are the town's: the request has its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from engagement.clocks import Figures, Reading
from engagement.models import Conversation
from engagement.nudges import span
from engagement.timing import Line

SOON = 4  # amber under a quarter of the time
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pill:
    """What the countdown shows: a few words, a state of the component, longer words, and when it is due."""

    words: str
    state: str = "calm"
    full: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Counted:
    """One way of counting, for the context pane: its name, two phrases, and how full the bar is."""

    name: str
    words: str
    more: str
    percent: int
    late: bool

    @property
    def tone(self) -> str:
        return "alarm" if self.late else "warn" if self.percent > 100 - 100 // SOON else "accent"


def clock(moment: datetime) -> str:
    """14:05"""
    return f"{timezone.localtime(moment):%H:%M}"


def when(moment: datetime, now: datetime) -> str:
    """today 14:05 · yesterday 14:05 · Tue 14:05 · 3 March 14:05 · 3 March 2025"""
    here = timezone.get_current_timezone()
    local, today = moment.astimezone(here), now.astimezone(here).date()
    days = (today - local.date()).days
    if days in {0, 1, -1}:
        return f"{ {0: 'today', 1: 'yesterday', -1: 'tomorrow'}[days] } {local:%H:%M}"
    if -7 < days < 7:
        return f"{local:%a} {local:%H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%B %H:%M}"
    return f"{local.day} {local:%B %Y}"


def pill(row: Conversation, now: datetime) -> Pill:
    """How the clock of a conversation stands, in two or three words."""
    if row.due_at and row.unanswered_since:
        full = f"Due {when(row.due_at, now)}"
        if row.due_at < now:
            return Pill(f"{span(now - row.due_at)} late", "late", full, row.due_at)
        soon = (row.due_at - now) * SOON < row.due_at - row.unanswered_since
        return Pill(f"{span(row.due_at - now)} left", "soon" if soon else "calm", full, row.due_at)
    words = {
        "paused": Pill("Paused", "paused", "The clock stands still until the resident writes"),
        "answered": Pill("Answered", "met"),
        "outside": Pill("Answered outside Parley", "met"),
        "settled": Pill("No answer needed", "met"),
        "withdrawn": Pill("Taken back", "met", "The resident deleted what they wrote"),
    }
    return words.get(row.clock, Pill(""))


def until(moment: datetime, since: datetime, now: datetime) -> Pill:
    """How much of the time from `since` to `moment` is left."""
    full = f"By {when(moment, now)}"
    if moment <= now:
        return Pill(f"{span(now - moment)} late", "late", full, moment)
    soon = (moment - now) * SOON < moment - since
    return Pill(f"{span(moment - now)} left", "soon" if soon else "calm", full, moment)


def counted(reading: Reading, now: datetime) -> list[Counted]:
    """Both ways of counting for the turn that runs, or for the last one that ended."""
    turn = reading.last
    if turn is None:
        return []
    ways = [
        ("By the clock", turn.elapsed(now), turn.promise.hours),
        ("In service hours", turn.service(now), turn.promise.service_hours),
    ]
    return [_counted(name, figures, hours, turn.ended_at, now) for name, figures, hours in ways if figures.due]


def _counted(name: str, figures: Figures, hours: float, ended_at: datetime | None, now: datetime) -> Counted:
    percent = min(100, round(figures.spent / timedelta(hours=hours) * 100))
    spent = f"{length(figures.spent)} of {hours:g} h"
    if ended_at:
        return Counted(name, spent, "in time" if not figures.late else "late", percent, figures.late)
    due = f"due {when(figures.due, now)}" if figures.due else ""
    if figures.left is not None and figures.late:
        due = f"{length(-figures.left)} late, was {due}"
    return Counted(name, spent, due, percent, figures.late)


def reprioritised(line: Line, now: datetime) -> str:
    """to urgent by Ana: due today 14:05, was due tomorrow 12:00"""
    who = f" by {line.by}" if line.by else ""
    if line.due is None:
        return f"to {line.reason}{who}"
    if line.due == line.was_due:
        return f"to {line.reason}{who}: due as before"
    was = f", was due {when(line.was_due, now)}" if line.was_due else ""
    return f"to {line.reason}{who}: due {when(line.due, now)}{was}"


def length(time: timedelta) -> str:
    """3 h 20 min, 40 min, 26 h"""
    minutes = int(time.total_seconds() // 60)
    if minutes >= 600 or (minutes >= 60 and not minutes % 60):
        return f"{minutes // 60} h"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th"""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{ending}"
