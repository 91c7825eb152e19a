"""What is kept stays kept: a changed, missing or disposed record is seen for what it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, User
from accounts.refusals import Invalid, NotAllowed
from policy import records
from policy.models import Record, RecordBody, RecordSeal

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def keep(n: int, **payload: object) -> Record:
    return records.keep("message", f"remote-{n}", f"Message {n}", {"n": n, **payload}, NOON, NOON)


def someone(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@town.example", name)


def test_every_record_is_chained_and_verifies():
    for n in range(5):
        keep(n, text="Grüße \u0000 \ud800 aus der Stadt", share=0.1, big=1e22, nothing=None)
    assert records.seal(limit=3) == 3
    assert records.seal() == 2
    assert records.seal() == 0
    assert records.verify() is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=6))
def test_a_payload_has_the_same_hash_before_and_after_the_database(value: object):
    body = records.plain({"value": value})
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(body)])
        back = json.loads(cursor.fetchone()[0])
    assert records.payload_hash(back) == records.payload_hash(body)


def test_the_first_record_whose_body_does_not_fit_its_hash_is_named():
    keep(1)
    false = Record.objects.create(kind="message", ref="x", at=NOON, kept_at=NOON, payload_hash="0" * 64)
    RecordBody.objects.create(record=false, payload={"said": "something else"})
    keep(2)
    records.seal()
    assert records.verify() == false


def test_a_record_slipped_in_between_is_named():
    first, later = keep(1), keep(2)
    records.seal(limit=1)
    RecordSeal.objects.create(record=later, seq=2, prev="0" * 64, hash=records.digest("0" * 64, later))
    assert records.verify() == later
    assert first.seal.seq == 1


@pytest.mark.parametrize("statement", ["UPDATE policy_recordbody SET payload = '{}'", "DELETE FROM policy_recordbody"])
def test_the_database_refuses_to_change_or_lose_a_body(statement: str):
    keep(1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_disposal_needs_two_people_and_leaves_the_chain_whole():
    row, other = keep(1), keep(2)
    records.seal()
    ana, ben = someone("Ana"), someone("Ben")
    with pytest.raises(NotAllowed):
        records.dispose(row, by=ana, second=ana, why="Retention ended", now=NOON)
    with pytest.raises(Invalid):
        records.dispose(row, by=ana, second=ben, why=" ", now=NOON)
    records.dispose(row, by=ana, second=ben, why="Retention ended", now=NOON)
    assert list(RecordBody.objects.values_list("record_id", flat=True)) == [other.pk]
    assert records.verify() is None
    assert AuditEntry.objects.get(act="disposed").data["second"] == "Ben"
