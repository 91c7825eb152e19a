"""Which checks fired: noted when words are saved, asked for or sent, and never with the name of who wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from policy.checks import Finding
from policy.judging import mark_of
from policy.models import Firing


@dataclass(frozen=True)
class Fired:
    """A finding with the scopes it holds for; none while no channel is chosen. `off`: its rule is switched off."""

    finding: Finding
    scopes: Sequence[int] = ()
    off: bool = False


def note(kind: str, ref: UUID, fired: Iterable[Fired], now: datetime) -> None:
    """These findings are there now, and no others: what was there before and is not is gone since now."""
    rows = {(scope, mark_of(one.finding)): one for one in fired for scope in (one.scopes or (None,))}
    known = {(row.scope_id, row.mark): row for row in Firing.objects.filter(kind=kind, ref=ref)}
    Firing.objects.bulk_create(
        (_row(kind, ref, scope, mark, one, now) for (scope, mark), one in rows.items() if (scope, mark) not in known),
        ignore_conflicts=True,
    )
    gone = [row.pk for key, row in known.items() if key not in rows and row.gone_at is None]
    back = [row.pk for key, row in known.items() if key in rows and row.gone_at is not None]
    if gone:
        Firing.objects.filter(pk__in=gone).update(gone_at=now)
    if back:
        Firing.objects.filter(pk__in=back).update(gone_at=None)


def _row(kind: str, ref: UUID, scope: int | None, mark: str, one: Fired, now: datetime) -> Firing:
    finding = one.finding
    return Firing(
        kind=kind, ref=ref, scope_id=scope, rule=finding.rule, level=finding.level, mark=mark,
        quote=finding.quote[:200], off=one.off, at=now,
    )  # fmt: skip
