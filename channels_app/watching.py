"""Who watches the watchers: the publisher tells of a silent worker, the worker of a silent publisher.

A process that is there and does nothing looks alive from outside, so what counts is the last cycle it finished. Both
silent at once is for a monitor outside this machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts import mailing
from accounts.notifications import tell_role
from channels_app.models import Heartbeat

LONGEST = {
    "publisher": timedelta(minutes=2),
    "beat": timedelta(minutes=5),
    "mailer": timedelta(minutes=5),
    "poller": timedelta(minutes=15),
}
WORDS = {
    "publisher": "The publisher has been silent for {minutes} min: nothing goes out through it.",
    "beat": "The clock of the background work has been silent for {minutes} min: little happens by itself.",
    "mailer": "The worker has sent no mail for {minutes} min.",
    "poller": "The worker has read no channel for {minutes} min: what residents write is not seen.",
}
OF_THE_WORKER = ("beat", "mailer", "poller")


def watch(roles: Iterable[str], now: datetime) -> list[str]:
    """Tell the administrators, once for each silence, which of these roles has finished no cycle for too long."""
    silent = []
    for beat in Heartbeat.objects.filter(role__in=list(roles)):
        if now - beat.at > LONGEST[beat.role]:
            words = WORDS[beat.role].format(minutes=int((now - beat.at).total_seconds() // 60))
            once = f"silent:{beat.role}:{beat.at.isoformat()}"
            tell_role("change_settings", None, f"silent.{beat.role}", words, "/", now=now, once=once)
            silent.append(beat.role)
    return silent


def watch_worker(now: datetime) -> None:
    """From the publisher: what the worker would mail is mailed from here while it is silent."""
    if watch(OF_THE_WORKER, now):
        mailing.send_due(now)
