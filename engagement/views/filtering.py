"""The filters over the queue: what can be chosen, the chips of what is chosen, and the saved views beside the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import get_language_info

from engagement import queue
from engagement.models import Conversation
from engagement.queue import Look, Wish

VIEWS_SHOWN = 6
Choice = tuple[str, str]


@dataclass(frozen=True)
class Filter:
    """One thing to filter by: its name in the address, its words, what can be chosen, and what is."""

    name: str
    label: str
    none: str
    choices: list[Choice]
    chosen: str


def filters(wish: Wish, look: Look) -> list[Filter]:
    """Those that have something to choose."""
    found = [
        Filter("channel", "Channel", "All channels", [(str(one.key), str(one)) for one in look.channels], wish.channel),
        Filter("label", "Label", "Any label", [(one, one) for one in look.labels], wish.label),
        Filter(
            "priority",
            "Priority",
            "Any priority",
            [(name.lower(), name) for _, name in reversed(Conversation.PRIORITIES)],
            wish.priority,
        ),
        Filter("language", "Language", "Any language", [(one, language(one)) for one in look.languages], wish.language),
        Filter("department", "Department", "Any department", [(one, one) for one in look.departments], wish.department),
        Filter("holder", "Who has it", "Anybody", look.holders, wish.holder),
    ]
    return [one for one in found if one.choices]


def bar(wish: Wish, look: Look) -> dict[str, Any]:
    """What the bar over the queue shows."""
    here, groups = reverse("inbox:queue"), filters(wish, look)
    chips = [
        {"words": dict(one.choices).get(one.chosen, one.chosen), "url": f"{here}?{wish.query(**{one.name: ''})}"}
        for one in groups
        if one.chosen
    ]
    said = {"person": "One person", "snoozed": "Snoozed", "q": f"“{wish.q}”"}
    chips += [
        {"words": words, "url": f"{here}?{wish.query(**{name: ''})}"}
        for name, words in said.items()
        if getattr(wish, name)
    ]
    return {
        "chips": chips,
        "filters": groups,
        "unfiltered": wish.bare().query(),
        "wish_hidden": parse_qsl(wish.query(q="")),
        "sort_items": [
            {"words": name, "url": f"{here}?{wish.query(sort=key)}", "current": key == wish.order}
            for key, name in queue.SORTS.items()
        ],
        "sort_name": queue.SORTS[wish.order],
    }


def tabs(wish: Wish, look: Look) -> list[dict[str, object]]:
    """The queues with their counts, then the saved views."""
    here, asked = reverse("inbox:queue"), wish.query()
    views = look.views[:VIEWS_SHOWN]
    viewed = asked in {query for _, query in views}
    found: list[dict[str, object]] = [
        {
            "name": name,
            "url": f"{here}?{wish.query(tab=key)}",
            "count": look.counts.get(key, "") if look.counts.get(key) != "0" else "",
            "active": key == wish.tab and not viewed,
        }
        for key, name in queue.TABS.items()
    ]
    return found + [{"name": name, "url": f"{here}?{query}", "active": query == asked} for name, query in views]


def language(code: str) -> str:
    """Its English name; the code where none is known."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code
