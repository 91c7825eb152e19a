"""What a reply to a kick-starter says: one clear answer, several things at once, or none; pure and deterministic.

Only words that can be meant in one way are counted. Everything that hedges, weighs, asks back, sets a condition or
could be about something else is left to a person: a number in a story is no score, a "yes" in a story is no vote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

SCALE, YES_NO, DO_DONT, OPEN = "scale", "yes_no", "do_dont", "open"
VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    SCALE: tuple((str(n), str(n)) for n in range(1, 11)),
    YES_NO: (("yes", "Yes"), ("no", "No")),
    DO_DONT: (("do", "Do"), ("dont", "Don’t")),
    OPEN: (("said", "Answered in their own words"),),
}
CLEAR, UNCLEAR, NOTHING = "clear", "unclear", "nothing"


@dataclass(frozen=True)
class Read:
    """How one text reads. kind: clear (then `value` holds the answer), unclear (then `why`), nothing."""

    kind: str
    value: str = ""
    why: str = ""


def read(shape: str, text: str) -> Read:
    """What this text answers to a question of this shape; an open question is answered by any words."""
    words = plain(text)
    if not words:
        return Read(NOTHING)
    return READERS[shape](words)


def plain(text: str) -> str:
    """Lower case, straight apostrophes, one space; without addresses, names of accounts and marks that say nothing."""
    words = unicodedata.normalize("NFKC", text).replace("\N{KEYCAP TEN}", " 10 ").lower()
    words = re.sub(r"[\u2018\u2019\u02bc\u0060\u00b4]", "'", words)
    words = re.sub(r"[\u2010-\u2015\u2212]", "-", words)
    words = re.sub(r"[\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff]", "", words)
    words = re.sub(r"https?://\S+|@[\w.\-]+(@[\w.\-]+)?", " ", words)
    words = re.sub(r"\s+", " ", words).strip(" \"'*_#")
    return re.sub(r"\b(\w+)(?:[ ,!]+\1\b)+", r"\1", words)  # "yes yes yes" is one yes


# --- a number from 1 to 10 -------------------------------------------------------------------------------------------

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBER = rf"(?:10|[1-9]|{'|'.join(WORDS)})"
ANY_NUMBER = re.compile(rf"(?<![\w.,/])(?:\d+(?:[.,]\d+)?|{'|'.join(WORDS)}|zero|eleven|twelve|half)(?!\w)")
ONE_TO_TEN = r"(?:1|one)\s*(?:-|to)\s*(?:10|ten)\b"
ECHO = re.compile(rf"\b(?:on |in )?(?:a |the )?scale (?:of |from )?{ONE_TO_TEN}|\bfrom {ONE_TO_TEN}")
OF_TEN = re.compile(rf"(?<![\w.,/\-])({NUMBER})\s*(?:/|out of|of)\s*(?:10|ten)(?![\w/]|[.,]\d)")
WHO = r"(?:it'?s |that'?s |i'?d |i would |i'?ll |i |we'?d |we would |we |my |our )?"
GIVES = r"(?:a|an|say|give|gives|giving|go|scores?|rate|rating|votes?|mark|answer|number|for me|from me|me|us)"
FIRM = r"(?:solid|big|strong|clear|definite|firm|definitely|easily|honestly)"
MORE = r"(?: it| this| that| them| you| is| of| for| with)*(?: a| an)?"
BEFORE = rf"(?:{WHO}{GIVES}{MORE}(?: {FIRM})?|(?:a )?{FIRM}(?: a| an)?)[ :,\-]*"
AFTER = (
    r"(?:\s*[.!,;:)\-\u2026]+(?:\s|$)|\s*$|\s+(?:from|for) (?:me|us)\b"
    r"|\s+(?:please|because|as|since|thanks|thank|here|overall|imo)\b|\s*[^\w\s.,/%+\-?&°£$€\u00bd'])"
)
ALONE = re.compile(rf"^\(?(?:{BEFORE})?({NUMBER})(?={AFTER})")
PERSON_SAYS = r"(?:i'?d|i would|i'?ll|i|we'?d|we would|we) (?:say|give|go|rate|score|vote)(?: it| this| with| for)*"
LATER = re.compile(rf"(?:^|[\s,;:.!]){PERSON_SAYS}(?: a| an)? ({NUMBER})(?={AFTER})")
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly|about|around|roughly|nearly|almost|between|either|at least|at most|more than"
    r"|less than|up to|not|isn'?t|if|unless|depends|unsure|or so|ish|was|were|used to|would have|could be|could have)\b"
    r"|\d\s*ish\b|\d\s*\+|\?"
)


def _number(word: str) -> str:
    return str(WORDS.index(word) + 1) if word in WORDS else word


def read_scale(words: str) -> Read:
    """A number from 1 to 10 that is given as the answer, and no other beside it."""
    rest = ECHO.sub(" ", words).strip(" ,:")
    formal = {_number(one) for one in OF_TEN.findall(rest)}
    there = ANY_NUMBER.findall(OF_TEN.sub(" ", rest))
    if not formal and not re.search(r"\d", rest) and not there:
        return Read(NOTHING)
    if HEDGE.search(rest):
        return Read(UNCLEAR, why="It weighs, asks back or sets a condition.")
    if len(formal) == 1:
        return Read(CLEAR, formal.pop())
    if len(formal) > 1:
        return Read(UNCLEAR, why="It gives more than one score.")
    found = ALONE.match(rest) or LATER.search(rest)
    value = _number(found.group(1)) if found else ""
    if not value:
        return Read(UNCLEAR, why="The number may be about something else, or is not on the scale.")
    if {_number(one) for one in there} - {value}:
        return Read(UNCLEAR, why="There is more than one number.")
    return Read(CLEAR, value)


# --- yes or no, do or don't ------------------------------------------------------------------------------------------

END = (
    r"(?=\s*$|\s*[.!,;:()\-\u2026]|\s*[^\w\s'?]"
    r"|\s+(?:please|thanks|thank you|ta|cheers|from me|from us|for me|to (?:this|that|it|both))\b)"
)
OPENERS = (
    r"(?:oh |well |a |an |(?:it'?s|that'?s|it is) a |(?:a )?(?:big|huge|definite|firm|resounding) "
    r"|still |so |and |also |please |just |hell |heck |god |(?:i say|i'?d say|i would say|we say|i vote|vote) "
    r"|(?:my vote is|my vote'?s|my answer is|the answer is|ours is) )*"
)
LEAD = rf"(?:^|(?<=[.!,;:\-] )|(?<=[.!,;:\-])){OPENERS}"
SAYS = (
    r"(?:it'?s|that'?s|it is|i say|i'?d say|i would say|we say|i voted?|my vote is|my answer is|i'?m (?:a|saying)) "
    r"(?:a |an )?(?:big |firm |definite |clear |strong )?"
)
NO_WORDS = (
    r"(?:no|nope|nah|nay|noo+|never|no thanks|no thank you|no ta|no way|no chance|no never|hard no|n"
    r"|(?:definitely|absolutely|certainly|of course) not|not at all|not for (?:me|us))"
)
YES_WORDS = r"(?:yes|yess+|yeah|yep|yup|yea|aye|sure|definitely|absolutely|certainly|of course|totally|agreed|y)"
NOT = r"(?:don'?t|do not)"
ARE = r"(?:i'?m |i am |we'?re |we are )"
FULLY = r"(?:strongly |totally |fully |completely )?"
NO = [
    re.compile(rf"{LEAD}{NO_WORDS}{END}"),
    re.compile(rf"\b{SAYS}no{END}"),
    re.compile(rf"\bi {NOT} (?:think so|agree|want (?:it|this|that))\b|(?:\bi |^){FULLY}disagree\b"),
    re.compile(r"^[^\w\s]*[\U0001f44e\u274c\U0001f645]"),
    re.compile(rf"\b{ARE}(?:against|opposed)\b|^against\b"),
]
YES = [
    re.compile(rf"{LEAD}{YES_WORDS}{END}"),
    re.compile(rf"\b{SAYS}yes{END}"),
    re.compile(rf"\bi think so\b|(?:\bi |^){FULLY}agree\b(?! with)|^i do{END}"),
    re.compile(r"^[^\w\s]*[\U0001f44d\u2705\u2714\U0001f64b]"),
    re.compile(rf"\b{ARE}(?:all )?(?:for it|in favou?r|all for)\b|^in favou?r\b|^count (?:me|us) in\b"),
]
ACT = r"(?:build|plant|open|close|keep|move|change|make|paint|put|try|start|fix)"
DO_WORDS = r"(?:definitely )?(?:do(?: it| this| that| please)?|go for it|go ahead|let'?s do (?:it|this)|get it done)"
DO = [
    re.compile(rf"{LEAD}{DO_WORDS}{END}"),
    re.compile(rf"\b{SAYS}do{END}"),
    re.compile(rf"^(?:please )?do {ACT} (?:it|this|that|them)\b"),
]
DONT = [
    re.compile(rf"{LEAD}(?:please |definitely )?{NOT}(?: do (?:it|this|that)| bother| please)?{END}"),
    re.compile(rf"{LEAD}leave (?:it|them)(?: alone| as (?:it is|they are))?{END}"),
    re.compile(rf"\b{SAYS}{NOT}{END}"),
    re.compile(rf"^(?:no,? )?(?:please )?{NOT} (?:{ACT}|touch) (?:it|this|that|them)\b"),
]
STOCK = re.compile(
    r"\bno (?:problem|doubt|question|brainer|worries|idea|need to say)\b|\bwhy not\b|\b(?:yeah|aye) right\b"
)
LOST = re.compile(r"\b(?:maybe|perhaps|possibly|depends|not sure|unsure|don'?t know|dunno|either|neither|50/50)\b")
UNSURE = re.compile(
    r"\b(?:i guess|sort of|kind of|if|unless|but|only|as long as|provided|although|though|however|except|yet|half"
    r"|used to|last year|not)\b|\?"
)
SETTLED_NOT = re.compile(
    r"\b(?:definitely|absolutely|certainly|of course) not\b|\bnot (?:at all|for me|for us)\b|\bdo not\b"
)
YES_SIGN = re.compile(
    r"\b(?:yes|yeah|yep|yup|yea|aye|sure|definitely|absolutely|agree|agreed|favou?r)\b|[\U0001f44d\u2705]"
)
NO_SIGN = re.compile(r"\b(?:no|nope|nah|nay|never|disagree|against)\b|[\U0001f44e\u274c]")
DO_SIGN = re.compile(r"\bdo(?!n'?t| not)\b|\b(?:yes|yeah|yep|aye|go for it|go ahead)\b")
DONT_SIGN = re.compile(r"\b(?:don'?t|do not|leave it|no|nope|nah|stop)\b")


def read_yes_no(words: str) -> Read:
    """Yes or no, said as an answer, and not both."""
    return _either(words, ("yes", YES, YES_SIGN), ("no", NO, NO_SIGN))


def read_do_dont(words: str) -> Read:
    """Do or don't, said as an answer, and not both. A bare yes or no is left to a person."""
    return _either(words, ("do", DO, DO_SIGN), ("dont", DONT, DONT_SIGN))


Side = tuple[str, list[re.Pattern[str]], re.Pattern[str]]


def _either(words: str, one: Side, other: Side) -> Read:
    rest = STOCK.sub(" ", words).strip()
    stock = rest != words
    says = [value for value, forms, _ in (one, other) if any(form.search(rest) for form in forms)]
    signs = any(sign.search(words) for _, _, sign in (one, other))
    lost = LOST.search(words)
    if not says and not signs and not stock and not lost:
        return Read(NOTHING)
    if lost or UNSURE.search(SETTLED_NOT.sub(" ", rest)):
        return Read(UNCLEAR, why="It weighs, asks back or sets a condition.")
    if len(says) == 2 or (says and _against(says[0], rest, one, other)):
        return Read(UNCLEAR, why="It says both.")
    if says:
        return Read(CLEAR, says[0])
    return Read(UNCLEAR, why="The words may be about something else.")


def _against(value: str, rest: str, one: Side, other: Side) -> bool:
    """Whether what is left after taking the clear words away still speaks for the other side."""
    own, sign = (one[1], other[2]) if value == one[0] else (other[1], one[2])
    for form in own:
        rest = form.sub(" ", rest)
    return bool(sign.search(rest))


def read_open(words: str) -> Read:
    """Any words answer an open question; people sort them."""
    return Read(CLEAR, "said")


READERS: dict[str, Callable[[str], Read]] = {
    SCALE: read_scale,
    YES_NO: read_yes_no,
    DO_DONT: read_do_dont,
    OPEN: read_open,
}
