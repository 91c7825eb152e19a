"""The audit trail: every act of a person and every end state, added and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.db import connection, models, transaction

from accounts.models import AuditEntry, AuditSeal, User

SYSTEM = "Parley"
TAIL = 1_000
SEALER_LOCK = 0x7061726C  # advisory lock: one sealer at a time


def reference(thing: models.Model) -> str:
    """The public name of an object: its key where it has one, else its natural words; never a raw row id."""
    return str(getattr(thing, "key", None) or thing)[:80]


def record(
    act: str, thing: models.Model | None, *, by: User | None, now: datetime, subject: str = "", **data: object
) -> AuditEntry:
    """Write one entry. `data` must be plain JSON and hold no secret; `was` is the usual name for the state before."""
    entry = _entry(act, thing, by, now, subject, data)
    entry.save(force_insert=True)
    return entry


def record_all(
    act: str, things: Iterable[models.Model], *, by: User | None, now: datetime, **data: object
) -> list[AuditEntry]:
    """The same act on many things: one entry for each, in one statement."""
    return AuditEntry.objects.bulk_create([_entry(act, thing, by, now, "", data) for thing in things])


def _entry(
    act: str, thing: models.Model | None, by: User | None, now: datetime, subject: str, data: dict[str, object]
) -> AuditEntry:
    kind = thing._meta.model_name if thing is not None else "system"
    return AuditEntry(
        at=now,
        actor=by,
        actor_words=by.name if by else SYSTEM,
        act=act,
        kind=cast(str, kind),
        ref=reference(thing) if thing is not None else "",
        subject=(subject or (str(thing) if thing is not None else act))[:200],
        data=data,
    )


def history_of(thing: models.Model) -> models.QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(kind=thing._meta.model_name, ref=reference(thing)).select_related("actor")


def digest(prev: str, entry: AuditEntry) -> str:
    """The seal over an entry: SHA-256 of the seal before and the entry's fields as canonical JSON."""
    fields = [
        entry.pk,
        entry.at.isoformat(),
        entry.actor_id,
        entry.actor_words,
        entry.act,
        entry.kind,
        entry.ref,
        entry.subject,
        entry.data,
    ]
    return hashlib.sha256((prev + json.dumps(fields, sort_keys=True)).encode()).hexdigest()


def seal(limit: int = 500, *, whole: bool = True) -> int:
    """Chain up to `limit` unsealed entries; called every second by the publisher loop. Returns how many.

    Looking at the whole trail takes long once it is; otherwise only entries about as new as the last sealed one are
    looked at, and one that a very long transaction has left further behind waits for the next look at the whole.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = AuditSeal.objects.order_by("-seq").first()
        prev, seq = (last.hash, last.seq) if last else ("", 0)
        since = last.entry_id - TAIL if last and not whole else 0
        sealed = AuditSeal.objects.filter(entry__gt=since).values("entry")
        entries = list(AuditEntry.objects.filter(pk__gt=since).exclude(pk__in=sealed).order_by("pk")[:limit])
        seals = []
        for entry in entries:
            seq += 1
            prev_hash, prev = prev, digest(prev, entry)
            seals.append(AuditSeal(entry=entry, seq=seq, prev=prev_hash, hash=prev))
        AuditSeal.objects.bulk_create(seals)
    return len(entries)


def verify() -> AuditEntry | None:
    """Walk the chain; the first entry whose seal does not fit, or None when all is whole."""
    return patrol()[0]


def patrol(after: int = 0, limit: int | None = None) -> tuple[AuditEntry | None, int]:
    """Walk up to `limit` links behind link `after`: the first entry that does not fit, and the last link looked at."""
    prev, seen = _seal_at(after), after
    links = AuditSeal.objects.select_related("entry").filter(seq__gt=after).order_by("seq")
    for link in links[:limit].iterator(2000):
        if link.seq != seen + 1 or link.prev != prev or link.hash != digest(prev, link.entry):
            return link.entry, link.seq
        prev, seen = link.hash, link.seq
    return None, seen


def _seal_at(seq: int) -> str:
    return AuditSeal.objects.filter(seq=seq).values_list("hash", flat=True).first() or ""
