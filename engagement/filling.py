"""Fields in words that are used again: {name}, {hours}, {link:bin-day} and the like, and what fills them here.

A field that is not known or has nothing to fill it stays in the words and stops the answer until a person has dealt
with it: a resident never reads a pair of braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app.models import ServiceLink
from engagement import cases
from engagement.models import Conversation

FIELD = re.compile(r"\{([a-z_]{1,30})(?::([^{}\n]{0,80}))?\}")
FIELDS = {
    "name": "the resident's name",
    "me": "your first name",
    "town": "the town's name",
    "channel": "the channel's name",
    "department": "the department that was asked, or has it",
    "hours": "the service hours in words",
    "reference": "the reference of the case",
    "link:…": "the address of a service, by its name: {link:bin-day}",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Facts:
    """What can be put in here; an empty one cannot. `why` says of some what is missing."""

    plain: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """The words with every field filled that can be, and a sentence for each that cannot."""

    text: str
    gaps: Sequence[str] = ()


def fill(text: str, facts: Facts) -> Filled:
    """Put the facts in; what cannot be filled stays as it is and is named."""
    gaps: list[str] = []

    def put(hit: re.Match[str]) -> str:
        name, about = hit.group(1), hit.group(2)
        known = facts.links.get(slugify(about or "")) if name == "link" else facts.plain.get(name)
        if about is not None and name != "link":
            known = None
        if not known:
            gaps.append(f"{hit.group()} {_why(name, about, facts)}")
        return known or hit.group()

    return Filled(FIELD.sub(put, text), tuple(dict.fromkeys(gaps)))


def _why(name: str, about: str | None, facts: Facts) -> str:
    if name == "link":
        return facts.why.get(f"link:{slugify(about or '')}") or "is not the name of a service the desk has a link for"
    if name not in facts.plain or about is not None:
        return "is not a field Parley knows"
    return facts.why.get(name) or "has nothing to fill it here"


def left_in(text: str) -> list[str]:
    """The fields that are still in these words, each once."""
    return list(dict.fromkeys(hit.group() for hit in FIELD.finditer(text)))


def stop(text: str) -> None:
    """Raise Invalid where a field is left in words that are to be sent."""
    left = left_in(text)
    if left:
        words = f"{', '.join(left)} {'is' if len(left) == 1 else 'are'} not filled in."
        raise Invalid(words, next_step="Write what belongs there, or take it out, and send again.")


def facts_for(conversation: Conversation, by: User) -> Facts:
    """What fills fields in an answer to this conversation by this person."""
    town = Town.here()
    number, why = cases.for_answer(conversation)
    links, dead = links_of_services()
    asked = conversation.handed.order_by("-asked_at").values_list("department__name", flat=True).first()
    own = conversation.department.name if conversation.department else ""
    plain = {
        "name": str(conversation.person.name or conversation.person.handle) if conversation.person else "",
        "me": by.name.split()[0] if by.name.split() else "",
        "town": town.name,
        "channel": conversation.channel.name,
        "department": own or asked or "",
        "hours": hours_in_words(town.hours),
        "reference": number,
    }
    missing = {"reference": why, "department": "has nothing to fill it: no department was asked"}
    return Facts(plain, links, missing | dead)


def links_of_services() -> tuple[dict[str, str], dict[str, str]]:
    """The addresses of services that work, by the short form of their names; and why others cannot be given."""
    links, dead = {}, {}
    for one in ServiceLink.objects.filter(active=True):
        if one.state == "dead":
            dead[f"link:{slugify(one.name)}"] = "leads to a page that does not work"
        else:
            links[slugify(one.name)] = one.url
    return links, dead


def hours_in_words(week: Sequence[Sequence[Sequence[str]]]) -> str:
    """Monday to Thursday 9:00 to 17:00, Friday 9:00 to 12:00; "" where nobody serves on any day."""
    runs: list[tuple[int, int, str]] = []
    for day, shifts in enumerate(week):
        said = " and ".join(f"{_wall(opens)} to {_wall(closes)}" for opens, closes in shifts)
        if said and runs and runs[-1][2] == said and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day, said)
        elif said:
            runs.append((day, day, said))
    return ", ".join(f"{_days(first, last)} {said}" for first, last, said in runs)


def _days(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'and' if last == first + 1 else 'to'} {DAYS[last]}"


def _wall(time: str) -> str:
    return time.removeprefix("0")
