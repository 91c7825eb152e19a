"""Is there time for next week's posts? What they will bring in, by the last four weeks, against the hours kept."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Count, Q, Sum

from accounts.models import Town
from calendar_app.models import Placement
from channels_app import staffing
from channels_app.models import Channel, Delivery, Papers
from engagement.models import Message
from metrics.capacity import Forecast, Past, forecast
from metrics.weekly import WEEK

WEEKS = 4


def past(now: datetime) -> Past:
    """What the last four weeks showed."""
    since = now - timedelta(weeks=WEEKS)
    out = Delivery.objects.filter(kind="post", part=0, published_at__gte=since, published_at__lt=now)
    heard = Message.objects.filter(ours=False, at__gte=since, at__lt=now, conversation__isnull=False)
    counted = heard.aggregate(under=Count("pk", filter=~Q(root_id="")), whole=Count("pk"))
    return Past(WEEKS, out.count(), counted["under"], counted["whole"] - counted["under"])


def planned(now: datetime) -> int:
    """Placements of the week after this one that are more than a draft."""
    town = Town.here()
    today = now.astimezone(town.tz).date()
    monday = today + timedelta(days=7 - today.weekday())
    start = datetime.combine(monday, time(), town.tz)
    end = datetime.combine(monday + WEEK, time(), town.tz)
    return Placement.objects.in_days(start, end).exclude(state="draft").count()


def kept() -> float | None:
    """The hours of staff a week that are kept for all channels; None where nobody has said."""
    hours = Papers.objects.filter(channel__in=Channel.objects.living()).aggregate(hours=Sum("weekly_hours"))["hours"]
    return None if hours is None else float(hours)


def next_week(now: datetime, times: int = 1) -> Forecast:
    """The week after this one as it is planned now, or with so many times the posts."""
    minutes = staffing.POST_MINUTES, staffing.ANSWER_MINUTES
    return forecast(planned(now) * times, past(now), *minutes, kept())
