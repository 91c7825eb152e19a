"""Many lists read as one stream, as private conversations are: each page comes from the list that may hold the newest.

So a walk may end as soon as all that is left is old, and no list is read further than that. Where the walk goes on is
one text that names every list still open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from channels_app.platforms.base import Incoming, Page


@dataclass(frozen=True)
class Left:
    """What is still to be read of one list: nothing in it is newer than `edge`. The list of the lists has no `name`.

    `about` is what only the list of the lists tells of this one.
    """

    edge: datetime
    name: str = ""
    place: str = ""
    about: str = ""


def opened(page: str) -> list[Left]:
    """The lists a page goes on with; in the beginning there is the list of the lists."""
    if not page:
        return [Left(datetime.max.replace(tzinfo=UTC))]
    return [Left(datetime.fromisoformat(edge), *more) for edge, *more in json.loads(page)]


def first(left: Iterable[Left]) -> tuple[Left, list[Left]]:
    """The list that may hold the newest, and the others."""
    one, *others = sorted(left, key=lambda each: (each.edge, bool(each.name)), reverse=True)
    return one, others


def page(items: Iterable[Incoming], left: Sequence[Left]) -> Page:
    """What was met, and the place to go on from where lists are left."""
    met = sorted(items, key=lambda one: (one.at, one.remote_id), reverse=True)
    rows = [[one.edge.isoformat(), one.name, one.place, one.about] for one in left]
    newest = met[0].remote_id if met else ""
    return Page(met, json.dumps(rows) if rows else "", newest, max((one.edge for one in left), default=None))
