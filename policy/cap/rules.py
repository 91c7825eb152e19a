"""The field rules of the standard's data dictionary, each as a sentence for whoever has to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from policy.cap.alerts import (
    CATEGORY,
    CERTAINTY,
    MSG_TYPE,
    RESPONSE,
    SCOPE,
    SEVERITY,
    STATUS,
    URGENCY,
    Alert,
    Area,
    Info,
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d[-+]\d\d:\d\d\Z")
NO_RESTRICTED = re.compile(r"[^\s,<&]+\Z")  # neither white space nor a comma, < or &
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
LONGEST_HEADLINE = 160


def problems(alert: Alert) -> list[str]:
    """Everything in which this alert does not follow CAP 1.2; empty when it does."""
    found = [*_head(alert), *_who_for(alert), *_references(alert)]
    for number, info in enumerate(alert.infos, 1):
        found += [f"info {number}: {words}" for words in (*_info(info), *_texts(info))]
    return [*found, *(f"{name} is not part of the standard there" for name in alert.unknown)]


def is_time(words: str) -> bool:
    return bool(TIME.match(words)) and not words.endswith("+00:00")


def _head(alert: Alert) -> Iterator[str]:
    for name, value in (("identifier", alert.identifier), ("sender", alert.sender)):
        if not value:
            yield f"{name} is missing"
        elif not NO_RESTRICTED.match(value):
            yield f"{name} holds a space, a comma, < or &"
    yield from _time("sent", alert.sent, needed=True)
    for name, value, allowed in (
        ("status", alert.status, STATUS),
        ("msgType", alert.msg_type, MSG_TYPE),
        ("scope", alert.scope, SCOPE),
    ):
        if value not in allowed:
            yield f"{name} is “{value}”; it is one of {', '.join(allowed)}"
    yield from (f"code “{one}” is empty" for one in alert.codes if not one.strip())


def _who_for(alert: Alert) -> Iterator[str]:
    if alert.scope == "Restricted" and not alert.restriction:
        yield "restriction is missing, and the scope is Restricted"
    if alert.restriction and alert.scope != "Restricted":
        yield "restriction is there, and the scope is not Restricted"
    if alert.scope == "Private" and not alert.addresses:
        yield "addresses is missing, and the scope is Private"
    if alert.msg_type in {"Alert", "Update"} and alert.status == "Actual" and not alert.infos:
        yield "there is no info: nobody learns what happens"
    if alert.msg_type == "Error" and not alert.note:
        yield "note is missing: an Error says what was wrong"


def _references(alert: Alert) -> Iterator[str]:
    if alert.msg_type in {"Update", "Cancel", "Ack", "Error"} and not alert.references:
        yield f"references is missing: it says which message this {alert.msg_type} is about"
    for one in alert.references:
        if not all(NO_RESTRICTED.match(part) for part in one) or not is_time(one.sent):
            yield f"the reference “{one}” is not sender,identifier,sent"


def _info(info: Info) -> Iterator[str]:
    if not info.event.strip():
        yield "event is missing"
    if not info.category:
        yield "category is missing"
    for name, values, allowed in (
        ("category", info.category, CATEGORY),
        ("responseType", info.response_type, RESPONSE),
        ("urgency", (info.urgency,), URGENCY),
        ("severity", (info.severity,), SEVERITY),
        ("certainty", (info.certainty,), CERTAINTY),
    ):
        yield from (
            f"{name} is “{value}”; it is one of {', '.join(allowed)}" for value in values if value not in allowed
        )
    if info.language and not LANGUAGE.match(info.language):
        yield f"language “{info.language}” is no language tag"
    for name, value in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        yield from _time(name, value)


def _texts(info: Info) -> Iterator[str]:
    if len(info.headline) > LONGEST_HEADLINE:
        yield f"headline has {len(info.headline)} characters; {LONGEST_HEADLINE} are as many as some devices show"
    if info.web:
        parts = urlsplit(info.web)
        if not parts.scheme or not parts.netloc:
            yield "web is not a full address"
    for name, pairs in (("eventCode", info.event_codes), ("parameter", info.parameters)):
        yield from (f"{name} needs a name and a value" for key, value in pairs if not key or not value)
    for area in info.areas:
        yield from _area(area)


def _area(area: Area) -> Iterator[str]:
    if not area.area_desc.strip():
        yield "areaDesc is missing"
    for polygon in area.polygons:
        yield from polygon_problems(polygon)
    for circle in area.circles:
        yield from circle_problems(circle)
    yield from ("geocode needs a name and a value" for key, value in area.geocodes if not key or not value)
    if area.ceiling and not area.altitude:
        yield "ceiling is there without altitude"
    for name, value in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        if value and not NUMBER.match(value):
            yield f"{name} is no number"


def polygon_problems(polygon: str) -> list[str]:
    """What is wrong with one polygon: at least four points, the last the same as the first."""
    points = polygon.split()
    if any(not is_point(point) for point in points):
        return ["a polygon is made of pairs such as 51.5,-0.12"]
    if len(points) < 4:
        return ["a polygon has at least four points"]
    return [] if points[0] == points[-1] else ["a polygon ends where it began"]


def circle_problems(circle: str) -> list[str]:
    point, _, radius = circle.strip().partition(" ")
    if is_point(point) and NUMBER.match(radius.strip()) and float(radius) >= 0:
        return []
    return ["a circle is a point and a radius in kilometres, such as 51.5,-0.12 2.5"]


def is_point(words: str) -> bool:
    """A pair of WGS 84 degrees, latitude first."""
    latitude, comma, longitude = words.partition(",")
    if not comma or not NUMBER.match(latitude) or not NUMBER.match(longitude):
        return False
    return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180


def _time(name: str, value: str, *, needed: bool = False) -> Iterator[str]:
    if not value:
        if needed:
            yield f"{name} is missing"
    elif not is_time(value):
        yield f"{name} is “{value}”; a time is 2026-11-22T14:30:00-07:00, and UTC is -00:00, never Z"
