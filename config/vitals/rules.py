"""From what is known to what is wrong: the table of alerts as pure functions.

`warn` asks somebody to look, `page` asks somebody to act now. Each sentence says what it means for the town and each
address leads to where it is cured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from channels_app import withheld
from channels_app.models import Channel
from config.vitals import twins
from config.vitals.facts import Vitals

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# What is measured in seconds: from which value it is a warning, and from which somebody must act.
LIMITS: dict[str, tuple[float, float]] = {
    "overdue": (MINUTE, 5 * MINUTE),
    "unknown": (5 * MINUTE, 15 * MINUTE),
    "publisher": (30, 2 * MINUTE),
    "beat": (MINUTE, 5 * MINUTE),
    "poller": (5 * MINUTE, 15 * MINUTE),
    "mailer": (5 * MINUTE, 15 * MINUTE),
    "clock": (5, 30),
    "backup": (2 * HOUR, 6 * HOUR),
}
UNREAD = (2, 4)  # times the interval at which a channel is read
READ_SLACK = MINUTE  # in practice channels are read every few seconds; a pause of that length is nothing
EXPIRES = (14 * DAY, 2 * DAY)
HELD = 15 * MINUTE  # before the first moment of what waits for a channel that is out
ROLE_WORDS = {
    "publisher": ("The publisher", "nothing goes out through it"),
    "beat": ("The clock of the background work", "little happens by itself"),
    "poller": ("Reading", "what residents write is not seen"),
    "mailer": ("Sending mail", "nobody is told by mail"),
}
WORKING = "/working/"


@dataclass(frozen=True)
class Alert:
    """One thing that is wrong. `kind` and `subject` tell it from others; `channel` limits who is told."""

    kind: str
    subject: str
    level: str
    words: str
    url: str = WORKING
    channel: Channel | None = None


def judge(v: Vitals) -> list[Alert]:
    """All that is wrong, what must be acted on first."""
    found = [alert for rule in RULES for alert in rule(v)]
    return sorted(found, key=lambda alert: alert.level != "page")


def level(value: float, limits: tuple[float, float]) -> str:
    """Empty while all is well; `warn` and `page` from their limits on."""
    warn, page = limits
    return "page" if value >= page else "warn" if value >= warn else ""


def overdue(v: Vitals) -> Iterator[Alert]:
    if grade := level(v.overdue_for, LIMITS["overdue"]):
        what = "1 delivery is" if v.overdue == 1 else f"{v.overdue} deliveries are"
        yield Alert("overdue", "", grade, f"{what} due and not moving, the first for {lasting(v.overdue_for)}.")


def unknown(v: Vitals) -> Iterator[Alert]:
    if grade := level(v.unknown_for, LIMITS["unknown"]):
        words = f"For {lasting(v.unknown_for)} nobody knows whether a delivery is out. It is not sent twice."
        yield Alert("unknown", "", grade, words)


def silent(v: Vitals) -> Iterator[Alert]:
    for role, age in v.beats.items():
        if role in ROLE_WORDS and (grade := level(age, LIMITS[role])):
            who, what = ROLE_WORDS[role]
            yield Alert("silent", role, grade, f"{who} has been silent for {lasting(age)}: {what}.")


def unread(v: Vitals) -> Iterator[Alert]:
    limits = tuple(max(times * v.poll_every, times * READ_SLACK) for times in UNREAD)
    for channel, age in v.unread.items():
        if grade := level(age, limits):  # type: ignore[arg-type]
            words = f"{channel} was not read for {lasting(age)}: what residents write there is not seen."
            yield _of(channel, "unread", grade, words)


def expiring(v: Vitals) -> Iterator[Alert]:
    for channel, left in v.expiring.items():
        if left <= EXPIRES[0]:
            words = f"Access to {channel} has ended." if left <= 0 else f"Access to {channel} ends in {lasting(left)}."
            yield _of(channel, "expires", "page" if left <= EXPIRES[1] else "warn", f"{words} Enter new keys.")


def mute(v: Vitals) -> Iterator[Alert]:
    for channel in v.mute:
        words = f"{channel} answers, but shows nothing of what is there: what residents write may not be seen either."
        yield _of(channel, "mute", "page", f"{words} Look at its rights and enter new keys.")


def unheard(v: Vitals) -> Iterator[Alert]:
    """One for a channel and day, however many a platform did not show."""
    days = groupby(v.unheard, lambda one: (one.channel, f"{one.at:%Y-%m-%d}"))
    for (channel, day), rows in days:
        mentions = list(rows)
        which = "" if len(mentions) > 1 else f": {mentions[0].words}"
        what = "A mention" if len(mentions) == 1 else f"{len(mentions)} mentions"
        words = f"{what} on {channel} could not be read{which}. Look at what it is there, and say that you have."
        yield Alert("unheard", f"{channel.key}:{day}", "warn", words, page_of(channel), channel)


def kept_back(v: Vitals) -> Iterator[Alert]:
    """A few may have been hidden there, as long as none was ever read; more are more than that."""
    for row, words in v.withheld:
        grade = "page" if withheld.many(row) else "warn"
        yield _of(row.channel, "withheld", grade, f"{words}. Look at the posts of {row.channel}.")


def held(v: Vitals) -> Iterator[Alert]:
    for channel, (count, left) in v.held.items():
        what = "1 post waits" if count == 1 else f"{count} posts wait"
        yield _of(channel, "held", "page" if left <= HELD else "warn", f"{channel} is not connected and {what} for it.")


def twice(v: Vitals) -> Iterator[Alert]:
    for message in v.twins:
        words = f"Possibly out twice on {message.channel}: “{message.text[:120]}”. Look, and take one down."
        yield Alert("twice", twins.mark(message), "page", words, WORKING, message.channel)


def broken(v: Vitals) -> Iterator[Alert]:
    names = {"audit": "audit trail", "records": "records"}
    for chain in v.broken:
        words = f"The chain of the {names[chain]} does not fit: something in it was changed or taken out."
        yield Alert("chain", chain, "page", words)


def mismatch(v: Vitals) -> Iterator[Alert]:
    if v.mismatch:
        yield Alert("mismatch", "", "page", f"Publishing is off. {v.mismatch}"[:300], "/channels/")


def clocks(v: Vitals) -> Iterator[Alert]:
    if grade := level(abs(v.clock_delta), LIMITS["clock"]):
        words = f"The clocks of the desk and its database are {lasting(abs(v.clock_delta))} apart."
        yield Alert("clock", "", grade, words)


def backup(v: Vitals) -> Iterator[Alert]:
    """Silent until a first backup was made: the page says that there is none."""
    if v.backup_for is not None and (grade := level(v.backup_for, LIMITS["backup"])):
        yield Alert("backup", "", grade, f"The last good backup is {lasting(v.backup_for)} old.")


def late_found(v: Vitals) -> Iterator[Alert]:
    if v.late_found:
        what = "1 message was" if v.late_found == 1 else f"{v.late_found} messages were"
        yield Alert("late_found", "", "warn", f"{what} found late since yesterday, by the daily second look.")


def broker(v: Vitals) -> Iterator[Alert]:
    if v.queues is None:
        words = "Background work is delayed: the broker does not answer. Publishing goes on without it."
        yield Alert("broker", "", "warn", words)


RULES: tuple[Callable[[Vitals], Iterator[Alert]], ...] = (
    mismatch,
    overdue,
    silent,
    held,
    mute,
    unheard,
    kept_back,
    twice,
    broken,
    unknown,
    clocks,
    unread,
    expiring,
    broker,
    backup,
    late_found,
)


def _of(channel: Channel, kind: str, grade: str, words: str) -> Alert:
    return Alert(kind, str(channel.key), grade, words, page_of(channel), channel)


def page_of(channel: Channel) -> str:
    return f"/channels/{channel.key}/"


def lasting(seconds: float) -> str:
    """A length of time in the largest unit that says enough: "40 s", "12 min", "3 h", "9 days"."""
    for size, unit in ((2 * DAY, "days"), (2 * HOUR, "h"), (2 * MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // (size / 2))} {unit}"
    return f"{int(seconds)} s"
