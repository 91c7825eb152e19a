"""The other forms of a word: utilise, utilises, utilised, utilising; stakeholder, stakeholders."""

from __future__ import annotations

from functools import lru_cache

DOUBLES = frozenset(
    (
        "plan",
        "stop",
        "ship",
        "drop",
        "step",
        "fit",
        "get",
        "put",
        "cut",
        "let",
        "run",
        "refer",
        "commit",
        "submit",
        "incur",
    )
)
IRREGULAR = {
    "be": ("is", "was", "being"),
    "begin": ("begins", "began", "beginning"),
    "bring": ("brings", "brought", "bringing"),
    "build": ("builds", "built", "building"),
    "buy": ("buys", "bought", "buying"),
    "choose": ("chooses", "chose", "choosing"),
    "cut": ("cuts", "cut", "cutting"),
    "deal": ("deals", "dealt", "dealing"),
    "do": ("does", "did", "doing"),
    "fall": ("falls", "fell", "falling"),
    "find": ("finds", "found", "finding"),
    "get": ("gets", "got", "getting"),
    "give": ("gives", "gave", "giving"),
    "go": ("goes", "went", "going"),
    "grow": ("grows", "grew", "growing"),
    "have": ("has", "had", "having"),
    "keep": ("keeps", "kept", "keeping"),
    "know": ("knows", "knew", "knowing"),
    "leave": ("leaves", "left", "leaving"),
    "let": ("lets", "let", "letting"),
    "make": ("makes", "made", "making"),
    "meet": ("meets", "met", "meeting"),
    "pay": ("pays", "paid", "paying"),
    "put": ("puts", "put", "putting"),
    "run": ("runs", "ran", "running"),
    "say": ("says", "said", "saying"),
    "see": ("sees", "saw", "seeing"),
    "send": ("sends", "sent", "sending"),
    "set": ("sets", "set", "setting"),
    "show": ("shows", "showed", "showing"),
    "speak": ("speaks", "spoke", "speaking"),
    "speed": ("speeds", "sped", "speeding"),
    "spend": ("spends", "spent", "spending"),
    "undertake": ("undertakes", "undertook", "undertaking"),
    "take": ("takes", "took", "taking"),
    "tell": ("tells", "told", "telling"),
    "think": ("thinks", "thought", "thinking"),
    "write": ("writes", "wrote", "writing"),
}
PARTICIPLES = {
    "began": "begun",
    "chose": "chosen",
    "did": "done",
    "fell": "fallen",
    "gave": "given",
    "grew": "grown",
    "knew": "known",
    "ran": "run",
    "saw": "seen",
    "showed": "shown",
    "spoke": "spoken",
    "took": "taken",
    "went": "gone",
    "wrote": "written",
}
SUBJECTS = frozenset(["i", "we", "you", "he", "she", "it", "they", "who", "which", "council", "crew", "team", "town"])


def after(better: str, before: str) -> str:
    """A verb in the past as it stands after another word: we gave, but was given, and a given day."""
    first, space, rest = better.partition(" ")
    return better if before in SUBJECTS else f"{PARTICIPLES.get(first, first)}{space}{rest}"


@lru_cache(maxsize=2048)
def verb(phrase: str) -> tuple[str, str, str, str]:
    """As it stands, with he or she, in the past, and going on; the first word changes, the rest stays."""
    first, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    if first in IRREGULAR:
        return (phrase, *(f"{form}{tail}" for form in IRREGULAR[first]))  # type: ignore[return-value]
    return phrase, f"{_plural(first)}{tail}", f"{_past(first)}{tail}", f"{_going(first)}{tail}"


@lru_cache(maxsize=2048)
def noun(phrase: str) -> tuple[str, str]:
    """One and many; the last word changes, and "of" keeps the one before it: points of view."""
    words = phrase.split(" ")
    place = words.index("of") - 1 if "of" in words[1:] else len(words) - 1
    many = words[place] if words[place].endswith("s") else _plural(words[place])
    return phrase, " ".join([*words[:place], many, *words[place + 1 :]])


def american(word: str) -> str:
    """Utilize for utilise; the same word where it is written alike."""
    for ours in ("isation", "ising", "ised", "ises", "ise"):
        if word.endswith(ours):
            return word.removesuffix(ours) + ours.replace("is", "iz", 1)
    return word


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def _past(word: str) -> str:
    if word.endswith("e"):
        return f"{word}d"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ied"
    return f"{word}{word[-1]}ed" if word in DOUBLES else f"{word}ed"


def _going(word: str) -> str:
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return f"{word[:-1]}ing"
    return f"{word}{word[-1]}ing" if word in DOUBLES else f"{word}ing"
