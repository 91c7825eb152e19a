"""What a person is told: a row in the app first, then e-mail."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing one person is told. `once` makes a repeated event one row.

    `digest` says in which mail of many it still has to be told; the daily or weekly mail empties it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    once = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=4, blank=True, default="", db_default="")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], condition=~models.Q(once=""), name="notification_once")
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notification_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
            models.Index(fields=["digest", "user"], condition=~models.Q(digest=""), name="notification_to_digest"),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.words


class NotificationChoice(models.Model):
    """How one person wants to be mailed about one event; in the app they are told in any case."""

    HOW = [("now", "At once"), ("day", "Once a day"), ("week", "Once a week"), ("off", "Not by mail")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    event = models.CharField(max_length=40)
    how = models.CharField(max_length=4, choices=HOW)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.event} {self.get_how_display().lower()}"


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> MailQuerySet:
        return self.filter(state="due", next_at__lte=now)


class Mail(models.Model):
    """One e-mail on its way. The row is written with what it tells of; the mail queue sends it, later and again.

    `sealed` holds the text, which may carry a link that lets somebody in; it is emptied once the mail is out. So is
    `enclosed`, a PDF that goes with it.
    """

    STATES = [("due", "To be sent"), ("sent", "Sent"), ("failed", "Could not be sent")]
    KINDS = [
        ("notification", "Notification"),
        ("invitation", "Invitation"),
        ("account", "About the account"),
        ("test", "Test"),
    ]

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mails")
    to = models.EmailField()
    kind = models.CharField(max_length=12, choices=KINDS)
    subject = models.CharField(max_length=200)
    sealed = models.TextField(blank=True)
    enclosed = models.BinaryField(null=True)
    enclosed_as = models.CharField(max_length=100, blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=STATES, default="due")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["due", "sent", "failed"]), name="mail_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False, sealed=""),
                name="mail_sent_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(state="due"), name="mail_due")]
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
