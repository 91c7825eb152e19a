"""Reading what others send: one alert, or a feed that links to some. No DTD, no entities, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from policy.cap.alerts import MSG_TYPE, NAMESPACE, SCOPE, STATUS, Alert, Area, Info, Reference

MOST_BYTES = 1_000_000
MOST_INFOS = 20
SINGLE = ("identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "note")
HEAD = frozenset({*SINGLE, "code", "references", "incidents", "info"})
INFO = frozenset(
    {
        *("language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience", "eventCode"),
        *("effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact"),
        *("parameter", "resource", "area"),
    }
)
AREA = frozenset({"areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"})


class CannotRead(ValueError):
    """What was sent is no alert Parley can take; the text is a sentence for staff."""


def is_alert(raw: bytes) -> bool:
    """Whether the document's outermost element is an alert, of whatever version."""
    return _local(_root(raw)) == "alert"


def read(raw: bytes) -> Alert:
    """The alert. Raises CannotRead where it is none, or lacks what makes one; see `problems` for the finer rules."""
    root = _root(raw)
    if _local(root) != "alert":
        raise CannotRead("This is not a CAP alert.")
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise CannotRead("This is an alert in another version; Parley reads CAP 1.2.")
    alert = _alert(root)
    for name, value, allowed in (
        ("status", alert.status, STATUS),
        ("msgType", alert.msg_type, MSG_TYPE),
        ("scope", alert.scope, SCOPE),
    ):
        if value not in allowed:
            raise CannotRead(f"Its {name} is {value!r}, which the standard does not know.")
    if not (alert.identifier and alert.sender and alert.sent):
        raise CannotRead("It lacks its identifier, its sender or the time it was sent.")
    return alert


def feed_links(raw: bytes) -> list[str]:
    """The addresses an Atom or RSS feed links to, in its order."""
    root = _root(raw)
    found = []
    for one in root.iter():
        if _local(one) == "link":
            found.append((one.get("href") or one.text or "").strip())
    return [link for link in dict.fromkeys(found) if link.startswith("https://")]


def _root(raw: bytes) -> Element:
    if len(raw) > MOST_BYTES:
        raise CannotRead("It is larger than any alert.")
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise CannotRead("It declares a document type or entities, which an alert never needs.") from None
    except (ParseError, ValueError, LookupError):
        raise CannotRead("It is not XML, or was cut off.") from None
    return root


def _alert(root: Element) -> Alert:
    infos = [one for one in root if _local(one) == "info"]
    if len(infos) > MOST_INFOS:
        raise CannotRead(f"It has more than {MOST_INFOS} parts.")
    return Alert(
        identifier=_text(root, "identifier"),
        sender=_text(root, "sender"),
        sent=_text(root, "sent"),
        status=_text(root, "status"),
        msg_type=_text(root, "msgType"),
        scope=_text(root, "scope"),
        source=_text(root, "source"),
        restriction=_text(root, "restriction"),
        addresses=_text(root, "addresses"),
        codes=_texts(root, "code"),
        note=_text(root, "note"),
        references=tuple(_reference(words) for words in _text(root, "references").split()),
        incidents=_text(root, "incidents"),
        infos=tuple(_info(one) for one in infos),
        unknown=tuple(_unknown(root)),
    )


def _info(root: Element) -> Info:
    texts: dict[str, Any] = {
        ours: _text(root, theirs)
        for ours, theirs in (
            *(("event", "event"), ("urgency", "urgency"), ("severity", "severity"), ("certainty", "certainty")),
            *(("audience", "audience"), ("effective", "effective"), ("onset", "onset"), ("expires", "expires")),
            *(("sender_name", "senderName"), ("headline", "headline"), ("description", "description")),
            *(("instruction", "instruction"), ("web", "web"), ("contact", "contact")),
        )
    }
    return Info(
        **texts,
        language=_text(root, "language") or "en-US",
        category=_texts(root, "category"),
        response_type=_texts(root, "responseType"),
        event_codes=_pairs(root, "eventCode"),
        parameters=_pairs(root, "parameter"),
        areas=tuple(_area(one) for one in root if _local(one) == "area"),
    )


def _area(root: Element) -> Area:
    return Area(
        area_desc=_text(root, "areaDesc"),
        polygons=_texts(root, "polygon"),
        circles=_texts(root, "circle"),
        geocodes=_pairs(root, "geocode"),
        altitude=_text(root, "altitude"),
        ceiling=_text(root, "ceiling"),
    )


def _unknown(root: Element) -> Iterable[str]:
    """Elements of the standard's own namespace it does not have, and those there once too often."""
    seen: set[str] = set()
    for one in root:
        if not str(one.tag).startswith(f"{{{NAMESPACE}}}"):
            continue  # a signature, for one
        name = _local(one)
        if name not in HEAD or (name in SINGLE and name in seen):
            yield name
        seen.add(name)
        if name == "info":
            yield from (_local(inner) for inner in one if _local(inner) not in INFO)
            areas = (inner for inner in one if _local(inner) == "area")
            yield from (_local(part) for area in areas for part in area if _local(part) not in AREA)


def _reference(words: str) -> Reference:
    sender, _, rest = words.partition(",")
    identifier, _, sent = rest.partition(",")
    return Reference(sender, identifier, sent)


def _pairs(root: Element, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((_text(one, "valueName"), _text(one, "value")) for one in root if _local(one) == name)


def _text(root: Element, name: str) -> str:
    return next(iter(_texts(root, name)), "")


def _texts(root: Element, name: str) -> tuple[str, ...]:
    tag = f"{{{NAMESPACE}}}{name}"
    return tuple(" ".join((one.text or "").split()) for one in root if one.tag == tag)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
