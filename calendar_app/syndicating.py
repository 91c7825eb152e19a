"""The town's own Atom feed: what it published, for whoever follows it without an account anywhere.

Only what is out: the frozen words of deliveries that are published, to everybody, at this moment. What was taken down
leaves the feed; a draft, a change that is not out yet and everything private never enter it. An entry keeps its id
for ever, and its pictures are served as long as it is in the feed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from accounts.models import Town
from calendar_app.models import Placement, Post, Release
from channels_app.models import Delivery, Media

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")
SHOWN = {"state": "published", "kind": "post", "part": 0}


@dataclass(frozen=True)
class Shown:
    """A picture of an entry."""

    media: Media
    alt: str


@dataclass(frozen=True)
class Entry:
    """One post as the public has it: the words of its fullest delivery, and every place it can be seen."""

    post: Post
    text: str
    link: str
    language: str
    published: datetime
    updated: datetime
    pictures: Sequence[Shown]
    places: Sequence[tuple[str, str]]  # (name, address)


def entries(most: int = MOST) -> list[Entry]:
    """The newest posts that are out, newest first."""
    rows = Release.objects.filter(**{f"delivery__{name}": value for name, value in SHOWN.items()})
    rows = rows.exclude(delivery__published_at=None).select_related("placement__post", "delivery__channel")
    found: dict[int, list[Release]] = {}
    for row in rows.order_by("-delivery__published_at", "-pk")[: most * 6]:
        if (row.delivery.payload.get("visibility") or "public") == "public" and row.placement.post.dropped_at is None:
            found.setdefault(row.placement.post_id, []).append(row)
    chosen = list(found.values())[:most]
    media = _media(row.delivery for rows in chosen for row in rows)
    made = [_entry(rows, media) for rows in chosen]
    return sorted(made, key=lambda one: (one.published, str(one.post.key)), reverse=True)


def _media(deliveries: Iterable[Delivery]) -> dict[str, Media]:
    keys = {one["media"] for delivery in deliveries for one in delivery.payload.get("pictures") or ()}
    return {str(one.key): one for one in Media.objects.filter(key__in=keys, state="ready")}


def _entry(rows: Sequence[Release], media: dict[str, Media]) -> Entry:
    out = [row.delivery for row in rows]
    fullest = max(out, key=lambda one: (len(_text(one)), -one.pk))
    times = [one.published_at for one in out if one.published_at]
    pictures = fullest.payload.get("pictures") or ()
    return Entry(
        post=rows[0].placement.post,
        text=_text(fullest),
        link=str(fullest.payload.get("link") or ""),
        language=str(fullest.payload.get("language") or ""),
        published=min(times),
        updated=max(times),
        pictures=[Shown(media[one["media"]], one.get("alt", "")) for one in pictures if one["media"] in media],
        places=[(one.channel.get_platform_display(), one.remote_url) for one in out if one.remote_url],
    )


def _text(delivery: Delivery) -> str:
    """All of its parts: a thread is one text here."""
    return "\n\n".join([str(delivery.payload.get("text", "")), *(delivery.payload.get("parts") or ())])


def picture(key: uuid.UUID) -> Media | None:
    """A picture of something that is out; None for every other."""
    out = Placement.objects.filter(post__pictures__media__key=key, delivery__state="published")
    for placement in out.select_related("delivery", "post"):
        payload = placement.delivery.payload if placement.delivery else {}
        named = {one["media"] for one in payload.get("pictures") or ()}
        if str(key) in named and placement.post.dropped_at is None:
            return Media.objects.filter(key=key, state="ready").first()
    return None


def feed(rows: Sequence[Entry], town: Town, here: str, picture_at: str) -> bytes:
    """The feed as Atom. `here` is its own address, `picture_at` that of a picture with `{key}` in it."""
    root = Element("feed", {"xmlns": ATOM})
    _put(root, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'news of {town.name}')}")
    _put(root, "title", f"News from {town.name}")
    _put(root, "updated", _iso(max((one.updated for one in rows), default=None)))
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    _put(SubElement(root, "author"), "name", town.name)
    for one in rows:
        _add(root, one, picture_at)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8")


def _add(root: Element, one: Entry, picture_at: str) -> None:
    entry = SubElement(root, "entry", {"xml:lang": one.language} if one.language else {})
    _put(entry, "id", f"urn:uuid:{one.post.key}")
    _put(entry, "title", " ".join((one.text.strip().splitlines() or [""])[0].split())[:120] or "Post")
    _put(entry, "published", _iso(one.published))
    _put(entry, "updated", _iso(one.updated))
    if one.link or one.places:
        SubElement(entry, "link", {"rel": "alternate", "href": one.link or one.places[0][1]})
    for shown in one.pictures:
        where = picture_at.format(key=shown.media.key)
        facts = {"type": shown.media.mime, "length": str(shown.media.bytes), "title": _fit(shown.alt)}
        SubElement(entry, "link", {"rel": "enclosure", "href": where, **facts})
    _put(entry, "content", _content(one, picture_at), type="html")


def _content(one: Entry, picture_at: str) -> str:
    """What the entry shows: words, link, pictures with their alt text, and where else it can be seen and answered."""
    said = [f"<p>{_linked(part)}</p>" for part in re.split(r"\n{2,}", one.text.strip()) if part.strip()]
    if one.link and one.link not in one.text:
        said.append(f"<p>{_linked(one.link)}</p>")
    for shown in one.pictures:
        where = escape(picture_at.format(key=shown.media.key))
        size = f'width="{shown.media.width}" height="{shown.media.height}"'
        said.append(f'<p><img src="{where}" alt="{escape(shown.alt)}" {size}></p>')
    if one.places:
        links = ", ".join(f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in one.places)
        said.append(f"<p>Also on {links}.</p>")
    return "".join(said)


def _linked(text: str) -> str:
    pieces, at = [], 0
    for hit in LINK.finditer(text):
        pieces += [escape(text[at : hit.start()]), f'<a href="{escape(hit[0])}">{escape(hit[0])}</a>']
        at = hit.end()
    return "".join([*pieces, escape(text[at:])]).replace("\n", "<br>")


def _put(above: Element, name: str, text: str, **facts: str) -> None:
    SubElement(above, name, facts).text = _fit(text)


def _fit(text: str) -> str:
    return UNFIT.sub("", text)


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else "1970-01-01T00:00:00+00:00"
