"""Fernhill's guides: adopted when the desk began, changed once since, and a draft that somebody is writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from accounts import mailing
from accounts.models import Town, User
from channels_app.models import Channel
from config import set_up
from config.trial import cast
from policy import editing, guides, permitted
from policy.models import PolicyChoices, Topic

A_YEAR = timedelta(days=365)
LATE = "tom"  # has not read the newest version yet


def adopt(start: datetime) -> None:
    """Both guides as they ship, with the town's contacts, read by everybody."""
    PolicyChoices.objects.update_or_create(
        pk=1,
        defaults={
            "contact": "Amara Osei, extension 214",
            "complaints": "fernhill.example/complaints",
            "emergency_number": "999",
            "public_policy": True,
            "public_voice": True,
            "set_up_ended_at": start,
        },
    )
    for guide in guides.NAMES:
        version = editing.adopt(guide, start.date() + A_YEAR, by=_who("inge"), now=start)
        for user in User.objects.all():
            guides.acknowledge(version, by=user, now=start + timedelta(hours=3))


def change(now: datetime) -> None:
    """A second version of the policy some days ago, one narrowing row, and a draft of the voice guide."""
    writer, chief, then = _who("dev"), _who("inge"), now - timedelta(days=4)
    draft = editing.begin("policy", by=writer, now=then)
    _rewrite(draft.guide, "within-24-hours", "within 24 hours", "within 24 hours, at weekends too", writer, then)
    editing.ask(draft, "Weekends count for the 24 hours as well.", by=writer, now=then)
    draft.refresh_from_db()
    version = editing.approve(draft, then.date() + A_YEAR, by=chief, now=then + timedelta(hours=2))
    for user in User.objects.exclude(pk=_who(LATE).pk):
        guides.acknowledge(version, by=user, now=then + timedelta(hours=5))
    money = Topic.objects.get(name="Money and council tax")
    permitted.decide("post:news", "publisher", "sign", by=writer, now=then, topic=money)
    editing.begin("voice", by=writer, now=now - timedelta(hours=2))
    _rewrite("voice", "emoji", "Up to three emoji", "Up to two emoji", writer, now - timedelta(hours=1))


def finish() -> None:
    """The steps of the set-up that the town has really done by now; what is not there yet is left to do."""
    town = Town.here()
    done = {
        "town": bool(town.name),
        "hours": any(town.hours),
        "pack": town.pack != "none",
        "mail": mailing.is_on(),
        "policy": all(guides.current(guide) for guide in guides.NAMES),
        "colleague": User.objects.filter(is_active=True).count() > 1,
        "channel": Channel.objects.living().exists(),
    }
    PolicyChoices.objects.filter(pk=1).update(set_up=[name for name in set_up.NAMES if done[name]])


def _rewrite(guide: str, anchor: str, old: str, new: str, by: User, now: datetime) -> None:
    draft = editing.begin(guide, by=by, now=now)
    was = next(one for one in guides.words_of(draft) if one.anchor == anchor)
    changed = replace(was, text=was.text.replace(old, new))
    editing.save_clause(draft, changed, editing.content_of(was), by=by, now=now)


def _who(address: str) -> User:
    return User.objects.get(email=f"{address}@{cast.DOMAIN}")
