"""Everybody's rights in one table: people down, channels across, and in each cell what somebody is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from accounts import gate
from accounts.access import ACTS, KEYS, WHOLE
from accounts.gate import Lapse
from accounts.models import Grant, Scope, User
from accounts.second_factor import FACTORS

# What can be asked for in words; the act of the access table behind it.
MAY = {
    "schedule_post": "publish",
    "answer": "answer residents",
    "approve_post": "sign off posts",
    "approve_reply": "sign off replies",
    "write_post": "draft posts",
    "stop_publishing": "stop all publishing",
    "connect_channel": "connect channels",
    "change_settings": "change settings",
    "grant": "give rights",
}


@dataclass(frozen=True)
class Right:
    """One right in a cell; `idle` says what keeps its keys away."""

    grant: Grant
    idle: tuple[Lapse, ...]


@dataclass(frozen=True)
class Row:
    """One person; `cells` run along the columns of `Grid`."""

    person: User
    cells: tuple[tuple[str, tuple[Right, ...]], ...]
    has_second_factor: bool


@dataclass(frozen=True)
class Grid:
    """`columns`: what a right can be over, None for everything."""

    columns: tuple[Scope | None, ...]
    rows: tuple[Row, ...]


def build(
    now: datetime, *, words: str = "", role: str = "", scope: str = "", may: str = "", ends: bool = False
) -> Grid:
    """The grid, filtered by name, role, channel, what people may do, and whether a right ends."""
    scopes = list(Scope.objects.filter(closed_at=None))
    columns: list[Scope | None] = [None, *(one for one in scopes if not scope.isdigit() or one.pk == int(scope))]
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    found = User.objects.filter(is_active=True).annotate(has_factor=Exists(factor)).order_by("name", "email")
    if words:
        found = found.filter(name__icontains=words) | found.filter(email__icontains=words)
    rights, narrow = _rights(now), bool(role or may or ends or scope.isdigit())
    rows = []
    for person in found:
        wanted = [one for one in rights[person.pk] if _fits(one, role, may, ends)]
        cells = tuple((_name(column), tuple(one for one in wanted if _is_at(one, column))) for column in columns)
        if not narrow or any(held for _, held in cells):
            rows.append(Row(person, cells, person.has_factor))
    return Grid(tuple(columns), tuple(rows))


def _rights(now: datetime) -> dict[int, list[Right]]:
    found: dict[int, list[Right]] = defaultdict(list)
    grants = gate.with_lapses(Grant.objects.current(now), now).select_related("scope").order_by("role")
    names = gate.fact_names()
    for grant in grants:
        owed = [name for name in names if getattr(grant, f"owes_{name}")]
        key = any(grant.role in ACTS[act] for act in KEYS)
        found[grant.user_id].append(Right(grant, gate.lapses(grant.untrained, owed) if key else ()))  # type: ignore[attr-defined]
    return found


def _fits(right: Right, role: str, may: str, ends: bool) -> bool:
    grant = right.grant
    if (role and grant.role != role) or (ends and grant.ends_at is None):
        return False
    if may not in MAY:
        return True
    return grant.role in ACTS[may] and not (may in KEYS and right.idle) and not (may in WHOLE and grant.scope_id)


def _is_at(right: Right, column: Scope | None) -> bool:
    return right.grant.scope_id == (column.pk if column else None)


def _name(column: Scope | None) -> str:
    return column.name if column else "All channels"
