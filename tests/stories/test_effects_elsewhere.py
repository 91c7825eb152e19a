"""Contacts by other routes, held against those before something was done: nothing that is missing is a nought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import User
from metrics import case, periods, reporting
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span, figure_of
from metrics.models import Aim
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_objective, make_topic
from tests.factories_measures import bring_in

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
ZONE = ZoneInfo("UTC")
NOW = NOON + 12 * DAY


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def calls(first: date, numbers: list[int], by: User, route: str = "Phone") -> None:
    rows = [((first + n * WEEK).isoformat(), "Bins", route, str(number)) for n, number in enumerate(numbers)]
    bring_in(rows, by=by, now=NOON)


def test_a_route_that_lacks_a_week_is_missing_and_no_nought(boss: User) -> None:
    bins = make_topic(name="Bins")
    calls(date(2026, 11, 2), [50, 40], boss)
    calls(date(2026, 11, 2), [20], boss, "E-mail")
    span = Span(datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC), NOW, bins.pk)
    told = {name: figure_of(RULES[name], span) for name in ("contacts", "pressure", "cost_avoided")}
    assert [one.value for one in told.values()] == [None, None, None]
    assert told["pressure"].missing == "no number for the week of 9 November 2026 by email"
    assert told["contacts"].missing == told["pressure"].missing
    assert told["cost_avoided"].missing == "not known: after by email"
    calls(date(2026, 11, 9), [30], boss, "E-mail")
    assert figure_of(RULES["pressure"], span).value == pytest.approx(0.0)
