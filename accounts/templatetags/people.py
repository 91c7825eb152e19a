"""What pages about people need to say things shortly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from accounts import gate, identities, mailing, markup
from accounts.access import may

register = template.Library()
register.simple_tag(mailing.is_on, name="mail_is_on")
register.simple_tag(identities.provider, name="town_sign_in")
register.filter("lesson", markup.html)
register.filter("last_day", gate.last_day)


@register.simple_tag(takes_context=True)
def allowed(context: Mapping[str, Any], act: str) -> bool:
    """Whether whoever looks at the page may do this act somewhere."""
    request = context["request"]
    return bool(hasattr(request, "now") and may(request.user, act, request.now))


# The first that is found counts: most browsers also claim to be others.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


@register.filter
def grouped(code: str) -> str:
    """A long code in groups of four, as people copy it; spaces do not count when it is entered."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


@register.filter
def browser(agent: str) -> str:
    """ "Firefox on Windows" for what a browser says of itself; its own words, cut, where it is none we know."""
    name = next((words for mark, words in BROWSERS.items() if mark in agent), "")
    device = next((words for mark, words in DEVICES.items() if mark in agent), "")
    if name and device:
        return f"{name} on {device}"
    return name or device or agent[:60] or "Not known"
