"""The bands over a page, each with its cause and the way to the cure, and the one row of facts behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone

from accounts.access import scopes_for
from accounts.models import Notification, Town, User
from calendar_app.models import Placement
from channels_app.models import Channel, Delivery, Heartbeat, Instance
from channels_app.models.deliveries import WAITING
from engagement.models import Conversation
from policy.models import ModeSpan

QUIET = timedelta(minutes=2)
OVERDUE = timedelta(seconds=60)
NAMED = 3  # channels named in one band


@dataclass(frozen=True)
class Band:
    """tone: emergency, alarm, warn or calm; url and link lead to the cure."""

    tone: str
    words: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Facts:
    """What one query tells: counts for this person, and how the machinery is."""

    unread: int | None = None
    mine: int | None = None
    to_sign: int | None = None
    overdue: int | None = None
    publishing: bool | None = None
    stopped_why: str | None = None
    publisher_at: datetime | None = None
    poller_at: datetime | None = None
    emergency: str | None = None
    quieter_mode: str | None = None


def facts(user: User, now: datetime) -> Facts:
    """All of it in one row."""
    mine = Conversation.objects.open().filter(assignee=user, due_at__isnull=False)
    signing = Channel.objects.filter(scopes_for(user, "approve_post", now))
    late = Delivery.objects.filter(state__in=WAITING, due_at__lt=now - OVERDUE, next_action_at__lt=now - OVERDUE)
    modes = ModeSpan.objects.running(now).filter(scope=None)
    instance = Instance.objects.filter(pk=1)
    columns = {
        "unread": _count(Notification.objects.filter(user=user).unread()),
        "mine": _count(mine),
        "to_sign": _count(Placement.objects.filter(state="in_review", channel__in=signing)),
        "overdue": _count(late.filter(channel__state="ok")),
        "publishing": Subquery(instance.values("publishing")[:1]),
        "stopped_why": Subquery(instance.values("stopped_why")[:1]),
        "publisher_at": Subquery(Heartbeat.objects.filter(role="publisher").values("at")[:1]),
        "poller_at": Subquery(Heartbeat.objects.filter(role="poller").values("at")[:1]),
        "emergency": Subquery(modes.filter(mode="emergency").values("reason")[:1]),
        "quieter_mode": Subquery(modes.exclude(mode="emergency").values("mode")[:1]),
    }
    row = Town.objects.filter(pk=1).annotate(**columns).values(*columns).first()
    return Facts(**row) if row else Facts()


def _count(rows: QuerySet[Any]) -> Subquery:
    """How many rows, as a column; empty where there are none."""
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))


def from_facts(known: Facts, now: datetime) -> list[Band]:
    """What the row of facts gives reason to say, the gravest first."""
    found = []
    if known.emergency:
        found.append(Band("emergency", f"Emergency mode is on: {_sentence(known.emergency)}"))
    if known.quieter_mode:
        found.append(Band("calm", f"{known.quieter_mode.capitalize()} mode is on; every post is checked against it."))
    if known.publishing is False:
        why = f": {_sentence(known.stopped_why)}" if known.stopped_why else "."
        return [
            *found,
            Band("alarm", f"Publishing is paused{why} Nothing goes out.", "/channels/", "Look at the channels"),
        ]
    if known.publisher_at and now - known.publisher_at > QUIET:
        found.append(
            Band(
                "alarm",
                f"The publisher has not been seen for {_minutes(now - known.publisher_at)}."
                " Nothing goes out until it runs again.",
                "/",
                "See Health on Today",
            )
        )
    elif known.overdue:
        what = "1 delivery is" if known.overdue == 1 else f"{known.overdue} deliveries are"
        found.append(Band("warn", f"{what} more than a minute late.", "/", "See what goes out"))
    if known.poller_at and now - known.poller_at > QUIET:
        found.append(
            Band(
                "warn",
                f"The worker has not been seen for {_minutes(now - known.poller_at)}."
                " What residents write is not being read.",
                "/",
                "See Health on Today",
            )
        )
    return found


def of_channels(user: User, now: datetime) -> list[Band]:
    """One band for all channels this person may see that lost their connection."""
    rows = Channel.objects.visible_to(user, now).filter(state="needs_reconnect")
    names = [str(channel) for channel in rows[: NAMED + 1]]
    if not names:
        return []
    if len(names) == 1:
        words = f"{names[0]} has lost its connection; what is planned for it waits."
    else:
        shown = ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
        words = f"Channels have lost their connection: {shown}. What is planned for them waits."
    return [Band("alarm", words, "/channels/", "Reconnect")]


def second_factor(by: datetime) -> Band:
    day = timezone.localtime(by)
    words = f"Your role needs a second factor by {day.day} {day:%B}."
    return Band("warn", words, reverse("mfa_index"), "Set it up now")


def _minutes(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
