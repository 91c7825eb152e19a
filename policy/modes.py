"""Which mode is on: normal life, an emergency, an election or mourning."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import Scope
from policy.models import ModeSpan

NORMAL = "normal"
STRICTEST_FIRST = ("emergency", "mourning", "election")


def running(scope: Scope | None, now: datetime) -> ModeSpan | None:
    """The span that decides over this scope now: the strictest one running over it or over everything."""
    spans = {span.mode: span for span in ModeSpan.objects.running(now).filter(Q(scope=None) | Q(scope=scope))}
    return next((spans[mode] for mode in STRICTEST_FIRST if mode in spans), None)


def current(scope: Scope | None, now: datetime) -> str:
    span = running(scope, now)
    return span.mode if span else NORMAL
