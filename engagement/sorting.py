"""What kind of conversation this is, as its words suggest; and what may be offered for each kind. Pure.

A person confirms the kind. Words decide in an order: what needs somebody at once comes first, and what is no more than
angry comes last, so that a complaint in hard words is a complaint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engagement.models.triage import KINDS

NAMES = dict(KINDS)
REPORTS = frozenset({"failure", "question", "criticism", "safeguarding"})  # what several people can report alike
CRITICAL = frozenset({"criticism", "misinformed", "rant", "failure", "abuse"})


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.I)


SIGNS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("safeguarding", _words(
        r"suicid\w*", r"kill myself", r"end (?:it all|my life)", r"self[- ]harm\w*",
        r"being (?:abused|beaten|hurt)", r"hits (?:me|her|his|my|the child)",
        r"(?:child|kid|girl|boy)\w* (?:at risk|in danger|alone at night)", r"domestic (?:abuse|violence)",
        r"not safe at home", r"afraid of (?:him|her|my)", r"neglected child",
    )),
    ("statutory", _words(
        r"freedom of information", r"\bfoi\b", r"\bfoia\b", r"\beir request", r"subject access",
        r"my personal data", r"data protection", r"right to (?:be forgotten|erasure)",
        r"(?:erase|delete) (?:all )?my data", r"public records? request", r"access to information",
        r"formal complaint", r"ombudsman", r"under the act\b", r"official information",
    )),
    ("abuse", _words(
        r"i(?:['’]ll| will) (?:find|get|kill|hurt|come for) (?:you|him|her|them)", r"we know where you live",
        r"watch your back", r"burn (?:it|the town hall) down",
        r"(?:you|they) (?:should|deserve to) (?:die|be shot|hang)", r"kill (?:yourself|them all)",
        r"fuck\w* (?:you|off)", r"cunts?\b", r"retard\w*", r"scum\b", r"go back to (?:your|where)",
        r"shoot (?:you|them)",
    )),
    ("failure", _words(
        r"pot ?holes?", r"not (?:been )?(?:collected|emptied|fixed|repaired|cleared|working|gritted|picked up)",
        r"(?:was|were|been|is|are)(?:n['’]t| not) (?:collected|emptied|fixed|working)",
        r"missed (?:my |our |the )?(?:bins?|collections?)", r"broken", r"(?:is|are|still|been) out\b",
        r"leak(?:s|ing|ed)?\b", r"flood(?:ed|ing|s)?\b", r"blocked", r"overflow\w*", r"fly[- ]?tip\w*",
        r"no (?:water|heating|light|lights|power|bins)\b", r"burst", r"smash\w*", r"(?:fallen|down) tree",
        r"tree (?:is |has )?(?:down|fallen)", r"graffiti", r"dog mess",
        r"(?:street ?)?(?:light|lamp)s? (?:is |are )?(?:off|out|dark|broken)", r"dangerous", r"crashed?\b",
        r"does(?:n['’]t| not) work", r"rubbish everywhere", r"(?:huge|big|deep|another) hole",
    )),
    ("misinformed", _words(
        r"i (?:heard|read|was told) (?:that )?(?:you|the council|they|it)", r"is it true",
        r"apparently (?:you|the council|they)", r"everyone knows", r"they(?:['’]re| are) (?:hiding|covering)",
        r"cover[- ]up", r"fake", r"hoax", r"lies\b", r"secretly", r"15[- ]minute city",
        r"(?:closing|selling|banning) (?:it |them )?(?:for good|off)", r"rumou?rs?\b",
    )),
    ("criticism", _words(
        r"not good enough", r"waste of (?:money|time|tax)", r"disappoint\w*",
        r"why (?:has|have|did|does|do) (?:the council|you|nobody|no one|it take)", r"unacceptable", r"disgrac\w*",
        r"you (?:never|always|promised|ignored|said you)", r"nobody (?:listens|cares|answers|asked)",
        r"(?:bad|wrong|terrible|poor|awful) (?:decision|idea|service|plan|choice)",
        r"should (?:have|not have|never)", r"i (?:object|disagree|oppose)", r"against (?:this|the plan)",
        r"complain\w*", r"fed up", r"too (?:slow|expensive|late)", r"shame on", r"let (?:us|me) down",
        r"third time",
    )),
    ("rant", _words(
        r"useless", r"idiots?\b", r"clowns?\b", r"joke\b", r"pathetic", r"incompetent", r"corrupt",
        r"sack (?:them|the lot)", r"what a shambles", r"bloody\b", r"crap\b", r"wtf\b", r"morons?\b",
    )),
    ("question", re.compile(
        r"\?|\b(?:when|where|how (?:do|can|much|long|many)|what time|which day|who (?:do|can)|can (?:i|you|we)"
        r"|could (?:you|i)|do (?:i|you|we) (?:need|have))\b", re.I,
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Suggested:
    """A kind with the words that suggest it."""

    kind: str
    words: str

    @property
    def name(self) -> str:
        return NAMES[self.kind]


def suggested(text: str) -> Suggested | None:
    """What the words suggest; None where they suggest nothing, as thanks do."""
    for kind, shape in SIGNS:
        hit = shape.search(text)
        if hit:
            return Suggested(kind, "a question" if hit.group() == "?" else hit.group())
    return None


# What a person is offered for each kind. Criticism, questions and reports are answered: nothing that hides or removes
# a comment is ever among their ways. Only abuse opens a moderation case, where the town has a docket.
WAYS: dict[str, tuple[str, ...]] = {
    "question": ("answer",),
    "failure": ("promise", "answer"),
    "criticism": ("answer", "promise"),
    "misinformed": ("correct", "wait"),
    "rant": ("wait", "answer"),
    "abuse": ("clauses", "case"),
    "safeguarding": ("hand_over_now",),
    "statutory": ("hand_over_statutory",),
}
WAY_WORDS = {
    "answer": "Answer it, as it was asked.",
    "promise": "Say what will be done and by when, or why it cannot be and what can.",
    "correct": "Put the facts right once, with the source.",
    "wait": "Wait a little: others may step in.",
    "clauses": "Read which house rule it breaks before anything is done about it.",
    "case": "Keep what was said first; removing it needs a case and a second person.",
    "hand_over_now": "Give it to the safeguarding lead now; do not discuss it here.",
    "hand_over_statutory": "It has a legal deadline: hand it over, and say that you did.",
}
CASES = frozenset(kind for kind, ways in WAYS.items() if "case" in ways)


def may_open_case(kind: str) -> bool:
    """Whether a moderation case may be offered; never for criticism."""
    return kind in CASES
