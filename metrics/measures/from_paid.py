"""The rows of the paid register: what was spent and what came of it, by the day it was written down for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from accounts.models import Town
from metrics.measures.effects import SpendRow
from metrics.measures.from_inbox import days
from metrics.measures.paid import PaidRow
from metrics.measures.shape import Span
from metrics.models import Paid, PaidEntry


def entries(first: date, last: date, now: datetime) -> QuerySet[PaidEntry]:
    """What counted at that moment of these days, both included."""
    rows = PaidEntry.objects.filter(on__range=(first, last), at__lte=now)
    rows = rows.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=now))
    return rows.select_related("paid__channel").order_by("on", "pk")


def paid(span: Span) -> list[PaidRow]:
    """Everything that money went out for in the span, or that had results in it."""
    found: dict[Paid, list[PaidEntry]] = defaultdict(list)
    for one in entries(*days(span), span.now):
        found[one.paid].append(one)
    return [_row(row, told) for row, told in found.items()]


def _row(row: Paid, told: list[PaidEntry]) -> PaidRow:
    results = [float(one.value) for one in told if one.what == "outcome"]
    return PaidRow(
        ref=str(row.key),
        channel=str(row.channel or ""),
        channel_key=str(row.channel.key) if row.channel else "",
        at=datetime.combine(told[0].on, time(), Town.here().tz),
        words=f"{row.reference} {row.title}",
        outcome=row.outcome,
        spent=float(sum(one.value for one in told if one.what == "spent")),
        outcomes=sum(results) if results else None,
        source="; ".join(dict.fromkeys(one.source for one in told)),
    )


def spent(first: date, last: date, now: datetime) -> list[SpendRow]:
    """Money of the register as rows of what was spent."""
    zone, rows = Town.here().tz, []
    for one in entries(first, last, now).filter(what="spent"):
        row, at, value = one.paid, datetime.combine(one.on, time(), zone), float(one.value)
        words, source = f"{row.reference} {row.title}", f"paid register: {one.source}"
        key = str(row.channel.key) if row.channel else ""
        rows.append(SpendRow(str(row.key), str(row.channel or ""), at, words, value, value, source, channel_key=key))
    return rows
