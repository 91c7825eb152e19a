"""An alert, its texts and its areas as values; every field is named as in the standard, in our spelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health"),
    *("Env", "Transport", "Infra", "CBRNE", "Other"),
)
RESPONSE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


class Reference(NamedTuple):
    """Another alert, as `references` names it."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return ",".join(self)


@dataclass(frozen=True)
class Area:
    """Where: a description, polygons as "lat,lon lat,lon …", circles as "lat,lon radius" in kilometres."""

    area_desc: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()
    altitude: str = ""
    ceiling: str = ""


@dataclass(frozen=True)
class Info:
    """What an alert says in one language."""

    event: str
    category: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: str = "Unknown"
    certainty: str = "Unknown"
    language: str = "en-US"
    response_type: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Alert:
    """One message. `unknown` names elements that were read and that the standard does not have where they stood."""

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    scope: str = "Public"
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def reference(self) -> Reference:
        """How a later alert names this one."""
        return Reference(self.sender, self.identifier, self.sent)


def stamp(moment: datetime, zone: str) -> str:
    """A moment as the standard writes it: to the second, with the offset in digits; UTC itself is -00:00."""
    local = moment.astimezone(ZoneInfo(zone)).replace(microsecond=0)
    words = local.isoformat()
    return f"{words[:-6]}-00:00" if words.endswith("+00:00") else words
