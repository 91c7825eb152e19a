"""What is kept: every item in and out, each version, approval and act, hash-chained. Rows are only ever added."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper


class Record(models.Model):
    """One kept thing. `kind` and `ref` name its subject publicly; `payload_hash` covers the body."""

    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=120)
    subject = models.CharField(max_length=240)
    at = models.DateTimeField()
    kept_at = models.DateTimeField()
    payload_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "ref", "-at"], name="record_of_subject"),
            models.Index(fields=["-at", "-id"], name="record_by_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="record_of_kind"),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="record_search"),
        ]
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.subject


class RecordBody(models.Model):
    """The payload of a record, apart from it so that a lawful disposal can remove it and leave the chain whole."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="body")
    payload = models.JSONField()

    def __str__(self) -> str:
        return f"body of {self.record_id}"


class RecordSeal(models.Model):
    """The chain over the records: each seal's hash covers its row and the seal before. Written by the sealer."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="seal")
    seq = models.BigIntegerField(unique=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.seq}"
