"""A person says where the live post is: it is read there, and taken only where it is ours and says these words."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app import connecting
from channels_app.models import Channel, Delivery
from channels_app.platforms import matching
from channels_app.platforms.base import Candidate, Incoming, Receipt, Refused
from channels_app.publishing import results
from channels_app.publishing.claim import whole
from channels_app.publishing.outgoing import outgoing, platform_of, since

OPEN = ("unknown", "needs_attention")
NUMBER = re.compile(r"(\d+(?:_\d+)?)/?$")
PAGES = 3  # of our own posts, newest first, where a link does not carry the platform's number


def find(channel: Channel, url: str) -> Incoming | None:
    """What is at that link, as the channel shows it; None where it shows nothing there. Raises the endings."""
    platform, account = platform_of(channel), connecting.account_of(channel)
    for remote_id in _named(channel, url):
        try:
            seen = platform.read(account, remote_id, "post")
        except Refused as refusal:
            if refusal.cause == "token":
                raise
            continue
        if seen is not None:
            return seen
    if hasattr(platform, "id_in"):
        return None
    page = ""
    for _ in range(PAGES):
        found = platform.fetch(account, "posts", page)
        for one in found.items:
            if _place(one.url) == _place(url):
                return one
        page = found.next
        if not page:
            break
    return None


def _named(channel: Channel, url: str) -> list[str]:
    """The ids this link may name: the platform's own reading of it, or the number it ends with."""
    known = getattr(platform_of(channel), "id_in", None)
    if known is not None:
        return [found] if (found := known(url)) else []
    number = NUMBER.search(urlsplit(url).path)
    return list(dict.fromkeys([number[1], f"{channel.remote_id}_{number[1]}"])) if number else []


def _place(url: str) -> tuple[str, str]:
    """Host and path of an address, without what differs between two ways of copying the same link."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    return host, parts.path.rstrip("/")


def objection(delivery: Delivery, seen: Incoming | None) -> str:
    """Why this is not the delivery, in a sentence; "" where it is."""
    label = platform_of(delivery.channel).LABEL
    if seen is None:
        return f"{label} shows nothing at this link on this channel."
    if seen.author_id and seen.author_id != delivery.channel.remote_id:
        return "That is somebody else's post."
    others = Delivery.objects.filter(channel=delivery.channel, kind=delivery.kind, remote_id=seen.remote_id)
    if others.exclude(pk=delivery.pk).exists():
        return "That is another post of the town, which Parley knows already."
    sent = outgoing(delivery)
    parent = seen.parent_id if sent.reply_to else ""
    there = Candidate(seen.remote_id, seen.url, seen.text, seen.at, len(seen.pictures), parent)
    if seen.at < since(delivery) - matching.SLACK:
        return "That was there before this was sent."
    if not matching.matches(platform_of(delivery.channel).words(sent), sent, since(delivery), there):
        return "What is there has other words or pictures."
    return ""


@transaction.atomic
def attach(delivery: Delivery, seen: Incoming, *, by: User, now: datetime) -> Delivery:
    """It is out, at that link: the platform shows it, so nothing sends it again."""
    Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    fresh = whole(delivery.pk)
    if fresh.state not in OPEN:
        raise LostRace("It was settled meanwhile.", next_step="Look at what became of it.")
    words = objection(fresh, seen)
    if words:
        raise Invalid(words)
    results.arrived(fresh, Receipt(seen.remote_id, seen.url, seen.at), now, via="reconcile")
    Delivery.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    audit.record("attached", fresh, by=by, now=now, url=seen.url)
    return fresh
