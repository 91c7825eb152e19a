"""The four blocks of Today: what is due, what goes out, is anything broken, how the week goes. Each block is one
function that reads with a few queries whatever the size of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.access import may
from accounts.models import Town, User
from calendar_app.models import Placement
from channels_app.models import Channel, Delivery, Heartbeat
from channels_app.models.deliveries import ATTENTION
from engagement.models import Conversation
from metrics import charts, weekly
from metrics.catalogue import MEASURES
from metrics.views import standings

DUE_SHOWN, TROUBLE_SHOWN = 8, 8
AHEAD = timedelta(hours=24)
RECENT = timedelta(hours=24)
QUIET = {"publisher": timedelta(minutes=2), "poller": timedelta(minutes=5), "mailer": timedelta(minutes=5)}
ROLE_WORDS = {"publisher": "Publishing", "poller": "Reading channels", "mailer": "Sending mail"}


@dataclass(frozen=True)
class Due:
    """What waits for this person: conversations by deadline, and posts to sign off."""

    conversations: Sequence[Conversation]
    more: bool
    sign_offs: Sequence[Placement]


@dataclass(frozen=True)
class Mark:
    """One delivery on a channel's line: `hour` is its place in whole hours from the left edge, 0 to 23."""

    delivery: Delivery
    words: str
    url: str
    campaign: str
    hour: int
    at: datetime


@dataclass(frozen=True)
class Lane:
    """One channel's next 24 hours."""

    channel: Channel
    marks: Sequence[Mark]


@dataclass(frozen=True)
class GoingOut:
    """The next day per channel, and on top what needs a person or failed lately."""

    trouble: Sequence[Delivery]
    lanes: Sequence[Lane]
    hours: Sequence[str]
    count: int


@dataclass(frozen=True)
class Light:
    """One line of the health block. `tone`: good, warn or alarm; `words` says it without the colour."""

    name: str
    tone: str
    words: str
    url: str = ""
    platform: str = ""


@dataclass(frozen=True)
class ThisWeek:
    """Objective bars, three figures with their history, and the days ahead with nothing planned."""

    standings: Sequence[dict[str, object]]
    stats: Sequence[dict[str, object]]
    empty_days: Sequence[date]


def due(user: User, now: datetime) -> Due:
    """My open conversations and those nobody has, earliest deadline first; posts that wait for my signature."""
    mine = (
        Conversation.objects.open()
        .visible_to(user, now)
        .filter(due_at__isnull=False)
        .filter(assignee=user)
        .select_related("channel", "person", "assignee")
        .order_by("due_at", "id")
    )
    free = (
        Conversation.objects.open()
        .visible_to(user, now)
        .filter(due_at__isnull=False, assignee=None)
        .select_related("channel", "person", "assignee")
        .order_by("due_at", "id")
    )
    rows = list(mine[: DUE_SHOWN + 1]) + (list(free[: DUE_SHOWN + 1]) if may(user, "answer", now) else [])
    rows.sort(key=lambda row: (row.due_at, row.pk))
    signs: list[Placement] = []
    if may(user, "approve_post", now):
        waiting = Placement.objects.visible_to(user, now).filter(state="in_review").exclude(post__author=user)
        signs = list(waiting.select_related("post__author", "channel").order_by("due_at", "id")[:DUE_SHOWN])
    return Due(rows[:DUE_SHOWN], len(rows) > DUE_SHOWN, signs)


def going_out(user: User, now: datetime, zone: ZoneInfo) -> GoingOut:
    """What leaves in the next 24 hours on each channel, what failed in the last 24 and what waits for a person."""
    seen = Delivery.objects.visible_to(user, now).select_related("channel")
    trouble = list(seen.filter(state__in=ATTENTION).order_by("due_at")[:TROUBLE_SHOWN])
    trouble += list(seen.filter(state="failed", due_at__gte=now - RECENT).order_by("-due_at")[:TROUBLE_SHOWN])
    edge = now.replace(minute=0, second=0, microsecond=0)
    coming = seen.filter(due_at__gte=now - timedelta(minutes=1), due_at__lt=edge + AHEAD, kind="post").exclude(
        state__in=["cancelled", "failed", "removed", *ATTENTION]
    )
    marks: dict[int, list[Mark]] = {}
    for delivery in coming.select_related("release__placement__post__campaign").order_by("due_at")[:200]:
        marks.setdefault(delivery.channel_id, []).append(_mark(delivery, edge, zone))
    channels = Channel.objects.visible_to(user, now, "see_calendar").living()
    lanes = [Lane(channel, marks.get(channel.pk, [])) for channel in channels]
    hours = [f"{(edge + timedelta(hours=3 * step)).astimezone(zone):%H:%M}" for step in range(8)]
    return GoingOut(trouble, lanes, hours, sum(len(lane.marks) for lane in lanes))


def _mark(delivery: Delivery, edge: datetime, zone: ZoneInfo) -> Mark:
    post = delivery.release.placement.post
    hour = min(max(int((delivery.due_at - edge) / timedelta(hours=1)), 0), 23)
    url = reverse("calendar:post", args=[post.key])
    campaign = post.campaign.name if post.campaign else ""
    return Mark(delivery, str(post), url, campaign, hour, delivery.due_at.astimezone(zone))


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago in words staff use: "just now", "4 min ago", "3 h ago", "2 days ago", "never"."""
    if then is None:
        return "never"
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def health(user: User, now: datetime) -> list[Light]:
    """Each channel and each background role, with what is wrong in words."""
    lights = [_channel_light(channel, now) for channel in Channel.objects.visible_to(user, now, "see_today").living()]
    beats = {beat.role: beat.at for beat in Heartbeat.objects.filter(role__in=QUIET)}
    for role, limit in QUIET.items():
        at = beats.get(role)
        if at is not None and now - at <= limit:
            lights.append(Light(ROLE_WORDS[role], "good", f"working, last seen {ago(at, now)}"))
        else:
            lights.append(Light(ROLE_WORDS[role], "alarm", f"not seen since {ago(at, now)}" if at else "not seen yet"))
    return lights


def _channel_light(channel: Channel, now: datetime) -> Light:
    url = f"/channels/{channel.key}/"
    if channel.state == "needs_reconnect":
        return Light(channel.name, "alarm", channel.why or "needs reconnecting", url, channel.platform)
    if channel.state == "paused":
        return Light(channel.name, "warn", "paused", url, channel.platform)
    if channel.state == "connecting":
        return Light(channel.name, "warn", "being connected", url, channel.platform)
    if channel.expires_at and channel.expires_at - now < timedelta(days=14):
        days = max((channel.expires_at - now).days, 0)
        return Light(channel.name, "warn", f"access ends in {days} days", url, channel.platform)
    if channel.last_read_at is None or now - channel.last_read_at > timedelta(minutes=30):
        return Light(channel.name, "warn", f"last read {ago(channel.last_read_at, now)}", url, channel.platform)
    return Light(channel.name, "good", f"read {ago(channel.last_read_at, now)}", url, channel.platform)


def this_week(user: User, now: datetime, town: Town) -> ThisWeek:
    """Objectives on their lines, the week's figures with eight weeks of history, and the empty days ahead."""
    over = weekly.weeks(now, town.tz, 8)
    stats = []
    for name in ("answered_in_time", "first_answer_hours", "conversation_share"):
        figures, measure = weekly.series(name, over, now), MEASURES[name]
        change = charts.change(figures[:-1], measure)
        stats.append(
            {
                "name": measure.label,
                "number": charts.number(figures[-1].value, measure),
                "unit": measure.unit,
                "change": f"{figures[-1].part} of {figures[-1].whole} this week"
                if figures[-1].part is not None and figures[-1].whole
                else change.words,
                "tone": "plain",
                "values": [figure.value for figure in figures],
            }
        )
    return ThisWeek(standings(now, town), stats, empty_days(user, now, town.tz))


def empty_days(user: User, now: datetime, zone: ZoneInfo, ahead: int = 7) -> list[date]:
    """The working days of the coming week on which nothing is planned."""
    today = now.astimezone(zone).date()
    end = now + timedelta(days=ahead + 1)
    planned = Placement.objects.visible_to(user, now).in_days(now - timedelta(days=1), end)
    taken = {at.astimezone(zone).date() for at in planned.values_list("due_at", flat=True)}
    days = [today + timedelta(days=step) for step in range(ahead)]
    return [day for day in days if day.weekday() < 5 and day not in taken]
