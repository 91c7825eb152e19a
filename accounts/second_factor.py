"""Who must have a second factor, and from when."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q
from django.http import HttpRequest

from accounts.access import ADMIN, APPROVER, PUBLISHER
from accounts.models import Grant, User

NEEDS = frozenset({PUBLISHER, APPROVER, ADMIN})
HAS_IT = "second-factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_by(request: HttpRequest, user: User, now: datetime) -> datetime | None:
    """When the person must have set up a second factor; None when they have, or need not."""
    if settings.SECOND_FACTOR_DAYS is None or request.session.get(HAS_IT):
        return None
    if Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
        request.session[HAS_IT] = True
        return None
    since = Grant.objects.filter(user=user, role__in=NEEDS).current(now).aggregate(first=Min("starts_at"))["first"]
    return since + timedelta(days=settings.SECOND_FACTOR_DAYS) if since else None


def without(now: datetime) -> list[tuple[User, datetime | None]]:
    """Who must have a second factor and has none, each with the day it is asked for from (None where it never is)."""
    has = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    current = Grant.objects.current(now).filter(role__in=NEEDS)
    held = Q(grants__in=current)
    found = User.objects.filter(held, is_active=True).exclude(Exists(has))
    people = found.annotate(since=Min("grants__starts_at", filter=held))
    days = settings.SECOND_FACTOR_DAYS
    return [(one, one.since + timedelta(days=days) if days is not None else None) for one in people.order_by("name")]
