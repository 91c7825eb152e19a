"""The mail of many: what a person wanted once a day or once a week, in one letter at half past seven of the town.

Nothing is told twice: what goes into a letter is marked in the transaction that queues it. What the person has read
in the app meanwhile is left out.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import events, mailing, walltime
from accounts.models import Notification, Town, User
from accounts.refusals import Invalid

AT = time(7, 30)
NAMES = {"day": "Your day in Parley", "week": "Your week in Parley"}
MOST = 60  # lines of one letter


def post_due(now: datetime) -> int:
    """Queue the letters that are due; returns how many."""
    if not mailing.is_on():
        return 0
    zone, posted = Town.here().zone, 0
    for kind in NAMES:
        until = last(kind, zone, now)
        people = Notification.objects.filter(digest=kind, at__lt=until).values("user")
        for user in User.objects.filter(pk__in=people, is_active=True):
            posted += _post(user, kind, until, now)
    return posted


def last(kind: str, zone: str, now: datetime) -> datetime:
    """The last moment at which letters of this kind were due: half past seven, weekly ones on a Monday."""
    wall = walltime.to_wall(now, zone)
    day = wall.date() if wall.time() >= AT else wall.date() - timedelta(days=1)
    if kind == "week":
        day -= timedelta(days=day.weekday())
    moment = datetime.combine(day, AT)
    try:
        return walltime.from_wall(moment, zone, fold=0)
    except Invalid:
        return walltime.from_wall(moment + timedelta(hours=1), zone, fold=0)


def _post(user: User, kind: str, until: datetime, now: datetime) -> bool:
    with transaction.atomic():
        due = Notification.objects.filter(user=user, digest=kind, at__lt=until)
        notes = list(due.select_for_update(skip_locked=True).order_by("at"))
        Notification.objects.filter(pk__in=[note.pk for note in notes]).update(digest="")
        unread = [note for note in notes if note.read_at is None]
        if unread:
            mailing.post(user.email, NAMES[kind], text(user, kind, unread), "notification", now=now, user=user)
    return bool(unread)


def text(user: User, kind: str, notes: list[Notification]) -> str:
    """The letter, by groups, and the way to have fewer of them."""
    lines = [f"Hello {user.name},", "", "this is what happened and you have not looked at yet."]
    groups: dict[str, list[Notification]] = {}
    for note in notes[:MOST]:
        groups.setdefault(events.of(note.event).group, []).append(note)
    for group, found in groups.items():
        lines += ["", group, *(f"- {note.words}{_link(note.url)}" for note in found)]
    if len(notes) > MOST:
        lines += ["", f"And {len(notes) - MOST} more in Parley."]
    choices = mailing.absolute(f"{reverse('accounts:mail-choices')}?stop={kind}")
    return "\n".join(
        [*lines, "", f"To change or stop this letter: {choices}", "You need to be signed in.", "", "Parley"]
    )


def _link(url: str) -> str:
    whole = mailing.absolute(url) if url else ""
    return f"\n  {whole}" if whole.startswith("http") else ""
