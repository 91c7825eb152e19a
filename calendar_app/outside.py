"""Alerts to and from other systems: our messages as CAP 1.2, theirs as drafts that somebody reads and sends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from calendar_app.alerting import Draft
from calendar_app.models import EmergencyMessage, OutsideAlert
from channels_app.platforms import http
from policy import cap, hazards
from policy.cap import Alert, Area, CannotRead, Info, Reference
from policy.models import EmergencyPlan, ModeSpan

MOST_LINKS = 10
LASTS = timedelta(hours=24)
TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel"}
KINDS = {"Alert": "alert", "Update": "update", "Cancel": "cancel"}
PRACTISED = ("Exercise", "Test", "System", "Draft")
# Which template fits an alert from elsewhere: words of its event, then its category.
SIGNS = {
    "flood": "flood",
    "fire": "fire",
    "smoke": "fire",
    "storm": "storm",
    "wind": "storm",
    "tornado": "storm",
    "heat": "heat",
    "snow": "snow",
    "ice": "snow",
    "water": "water",
    "power": "power",
    "gas": "gas",
    "evacuat": "evacuation",
    "missing": "missing",
    "amber": "missing",
    "road": "road",
    "disorder": "disorder",
    "health": "health",
}


def sender() -> str:
    """How our alerts name us: what the plan says, else the desk's own address, without what the standard forbids."""
    plan, town = EmergencyPlan.here(), Town.here()
    host = settings.PUBLIC_URL.removeprefix("https://").strip("/") or "parley.invalid"
    words = plan.sender or f"{town.name}@{host}"
    return re.sub(r"[\s,<&]+", "-", words.strip().lower())


def reference(message: EmergencyMessage) -> Reference:
    town = Town.here()
    sent = cap.stamp(message.sent_at or message.created_at, town.zone)
    return Reference(sender(), f"parley-{message.key}", sent)


def as_alert(message: EmergencyMessage) -> Alert:
    """One of our messages as the standard has it. In practice, and in an exercise, its status is Exercise."""
    mine = reference(message)
    practised = message.exercise or settings.PRACTICE
    earlier: list[Reference] = []
    before = message.replaces
    while before is not None:
        earlier.append(reference(before))
        before = before.replaces
    kind = TYPES[message.kind] if earlier or message.kind == "alert" else "Alert"
    draft = message.state in {"draft", "dropped"}
    return Alert(
        identifier=mine.identifier,
        sender=mine.sender,
        sent=mine.sent,
        status="Draft" if draft else "Exercise" if practised else "Actual",
        msg_type=kind,
        note="Only practised; there is no danger." if practised else "",
        references=tuple(earlier),
        infos=tuple(_infos(message)),
    )


def _infos(message: EmergencyMessage) -> Sequence[Info]:
    ours = {name: getattr(message, name) for name in (*hazards.PARTS, "not_for")}
    found = [_info(message, message.language, ours)]
    return [*found, _info(message, message.second_language, message.other)] if message.second_language else found


def _info(message: EmergencyMessage, tag: str, parts: dict[str, str]) -> Info:
    town = Town.here()
    title = hazards.language(tag).template(message.hazard)["title"]
    category, response, *_ = hazards.MARKS[message.hazard]
    at = message.sent_at or message.created_at
    area = message.area
    return Info(
        event=title,
        category=(category,),
        urgency=message.urgency,
        severity=message.severity,
        certainty=message.certainty,
        language=tag,
        response_type=("AllClear" if message.kind == "cancel" else response,),
        effective=cap.stamp(at, town.zone),
        expires=cap.stamp(max(message.next_update_at or at, at) + LASTS, town.zone),
        sender_name=parts.get("source", ""),
        headline=f"{title}: {parts.get('place', '')}"[:160],
        description=parts.get("hazard_words", ""),
        instruction=" ".join(filter(None, (parts.get("action", ""), parts.get("time", "")))),
        web=message.more_url,
        contact=EmergencyPlan.here().number,
        areas=(Area(parts.get("place", ""), tuple(area.get("polygons", ())), tuple(area.get("circles", ()))),),
    )


@transaction.atomic
def take(raw: bytes, came_from: str, *, by: User, now: datetime) -> OutsideAlert:
    """Keep an alert from elsewhere as it came. Raises Invalid for what is none; taking it twice is taking it once."""
    try:
        alert = cap.read(raw)
    except CannotRead as problem:
        raise Invalid(str(problem), next_step="Nothing was taken.") from None
    if alert.msg_type in {"Ack", "Error"}:
        raise Invalid("This is an answer between two systems, not a warning.", next_step="Nothing was taken.")
    facts = {
        "sent_at": _moment(alert.sent),
        "status": alert.status,
        "msg_type": alert.msg_type,
        "headline": _headline(alert)[:300],
        "references": [list(one) for one in alert.references],
        "whole": asdict(alert) | {"problems": cap.problems(alert)},
        "raw": raw.decode("utf-8", "replace").replace("\x00", ""),
        "came_from": came_from[:300],
        "at": now,
        "by": by,
    }
    row, new = OutsideAlert.objects.get_or_create(
        sender=alert.sender[:300], identifier=alert.identifier[:300], sent=alert.sent[:40], defaults=facts
    )
    if new:
        audit.record("took_alert", row, by=by, now=now, sender=row.sender, status=row.status, came_from=came_from)
    return row


def fetch(url: str, *, by: User, now: datetime) -> list[OutsideAlert]:
    """Take what an address holds: one alert, or those a feed links to. Only by the guarded way out."""
    raw = _get(url)
    if not raw.lstrip().startswith(b"<"):
        raise Invalid("There is no alert and no feed at this address.")
    try:
        links = [] if cap.is_alert(raw) else cap.feed_links(raw)
    except CannotRead as problem:
        raise Invalid(str(problem), next_step="Nothing was taken.") from None
    if cap.is_alert(raw):
        return [take(raw, url, by=by, now=now)]
    taken, refused = [], ""
    for link in links[:MOST_LINKS]:
        try:
            taken.append(take(_get(link), link, by=by, now=now))
        except Invalid as problem:
            refused = problem.words
    if not taken:
        raise Invalid(refused or "The feed holds no alert.", next_step="Nothing was taken.")
    return taken


def _get(url: str) -> bytes:
    try:
        answer = http.get_public(url)
    except (http.NotSent, http.Cut) as problem:
        raise Invalid(str(problem), next_step="Nothing was taken. You can upload the alert as a file.") from None
    if answer.status_code != 200:
        raise Invalid(f"The server answered {answer.status_code}.", next_step="Nothing was taken.")
    return answer.content


def may_be_used(alert: OutsideAlert, span: ModeSpan | None) -> str:
    """Why a draft may not be made of it now; empty when it may."""
    if alert.status in PRACTISED and not (span and span.exercise):
        return f"Its status is {alert.status}: it can be used in an exercise only."
    return ""


def as_draft(alert: OutsideAlert) -> Draft:
    """The alert as our form has it: a person reads, mends and sends it, or does not."""
    infos: list[dict[str, Any]] = alert.whole.get("infos", [])
    english = [one for one in infos if str(one.get("language", "")).lower().startswith("en")]
    info = (english or infos or [{}])[0]
    areas = info.get("areas", [])
    kind = KINDS.get(alert.msg_type, "alert")
    parts = {
        "hazard_words": (info.get("description") or info.get("event", ""))[:300],
        "place": ", ".join(one["area_desc"] for one in areas)[:200],
        "action": info.get("instruction", "")[:300],
        "time": "",
        "source": (info.get("sender_name") or alert.sender)[:120],
        "not_for": "",
    }
    return Draft(
        hazard="clear" if kind == "cancel" else hazard_of(info),
        kind=kind,
        parts=parts,
        more_url=info.get("web", "") if str(info.get("web", "")).startswith("https://") else "",
        area={
            "polygons": [words for one in areas for words in one["polygons"]],
            "circles": [words for one in areas for words in one["circles"]],
        },
        marks=(info.get("urgency", "Unknown"), info.get("severity", "Unknown"), info.get("certainty", "Unknown")),
    )


def hazard_of(info: dict[str, Any]) -> str:
    """The template nearest to what an alert from elsewhere is about."""
    words = f"{info.get('event', '')} {info.get('headline', '')}".lower()
    for sign, hazard in SIGNS.items():
        if sign in words:
            return hazard
    categories = info.get("category", ())
    return next((name for name, marks in hazards.MARKS.items() if marks[0] in categories), "health")


def _headline(alert: Alert) -> str:
    info = alert.infos[0] if alert.infos else None
    return (info.headline or info.event) if info else alert.note or alert.identifier


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise Invalid("The time it was sent cannot be read.", next_step="Nothing was taken.") from None
    if moment.tzinfo is None:
        raise Invalid("The time it was sent has no zone.", next_step="Nothing was taken.")
    return moment
