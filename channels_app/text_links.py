"""Addresses within words: where the town chose so they go out as short links of its own, made before anybody signs.

Which addresses were made short is kept as a Link of its own for each, so that a later change of the town's choice
changes nothing that was signed: `made` tells what stands for what, `freeze` makes it, `expected` tells it beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from channels_app import links
from channels_app.links import NOTHING, About
from channels_app.models import Channel, Link, LinkScheme

ORIGIN = "text"
ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
CLOSING = {")": "(", "]": "[", "}": "{"}
MOST = 12  # of one text


def why_off() -> str:
    """Why addresses within words stay as they are; empty where they become short."""
    return links.why_off() or ("" if LinkScheme.here().in_text else "Only the link of a post becomes short here.")


def addresses(texts: Iterable[str]) -> list[str]:
    """The addresses in these texts, each once, without the marks of the sentence they stand in. Pure."""
    found = (_bare(one) for text in texts for one in ADDRESS.findall(text))
    return list(dict.fromkeys(one for one in found if _host(one)))[:MOST]


def _bare(address: str) -> str:
    while address and (address[-1] in ".,;:!?'’*_" or _closes_nothing(address)):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opens = CLOSING.get(address[-1])
    return opens is not None and address.count(opens) < address.count(address[-1])


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def put(text: str, short: Mapping[str, str]) -> str:
    """The text with each address that has a short one replaced by it; the longest first, so none cuts another. Pure."""
    if not short:
        return text
    return ADDRESS.sub(lambda found: _replaced(found[0], short), text)


def _replaced(whole: str, short: Mapping[str, str]) -> str:
    bare = _bare(whole)
    return short.get(bare, bare) + whole[len(bare) :]


def made(ref: UUID, channel: Channel, texts: Iterable[str]) -> dict[str, str]:
    """What was made short for this post on this channel: one query, none for texts without an address."""
    wanted = addresses(texts)
    if not wanted or not settings.PUBLIC_URL:
        return {}
    rows = Link.objects.filter(origin=ORIGIN, ref=ref, channel=channel, url__in=wanted).order_by("-pk")
    return {one.url: links.short(one) for one in rows}


def freeze(ref: UUID, channel: Channel, texts: Iterable[str], now: datetime, about: About = NOTHING) -> None:
    """Make short what can be, once; to be called before the words are signed."""
    wanted = _ours_to_shorten(addresses(texts), channel)
    if wanted and not why_off():
        for one in wanted:
            links.freeze(ORIGIN, ref, channel, one, now, about)


def expected(ref: UUID, channel: Channel, texts: Iterable[str]) -> dict[str, str]:
    """What `freeze` would make of them, for those who still write: the very addresses, or as long ones at least."""
    held = list(texts)
    found = made(ref, channel, held)
    wanted = [one for one in _ours_to_shorten(addresses(held), channel) if one not in found]
    if wanted and not why_off():
        found |= {one: links.to_be(ORIGIN, ref, channel, one) for one in wanted}
    return found


def _ours_to_shorten(found: Iterable[str], channel: Channel) -> list[str]:
    """Not what is short already, and nothing on the network itself: it shows its own posts by their address."""
    here = settings.PUBLIC_URL.rstrip("/") + "/"
    return [one for one in found if not one.startswith(here) and _host(one) != channel.host and len(one) <= 500]


def expanded(text: str) -> str:
    """The text with our short links as the addresses they were made of: one query where there are any."""
    if not settings.PUBLIC_URL:
        return text
    stem = settings.PUBLIC_URL.rstrip("/") + reverse("short-link", args=["x"]).removesuffix("x/").removesuffix("x")
    found = {one: one.removeprefix(stem).strip("/") for one in addresses([text]) if one.startswith(stem)}
    urls = dict(Link.objects.filter(code__in=found.values()).values_list("code", "url")) if found else {}
    return put(text, {one: urls[code] for one, code in found.items() if code in urls})
