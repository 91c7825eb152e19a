"""The audit trail: rows are only ever added, and a row changed behind Parley's back is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry, AuditSeal
from tests.factories import NOON, make_user

TABLES = ["accounts_auditentry", "accounts_auditseal"]
CHANGES = {
    "accounts_auditentry": "UPDATE accounts_auditentry SET subject = 'nothing'",
    "accounts_auditseal": "UPDATE accounts_auditseal SET hash = ''",
}


def some_history(count: int = 5) -> None:
    user = make_user("administrator", name="Ida Berg")
    for n in range(count):
        audit.record("changed_settings", user, by=user, now=NOON, was={"n": n}, became={"n": n + 1})


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["change", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_a_row_can_only_be_added(table: str, statement: str, db: None) -> None:
    some_history()
    audit.seal()
    words = CHANGES[table] if statement == "change" else statement.format(table)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)
    assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (5, 5)


@pytest.mark.parametrize("way", ["save", "delete", "update"])
def test_models_cannot_change_a_row_either(way: str, db: None) -> None:
    some_history(1)
    entry = AuditEntry.objects.get()
    entry.subject = "nothing"
    tries = {"save": entry.save, "delete": entry.delete, "update": lambda: AuditEntry.objects.update(act="nothing")}
    with pytest.raises(DatabaseError), transaction.atomic():
        tries[way]()
    assert AuditEntry.objects.get().act == "changed_settings"


def test_the_chain_covers_every_row_once(db: None) -> None:
    some_history(7)
    assert (audit.seal(limit=4), audit.seal(limit=4), audit.seal(limit=4)) == (4, 3, 0)
    assert list(AuditSeal.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 8))
    assert audit.verify() is None


@pytest.mark.parametrize(
    "was",
    [
        {"subject": "somebody else"},
        {"actor_words": "Somebody Else"},
        {"at": NOON - timedelta(seconds=1)},
        {"act": "signed_in"},
        {"data": {}},
        {"actor_id": None},
    ],
)
def test_a_row_that_is_not_what_was_sealed_is_named(was: dict[str, object], db: None) -> None:
    """As after a change by the database's owner: the seal was made over the row as it was before."""
    some_history(6)
    victim = AuditEntry.objects.order_by("pk")[3]
    prev = ""
    for seq, entry in enumerate(AuditEntry.objects.order_by("pk"), 1):
        if entry == victim:
            for name, value in was.items():
                setattr(entry, name, value)
        sealed = audit.digest(prev, entry)
        AuditSeal.objects.create(entry_id=entry.pk, seq=seq, prev=prev, hash=sealed)
        prev = sealed
    assert audit.verify() == victim


@pytest.mark.parametrize("broken", ["prev", "hash"])
def test_a_broken_link_of_the_chain_is_named(broken: str, db: None) -> None:
    some_history(3)
    audit.seal(limit=2)
    last, head = AuditEntry.objects.order_by("pk")[2], AuditSeal.objects.get(seq=2).hash
    link = {"prev": head, "hash": audit.digest(head, last)} | {broken: "0" * 64}
    AuditSeal.objects.create(entry=last, seq=3, **link)
    assert audit.verify() == last


def test_history_is_told_by_public_names_and_never_by_row_ids(db: None) -> None:
    some_history(2)
    entry = AuditEntry.objects.first()
    assert entry
    assert entry.actor
    assert entry.ref == str(entry.actor.key)
    assert audit.history_of(entry.actor).count() == 2
