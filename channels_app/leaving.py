"""What somebody who leaves may still reach on the platforms, and what they had asked to be sent."""

from __future__ import annotations

from datetime import datetime

from accounts.leaving import Part
from accounts.models import User
from channels_app import key_register
from channels_app.models import Channel, Delivery
from channels_app.models.deliveries import WAITING


def part(user: User, by: User, now: datetime, real: bool) -> Part:
    """What waits in their name is not sent any more; every connected account is looked at on its platform."""
    waiting = Delivery.objects.filter(asked_by=user, state__in=WAITING).count()
    done = []
    if waiting:
        things = "1 delivery they asked for waits" if waiting == 1 else f"{waiting} deliveries they asked for wait"
        done.append(f"{things} for somebody else's decision instead of going out.")
    channels = list(Channel.objects.exclude(state="archived").order_by("platform", "name"))
    return Part(done, [words for line in key_register.lines(channels, now) for words in _to_do(line, user)])


def _to_do(line: key_register.Line, user: User) -> list[str]:
    """By the key register: who owns the account then, who else gets in. What it does not know is looked up there."""
    channel, label = line.channel, line.channel.get_platform_display()
    found = []
    if line.papers.owner_id == user.pk:
        found.append(f"Name who answers for {channel.name} on {label} from now on: it was {user.name}.")
    there = [one for one in line.administrators if one.pk != user.pk]
    if any(one.user_id == user.pk for one in line.roles):
        if len(there) < key_register.LEAST:
            found.append(f"Find a second administrator for {channel.name} on {label}: {_left(there)}.")
    elif len(there) < key_register.LEAST:
        found.append(f"Look on {label} who manages {channel.name}: is {user.name} among them?")
    return found


def _left(there: list[User]) -> str:
    return f"then only {there[0].name} gets in" if there else "then nobody gets in"
