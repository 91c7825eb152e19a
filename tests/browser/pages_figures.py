"""The pages of figures of a time; read with `pages`."""

from __future__ import annotations

from tests.browser.questions import CAMPAIGN, CHANNEL, OBJECTIVE
from tests.browser.visiting import Page, keyed

FIGURES: dict[str, list[Page]] = {
    "figures:overview": [Page("manager", query="?by=month", phone=True), Page()],
    "figures:channel": [keyed(CHANNEL, "manager", phone=True)],
    "figures:campaign": [keyed(CAMPAIGN, "manager")],
    "figures:objective": [keyed(OBJECTIVE, "manager", phone=True)],
    "figures:resonance": [Page("manager", phone=True), Page(query="?weeks=26&rank=rate")],
    "figures:case": [Page("manager", query="?by=month", phone=True)],
}
TABLES = {
    f"figures:{name}": "a table for a spreadsheet"
    for name in ("table", "series", "resonance-table", "resonance-rows", "case-table")
}
