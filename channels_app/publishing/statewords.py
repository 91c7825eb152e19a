"""What a page says about a delivery, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StateWords:
    """`label` is the state in words, `detail` why or what to do, `until` the moment a wait ends (the page knows the
    town's zone), `url` where it can be seen, `tone` one of calm, accent, good, warn, alarm, plain."""

    label: str
    detail: str = ""
    tone: str = "plain"
    url: str = ""
    until: datetime | None = None
