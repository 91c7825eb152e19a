"""Words in which people say that somebody's life is in danger.

They are few and strong: an alert that cries for nothing is not read the next time.
"""

from __future__ import annotations

import re

WORDS = re.compile(
    r"\b(?:trapped|drowning|(?:can'?t|cannot|can not) breathe|not breathing|unconscious|bleeding (?:badly|heavily)"
    r"|house is on fire|flat is on fire|on the roof|swept away|stuck in (?:the )?(?:flood|water|lift)"
    r"|(?:gas|smoke) everywhere|overdos(?:e|ed)|kill(?:ing)? myself|end my life|suicidal|want to die"
    r"|help us please|send help|please help us|someone is (?:in|under) the)\b",
    re.IGNORECASE,
)


def found(text: str) -> str:
    """The words that speak of danger to life; "" where there are none."""
    hit = WORDS.search(text.replace("’", "'"))
    return hit[0] if hit else ""
