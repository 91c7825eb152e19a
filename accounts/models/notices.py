"""What a person is told: a row in the app first, then e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One thing one person is told. `once` makes a repeated event one row; `mail_state` is the mail's own journey."""

    MAIL = [("none", "no mail"), ("due", "to be mailed"), ("sent", "mailed"), ("failed", "mail failed")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    once = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=8, choices=MAIL, default="none")
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], condition=~models.Q(once=""), name="notification_once")
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notification_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
            models.Index(fields=["mail_next_at"], condition=models.Q(mail_state="due"), name="notification_mail_due"),
        ]
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.words
