"""Alarms begin, get worse and end, and people are told of each turn once.

Whoever is told by others is left out here: the publisher tells of a silent worker and the worker of a silent publisher
(`channels_app.watching`), a restored database tells of itself, and access that ends is told of step by step
(`channels_app.expiring`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.notifications import tell_role
from channels_app.models import Alarm
from config.vitals.rules import Alert

AGAIN = timedelta(minutes=10)  # what comes back within this time had not ended
TOLD_ELSEWHERE = frozenset({"silent", "mismatch", "expires"})
LOCK = 0x616C6172  # advisory lock: one look at a time


def keep(alerts: Iterable[Alert], now: datetime) -> bool:
    """Bring the alarms up to these alerts; False when somebody else is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
        wrong = {(alert.kind, alert.subject): alert for alert in alerts}
        for alarm in Alarm.objects.open():
            alert = wrong.pop((alarm.kind, alarm.subject), None)
            if alert is None:
                Alarm.objects.filter(pk=alarm.pk).update(ended_at=now)
            else:
                _go_on(alarm, alert, now)
        for alert in wrong.values():
            _begin(alert, now)
    return True


def _begin(alert: Alert, now: datetime) -> None:
    lately = Alarm.objects.filter(kind=alert.kind, subject=alert.subject, ended_at__gt=now - AGAIN)
    back = lately.order_by("-ended_at").first()
    if back is not None:
        Alarm.objects.filter(pk=back.pk).update(ended_at=None)
        _go_on(back, alert, now)
        return
    facts = {"channel": alert.channel, "level": alert.level, "words": alert.words[:300], "url": alert.url}
    _tell(Alarm.objects.create(kind=alert.kind, subject=alert.subject, since=now, **facts), alert, now)


def _go_on(alarm: Alarm, alert: Alert, now: datetime) -> None:
    """What it comes to by now; told again when it has got worse, once for each level."""
    Alarm.objects.filter(pk=alarm.pk).update(words=alert.words[:300], url=alert.url, level=alert.level)
    if alarm.level == "warn" and alert.level == "page":
        _tell(alarm, alert, now)


def _tell(alarm: Alarm, alert: Alert, now: datetime) -> None:
    if alert.kind in TOLD_ELSEWHERE:
        return
    act, scope = ("connect_channel", alert.channel.scope) if alert.channel else ("change_settings", None)
    once = f"alarm:{alarm.pk}:{alert.level}"
    tell_role(act, scope, f"alarm.{alert.kind}", alert.words, alert.url, now=now, once=once)
