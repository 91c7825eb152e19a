"""Pages of what people gather by hand, for axe: samples, campaigns, the paid register, audience cards, reputation."""

from __future__ import annotations

from tests.browser.questions import AUDIENCE, CAMPAIGN, PAID, PAID_RUNNING, SAMPLE, SAMPLE_DONE
from tests.browser.visiting import Page, keyed

GATHERED: dict[str, list[Page]] = {
    "measures:samples": [Page("manager", phone=True), Page()],
    "measures:sample": [keyed(SAMPLE, "manager", phone=True), keyed(SAMPLE_DONE, "manager", phone=True)],
    "measures:read-sample": [keyed(SAMPLE, "officer", phone=True)],
    "measures:effects": [Page("manager")],
    "measures:effect": [keyed(CAMPAIGN, "manager", phone=True)],
    "measures:set-goal": [keyed(CAMPAIGN, "manager")],
    "measures:paid": [Page("manager", phone=True), Page()],
    "measures:new-paid": [Page("manager")],
    "measures:paid-one": [keyed(PAID, "manager", phone=True), keyed(PAID_RUNNING, "manager", phone=True)],
    "measures:change-paid": [keyed(PAID, "manager")],
    "measures:audience-cards": [Page("manager")],
    "measures:audience-card": [keyed(AUDIENCE, "manager", phone=True)],
    "reports:reputation": [Page("manager", phone=True)],
}
TABLES = {
    "measures:sample-table": "a table for a spreadsheet",
    "measures:effect-weeks": "a table for a spreadsheet",
    "measures:paid-table": "a table for a spreadsheet",
    "reports:reputation-table": "a table for a spreadsheet",
}
