"""Which mode is on: normal life, an emergency, an election or mourning.

An exercise is no mode: it concerns practice channels alone and holds nothing else back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import Scope
from policy import situations
from policy.models import ModeSpan

NORMAL = "normal"
STRICTEST_FIRST = ("emergency", "mourning", "election")


def spans(scope: Scope | None, now: datetime) -> list[ModeSpan]:
    """Every mode that runs over this scope or over everything, the strictest first."""
    known = getattr(scope, "_spans", None)
    if known is not None and known[0] == now:
        return list(known[1])
    found = ModeSpan.objects.running(now).filter(Q(scope=None) | Q(scope=scope), exercise=False)
    return sorted(found, key=lambda span: STRICTEST_FIRST.index(span.mode))


def remember(scope: Scope, now: datetime) -> None:
    """Read once what runs over this scope, for all that is asked about this moment of this very object."""
    scope._spans = now, spans(scope, now)  # type: ignore[attr-defined]


def running(scope: Scope | None, now: datetime) -> ModeSpan | None:
    """The span that decides over this scope now: the strictest one running over it or over everything."""
    return next(iter(spans(scope, now)), None)


def current(scope: Scope | None, now: datetime) -> str:
    span = running(scope, now)
    return span.mode if span else NORMAL


def situation(now: datetime, scope: Scope | None = None) -> str:
    """How one speaks just now: everyday, emergency, election or condolence."""
    return situations.forced_by(current(scope, now)) or situations.EVERYDAY


def emergency(now: datetime) -> ModeSpan | None:
    """The emergency that is on, be it an exercise."""
    return ModeSpan.objects.running(now).filter(mode="emergency", scope=None).select_related("by").first()


def coming(now: datetime, modes: Iterable[str] = ("election", "mourning")) -> list[ModeSpan]:
    """What runs or is still to come, the next first."""
    rows = ModeSpan.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), mode__in=list(modes))
    return list(rows.select_related("by").order_by("starts_at"))
