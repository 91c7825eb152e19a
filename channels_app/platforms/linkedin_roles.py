"""Which pages on LinkedIn a person has a role on, sheet by sheet, for whoever asks and by whichever way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MAY_PUBLISH = frozenset({"ADMINISTRATOR", "CONTENT_ADMIN", "CONTENT_ADMINISTRATOR"})
TARGETS = ("organization", "organizationalTarget", "organizationTarget")  # as versions of the interface have named it
COUNT, SHEETS = 100, 10


def held(ask: Callable[[str], Mapping[str, Any]]) -> dict[str, set[str]]:
    """The roles by the page's number. `ask` makes one call with this path and gives its JSON."""
    found: dict[str, set[str]] = {}
    start = 0
    for _ in range(SHEETS):
        body = ask(f"organizationAcls?q=roleAssignee&state=APPROVED&count={COUNT}&start={start}")
        rows = list(body["elements"])
        for row in rows:
            urn = next((str(row[name]) for name in TARGETS if row.get(name)), "")
            if number := urn.rpartition(":")[2]:
                found.setdefault(number, set()).add(str(row.get("role")))
        start += len(rows)
        if len(rows) < int((body.get("paging") or {}).get("count") or COUNT):  # it may give fewer than it is asked for
            break
    return found
