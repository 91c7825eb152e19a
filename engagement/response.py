"""Response promises as the town sets them: which one holds where, what was promised before, and setting another one.

Rows are only ever added. What has come already keeps the promise it came under.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid
from channels_app.models import Channel
from engagement import kept, timing
from engagement.clocks import Promise
from engagement.kept import ANSWERS, Kept
from engagement.models import Closing, Conversation, ResponsePromise

SHORTEST, LONGEST = 0.25, 24 * 30  # hours
LOOK_BACK = timedelta(days=28)
PRIORITIES = dict(ResponsePromise.PRIORITIES)


@dataclass(frozen=True)
class Wanted:
    """A promise that somebody wants to set: where, for which priority, how soon, and from when on."""

    channel: Channel | None
    priority: str
    hours: float | None
    service_hours: float | None
    from_at: datetime
    ends: bool = False
    why: str = ""


@dataclass(frozen=True)
class Cell:
    """What is promised on one channel, or on every other one, for one priority now; `own`: it is set right there."""

    promise: ResponsePromise | None
    own: bool

    @property
    def hours(self) -> float:
        return self.promise.hours if self.promise else Promise().hours

    @property
    def service_hours(self) -> float:
        return self.promise.service_hours if self.promise else Promise().service_hours


@dataclass(frozen=True)
class Preview:
    """What a promise would have meant in the last four weeks, for the answers it would have been about.

    `kept` of the `answered` were within what held then, `would` are within what is wanted; `running` came already and
    keep their promise.
    """

    answered: int
    kept: int
    would: int
    would_in_service: int
    running: int


def in_force(channels: Sequence[Channel], now: datetime) -> list[tuple[Channel | None, list[Cell]]]:
    """One row for every channel, and first one for whatever has none of its own; one cell for every priority."""
    rows = list(ResponsePromise.objects.all())
    return [(channel, _cells(rows, channel, now)) for channel in (None, *channels)]


def _cells(rows: Iterable[ResponsePromise], channel: Channel | None, now: datetime) -> list[Cell]:
    pk = channel.pk if channel else None
    ranked = timing.ranked(row for row in rows if row.channel_id in {None, pk})
    found = [(name, timing.promise_at(ranked, now, name)) for name in PRIORITIES]
    return [Cell(row, bool(row and row.channel_id == pk and row.priority in {"", name})) for name, row in found]


def history() -> list[ResponsePromise]:
    """Every promise that was ever set, the newest first."""
    rows = ResponsePromise.objects.select_related("channel", "by")
    return list(rows.order_by("-from_at", "-pk"))


def set_promise(wanted: Wanted, *, by: User, now: datetime) -> ResponsePromise:
    """Promise this from then on. Raises Invalid where it cannot be, or changes nothing."""
    check(wanted, now)
    fields = {name: getattr(wanted, name) for name in ("channel", "priority", "from_at", "ends", "why")}
    if not wanted.ends:
        fields |= {"hours": wanted.hours, "service_hours": wanted.service_hours}
    with transaction.atomic():
        row = ResponsePromise.objects.create(**fields, by=by, set_at=now)
        became = "ended" if row.ends else f"{row.hours:g} h, {row.service_hours:g} service hours"
        audit.record(
            "promised", None, by=by, now=now, subject=described(row), became=became, since=row.from_at.isoformat()
        )
    return row


def check(wanted: Wanted, now: datetime) -> None:
    """Raise Invalid where this cannot be promised."""
    if wanted.priority not in {"", *PRIORITIES}:
        raise Invalid("Choose one of the priorities offered.")
    if wanted.from_at < now:
        raise Invalid(
            "A promise cannot begin in the past: what has come already keeps the one it came under.",
            next_step="Choose a later moment, or leave it empty for now.",
        )
    if wanted.ends:
        if not _own_now(wanted):
            raise Invalid("There is no promise of its own here that could end.")
        return
    for hours, name in ((wanted.hours, "Hours"), (wanted.service_hours, "Service hours")):
        if hours is None or not SHORTEST <= hours <= LONGEST:
            raise Invalid(f"{name}: promise between {SHORTEST:g} and {LONGEST} hours.")


def _own_now(wanted: Wanted) -> bool:
    if wanted.channel is None and not wanted.priority:
        return False
    rows = ResponsePromise.objects.filter(channel=wanted.channel, priority=wanted.priority)
    newest = rows.filter(from_at__lte=wanted.from_at).order_by("-from_at", "-pk").first()
    return newest is not None and not newest.ends


def described(row: ResponsePromise | Wanted) -> str:
    """Where it holds and for what, in words."""
    where = str(row.channel) if row.channel else "Every channel without its own"
    return f"{where}, {PRIORITIES[row.priority].lower() + ' priority' if row.priority else 'every priority'}"


def preview(wanted: Wanted, now: datetime) -> Preview:
    """Hold the answers of the last four weeks against it: those on its channel and of its priority."""
    channels = [wanted.channel.pk] if wanted.channel else list(Channel.objects.values_list("pk", flat=True))
    promises = list(ResponsePromise.objects.all())
    rows = [
        one
        for one in kept.between(channels, now - LOOK_BACK, now, now)
        if wanted.priority in {"", one.priority} and _speaks_for(wanted, one, promises)
    ]
    answered = [one for one in rows if one.turn.how in ANSWERS]
    promise = Promise(wanted.hours or Promise().hours, wanted.service_hours or Promise().service_hours)
    return Preview(
        answered=len(answered),
        kept=sum(one.outcome == "kept" for one in answered),
        would=sum(_within(one, promise) for one in answered),
        would_in_service=sum(one.service.spent <= timedelta(hours=promise.service_hours) for one in answered),
        running=Conversation.objects.filter(channel__in=channels, unanswered_since__isnull=False).count(),
    )


def _within(one: Kept, promise: Promise) -> bool:
    due = replace(one.turn, promise=promise).due()
    return due is not None and one.turn.ended_at is not None and one.turn.ended_at <= due


def _speaks_for(wanted: Wanted, one: Kept, promises: Sequence[ResponsePromise]) -> bool:
    """Whether a promise of this level would be the one that counts for it: no stronger one holds there."""
    here = one.conversation.channel_id
    rows = timing.ranked(row for row in promises if row.channel_id in {None, here})
    holds = timing.promise_at(rows, wanted.from_at, one.priority)
    wanted_level = (wanted.channel is None, not wanted.priority)
    return holds is None or wanted_level <= (holds.channel_id is None, not holds.priority)


def close_day(day: date, why: str, *, by: User, now: datetime) -> Closing:
    """No service hours on this day, for whatever is asked from now on."""
    if not why.strip():
        raise Invalid("Say why the desk is closed that day.")
    if day < timing.today(now):
        raise Invalid("That day is over; what came then keeps the hours it came under.")
    try:
        with transaction.atomic():
            row = Closing.objects.create(day=day, why=why.strip()[:120], by=by, at=now)
            audit.record("closed_day", None, by=by, now=now, subject=str(row))
    except IntegrityError:
        raise Invalid("That day is closed already.") from None
    return row


def open_day(closing: Closing, *, by: User, now: datetime) -> None:
    """The day has its usual hours again, for whatever is asked from now on."""
    with transaction.atomic():
        if not Closing.objects.filter(pk=closing.pk, ended_at=None).update(ended_at=now, ended_by=by):
            raise IllegalMove("That day is open already.")
        audit.record("opened_day", None, by=by, now=now, subject=str(closing))
