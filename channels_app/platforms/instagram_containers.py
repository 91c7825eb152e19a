"""Containers: what Instagram is to publish is fetched by it and kept apart first, under an id of Instagram's.

Making one may be repeated: a container that nobody publishes ends after a day. Its status is the answer to "is it
out?", and the same container is never published twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from channels_app.platforms import quotas
from channels_app.platforms.base import Account, Outgoing, Picture, Refused, TryLater, Uncertain, Video
from channels_app.platforms.instagram_client import EXPIRED, TABLE, USED_UP, Client, one
from channels_app.platforms.quotas import Quota

TEXT, HASHTAGS, HANDLES, ITEMS = 2200, 5, 20, 10
NARROWEST, WIDEST = 4 / 5, 1.91
DAY = timedelta(days=1)
HASHTAG = re.compile(r"(?<![\w&])#\w+")
HANDLE = re.compile(r"(?<![\w.])@\w[\w.]*")
# Why a container ended as an error, where editing is the only cure; anything else may be Instagram's own trouble.
FAULTS: Mapping[str, str] = {
    "2207004": TABLE["36000"].words,
    "2207005": TABLE["36001"].words,
    "2207009": TABLE["36003"].words,
    "2207010": TABLE["36004"].words,
    "2207026": TABLE["352"].words,
}


def items(outgoing: Outgoing) -> Sequence[Picture | Video]:
    """What is shown, in its order: the pictures, then the video."""
    return [*outgoing.pictures, *([outgoing.video] if outgoing.video else [])]


def refuse_what_cannot_be(text: str, outgoing: Outgoing) -> None:
    """Raises Refused for what Instagram is known not to take; it is cheaper to say so before anything is fetched."""
    words = too_much(text)
    shown = items(outgoing)
    if not shown:
        words = words or "Instagram takes no post without a picture or a video."
    if len(shown) > ITEMS:
        words = words or f"Instagram takes {ITEMS} pictures in one post, and here are {len(shown)}."
    if any(one.width and not NARROWEST * 0.99 <= one.width / one.height <= WIDEST * 1.01 for one in outgoing.pictures):
        words = words or "Instagram takes pictures between 4:5 and 1.91:1. Crop this one first."
    if words:
        raise Refused(words, cause="content", code="unable")
    if not all(one.url for one in shown):
        words = "Instagram fetches pictures itself, and Parley has no public address. Set PUBLIC_URL."
        raise Refused(words, cause="permission", code="unable")


def too_much(text: str) -> str:
    """What is too much in a caption or comment, in a sentence; "" where nothing is."""
    if len(text) > TEXT:
        return f"Instagram takes {TEXT} characters, and here are {len(text)}."
    if (count := len(HASHTAG.findall(text))) > HASHTAGS:
        return f"Instagram takes {HASHTAGS} hashtags, and here are {count}."
    if (count := len(HANDLE.findall(text))) > HANDLES:
        return f"Instagram takes {HANDLES} names with @, and here are {count}."
    return ""


def alone(shown: Picture | Video, caption: str) -> dict[str, Any]:
    """The fields of a post of one picture or one video, which is always a reel."""
    return _item(shown, "REELS") | {"caption": caption}


def within(shown: Picture | Video) -> dict[str, Any]:
    """The fields of one picture or video of several."""
    return _item(shown, "VIDEO") | {"is_carousel_item": True}


def together(children: Sequence[str], caption: str) -> dict[str, Any]:
    return {"media_type": "CAROUSEL", "children": ",".join(children), "caption": caption}


def _item(shown: Picture | Video, video: str) -> dict[str, Any]:
    if isinstance(shown, Video):
        return {"media_type": video, "video_url": shown.url}
    return {"image_url": shown.url, "alt_text": shown.alt or None}


def status(client: Client, container: str) -> tuple[str, str]:
    """Its status code and, for an error, its reason. One that is not there any more has expired."""
    row = one(client, container, "status_code,status")
    return (str(row["status_code"]), str(row.get("status") or "")) if row else ("EXPIRED", "")


def ready(client: Client, container: str) -> str:
    """The container, once it can be published or was. Raises TryLater while it cannot, Refused where it never will."""
    code, why = status(client, container)
    if code in {"FINISHED", "PUBLISHED"}:
        return container
    if code == "IN_PROGRESS":
        raise TryLater(TABLE["9007"].words, wait=15, code="202", at_work=True)
    if code == "EXPIRED":
        raise TryLater(TABLE[EXPIRED].words, wait=5, code=EXPIRED, anew=True)
    known = next((words for number, words in FAULTS.items() if number in why), "")
    if known:
        raise Refused(known, cause="content", code="unable")
    raise TryLater("Instagram could not prepare the picture or video.", wait=30, code=EXPIRED, anew=True)


def publishable(client: Client, container: str) -> None:
    """Raises unless the container can be published now. One that is out already is looked for instead."""
    if status(client, container)[0] == "PUBLISHED":
        raise Uncertain("Instagram says that this was published already.", code="published")
    ready(client, container)


def room(account: Account, client: Client, made: Callable[[datetime], Sequence[datetime]]) -> None:
    """Raises TryLater where the posts that Instagram takes in a day are used up, until the oldest of them is a day old.

    Comments, answers and messages have no part in it, so the channel goes on; each post finds it out for itself.
    `made` tells when this account's posts since a moment were made, newest first.
    """
    body = client.get_connections(account.remote_id, "content_publishing_limit", fields="quota_usage,config")
    row: dict[str, Any] = (body.get("data") or [{}])[0]
    total, used = (row.get("config") or {}).get("quota_total"), int(row.get("quota_usage") or 0)
    if not total:
        return
    quotas.keep(account, [Quota("posts of a day", max(int(total) - used, 0), int(total))])
    if used < int(total):
        return
    now = _now(client)
    times = made(now - DAY)
    frees = times[int(total) - 1] + DAY if len(times) >= int(total) else now + timedelta(hours=1)
    wait = max((frees - now).total_seconds(), 60)
    raise TryLater(TABLE[USED_UP].words, wait=wait, code=USED_UP)


def _now(client: Client) -> datetime:
    """The moment of Instagram's last answer, by its own clock."""
    return parsedate_to_datetime(client.headers["Date"]).astimezone(UTC)
