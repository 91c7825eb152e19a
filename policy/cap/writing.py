"""An alert as XML, its elements in the order of the standard's schema."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as Tree  # only made here; what comes from outside is read by defusedxml

from policy.cap.alerts import NAMESPACE, Alert, Area, Info


def write(alert: Alert) -> bytes:
    """The document in UTF-8, with its declaration."""
    Tree.register_namespace("", NAMESPACE)
    root = Tree.Element(_name("alert"))
    _add(
        root,
        [
            ("identifier", alert.identifier),
            ("sender", alert.sender),
            ("sent", alert.sent),
            ("status", alert.status),
            ("msgType", alert.msg_type),
            ("source", alert.source),
            ("scope", alert.scope),
            ("restriction", alert.restriction),
            ("addresses", alert.addresses),
            *(("code", code) for code in alert.codes),
            ("note", alert.note),
            ("references", " ".join(map(str, alert.references))),
            ("incidents", alert.incidents),
        ],
    )
    for info in alert.infos:
        _info(Tree.SubElement(root, _name("info")), info)
    Tree.indent(root)
    document: bytes = Tree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"


def _info(into: Tree.Element, info: Info) -> None:
    _add(
        into,
        [
            ("language", info.language),
            *(("category", one) for one in info.category),
            ("event", info.event),
            *(("responseType", one) for one in info.response_type),
            ("urgency", info.urgency),
            ("severity", info.severity),
            ("certainty", info.certainty),
            ("audience", info.audience),
        ],
    )
    _pairs(into, "eventCode", info.event_codes)
    _add(
        into,
        [
            ("effective", info.effective),
            ("onset", info.onset),
            ("expires", info.expires),
            ("senderName", info.sender_name),
            ("headline", info.headline),
            ("description", info.description),
            ("instruction", info.instruction),
            ("web", info.web),
            ("contact", info.contact),
        ],
    )
    _pairs(into, "parameter", info.parameters)
    for area in info.areas:
        _area(Tree.SubElement(into, _name("area")), area)


def _area(into: Tree.Element, area: Area) -> None:
    _add(into, [("areaDesc", area.area_desc), *(("polygon", one) for one in area.polygons)])
    _add(into, [("circle", one) for one in area.circles])
    _pairs(into, "geocode", area.geocodes)
    _add(into, [("altitude", area.altitude), ("ceiling", area.ceiling)])


def _pairs(into: Tree.Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for key, value in pairs:
        _add(Tree.SubElement(into, _name(name)), [("valueName", key), ("value", value)])


def _add(into: Tree.Element, rows: Iterable[tuple[str, str]]) -> None:
    for name, value in rows:
        if value:
            Tree.SubElement(into, _name(name)).text = value


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
