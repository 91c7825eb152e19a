"""Links in answers: shortened before anybody signs the words, so that it is known how often they are followed.

A private answer keeps its links as they are: only one person reads it, so a count would say what that person did.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings

from channels_app import links
from channels_app.links import About
from engagement.models import Reply

ADDRESS = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’']")
ORIGIN = "reply"
LONGEST = 500  # as long as a link can be kept


def freeze(reply: Reply, now: datetime) -> str:
    """The words with each address in its short form; as they are where links are not shortened here."""
    if reply.visibility == "direct" or links.why_off():
        return reply.text
    own = settings.PUBLIC_URL.rstrip("/")
    channel = reply.parent.channel

    def short(hit: re.Match[str]) -> str:
        url = hit.group()
        if len(url) > LONGEST or url.startswith(own):
            return url
        return links.freeze(ORIGIN, reply.key, channel, url, now, About(kind="reply"))

    return ADDRESS.sub(short, reply.text)


def clicks(reply: Reply) -> int:
    """How often the links of this answer were followed."""
    return links.clicks_of(ORIGIN, reply.key)
