"""Comments that come by thread: an answer under an old comment stands on an old page, however new it is.

So once a day all pages are read, and in between where the post tells of more or fewer comments than it did then: after
a walk of many pages not before as many usual readings have passed, so that it does not eat up the platform's limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from channels_app import platforms
from channels_app.models import Channel, Cursor
from channels_app.platforms.base import Incoming
from engagement import pace
from engagement.models import Message

EACH = 50  # comments of a page, at the least


def to_the_end(cursor: Cursor, now: datetime) -> bool:
    """Whether this reading is to go on to the last page."""
    if not cursor.root or not platforms.has_threads(cursor.channel.platform):
        return False
    if cursor.walked_at is None or cursor.walked_at.date() < now.date():
        return True
    pages = 1 + max(cursor.told or 0, cursor.walked or 0) // EACH
    return cursor.told != cursor.walked and now >= cursor.walked_at + pages * pace.for_comments(cursor.root_at, now)


def note(channel: Channel, items: Iterable[Incoming]) -> None:
    """Write down how many comments our posts tell of, where it is not what they told before."""
    if not platforms.has_threads(channel.platform):
        return
    told = {one.remote_id: one.numbers.get("replies") for one in items if one.kind == "post"}
    for cursor in Cursor.objects.filter(channel=channel, stream="comments", root__in=list(told)):
        if (count := told[cursor.root]) is not None and count != cursor.told:
            Cursor.objects.filter(pk=cursor.pk).update(told=count)


def begin(cursor: Cursor) -> str:
    """The page to begin with, where a platform need not tell again what is on file."""
    knowing = platforms.knowing(cursor.channel.platform)
    if knowing is None or cursor.stream != "comments":
        return ""
    filed = Message.objects.filter(channel=cursor.channel_id, root_id=cursor.root, gone_at=None)
    rows = list(filed.values_list("remote_id", "parent_id"))
    answers = Counter(parent for _, parent in rows)
    return knowing({name: answers[name] for name, above in rows if above == cursor.root})
