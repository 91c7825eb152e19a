"""Names for private messages at Meta, whose own ids may be longer than a name is kept.

A long one is named by the person who is talked with and what its id comes to; the message is found again among the
newest of that conversation. How long the ids are is not told anywhere; some of Instagram's have 170 signs.
"""

from __future__ import annotations

import hashlib

MOST = 100


def short(person: str, whole: str) -> str:
    """The id itself, or a name that stands for it."""
    return whole if len(whole) <= MOST else f"{person}/{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def person_of(name: str) -> str:
    """With whom the message of this name was exchanged; "" where the name is the platform's own id."""
    return name.partition("/")[0] if "/" in name else ""
