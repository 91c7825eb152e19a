"""What somebody who leaves may still reach on the platforms, and what they had asked to be sent."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from channels_app import platforms
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import WAITING


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """What waits in their name is not sent any more; every connected account is looked at on its platform."""
    waiting = Delivery.objects.filter(asked_by=user, state__in=WAITING).count()
    done = []
    if waiting:
        things = "1 delivery they asked for waits" if waiting == 1 else f"{waiting} deliveries they asked for wait"
        done.append(f"{things} for somebody else's decision instead of going out.")
    to_do = [
        f"Look on {platforms.get(channel.platform).LABEL} who manages {channel.name}: is {user.name} among them?"
        for channel in Channel.objects.exclude(state="archived").order_by("platform", "name")
    ]
    return Part(done, to_do)
