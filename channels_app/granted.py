"""What the keys of a channel allow, against what Parley needs, in words."""

from __future__ import annotations

from collections.abc import Collection

from channels_app.models import Channel
from channels_app.platforms import doors
from channels_app.platforms.oauth import Scope


def lacking(platform: str, scopes: Collection[str]) -> list[Scope]:
    """The rights that were not granted; none where the platform does not tell what was. Pure.

    A narrower right of the same family, such as `write:statuses`, is not the whole one.
    """
    door = doors.of(platform)
    needed = door.scopes if door is not None and scopes else ()
    return [one for one in needed if not {one.name, *one.or_} & set(scopes)]


def words(channel: Channel) -> tuple[str, str]:
    """The rights of a channel in a sentence, and its tone."""
    if not channel.scopes or doors.of(channel.platform) is None:
        return "The platform does not tell what these keys allow.", "plain"
    missing = lacking(channel.platform, channel.scopes)
    if not missing:
        return "Everything Parley needs is granted.", "good"
    return f"Not granted: {', '.join(one.words for one in missing)}. Connect again and grant it.", "warn"
