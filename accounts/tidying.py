"""Dropping what has served its purpose. The audit trail is never touched."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import Mail, Notification

MAILS_KEPT = timedelta(days=30)
NOTIFICATIONS_KEPT = timedelta(days=180)


def tidy(now: datetime) -> None:
    """Sessions and counters that are over, mails and read notifications after their time."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache_rows WHERE expires < %s", [now])
    Mail.objects.exclude(state="due").filter(created_at__lt=now - MAILS_KEPT).delete()
    Notification.objects.filter(read_at__lt=now - NOTIFICATIONS_KEPT).delete()
