"""How much risk an answer has: tier 1 is a published fact, tier 3 touches law, money, safety or staff, 2 is the rest.

Only words decide, the answer's and those it answers, so the same words always have the same tier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

RISKS = {
    "law": (
        "solicitor", "lawyer", "attorney", "sue", "suing", "legal action", "legal advice", "in court", "to court",
        "tribunal", "ombudsman", "negligence", "negligent", "liable", "liability", "data breach", "human rights",
        "judicial review", "injunction",
    ),
    "money": ("compensation", "compensate", "refund", "damages", "insurance claim", "reimburse", "write off"),
    "safety": (
        "injured", "injury", "injuries", "died", "death", "dying", "suicide", "kill", "assault", "assaulted", "abuse",
        "abused", "safeguarding", "self-harm", "trapped",
    ),
    "staff": ("disciplinary", "sacked", "fired", "dismissed", "grievance", "whistleblower", "harassment", "bullying"),
    "a formal complaint": ("formal complaint", "formally complain", "freedom of information", "subject access"),
}  # fmt: skip
RISKY_RULES = frozenset({"V12", "V13", "V14"})
RISKY_LABELS = re.compile(r"complaint|legal|safeguarding|threat|abuse|statutory|claim", re.IGNORECASE)
FACT = re.compile(
    r"\b(?:open(?:s|ing)?|close[sd]?|collect(?:ed|ion)s?|bin day|hours|from \d|until \d|phone|call us|you can find)\b",
    re.IGNORECASE,
)
LONGEST_FACT = 280


@dataclass(frozen=True)
class Tier:
    """1, 2 or 3, and why in words."""

    number: int
    why: str


def of(
    text: str,
    their_words: str = "",
    *,
    labels: Iterable[str] = (),
    rules: Iterable[str] = (),
    more: tuple[str, ...] = (),
) -> Tier:
    """The tier of an answer; `rules` are those of the checks that found something, `more` the town's own risk words."""
    for label in labels:
        if RISKY_LABELS.search(label):
            return Tier(3, f"the conversation has the label “{label}”")
    for rule in rules:
        if rule in RISKY_RULES:
            return Tier(3, f"a check found something to be signed off ({rule})")
    for words, whose in ((text, "it says"), (their_words, "it answers")):
        found = _risky(more).search(words)
        if found:
            return Tier(3, f"{whose} “{found[0]}”{_about(found[0])}")
    if len(text) <= LONGEST_FACT and FACT.search(text):
        return Tier(1, "a published fact")
    return Tier(2, "an everyday answer")


@lru_cache(maxsize=32)
def _risky(more: tuple[str, ...]) -> re.Pattern[str]:
    words = [*(word for group in RISKS.values() for word in group), *more]
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b", re.IGNORECASE)


def _about(word: str) -> str:
    return next((f", which is about {name}" for name, group in RISKS.items() if word.lower() in group), "")
