"""Ambassadors and the thanks list: names shown while their owners agree, and wiped at once when they do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import audit, notifications
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app.models import Delivery
from channels_app.models.deliveries import ATTENTION, WAITING
from engagement.models import Supporter

ON_THE_WAY = (*WAITING, *ATTENTION)


def named(kind: str) -> QuerySet[Supporter]:
    """Those who agree to be named."""
    return Supporter.objects.filter(kind=kind, withdrawn_at=None).select_related("relationship")


def add(facts: Mapping[str, Any], *, by: User, now: datetime) -> Supporter:
    """Somebody who agreed to be named; how they agreed is part of it."""
    require(by, "note", now)
    names = ("kind", "name", "why", "relationship", "consent", "consent_on")
    told: dict[str, Any] = {name: one.strip() if isinstance(one := facts.get(name), str) else one for name in names}
    if not told["consent"] or not told["consent_on"]:
        raise Invalid("Nobody is named without their consent: say how and when they gave it.")
    if told["consent_on"] > timezone.localdate(now):
        raise Invalid("The day of the consent is still to come.")
    with transaction.atomic():
        one = Supporter.objects.create(**told, by=by, at=now)
        audit.record("added_supporter", one, by=by, now=now, subject=one.get_kind_display())
    return one


def thank(one: Supporter, on: date, *, by: User, now: datetime) -> None:
    """Note that they were thanked."""
    require(by, "note", now)
    if not Supporter.objects.filter(pk=one.pk, withdrawn_at=None).update(thanked_on=on):
        raise LostRace("This consent is withdrawn; nobody is thanked by name any more.")
    audit.record("thanked", one, by=by, now=now, subject=one.get_kind_display())


@transaction.atomic
def withdraw(one: Supporter, *, by: User, now: datetime) -> list[Delivery]:
    """They do not agree any more: the name is wiped now. Posts on their way that carry it are told to who asked for
    them, and stand on the page until they are changed; returns these.
    """
    require(by, "note", now)
    fresh = Supporter.objects.select_for_update().get(pk=one.pk)
    if fresh.withdrawn_at is not None:
        raise LostRace("It is withdrawn already.")
    carrying = on_the_way(fresh.name)
    Supporter.objects.filter(pk=fresh.pk).update(
        name="", withdrawn_at=now, relationship=None, still_in=[str(row.key) for row in carrying]
    )
    audit.record("withdrew_consent", fresh, by=by, now=now, subject=fresh.get_kind_display(), posts=len(carrying))
    for row in carrying:
        if row.asked_by is not None:
            words = "Somebody named in a post of yours does not agree any more: take the name out today."
            notifications.tell(row.asked_by, "post.consent", words, reverse("inbox:supporters"), now=now)
    return carrying


def on_the_way(name: str) -> list[Delivery]:
    """Posts that are still to go out and carry this name."""
    rows = Delivery.objects.filter(kind="post", state__in=ON_THE_WAY, payload__text__icontains=name)
    return list(rows.select_related("asked_by", "channel")) if name else []


def still_in() -> list[tuple[Supporter, list[Delivery]]]:
    """Withdrawn ones whose name is still in posts on their way."""
    found = []
    for one in Supporter.objects.exclude(still_in=[]).filter(withdrawn_at__isnull=False):
        rows = list(Delivery.objects.filter(key__in=one.still_in, state__in=ON_THE_WAY).select_related("channel"))
        if rows:
            found.append((one, rows))
    return found
