"""Requests that the law deals with, whatever the channel: their kinds, the words that show them, and their deadlines.

Words and deadlines are the pack's. Words only suggest; a person says whether it is one. Where a pack has no number for
a kind, there is no day to show, and its own words say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from policy import pack_rules, packs
from policy.pack_rules import Rule

KINDS: Mapping[str, str] = {
    "safeguarding": "Safeguarding",
    "subject_access": "Subject access request",
    "erasure": "Erasure request",
    "information": "Information request",
    "complaint": "Formal complaint",
    "claim": "Claim",
    "language": "Request for a language",
}
CLOCKS: Mapping[str, tuple[str, ...]] = {"erasure": ("erasure", "subject_access")}  # one law, one deadline
POSTURES: Mapping[str, str] = {"information": "records_request", "erasure": "delete_request"}
AT_ONCE = frozenset({"safeguarding"})  # handed on before anything else is done
THANKS = "Thank you, we have your message."
PRIVATELY = "Please write to us privately, so that nothing about you is discussed here."
RECEIPTS: Mapping[str, str] = {
    "information": "Thank you. We have your request for information{by}. Please send us your name and how to reach you "
    "in a private message.",
    "subject_access": f"Thank you. We have your request for the data about you{{by}}. {PRIVATELY}",
    "erasure": f"Thank you. We have your request about your data{{by}}. {PRIVATELY}",
    "complaint": "Thank you for telling us. We take this as a formal complaint{by}. Please send us how to reach you "
    "in a private message.",
    "claim": "Thank you. We have given this to our officer for claims{by}. Please send us the details "
    "in a private message.",
    "safeguarding": f"{THANKS} If anybody is in danger now, please call {{emergency}}. We write to you privately.",
    "language": f"{THANKS} We answer you in the language you asked for.",
}


@lru_cache
def words(pack: str) -> Mapping[str, tuple[str, ...]]:
    """The words that show each kind under this pack, in the order in which kinds are looked for."""
    everywhere, here = packs.read("none").requests, packs.read(pack).requests
    own = here if packs.read(pack).key != "none" else {}
    return {kind: (*everywhere.get(kind, ()), *own.get(kind, ())) for kind in KINDS}


def clock(pack: str, kind: str, on: date) -> Rule | None:
    """The pack's deadline for this kind as the law stood that day; None where it has none."""
    found = (pack_rules.rule(pack, "clock", key, on) for key in CLOCKS.get(kind, (kind,)))
    return next((one for one in found if one), None)


def due_on(pack: str, kind: str, received: date) -> date | None:
    """The last day to answer, by the pack's calendar; None where nothing says."""
    rule = clock(pack, kind, received)
    return pack_rules.due_on(rule, received) if rule else None


def advice(pack: str, kind: str, on: date) -> list[str]:
    """What the pack says to staff about it, in sentences."""
    rules = [clock(pack, kind, on), pack_rules.rule(pack, "posture", POSTURES.get(kind, ""), on)]
    return [one.words for one in rules if one]


def refusable(pack: str, kind: str, on: date) -> bool:
    """Whether it may lawfully be refused for coming by a comment; then the way that is open is pointed out."""
    return kind == "information" and pack_rules.stance(pack, "records_request", on) == "may_be_refused"


def receipt(pack: str, kind: str, received: date, *, contact: str = "", emergency: str = "") -> str:
    """A sentence that says we have it, for a person to send or to change."""
    if refusable(pack, kind, received):
        where = f" to {contact}" if contact else " in the way our website shows"
        return (
            f"Thank you. Requests for records cannot be taken in comments. Please send it{where}, and it is dealt with."
        )
    day = due_on(pack, kind, received)
    by = f" and answer by {day:%-d %B %Y}" if day else ""
    return RECEIPTS[kind].format(by=by, emergency=emergency or "the emergency number")
