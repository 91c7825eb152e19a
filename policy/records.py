"""What is kept: every item in and out, as it was received, hash-chained so that a change or a gap is found.

`keep` adds rows plainly; `seal` chains them a moment later, so that no writer waits for the head of the chain. A body
leaves only through `dispose`; its record, its hash and its seal stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, NotAllowed
from policy import adding
from policy.models import Record, RecordBody, RecordSeal

PAGE = 50
COLUMNS = ("id", "kind", "ref", "subject", "at", "kept_at", "payload_hash")
ONE = """
WITH one AS (
  INSERT INTO policy_record (kind, ref, subject, at, kept_at, payload_hash)
  VALUES (%s, %s, %s, %s, %s, %s) RETURNING id)
INSERT INTO policy_recordbody (record_id, payload) SELECT id, %s::jsonb FROM one RETURNING record_id
"""
SEALER_LOCK = 0x7265636F  # advisory lock: one sealer at a time
Plain = TypeVar("Plain")


@dataclass(frozen=True)
class Keep:
    """One thing to keep: `kind` and `ref` name it publicly, `at` is its own time, `payload` the thing as it came."""

    kind: str
    ref: str
    subject: str
    payload: Mapping[str, object]
    at: datetime


def plain(value: object) -> object:
    """The value as plain JSON the database takes: no NUL, no half characters; what JSON does not know becomes text."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(plain(str(key))): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    return plain(str(value))


def payload_hash(payload: object) -> str:
    """SHA-256 of the canonical form. Numbers are written out in full, as the database may change how they look."""
    return _fingerprint(json.dumps(payload))


def _fingerprint(written: str) -> str:
    """The hash of a payload that is JSON text already: 1e2, 100.0 and 100 are one number and have one spelling."""
    spelled = json.loads(written, parse_int=_whole, parse_float=_broken)
    return hashlib.sha256(json.dumps(spelled, sort_keys=True).encode()).hexdigest()


def _whole(digits: str) -> dict[str, str]:
    return {"number": digits}


def _broken(digits: str) -> dict[str, str]:
    number = Decimal(digits)
    whole = int(number) if number == number.to_integral_value() else None
    return {"number": str(whole) if whole is not None else format(number.normalize(), "f")}


def _written(payload: object) -> str:
    """The payload as plain JSON text; what nearly every payload is, plain already, costs one pass."""
    try:
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError):  # no JSON, or half characters
        return json.dumps(plain(payload), ensure_ascii=False)
    return text if "\\u0000" not in text else json.dumps(plain(payload), ensure_ascii=False)


def keep(kind: str, ref: str, subject: str, payload: Mapping[str, object], at: datetime, now: datetime) -> Record:
    """Keep one thing, in one statement. `ref` is its public reference, `at` its own time."""
    body = _written(payload)
    record = _record(Keep(kind, ref, subject, payload, at), body, now)
    with connection.cursor() as cursor:
        cursor.execute(ONE, [*attrgetter(*COLUMNS[1:])(record), body])
        record.pk = cursor.fetchone()[0]
    return record


def keep_all(things: Iterable[Keep], now: datetime) -> list[Record]:
    """Keep several things in three statements, however many there are."""
    bodies = [(thing, _written(thing.payload)) for thing in things]
    with transaction.atomic():
        records = [_record(thing, body, now) for thing, body in bodies]
        for record, pk in zip(records, adding.ids(Record, len(records)), strict=True):
            record.pk = pk
        adding.add(Record, COLUMNS, map(attrgetter(*COLUMNS), records))
        adding.add(
            RecordBody,
            ("record_id", "payload"),
            ((one.pk, text) for one, (_, text) in zip(records, bodies, strict=True)),
        )
    return records


def _record(thing: Keep, body: str, now: datetime) -> Record:
    return Record(
        kind=thing.kind,
        ref=str(plain(thing.ref))[:120],
        subject=str(plain(thing.subject))[:240],
        at=thing.at,
        kept_at=now,
        payload_hash=_fingerprint(body),
    )


@dataclass(frozen=True)
class Wanted:
    """What is searched for: words of the subject, its kind, a stretch of time; `after` is the last row of a page."""

    words: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, int] | None = None


def find(wanted: Wanted, limit: int = PAGE) -> list[Record]:
    """One page of the records that fit, the newest first."""
    rows = Record.objects.order_by("-at", "-id")
    for word in wanted.words.split():
        rows = rows.filter(subject__icontains=word)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.after:
        at, pk = wanted.after
        rows = rows.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=pk)))
    return list(rows[:limit])


def digest(prev: str, record: Record) -> str:
    """The seal over a record: SHA-256 of the seal before and the record's fields as canonical JSON."""
    fields = [
        record.pk,
        record.kind,
        record.ref,
        record.subject,
        record.at.isoformat(),
        record.kept_at.isoformat(),
        record.payload_hash,
    ]
    return hashlib.sha256((prev + json.dumps(fields)).encode()).hexdigest()


def seal(limit: int = 500, *, whole: bool = True) -> int:
    """Chain up to `limit` unsealed records; called every second by the publisher loop. Returns how many.

    Without `whole` only records about as new as the last sealed one are looked at; see `audit.seal`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = RecordSeal.objects.order_by("-seq").first()
        prev, seq = (last.hash, last.seq) if last else ("", 0)
        since = last.record_id - audit.TAIL if last and not whole else 0
        sealed = RecordSeal.objects.filter(record__gt=since).values("record")
        records = list(Record.objects.filter(pk__gt=since).exclude(pk__in=sealed).order_by("pk")[:limit])
        seals = []
        for record in records:
            seq += 1
            before, prev = prev, digest(prev, record)
            seals.append(RecordSeal(record=record, seq=seq, prev=before, hash=prev))
        RecordSeal.objects.bulk_create(seals)
    return len(records)


def verify() -> Record | None:
    """Walk the chain and every body still kept; the first record that does not fit, or None when all is whole."""
    return patrol()[0]


def patrol(after: int = 0, limit: int | None = None) -> tuple[Record | None, int]:
    """Walk up to `limit` links behind link `after`: the first record that does not fit, and the last link looked at."""
    prev, seen = _seal_at(after), after
    links = RecordSeal.objects.select_related("record", "record__body").filter(seq__gt=after).order_by("seq")
    for link in links[:limit].iterator(2000):
        body = getattr(link.record, "body", None)
        whole = link.seq == seen + 1 and link.prev == prev and link.hash == digest(prev, link.record)
        if not whole or (body is not None and payload_hash(body.payload) != link.record.payload_hash):
            return link.record, link.seq
        prev, seen = link.hash, link.seq
    return None, seen


def _seal_at(seq: int) -> str:
    return RecordSeal.objects.filter(seq=seq).values_list("hash", flat=True).first() or ""


def dispose(record: Record, *, by: User, second: User, why: str, now: datetime) -> None:
    """Remove a record's body for good; two people stand for it, and the record, its hash and its seal stay."""
    if by == second:
        raise NotAllowed("A disposal needs two people.", next_step="Ask a colleague to confirm it.", rule="disposal")
    if not why.strip():
        raise Invalid("Say why this record may be removed.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parley.disposal', %s, true)", [str(record.pk)])
        RecordBody.objects.filter(pk=record.pk).delete()
        cursor.execute("SELECT set_config('parley.disposal', '', true)")
        audit.record(
            "disposed", record, by=by, now=now, second=second.name, why=why, ref=record.ref, hash=record.payload_hash
        )
