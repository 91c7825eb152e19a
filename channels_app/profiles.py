"""What stands on a channel's profile for long: who looked at it last, what they found, and what is due again.

The check A36 says what is due, by the town's own number of days. It informs and stops nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app.models import Channel, ProfileLook
from policy import checks, setting
from policy.checks import Context, Finding, ProfileItem
from policy.profile import POST

RULE = "A36"


@dataclass(frozen=True)
class Item:
    """A thing on a profile and what to look for. `on` names the networks that have it; empty: every one."""

    key: str
    name: str
    look_for: str
    on: frozenset[str] = frozenset()


ITEMS = (
    Item("bio", "Bio", "It says whose account this is, what for, and when somebody answers. No campaign that is over."),
    Item(
        "picture",
        "Profile picture",
        "The sign people know the town by, clear when it is small. With alt text where the network keeps one.",
    ),
    Item(
        "cover",
        "Banner or cover",
        "Fits the season, and a phone cuts off none of its words. With alt text where the network keeps one.",
    ),
    Item("pinned", "Pinned post", "Still true and worth the first place. Its link works, its pictures have alt text."),
    Item(
        "highlights",
        "Highlight covers",
        "Each has a name that says what is in it, and nothing in it has run out.",
        frozenset({"instagram"}),
    ),
    Item("link", "Link in the bio", "It opens the page it promises, on a phone too."),
    Item(
        "contact",
        "Contact and hours",
        "Telephone, address and hours as on the town's website, and whom to call in an emergency.",
    ),
)


@dataclass(frozen=True)
class Standing:
    """One item of a channel: its last look, what the check says of it, and from which day it is due again."""

    item: Item
    look: ProfileLook | None
    finding: Finding | None
    due_on: date | None


@dataclass(frozen=True)
class Profile:
    """All items of a channel. `days` is how long a look is good for; `off`: the town does not ask for looks."""

    rows: list[Standing]
    days: int
    off: bool

    @property
    def due(self) -> list[Standing]:
        return [row for row in self.rows if row.finding]


def items_of(platform: str) -> list[Item]:
    """What a profile on this network has."""
    return [one for one in ITEMS if not one.on or platform in one.on]


def of(channel: Channel, now: datetime, town: Town) -> Profile:
    """The channel's profile as it stands today."""
    looks = {look.item: look for look in ProfileLook.objects.filter(channel=channel).select_related("by")}
    return judged(channel.platform, looks, _context(now, town))


def judged(platform: str, looks: Mapping[str, ProfileLook], context: Context) -> Profile:
    """The items of a network with their looks, as the check sees them on the context's day."""
    items, days, off = items_of(platform), int(context.house.number("profile_days")), RULE in context.house.off
    held = [looks.get(one.key) for one in items]
    asked = [ProfileItem(one.name, look.looked_on if look else None) for one, look in zip(items, held, strict=True)]
    rows = [
        Standing(one, look, finding, look.looked_on + timedelta(days=days + 1) if look and not off else None)
        for one, look, finding in zip(items, held, checks.standing(asked, context), strict=True)
    ]
    return Profile(rows, days, off)


def due(user: User, now: datetime, town: Town) -> list[tuple[Channel, int]]:
    """The channels whose profile this person may look through and should, each with how many things are due."""
    channels = list(Channel.objects.visible_to(user, now, "look_at_profile").proven().speaking())
    if not channels:
        return []
    context, looks = _context(now, town), _looks_of(channels)
    counts = [(one, len(judged(one.platform, looks.get(one.pk, {}), context).due)) for one in channels]
    return [(channel, count) for channel, count in counts if count]


def _looks_of(channels: Iterable[Channel]) -> dict[int, dict[str, ProfileLook]]:
    looks: dict[int, dict[str, ProfileLook]] = {}
    for look in ProfileLook.objects.filter(channel__in=list(channels)):
        looks.setdefault(look.channel_id, {})[look.item] = look
    return looks


def _context(now: datetime, town: Town) -> Context:
    return setting.at(now, town).context(POST)


def look(channel: Channel, keys: Collection[str], note: str, *, by: User, now: datetime) -> None:
    """Somebody looked at these things today, and says what they found or changed. Raises Invalid."""
    wanted = [one for one in items_of(channel.platform) if one.key in keys]
    if not wanted:
        raise Invalid("Tick at least one thing.")
    if not note.strip():
        raise Invalid("Say in a few words what you found.")
    if channel.state == "archived":
        raise Invalid("This channel is disconnected; nobody looks after its profile here any more.")
    facts = {"looked_on": now.astimezone(Town.here().tz).date(), "by": by, "note": note.strip()[:300]}
    with transaction.atomic():
        for one in wanted:
            ProfileLook.objects.update_or_create(channel=channel, item=one.key, defaults=facts)
        names = [one.name for one in wanted]
        audit.record("looked_at_profile", channel, by=by, now=now, items=names, note=facts["note"])


def told(data: Mapping[str, Any]) -> str:
    """A look of the audit trail in words: what was looked at, and what was found."""
    return f"{', '.join(data['items'])}: {data['note']}" if "items" in data and "note" in data else ""
