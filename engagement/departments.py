"""Which department a conversation and a promise were with: what figures by service are counted by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Grant, Scope
from engagement.kept import Kept
from engagement.models import Handed, Promise

NONE = "none"  # in addresses: with no department
NOBODY = "No department"


def of_waits(rows: Collection[Kept]) -> dict[tuple[int, datetime], Scope]:
    """The department each wait was with, by conversation and moment: the one that was asked last before it ended, else
    the one the conversation is with now. What was with none is left out.
    """
    asked: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    handed = Handed.objects.filter(conversation__in={one.conversation.pk for one in rows}).exclude(state="taken_back")
    for pk, at, department in handed.order_by("asked_at", "id").values_list("conversation", "asked_at", "department"):
        asked[pk].append((at, department))
    named = Scope.objects.in_bulk({pk for said in asked.values() for _, pk in said} | _now_with(rows))
    found = {}
    for one in rows:
        before = [pk for at, pk in asked[one.conversation.pk] if one.turn.ended_at is None or at <= one.turn.ended_at]
        with_it = before[-1] if before else one.conversation.department_id
        if with_it:
            found[one.conversation.pk, one.turn.since] = named[with_it]
    return found


def _now_with(rows: Collection[Kept]) -> set[int]:
    return {one.conversation.department_id for one in rows if one.conversation.department_id}


def with_service(rows: QuerySet[Promise], now: datetime) -> QuerySet[Any]:
    """Each promise with the department it was with as `service`: the one that was asked last about it, else the one the
    conversation is with, else the one its owner belongs to.
    """
    handed = Handed.objects.filter(conversation=OuterRef("conversation")).exclude(state="taken_back")
    own = Grant.objects.current(now).filter(user=OuterRef("owner"), scope__kind="department")
    service = Coalesce(
        Subquery(handed.order_by("-asked_at", "-id").values("department")[:1]),
        F("conversation__department"),
        Subquery(own.order_by("pk").values("scope")[:1]),
        output_field=BigIntegerField(),
    )
    return rows.annotate(service=service)


def of_service(rows: QuerySet[Promise], said: str, now: datetime) -> QuerySet[Any]:
    """The promises of one department, by its row id as an address has it; all of them where none is asked for."""
    if not said:
        return rows
    wanted: dict[str, Any] = {"service": None if said == NONE else int(said)}
    return with_service(rows, now).filter(**wanted)


def asked_for(said: str) -> str:
    """A department's id as it was typed; "" where it is none."""
    return said if said == NONE or said.isascii() and said.isdigit() and len(said) < 10 else ""


def name_of(said: str) -> str:
    """What the department of that id is called."""
    if said == NONE:
        return NOBODY
    return Scope.objects.filter(pk=int(said), kind="department").values_list("name", flat=True).first() or NOBODY


def in_order(keys: Sequence[int | None]) -> list[tuple[int | None, str]]:
    """Departments by name; those with none last."""
    names = dict(Scope.objects.filter(pk__in=[pk for pk in keys if pk]).values_list("pk", "name"))
    rows = [(pk, names.get(pk, NOBODY) if pk else NOBODY) for pk in keys]
    return sorted(rows, key=lambda row: (row[0] is None, row[1]))
