"""What the keys of a channel allow, against what Parley needs, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from channels_app.models import Channel


@dataclass(frozen=True)
class Need:
    """A right by the platform's own name and what Parley does with it. Any of `or_` does as well."""

    name: str
    words: str
    or_: tuple[str, ...] = ()


NEEDED: Mapping[str, Sequence[Need]] = {
    "x": (
        Need("tweet.read", "read posts and answers"),
        Need("users.read", "see whose account it is"),
        Need("tweet.write", "publish posts and answers"),
        Need("media.write", "publish pictures"),
        Need("tweet.moderate.write", "hide answers under the town's posts"),
        Need("offline.access", "stay connected for longer than two hours"),
    ),
    "facebook": (
        Need("pages_read_engagement", "read the Page's own posts"),
        Need("pages_read_user_content", "read what residents write there"),
        Need("pages_manage_posts", "publish posts"),
        Need("pages_manage_engagement", "answer and hide comments"),
        Need("read_insights", "read the Page's numbers"),
    ),
    "mastodon": (
        Need("read", "read posts, mentions and private messages"),
        Need("write", "publish posts and answers, with pictures"),
    ),
}


def lacking(platform: str, scopes: Collection[str]) -> list[Need]:
    """The rights that were not granted; none where the platform does not tell what was. Pure.

    A narrower right of the same family, such as `write:statuses`, is not the whole one.
    """
    needed = NEEDED.get(platform, ()) if scopes else ()
    return [one for one in needed if not {one.name, *one.or_} & set(scopes)]


def words(channel: Channel) -> tuple[str, str]:
    """The rights of a channel in a sentence, and its tone."""
    if not channel.scopes or channel.platform not in NEEDED:
        return "The platform does not tell what these keys allow.", "plain"
    missing = lacking(channel.platform, channel.scopes)
    if not missing:
        return "Everything Parley needs is granted.", "good"
    return f"Not granted: {', '.join(one.words for one in missing)}. Connect again and grant it.", "warn"
