"""Liking what somebody wrote, and taking that back: done once, however often it is asked for."""

from __future__ import annotations

from datetime import datetime

from channels_app.platforms.base import Lookup, Outgoing, Refused
from channels_app.platforms.matching import done

LIKES = frozenset({"like", "unlike"})


def refuse(label: str, outgoing: Outgoing) -> None:
    """Raise for a like where no program may give one: what is no post would go out as an empty one."""
    if outgoing.kind in LIKES:
        words = f"{label} lets no program like what others write."
        raise Refused(words, cause="content", code="unable")


def refuse_private(label: str, private: bool) -> None:
    """Raise for a like of a private message where these have none."""
    if private:
        raise Refused(f"{label} knows no likes of private messages.", cause="content", code="unable")


def look(outgoing: Outgoing, liked: bool | None, since: datetime) -> Lookup:
    """What a look at the message says; `liked` is None where the platform does not tell."""
    seen = liked is not None and liked == (outgoing.kind == "like")
    return Lookup(exact=done(outgoing, since) if seen else None, resend_safe=True)
