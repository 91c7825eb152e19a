"""The pages of objectives, measures, reports and figures of a time; read with `pages`."""

from __future__ import annotations

from tests.browser.questions import CAMPAIGN, CHANNEL, OBJECTIVE, OUTSIDE, OUTSIDE_MADE, REPORT
from tests.browser.visiting import Page, keyed

FIGURES: dict[str, list[Page]] = {
    "measures:objectives": [Page("manager", phone=True), Page()],
    "measures:new-objective": [Page("manager")],
    "measures:objective": [keyed(OBJECTIVE, "manager", phone=True)],
    "reports:changes": [Page("manager", phone=True), Page()],
    "reports:all": [Page("manager", phone=True), Page(), Page("officer of one channel", phone=True)],
    "reports:report": [Page("manager", (("week", REPORT),), phone=True), Page(keys=(("week", REPORT),))],
    "measures:measures": [Page("manager", phone=True)],
    "measures:figure": [Page("manager", (("name", "within_promise"),), phone=True)],
    "measures:coverage": [Page("manager", phone=True), Page(query="?objective=none")],
    "measures:costs": [Page("manager", phone=True), Page()],
    "measures:outside": [Page("manager", phone=True), Page()],
    "measures:outside-file": [keyed(OUTSIDE, "manager", phone=True), keyed(OUTSIDE_MADE, "manager")],
    "measures:outside-figures": [Page("manager", (("kind", "contacts"),), phone=True)],
    "measures:set-objective": [keyed(OBJECTIVE, "manager")],
    "figures:overview": [Page("manager", query="?by=month", phone=True), Page()],
    "figures:channel": [keyed(CHANNEL, "manager", phone=True)],
    "figures:campaign": [keyed(CAMPAIGN, "manager")],
    "figures:objective": [keyed(OBJECTIVE, "manager", phone=True)],
    "figures:resonance": [Page("manager", phone=True), Page(query="?weeks=26&rank=rate")],
    "figures:case": [Page("manager", query="?by=month", phone=True)],
}
TABLES = {
    "measures:objective-weeks": "a table for a spreadsheet",
    "reports:report-table": "a table for a spreadsheet",
    "reports:report-paper": "a PDF",
    "measures:figure-rows": "a table for a spreadsheet",
    "measures:outside-figures-table": "a table for a spreadsheet",
} | {
    f"figures:{name}": "a table for a spreadsheet"
    for name in ("table", "series", "resonance-table", "resonance-rows", "case-table")
}
