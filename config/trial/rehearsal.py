"""What Fernhill prepared: who speaks in an emergency, an exercise it held, the next election, and the list of names."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Town, User
from calendar_app import alerting, chronicle, emergency, turning
from calendar_app.alerting import Draft
from calendar_app.models import Rumour
from config.trial.desk_life import Desk
from policy import finalsay, hazards
from policy.models import Absence, EmergencyPlan, Issuer, PublicName

NAMES = (
    ("Councillor Ruby Ames", "politician", "Cllr Ames, Ruby Ames"),
    ("Councillor Joe Byrne", "politician", "Cllr Byrne, Joe Byrne"),
    ("Fernhill Greens", "party", ""),
)


def prepare(staff: dict[str, User], now: datetime) -> None:
    """The plan, the issuers, the names and who is away when."""
    EmergencyPlan.objects.update_or_create(
        pk=1,
        defaults={"source": "Fernhill Town Council", "number": "999", "update_minutes": 30},
    )
    for address, fallback in (("amara", False), ("dev", True)):
        Issuer.objects.create(user=staff[address], fallback=fallback, starts_at=now, by=staff["inge"])
    for name, kind, also in NAMES:
        PublicName.objects.create(name=name, kind=kind, also=also)


def rehearse(desk: Desk, now: datetime) -> None:
    """An hour's exercise on the practice channels: a flood that was none, one update, the all clear, one rumour."""
    staff = desk.staff
    span = emergency.switch_on("The Mill Brook is rising, for practice", exercise=True, by=staff["amara"], now=now)
    emergency.announce(now)
    first = alerting.send(_draft("flood", "alert"), span, by=staff["amara"], now=now + timedelta(minutes=4))
    desk.send(now + timedelta(minutes=4, seconds=3))
    heard = Rumour(heard="The bridge in Mill Road has gone", where="comments on Facebook")
    rumour = chronicle.note(span, heard, by=staff["tom"], now=now + timedelta(minutes=12))
    rumour.verdict, rumour.found = "false", "The bridge is closed for an hour and undamaged."
    chronicle.settle(rumour, by=staff["tom"], now=now + timedelta(minutes=20))
    last = _draft("clear", "cancel", first)
    alerting.send(last, span, by=staff["amara"], now=now + timedelta(minutes=40))
    desk.send(now + timedelta(minutes=40, seconds=3))
    emergency.switch_off(span, "The exercise is over", by=staff["dev"], now=now + timedelta(minutes=50))
    emergency.announce(now + timedelta(minutes=50))


def _draft(hazard: str, kind: str, replaces: object = None) -> Draft:
    given = hazards.language("en").template(hazard)
    parts = {name: given.get(name, "") for name in hazards.PARTS}
    parts |= {"place": "Mill Road and Riverside", "source": "Fernhill Town Council"}
    return Draft(hazard, kind, parts, minutes=30, replaces=replaces)  # type: ignore[arg-type]


def look_ahead(staff: dict[str, User], now: datetime) -> None:
    """A by-election in the new year, and a week in which Ruth is away."""
    today = now.astimezone(Town.here().tz).date()
    first, last = today + timedelta(days=40), today + timedelta(days=75)
    words = f"By-election in Riverside ward on {last.day} {last:%B}"
    turning.plan("election", first, last, words, by=staff["dev"], now=now, poll_on=last)
    away = Absence(
        user=staff["ruth"],
        kind="away",
        starts_at=now + timedelta(days=20),
        ends_at=now + timedelta(days=27),
        why="on leave",
    )
    finalsay.be_away(away, by=staff["dev"], now=now)
