"""The town's list of places: added, changed, read from a table, put away. What was reported stays with its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import LostRace
from engagement.models import AlertRule, Place


@transaction.atomic
def add(name: str, others: list[str], *, by: User, now: datetime) -> Place:
    """A new place; one that was put away comes back."""
    require(by, "change_lists", now)
    place, _ = Place.objects.get_or_create(name=name)
    Place.objects.filter(pk=place.pk).update(other_names=others, active=True, version=place.version + 1)
    place.refresh_from_db()
    audit.record("added_place", place, by=by, now=now, others=others)
    return place


@transaction.atomic
def change(place: Place, name: str, others: list[str], version: int | None, *, by: User, now: datetime) -> Place:
    """Another name, or other other names; `version` is the one that was seen."""
    require(by, "change_lists", now)
    fresh = Place.objects.select_for_update().get(pk=place.pk)
    if version is not None and fresh.version != version:
        raise LostRace("A colleague changed this place meanwhile.", next_step="Load it again, then change it.")
    was = {"name": fresh.name, "others": fresh.other_names}
    fresh.name, fresh.other_names, fresh.version = name, others, fresh.version + 1
    fresh.save(update_fields=["name", "other_names", "version"])
    audit.record("changed_place", fresh, by=by, now=now, was=was, became={"name": name, "others": others})
    return fresh


@transaction.atomic
def read_in(rows: Iterable[tuple[str, list[str]]], *, by: User, now: datetime) -> tuple[int, int]:
    """Take over a table: new places are added, other names of known ones are joined. Returns how many of each."""
    require(by, "change_lists", now)
    known = {place.name.casefold(): place for place in Place.objects.select_for_update()}
    new, more = 0, 0
    for name, others in rows:
        place = known.get(name.casefold())
        if place is None:
            known[name.casefold()] = Place.objects.create(name=name, other_names=others)
            new += 1
            continue
        joined = list(dict.fromkeys([*place.other_names, *others]))
        if joined != place.other_names or not place.active:
            place.other_names, place.active, place.version = joined, True, place.version + 1
            place.save(update_fields=["other_names", "active", "version"])
            more += 1
    audit.record("read_places", None, by=by, now=now, subject="Places", new=new, changed=more)
    return new, more


@transaction.atomic
def put_away(place: Place, *, by: User, now: datetime) -> None:
    """It is looked for no more; its issues stay."""
    require(by, "change_lists", now)
    if Place.objects.filter(pk=place.pk, active=True).update(active=False):
        audit.record("put_place_away", place, by=by, now=now)


@transaction.atomic
def set_thresholds(rule: AlertRule, *, by: User, now: datetime) -> None:
    """When reports become an issue and comments a pile-on, from now on."""
    require(by, "change_lists", now)
    names = ("reports", "minutes", "comments", "people", "within")
    before = AlertRule.objects.filter(pk=1).first() or AlertRule(pk=1)
    was, became = ({name: getattr(one, name) for name in names} for one in (before, rule))
    if was == became:
        return
    AlertRule.objects.update_or_create(pk=1, defaults=became | {"version": before.version + 1})
    audit.record("set_thresholds", None, by=by, now=now, subject="Alerts", was=was, became=became)
