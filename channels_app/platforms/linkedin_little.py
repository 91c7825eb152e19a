"""LinkedIn's little text: the markup of a post's words, in which an unescaped sign cuts off everything behind it.

Addresses stay as they are, so that LinkedIn makes links of them. `#word` becomes a hashtag, and `@[Name](urn)` a
mention of a page or a person; every other reserved sign stands for itself.
"""

from __future__ import annotations

import regex

RESERVED = r"\\|{}@\[\]()<>#*_~"
ADDRESS = r"(?<!\w)(?i:https?)://[^\s\\|{}\[\]()<>*]*[^\s\\|{}\[\]()<>*.,;:!?'\"~_#@]"
MENTION = r"@\[(?P<name>[^\[\]\r\n]{1,100})\]\((?P<urn>urn:li:(?:organization|person):[A-Za-z0-9_-]+)\)"
HASHTAG = r"(?<![\w&/])#(?P<tag>(?=[\p{M}\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+)"
SIGN = regex.compile(f"[{RESERVED}]")
PIECE = regex.compile(rf"{MENTION}|(?P<address>{ADDRESS})|{HASHTAG}|(?P<sign>[{RESERVED}])")
MENTIONS = regex.compile(MENTION)
BACK = regex.compile(
    r"\{hashtag\|\\?#\|(?P<tag>(?:\\.|[^\\|{}])*)\}|@\[(?P<name>(?:\\.|[^\\\]])*)\]\(urn:li:[^)]*\)|\\(?P<sign>.)",
    regex.DOTALL,
)


def escaped(text: str) -> str:
    """The text as LinkedIn must be sent it to show all of it."""
    return str(PIECE.sub(_piece, text))


def shown(text: str) -> str:
    """The text as people will see it: a mention is the name alone."""
    return str(MENTIONS.sub(lambda hit: hit["name"], text))


def plain(little: str) -> str:
    """The words of a text that LinkedIn hands out."""
    return str(BACK.sub(_back, little))


def _signs(text: str) -> str:
    return str(SIGN.sub(lambda hit: f"\\{hit[0]}", text))


def _piece(hit: regex.Match[str]) -> str:
    if hit["urn"]:
        return f"@[{_signs(hit['name'])}]({hit['urn']})"
    if hit["tag"]:
        return f"{{hashtag|\\#|{_signs(hit['tag'])}}}"
    return hit["address"] or f"\\{hit['sign']}"


def _back(hit: regex.Match[str]) -> str:
    if hit["sign"] is not None:
        return str(hit["sign"])
    inner = regex.sub(r"\\(.)", r"\1", hit["name"] if hit["tag"] is None else hit["tag"], flags=regex.DOTALL)
    return str(inner) if hit["tag"] is None else f"#{inner}"
