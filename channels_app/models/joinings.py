"""The town's own apps on the platforms, and people on their way to a platform and back."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import User
from channels_app.models.channels import PLATFORMS, Channel


class AppKey(models.Model):
    """One sealed field of the town's own app on a platform; `host` names the server where a platform has many."""

    platform = models.CharField(max_length=20, choices=PLATFORMS)
    host = models.CharField(max_length=253, blank=True, default="")
    field = models.CharField(max_length=40)
    sealed = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "host", "field"], name="app_key_field_once")]

    def __str__(self) -> str:
        return f"{self.field} of the app for {self.get_platform_display()}"


class Joining(models.Model):
    """One person's way to a platform and back, kept until its account is picked or `ends_at`.

    `state_hash` and `session_hash` are digests of what the platform must give back and of what the person's own
    session holds; `came_at` says that the state was used. `sealed` holds what nobody may read on the way: the proof
    for the exchange, and after it the keys to choose from. With `channel` it is a reconnect.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True)
    platform = models.CharField(max_length=20, choices=PLATFORMS)
    host = models.CharField(max_length=253)
    name = models.CharField(max_length=120, blank=True)
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    sealed = models.TextField()
    scopes = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="joining_ends")]

    def __str__(self) -> str:
        return f"{self.user} connects {self.get_platform_display()}"
