"""Who must have a second factor, and from when."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts.access import ADMIN, APPROVER, PUBLISHER
from accounts.models import Grant, User

NEEDS = frozenset({PUBLISHER, APPROVER, ADMIN})
HAS_IT = "second-factor"


def must_by(request: HttpRequest, user: User, now: datetime) -> datetime | None:
    """When the person must have set up a second factor; None when they have, or need not."""
    if settings.SECOND_FACTOR_DAYS is None or request.session.get(HAS_IT):
        return None
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        request.session[HAS_IT] = True
        return None
    since = (
        Grant.objects.filter(user=user, role__in=NEEDS)
        .current(now)
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    return since + timedelta(days=settings.SECOND_FACTOR_DAYS) if since else None
