"""Contacts avoided, route by route: who only chose another way is none, and what nobody brought in is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from metrics.measures import effects
from metrics.measures.effects import ContactRow, ValueRow

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = date(2026, 11, 16)


def line(what: str, route: str, number: float) -> ValueRow:
    return ValueRow("", "", AT, what, route, number, number, "Finance", DAY)


COSTS = [line("cost", route, 2.0) for route in ("phone", "form")] + [line("cost", "social", 1.0)]
MOVED = [line("before", "phone", 100), line("after", "phone", 40), line("after", "form", 60)]


def test_who_only_chose_another_way_is_not_avoided() -> None:
    figure = effects.cost_avoided([*MOVED, line("before", "form", 0), *COSTS])
    assert (figure.value, figure.notes[0]) == (0.0, "about 0 contacts avoided")
    assert effects.cost_avoided([*MOVED, *COSTS]).missing == "not known: contacts before, by form"
    without = [one for one in COSTS if one.route != "form"]
    assert effects.cost_avoided([*MOVED, line("before", "form", 0), *without]).missing == "no unit cost for form"


def test_a_week_of_one_route_that_nobody_brought_in_is_named() -> None:
    rows = [
        ContactRow("", "", AT, day, part, "topic", "Bins", route, number, "Calls")
        for day, part, route, number in (
            (DAY - timedelta(weeks=1), "before", "phone", 50), (DAY - timedelta(weeks=1), "before", "email", 20),
            (DAY, "after", "phone", 50), (DAY, "after", "email", None),
        )
    ]  # fmt: skip
    assert effects.pressure(rows).missing == "no number for the week of 16 November 2026 by email"
