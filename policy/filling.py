"""From a clause's text to what is read: the town's name and contacts put in, paragraphs and lists made of lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Town
from policy.models import PolicyChoices

# What stands in the shipped text, what it is on the form, and what is read until it is filled in.
PLACES = {
    "town": "the town",
    "contact": "the communications team",
    "complaints": "the town hall",
    "emergency_number": "the emergency number",
}
PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")


def known() -> dict[str, str]:
    """What the town has filled in."""
    choices = PolicyChoices.here()
    told = {name: getattr(choices, name) for name in PLACES if name != "town"}
    return {name: words for name, words in (told | {"town": Town.here().name}).items() if words}


def fill(text: str, told: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: told.get(found[1]) or PLACES[found[1]], text)


def html(text: str, told: Mapping[str, str]) -> SafeString:
    """Paragraphs between empty lines; lines that begin with "- " are a list. Nothing else is markup."""
    done = []
    for block in re.split(r"\n\s*\n", fill(text, told).strip()):
        for listed, lines in groupby(block.splitlines(), key=lambda line: line.startswith("- ")):
            if listed:
                done.append("<ul>" + "".join(f"<li>{escape(line[2:])}</li>" for line in lines) + "</ul>")
            else:
                done.append(f"<p>{escape(' '.join(line.strip() for line in lines))}</p>")
    return mark_safe("\n".join(done))  # noqa: S308  (every word is escaped above)


def plain(text: str, told: Mapping[str, str]) -> str:
    """One line of it, for a list of results."""
    return re.sub(r"\s+", " ", fill(text, told)).strip()
