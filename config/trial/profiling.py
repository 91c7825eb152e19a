"""Who at Fernhill looked at what stands on the town's profiles. Facebook is done; of the others some things wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from channels_app import profiles
from channels_app.models import Channel

# Network, who, how many days ago, what they looked at, and what they found.
LOOKS = (
    ("facebook", "dev", 20, ("bio", "picture", "link"), "All as it should be."),
    ("facebook", "amara", 12, ("cover",), "The summer fair came down; the Mill Pond in frost is up, with alt text."),
    ("facebook", "amara", 5, ("pinned", "contact"), "Pinned the warm rooms. Saturday hours were missing, now added."),
    ("x", "amara", 19, ("bio", "link"), "The bio named the old complaints address; it leads to the form now."),
    ("x", "amara", 12, ("picture",), "All as it should be."),
    (
        "mastodon",
        "dev",
        9,
        ("bio", "picture", "pinned"),
        "The bio says now that we answer on weekdays from nine to five.",
    ),
)


def look_round(staff: dict[str, User], now: datetime) -> None:
    """The looks so far, in the order they were made."""
    channels = {channel.platform: channel for channel in Channel.objects.living()}
    for network, who, days, keys, note in sorted(LOOKS, key=lambda look: -look[2]):
        if network in channels:
            profiles.look(channels[network], keys, note, by=staff[who], now=now - timedelta(days=days))
