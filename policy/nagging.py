"""What is due about the guides: reading before the grace ends, and the review on its day. Each is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from accounts.access import who_may
from accounts.models import Town
from accounts.notifications import tell
from policy import guides
from policy.models import GuideVersion

AHEAD = timedelta(days=3)


def nag(now: datetime) -> None:
    """Remind those whose grace is about to end or has ended, and managers of a review that is due, once a month."""
    for version in guides.versions().values():
        _readers(version, now)
        if version.review_is_due(now.astimezone(Town.here().tz).date()):
            _review(version, now)


def _readers(version: GuideVersion, now: datetime) -> None:
    url = reverse("policy:guide", args=[version.guide])
    for user in guides.outstanding(version, now):
        due = guides.due_at(version, user)
        if due - AHEAD > now:
            continue
        late = due <= now
        words = "Publishing and answering rest until you have read" if late else f"Please read by {due.day} {due:%B}:"
        once = f"guide:{'late' if late else 'soon'}:{version.key}:{user.pk}"
        tell(user, "policy.to_read", f"{words} {version}.", url, now=now, once=once)


def _review(version: GuideVersion, now: datetime) -> None:
    url, on = reverse("policy:guide", args=[version.guide]), version.review_on
    for user in who_may("write_policy", now):
        words = f"The review of {version} is due since {on.day} {on:%B %Y}." if on else ""
        tell(user, "policy.review", words, url, now=now, once=f"guide:review:{version.key}:{user.pk}:{now:%Y-%m}")
