"""Rules in words: when one holds, what it does, and what a firing did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engagement.models import Conversation, RuleVersion

PRIORITIES = {number: name.lower() for number, name in Conversation.PRIORITIES}


def when(version: RuleVersion) -> str:
    """ "If it says “bin” or “bins”, on Fernhill on X, outside service hours"."""
    parts = []
    if version.words:
        parts.append(f"it says {_either(_quoted(version.words))}")
    if version.without:
        parts.append(f"it does not say {_either(_quoted(version.without))}")
    channels = [str(one) for one in version.channels.all()]
    if channels:
        parts.append(f"it came on {_either(channels)}")
    if version.authors:
        parts.append(f"{_either(version.authors)} wrote it")
    if version.languages:
        parts.append(f"its language is {_either(version.languages)}")
    if version.hours == "between" and version.opens and version.closes:
        parts.append(f"it was written between {version.opens:%H:%M} and {version.closes:%H:%M}")
    elif version.hours != "any":
        parts.append(f"it was written {version.get_hours_display().lower()}")
    return "If " + ", and ".join(parts)


def does(version: RuleVersion) -> str:
    """ "label Bins, give it to Tom, priority high, tell Amara"."""
    parts = [f"label {one.name}" for one in version.labels.all()]
    if version.assignee:
        parts.append(f"give it to {version.assignee.name}")
    if version.department:
        parts.append(f"give it to {version.department}")
    if version.priority:
        parts.append(f"priority {version.get_priority_display().lower()}")
    people = [one.name for one in version.notify.all()]
    if people:
        parts.append(f"tell {', '.join(people)}")
    return ", ".join(parts)


def did(done: Mapping[str, Any]) -> str:
    """What a firing really changed."""
    parts = [f"label {name}" for _, name in done.get("labels", ())]
    parts += [f"given to {done[one][1]}" for one in ("assignee", "department") if one in done]
    if "priority" in done:
        parts.append(f"priority {PRIORITIES[done['priority'][1]]}")
    if "told" in done:
        parts.append(f"told {', '.join(done['told'])}")
    if "not" in done:
        parts.append(str(done["not"]))
    return ", ".join(parts) or "nothing was left to do"


def _quoted(words: Sequence[str]) -> list[str]:
    return [f"“{word}”" for word in words]


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
