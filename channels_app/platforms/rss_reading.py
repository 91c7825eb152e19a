"""RSS 2.0, RSS 1.0 and Atom as one list of items. What cannot be read is said in a sentence for whoever keeps the feed.

XML is parsed without document types and entities of its own, which nothing in a feed needs and an attack would.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from channels_app.platforms import plaintext
from channels_app.platforms.base import Account, Incoming

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DATE = "{http://purl.org/dc/elements/1.1/}date"
RSS_1 = "{http://purl.org/rss/1.0/}"
ROOTS = {"rss", f"{ATOM}feed", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"}
PAGE = re.compile(rb"<!doctype html|<html[\s>]", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-z][^<>]*>|&#?\w+;", re.IGNORECASE)
MOST_ITEMS, MOST_TEXT, LONGEST_ID = 200, 5000, 120


class Broken(Exception):
    """Not a feed that can be read; the text is a sentence for staff."""


@dataclass(frozen=True)
class Item:
    """One entry of a feed."""

    remote_id: str
    title: str
    text: str
    url: str
    at: datetime
    edited_at: datetime | None = None
    pictures: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Read:
    """A feed: what it is called, which page it belongs to, and its items, newest first."""

    title: str
    url: str
    items: Sequence[Item] = field(default_factory=tuple)


def read(data: bytes, mime: str, address: str) -> Read:
    """Raises Broken."""
    root = _parsed(data, address)
    atom = root.tag.startswith(ATOM)
    top = root if atom else next((one for one in root if one.tag in {"channel", f"{RSS_1}channel"}), None)
    if top is None:
        raise Broken("This feed has no channel in it, so nothing can be read.")
    items = list(_atom(root, address) if atom else _rss([*root, *top], address))
    items.sort(key=lambda one: one.at, reverse=True)
    links = _links(top).get("alternate", "") if atom else _text(top, "link", f"{RSS_1}link")
    url = urljoin(address, links)
    return Read(_plain(_text(top, f"{ATOM}title", "title", f"{RSS_1}title"))[:120], url, items[:MOST_ITEMS])


def _parsed(data: bytes, address: str) -> Element:
    if not data.strip():
        raise Broken("There is nothing at this address: the server sent an empty page.")
    try:
        root: Element = ElementTree.fromstring(data.lstrip(), forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as fault:
        if PAGE.search(data[:2000]):
            raise Broken(_no_feed(data, address)) from None
        if isinstance(fault, DefusedXmlException):
            raise Broken("This feed brings a document type of its own, which Parley does not open.") from None
        where = f" (line {fault.position[0]})" if isinstance(fault, ParseError) else ""
        raise Broken(f"This feed is damaged and cannot be read{where}. Whoever keeps it can mend it.") from None
    if root.tag.rpartition("}")[2].lower() == "html":
        raise Broken(_no_feed(data, address))
    if root.tag not in ROOTS:
        raise Broken("What is at this address is neither RSS nor Atom.")
    return root


def _no_feed(data: bytes, address: str) -> str:
    named = _Named()
    named.feed(data[:200_000].decode("utf-8", "replace"))
    words = "This is a web page, not its feed."
    return f"{words} It names this feed: {urljoin(address, named.found)[:150]}" if named.found else words


class _Named(HTMLParser):
    """Finds the feed a page names in its head."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kinds = {"application/rss+xml", "application/atom+xml"}
        if tag == "link" and not self.found and given.get("rel") == "alternate" and given.get("type") in kinds:
            self.found = given.get("href", "")


def _rss(rows: Sequence[Element], address: str) -> Iterator[Item]:
    for row in rows:
        if row.tag not in {"item", f"{RSS_1}item"}:
            continue
        link = urljoin(address, _text(row, "link", f"{RSS_1}link").strip())
        guid, title = _text(row, "guid").strip(), _plain(_text(row, "title", f"{RSS_1}title"))
        body = _text(row, CONTENT) or _text(row, "description", f"{RSS_1}description")
        at = moment(_text(row, "pubDate", DATE))
        if at is not None:
            name = identity(guid or link or f"{title}/{at.isoformat()}")
            shown = [*_enclosed(row.findall("enclosure"), "url"), *plaintext.pictures(body)]
            yield Item(name, title, _body(body), link or guid, at, pictures=_seen(shown, address))


def _atom(root: Element, address: str) -> Iterator[Item]:
    for row in root.findall(f"{ATOM}entry"):
        links = _links(row)
        link = urljoin(address, links.get("alternate", ""))
        updated = moment(_text(row, f"{ATOM}updated"))
        at = moment(_text(row, f"{ATOM}published")) or updated
        body = _content(row)
        if at is not None:
            name = identity(_text(row, f"{ATOM}id").strip() or link)
            enclosed = [one for one in row.findall(f"{ATOM}link") if one.get("rel") == "enclosure"]
            shown = [*_enclosed(enclosed, "href"), *plaintext.pictures(body)]
            edited = updated if updated and updated > at else None
            title = _plain(_text(row, f"{ATOM}title"))
            yield Item(name, title, _body(body), link, at, edited, _seen(shown, address))


def _content(row: Element) -> str:
    """Atom may hold markup as text, or as elements of its own."""
    for name in ("content", "summary"):
        found = row.find(ATOM + name)
        if found is not None:
            if found.get("type") == "xhtml":
                for one in found.iter():
                    one.tag = one.tag.rpartition("}")[2]
                return str(ElementTree.tostring(found, encoding="unicode"))
            return found.text or ""
    return ""


def _links(row: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in row.findall(f"{ATOM}link"):
        found.setdefault(one.get("rel") or "alternate", one.get("href") or "")
    return found


def _enclosed(rows: Sequence[Element], where: str) -> list[Mapping[str, str]]:
    found = [one for one in rows if (one.get("type") or "").startswith("image/") and one.get(where)]
    return [{"url": str(one.get(where)), "alt": one.get("title") or ""} for one in found]


def _seen(pictures: Sequence[Mapping[str, str]], address: str) -> list[Mapping[str, str]]:
    """Each picture once; one that is enclosed and shown keeps the words it is shown with."""
    found: dict[str, str] = {}
    for one in pictures:
        url = urljoin(address, one["url"])
        found[url] = one["alt"] or found.get(url, "")
    return [{"url": url, "alt": alt} for url, alt in found.items()]


def identity(told: str) -> str:
    """The feed's own name for an item, or what stands for one too long to keep."""
    return told if len(told) <= LONGEST_ID else f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def moment(told: str) -> datetime | None:
    """A date as RSS (RFC 822) or Atom (ISO 8601) writes it; without a zone it is UTC. None for what is neither."""
    told = told.strip()
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = reader(told)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _text(row: Element, *names: str) -> str:
    for name in names:
        found = row.findtext(name)
        if found and found.strip():
            return found
    return ""


def _plain(told: str) -> str:
    return " ".join(plaintext.from_html(told).split())


def _body(markup: str) -> str:
    """Words; a body without any markup keeps its own lines."""
    return (plaintext.from_page(markup) if MARKUP.search(markup) else markup.strip())[:MOST_TEXT]


def item(account: Account, one: Item) -> Incoming:
    """The title stands above the words, as on the page."""
    raw: dict[str, Any] = {"id": one.remote_id, "title": one.title, "text": one.text, "link": one.url}
    return Incoming(
        kind="post",
        remote_id=one.remote_id,
        thread_key=one.remote_id,
        parent_id="",
        root_id="",
        author_id=account.remote_id,
        author_handle=account.handle,
        author_name="",
        text="\n\n".join(part for part in (one.title, one.text) if part),
        at=one.at,
        url=one.url,
        edited_at=one.edited_at,
        pictures=one.pictures,
        raw=raw | {"at": one.at.isoformat()},
    )
