"""What the address bar asks of the queue: a tab, filters that add up, an order, and where the page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode
from uuid import UUID

from engagement.models import Conversation

TABS = {
    "mine": "Mine",
    "unassigned": "Unassigned",
    "team": "Team",
    "waiting": "Waiting",
    "escalated": "Escalated",
    "mentions": "Mentions",
    "done": "Done",
}
SORTS = {"deadline": "Deadline", "priority": "Priority", "newest": "Newest", "oldest": "Oldest"}
PRIORITIES = {name.lower(): number for number, name in Conversation.PRIORITIES}
FILTERS = ("channel", "label", "language", "priority", "department", "holder", "person", "snoozed", "q")
SHORTEST, LONGEST = 3, 100  # characters of what is searched for


@dataclass(frozen=True)
class Wish:
    """What the address bar asks for. `after` is the last row of the page before, `found` marks where it stands.

    `holder` is the key of a colleague, `person` that of a conversation of whom it is about.
    """

    tab: str = "mine"
    channel: str = ""
    label: str = ""
    sort: str = ""
    after: str = ""
    language: str = ""
    priority: str = ""
    department: str = ""
    holder: str = ""
    person: str = ""
    snoozed: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], default: str = "mine") -> Wish:
        """From the query string; what is not known is left out."""
        tab, sort, priority = (asked.get(name, "") for name in ("tab", "sort", "priority"))
        return cls(
            tab=tab if tab in TABS else default,
            channel=_key(asked.get("channel", "")),
            label=asked.get("label", "")[:40],
            sort=sort if sort in SORTS else "",
            after=asked.get("after", "")[:200],
            language=asked.get("language", "")[:12],
            priority=priority if priority in PRIORITIES else "",
            department=asked.get("department", "")[:120],
            holder=_key(asked.get("holder", "")),
            person=_key(asked.get("person", "")),
            snoozed="1" if asked.get("snoozed") == "1" else "",
            q=" ".join(asked.get("q", "").replace("\x00", " ").split())[:LONGEST],
        )

    @property
    def order(self) -> str:
        """Nothing that is done is due any more: the newest stand first there."""
        if self.tab == "done" and self.sort in {"deadline", "priority"}:
            return "newest"
        return self.sort or ("newest" if self.tab in {"done", "waiting"} else "deadline")

    @property
    def narrowed(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)

    @property
    def too_short(self) -> bool:
        """Fewer letters than can be searched for."""
        return bool(self.q) and len(self.q) < SHORTEST

    def query(self, **changes: str) -> str:
        """The query string of this wish with some of it changed; a changed filter starts from the top."""
        wish = replace(self, **({"after": ""} | changes))
        parts = {one.name: getattr(wish, one.name) for one in fields(wish)}
        return urlencode({name: value for name, value in parts.items() if value})

    def bare(self) -> Wish:
        """The same tab and order without any filter."""
        return replace(self, after="", **dict.fromkeys(FILTERS, ""))


def _key(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        return ""
