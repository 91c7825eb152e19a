"""Pages of what people gather by hand, for axe: samples, campaigns, paid register, audience cards; acts of the room."""

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
# Acts of the whole room: posted, then led on.
ACTS = {
    "measures:settle-cost", "reports:sign-report", "reports:decide-change", "reports:review-change",
    "measures:draw-sample", "measures:take-back-reading", "measures:finish-sample", "measures:drop-sample",
    "measures:write-down-count", "measures:note-recall", "measures:take-back-recall", "measures:permit-paid",
    "measures:start-paid", "measures:end-paid", "measures:drop-paid", "measures:add-paid", "measures:take-back-paid",
    "measures:claim", "measures:withdraw-claim", "measures:take-outside", "measures:set-up-outside",
    "measures:bring-in-outside", "measures:take-back-outside", "measures:discard-outside",
}  # fmt: skip
