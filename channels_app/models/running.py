"""What keeps the machinery honest: where reading stands, which installation this is, who is alive."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from channels_app.models.channels import Channel


class Cursor(models.Model):
    """Where reading of one stream of one channel stands. `root` names our post for the stream of its comments.

    `token` is the platform's opaque newest id, `seen_to` the platform time read up to; `resume` continues a walk that
    was cut short. Both move in the transaction that stores the items, and only after a complete walk.

    Where comments come by thread: how many the post `told` of last, and how many it had told when all were `walked`.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="cursors")
    stream = models.CharField(max_length=20)
    root = models.CharField(max_length=120, blank=True)
    root_at = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=200, blank=True)
    seen_to = models.DateTimeField(null=True, blank=True)
    resume = models.JSONField(default=dict)
    next_poll_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    told = models.PositiveIntegerField(null=True, blank=True)
    walked = models.PositiveIntegerField(null=True, blank=True)
    walked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "stream", "root"], name="cursor_once")]
        indexes = [models.Index(fields=["next_poll_at"], name="cursor_due")]

    def __str__(self) -> str:
        return f"{self.stream} of {self.channel}"


class Instance(models.Model):
    """This installation: one row. `epoch` and `host` must match the instance file outside the database.

    An empty `host` means that the next publisher takes this database for its own: at first, and when a person has
    resumed after a restore. `restored` stays until then.
    """

    epoch = models.UUIDField(default=uuid.uuid4)
    host = models.CharField(max_length=120, blank=True)
    publishing = models.BooleanField(default=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stopped_why = models.CharField(max_length=300, blank=True)
    restored = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="instance_is_one_row")]

    def __str__(self) -> str:
        return str(self.epoch)


class Heartbeat(models.Model):
    """Written after a finished cycle of a role (publisher, reconciler, poller, beat, mailer), by database time."""

    role = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.role} at {self.at}"
