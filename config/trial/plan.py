"""How Fernhill plans: who looks after which topic, when its channels speak and how often, and the dates it plans around."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from accounts.models import Town
from accounts.walltime import to_wall
from calendar_app.models import Cadence, Slot
from channels_app.models import Channel
from policy.models import CivicDate

# For each topic of the cast, in its order: who looks after it, and what shows that people want it.
TOPIC_CARE = (
    ("tom", "a third of all questions in the inbox"),
    ("tom", "41 fault reports a month on the website"),
    ("amara", "the minutes are the second most read page"),
    ("amara", "events bring most new followers"),
    ("amara", "calls double in the week the bills go out"),
    ("tom", "the ranger's walks are always full"),
    ("tom", "a waiting list of three years"),
    ("amara", "312 answers in the cycling survey"),
    ("tom", "the society asks for dates every month"),
    ("amara", "60 young people every Friday"),
)

# Weekday and time on the town's clocks.
SLOTS = {
    "x": ((0, "08:30"), (1, "12:05"), (2, "17:30"), (3, "12:05"), (4, "16:10")),
    "facebook": ((0, "08:30"), (1, "17:30"), (3, "17:30"), (5, "10:40")),
    "mastodon": ((1, "12:05"), (3, "09:15"), (6, "11:00")),
}
CADENCE = {"x": (3, 9), "facebook": (3, 7), "mastodon": (3, 6)}
COUNCIL = "Council meeting"


def settle(now: datetime) -> None:
    """Slots and bounds of the channels; council meetings, an election and days the town keeps, around this moment."""
    for channel in Channel.objects.filter(state="ok", platform__in=CADENCE):
        least, most = CADENCE[channel.platform]
        Cadence.objects.create(channel=channel, least=least, most=most)
        Slot.objects.bulk_create(
            Slot(channel=channel, weekday=weekday, at=time.fromisoformat(at)) for weekday, at in SLOTS[channel.platform]
        )
    today = to_wall(now, Town.here().zone).date()
    CivicDate.objects.bulk_create(dates(today))


def dates(today: date) -> list[CivicDate]:
    """Every second Thursday from eight weeks ago for half a year, a by-election, and three days of the town's own."""
    thursday = today - timedelta(days=today.weekday() + 53)
    meetings = [
        CivicDate(day=thursday + timedelta(weeks=2 * n), name=COUNCIL, kind="meeting", at=time(19, 0))
        for n in range(14)
    ]
    others = [
        CivicDate(day=today + timedelta(days=9), name="Small Business Day", kind="day"),
        CivicDate(day=today + timedelta(days=16), name="World Wetlands walk", kind="day"),
        CivicDate(day=today + timedelta(days=45), name="Hill Top by-election", kind="election"),
        CivicDate(day=today - timedelta(days=6), name="Town charter day", kind="day"),
    ]
    return [*meetings, *others]
