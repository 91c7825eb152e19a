"""What is read before the keys work: the guides in force, acknowledged by everybody they bind.

The same rule as `guides.acknowledged`, written as a condition, so that it is asked together with a person's rights.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse_lazy

from accounts.training import Fact, Lapse
from policy.models import Acknowledgement, GuideVersion, PolicyChoices

DAYS = 14  # as PolicyChoices has it when nobody has chosen yet


def unread(now: datetime) -> Exists:
    """Over rights: whether their person owes a guide whose time of grace is over."""
    read = Acknowledgement.objects.filter(version=OuterRef("pk"), user=OuterRef(OuterRef("user")))
    days = Coalesce(Subquery(PolicyChoices.objects.values("grace_days")[:1]), DAYS)
    grace = ExpressionWrapper(days * Value(timedelta(days=1)), output_field=DurationField())
    due = ExpressionWrapper(F("approved_at") + grace, output_field=DateTimeField())
    late = Q(due__lte=now) | Q(approved_at__lt=OuterRef("user__joined_at"))
    current = GuideVersion.objects.current().values("pk")
    return Exists(GuideVersion.objects.filter(pk__in=current).annotate(due=due).filter(late).exclude(Exists(read)))


FACT = Fact(
    "policy",
    unread,
    Lapse(
        "You have not acknowledged the policy or the voice guide that is in force.",
        "has not acknowledged the policy or the voice guide in force",
        cast(str, reverse_lazy("policy:handbook")),
        "Read it and say so",
    ),
)
