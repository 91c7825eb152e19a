"""Who did what, when, and what it was before. Rows are only ever added: a trigger refuses everything else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper


class AuditEntry(models.Model):
    """One act. `kind` and `ref` name the object publicly, never by row id; `data` holds before and after, no secret."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_words = models.CharField(max_length=160)  # the name at the time; "Parley" for the system itself
    act = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "ref", "-at"], name="audit_history_of"),
            models.Index(fields=["actor", "-id"], name="audit_of_a_person"),
            models.Index(fields=["act", "-id"], name="audit_of_an_act"),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="audit_words"),
        ]
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.actor_words} {self.act} {self.subject}"


class AuditSeal(models.Model):
    """The chain over the audit rows: each seal's hash covers its row and the seal before. Written by the sealer."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="seal")
    seq = models.BigIntegerField(unique=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.seq}"
