"""Where words alone can go out, and where Parley itself puts them: not where a picture or a video has to be."""

from __future__ import annotations

from collections.abc import Mapping

from channels_app import connecting, platforms
from channels_app.models import Channel


def takes_words_alone(channel: Channel) -> bool:
    """Whether a post there may do without a picture and a video."""
    return not platforms.get(channel.platform).limits(connecting.outline_of(channel)).must


def usual(channels: Mapping[str, Channel]) -> list[str]:
    """The channels a new post is meant for until somebody chooses: open ones that take plain words and need no person.

    All of them where no channel is like that.
    """
    found = [
        key
        for key, channel in channels.items()
        if takes_words_alone(channel)
        and not platforms.get(channel.platform).limits(None).title
        and not channel.in_preparation
        and not getattr(platforms.get(channel.platform), "BY_HAND", False)
    ]
    return found or list(channels)
