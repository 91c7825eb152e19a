"""Response promises kept and missed: what became of every wait that began in a stretch of time.

A wait runs from a resident's earliest unanswered message to what settled it, and is held against the promise that was
in force when that message came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from engagement import timing
from engagement.clocks import Figures, Turn
from engagement.models import ClockEvent, Conversation, Message, MissReason, Moved

OUTCOMES = {
    "kept": "Kept",
    "missed": "Missed",
    "waiting": "Still in time",
    "excused": "No answer needed",
    "withdrawn": "Taken back",
}
ANSWERS = ("answered", "outside")
CODES = dict(Conversation.OUTCOMES)
NO_EXCUSE = ("", "answered")  # closed without a coded reason: whoever asked is still without an answer
READ_LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday on the town's clocks; `key` is its ISO name, such as 2026-W47."""

    first: date
    zone: ZoneInfo

    @classmethod
    def asked(cls, key: str, now: datetime, zone: ZoneInfo) -> Week:
        """The week of that name; the one before this where it names none that can be."""
        today = now.astimezone(zone).date()
        try:
            year, _, week = key.partition("-W")
            first = date.fromisocalendar(int(year), int(week), 1)
        except (ValueError, OverflowError):
            first = today - timedelta(days=today.weekday() + 7)
        return cls(min(max(first, date(2020, 1, 6)), date(2100, 1, 4)), zone)

    @property
    def key(self) -> str:
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.first + timedelta(days=7), time(), self.zone)

    def beside(self, weeks: int) -> Week:
        return Week(self.first + timedelta(weeks=weeks), self.zone)


@dataclass(frozen=True)
class Kept:
    """One wait: whose, what became of it, both clocks, when Parley read it, and the reason somebody gave for a miss."""

    conversation: Conversation
    turn: Turn
    outcome: str
    elapsed: Figures
    service: Figures
    read_at: datetime
    priority: str
    reason: MissReason | None = None

    @property
    def answered(self) -> bool:
        return self.turn.how in ANSWERS

    @property
    def outcome_words(self) -> str:
        return OUTCOMES[self.outcome]

    @property
    def code_words(self) -> str:
        return CODES.get(self.turn.reason, "")

    @property
    def read_late(self) -> bool:
        """Parley knew of it so late that the answer had less time than was promised."""
        return self.read_at - self.turn.since >= READ_LATE


def between(channels: Collection[int], start: datetime, end: datetime, now: datetime) -> list[Kept]:
    """Every wait on these channels (by row id) that began from `start` up to before `end`, the earliest first, as
    Parley knew of it at `now`.
    """
    begun = ClockEvent.objects.filter(kind="started", at__gte=start, at__lt=end, conversation__channel__in=channels)
    came = Moved.objects.filter(kind="came", asked_at__gte=start, asked_at__lt=end, conversation__channel__in=channels)
    pks = {*begun.values_list("conversation", flat=True), *came.values_list("conversation", flat=True)}
    rows = Conversation.objects.filter(pk__in=pks).select_related("channel", "person", "assignee").in_bulk()
    reasons: dict[tuple[int, datetime], MissReason] = {
        (one.conversation_id, one.since): one
        for one in MissReason.objects.filter(conversation__in=pks).select_related("by").order_by("id")
    }
    found = [
        one
        for pk, events in timing.events_of(pks).items()
        for one in _of(rows[pk], [each for each in events if each.noted_at <= now], reasons, now)
        if start <= one.turn.since < end
    ]
    return sorted(found, key=lambda one: (one.turn.since, one.conversation.pk))


def of(conversation: Conversation, now: datetime) -> list[Kept]:
    """Every wait of one conversation, the earliest first."""
    said = MissReason.objects.filter(conversation=conversation).select_related("by").order_by("id")
    reasons = {(one.conversation_id, one.since): one for one in said}
    return _of(conversation, timing.events_of([conversation.pk])[conversation.pk], reasons, now)


def _of(
    conversation: Conversation,
    events: Sequence[ClockEvent | Moved],
    reasons: dict[tuple[int, datetime], MissReason],
    now: datetime,
) -> list[Kept]:
    heard = [event for event in events if isinstance(event, ClockEvent) and event.kind == "started"]
    read = {event.at: event.noted_at for event in reversed(heard)}
    return [
        Kept(
            conversation=conversation,
            turn=turn,
            outcome=outcome(turn, now),
            elapsed=turn.elapsed(now),
            service=turn.service(now),
            read_at=read.get(turn.since, turn.since),
            priority=_priority(events, turn, conversation),
            reason=reasons.get((conversation.pk, turn.since)),
        )
        for turn in timing.reading(events).turns
    ]


def _priority(events: Sequence[ClockEvent | Moved], turn: Turn, conversation: Conversation) -> str:
    """The priority it had when the wait ended; without a change in the clock, the one it has."""
    changes = [one for one in events if one.kind == "prioritised"]
    before = [one for one in changes if turn.ended_at is None or one.at <= turn.ended_at]
    if before:
        return before[-1].reason
    return timing.NORMAL if changes else timing.priority_of(conversation)


def outcome(turn: Turn, now: datetime) -> str:
    """What became of one wait; see OUTCOMES. Without an end it is missed once its time is over."""
    return became(turn.how, turn.reason, turn.ended_at, turn.due(), now)


def became(how: str, reason: str, ended_at: datetime | None, due: datetime | None, now: datetime) -> str:
    """The one rule of kept and missed."""
    if how == "withdrawn":
        return "withdrawn"
    if how == "settled":
        return "missed" if reason in NO_EXCUSE else "excused"
    if ended_at is None:
        return "missed" if due and due < now else "waiting"
    return "kept" if due is None or ended_at <= due else "missed"


def asked(rows: Sequence[Kept]) -> dict[tuple[int, datetime], str]:
    """What the resident wrote with which each wait began, by conversation and moment."""
    begun = {(one.conversation.pk, one.turn.since) for one in rows}
    said = Message.objects.filter(
        conversation__in={pk for pk, _ in begun}, at__in={since for _, since in begun}, ours=False
    )
    found = {(pk or 0, at): text for pk, at, text in said.values_list("conversation", "at", "text")}
    return {one: found.get(one, "") for one in begun}


def explain(conversation: Conversation, since: datetime, code: str, words: str, *, by: User, now: datetime) -> Kept:
    """Say why this promise was missed. A later reason stands beside the earlier one and counts instead of it."""
    missed = next((one for one in of(conversation, now) if one.turn.since == since), None)
    if missed is None or missed.outcome != "missed":
        raise Invalid("This promise was not missed.", next_step="Load the week again.")
    if code not in dict(MissReason.CODES):
        raise Invalid("Choose why it was missed.")
    words = words.strip()[:300]
    if code == "other" and not words:
        raise Invalid("Say in words what it was.")
    MissReason.objects.create(conversation=conversation, since=since, code=code, words=words, by=by, at=now)
    audit.record("explained", conversation, by=by, now=now, since=since.isoformat(), code=code, words=words)
    return missed
