"""LinkedIn's little text as LinkedIn reads it: at the first reserved sign that is not escaped, the text ends."""

import re

RESERVED = set("\\|{}@[]()<>#*_~")
HARD = set("\\|{}[]()<>*")  # these end an address
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
MOST = 3000


def shown(little: str) -> tuple[str, bool]:
    """What people see of it, and whether all of it is there."""
    pieces: list[str] = []
    at = 0
    while at < len(little):
        piece, end = _piece(little, at)
        if end == at:
            return "".join(pieces), False
        pieces.append(piece)
        at = end
    return "".join(pieces), True


def _piece(text: str, at: int) -> tuple[str, int]:
    """The next piece as it is shown and where it ends; at its own start where LinkedIn reads no further."""
    sign = text[at]
    if sign == "\\":
        return (text[at + 1], at + 2) if at + 1 < len(text) else ("", at)
    if text.startswith("{hashtag|", at):
        return _hashtag(text, at)
    if text.startswith("@[", at):
        return _mention(text, at)
    if ADDRESS.match(text, at) and not (at and (text[at - 1].isalnum() or text[at - 1] == "_")):
        end = at
        while end < len(text) and not (text[end].isspace() or text[end] in HARD or text.startswith("@[", end)):
            end += 1
        return text[at:end], end
    return ("", at) if sign in RESERVED else (sign, at + 1)


def _until(text: str, at: int, stop: str) -> tuple[str, int]:
    """Words with escaped signs in them, up to `stop`; -1 where it never comes."""
    pieces: list[str] = []
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            pieces.append(text[at + 1])
            at += 2
        elif text[at] == stop:
            return "".join(pieces), at
        elif text[at] in RESERVED:
            return "", -1
        else:
            pieces.append(text[at])
            at += 1
    return "", -1


def _hashtag(text: str, at: int) -> tuple[str, int]:
    opening = next((one for one in ("{hashtag|\\#|", "{hashtag|#|") if text.startswith(one, at)), "")
    if not opening:
        return "", at
    word, end = _until(text, at + len(opening), "}")
    return (f"#{word}", end + 1) if end >= 0 and word else ("", at)


def _mention(text: str, at: int) -> tuple[str, int]:
    name, end = _until(text, at + 2, "]")
    hit = re.compile(r"\]\(urn:li:(?:person|organization):[\w-]+\)").match(text, end) if end >= 0 else None
    return (name, hit.end()) if hit and name else ("", at)
