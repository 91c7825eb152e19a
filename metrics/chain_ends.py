"""Where the sealed chains end, in words that leave the machine: a chain cannot see that its own end was cut off."""

from __future__ import annotations

from accounts.models import AuditSeal
from policy.models import RecordSeal


def words() -> str:
    """The newest seal of the audit trail and of the records, to be held against them later."""
    told = [
        _line("audit trail", AuditSeal.objects.order_by("-seq").first()),
        _line("records", RecordSeal.objects.order_by("-seq").first()),
    ]
    return "\n".join([*told, "Keep this mail: it shows if the end of either is ever cut off."])


def _line(chain: str, last: AuditSeal | RecordSeal | None) -> str:
    return f"Newest seal of the {chain}: " + (f"number {last.seq}, {last.hash}" if last else "none yet")
