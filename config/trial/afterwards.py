"""What Fernhill does once posts are out: comments that close for everybody, and hours compared by their numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Town, User
from calendar_app import commenting
from calendar_app.models import Placement
from metrics import hours

WINDOWS = (
    ("decided", "The council decides on Thursday; what was said is in front of it.", 2),
    ("over", "The event is over, and the organisers read here until Friday.", 4),
)


def look_back(staff: dict[str, User], now: datetime) -> None:
    """The newest posts that ask for something have a day on which their comments close."""
    zone = Town.here().zone
    out = Placement.objects.filter(state="approved", delivery__state="published", post__kind__in=("question", "event"))
    newest = out.select_related("post", "channel__scope", "delivery").order_by("-due_at", "pk")
    for placement, (reason, why, days) in zip(newest, WINDOWS, strict=False):
        closes_at = (now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        commenting.set_window(placement, closes_at, reason, why, "", zone, by=staff["amara"], now=now)
    hours.measure_due(now)
