"""What stands around posts, for tests: a campaign with all it has, a picture with a consent, a service."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from calendar_app.models import Activity, Asset, Audience, Notice, ShareKit
from channels_app.models import Consent, ServiceLink
from tests.factories import COUNT, NOON
from tests.factories_calendar import make_campaign, make_media


def around_posts(by: User) -> dict[str, dict[str, Any]]:
    """One of everything an address can name; the picture is this person's."""
    campaign, number = make_campaign(), next(COUNT)
    activity = Activity.objects.create(campaign=campaign, way="dropin", name="Drop-in", on=date(2026, 12, 1))
    notice = Notice.objects.create(campaign=campaign, words="Bin days change")
    url = "https://fernhill.example/warm"
    kit = ShareKit.objects.create(campaign=campaign, title="Kit", words="Come in.", url=url, by=by, at=NOON)
    media = make_media(by=by)
    consent = Consent.objects.create(media=media, who="Kai", proof="Form", given_on=NOON.date(), by=by, at=NOON)
    return {
        "campaign": {"key": campaign.key},
        "activity": {"key": activity.key},
        "notice": {"key": notice.key},
        "audience": {"key": Audience.objects.create(name=f"Audience {number}").key},
        "kit": {"key": kit.key},
        "asset": {"key": Asset.objects.create(title="Film", kind="video", by=by, at=NOON).key},
        "media": {"key": media.key},
        "consent": {"key": media.key, "pk": consent.pk},
        "service": {
            "key": ServiceLink.objects.create(
                name=f"Service {number}", url=f"https://fernhill.example/{number}", next_check_at=NOON
            ).key
        },
    }
