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
    assert told["cost_avoided"].missing == "not known: contacts after, by email"
    calls(date(2026, 11, 9), [30], boss, "E-mail")
    assert figure_of(RULES["pressure"], span).value == pytest.approx(0.0)


def test_the_weeks_after_are_held_against_those_before_something_was_done(boss: User) -> None:
    bins = make_topic(name="Bins")
    done = date(2026, 10, 28)  # a Wednesday: its week is in neither
    calls(date(2026, 10, 5), [90, 110, 100, 999, 60, 40], boss)
    aim = Aim.objects.create(objective=make_objective(owner=boss), topic=bins, since=done)
    end = datetime(2026, 11, 16, tzinfo=UTC)
    for start in (end - 2 * WEEK, end - 3 * WEEK):
        figure = figure_of(RULES["pressure"], Span(start, end, NOW, bins.pk, None, done))
        assert figure.value == pytest.approx(100 * 100 / 210 - 100)
    assert "2 weeks from 2 November 2026 against as many from 12 October 2026" in figure.notes
    late = figure_of(RULES["pressure"], Span(end - WEEK, end, NOW, bins.pk, None, date(2026, 11, 12)))
    assert late.missing == "no whole week lies after it and in this time"
    week = reporting.week_of(end.date() - WEEK)
    lines = {one["name"]: one for one in reporting._about_topics([aim.objective], week, NOW)}
    assert lines["pressure"]["value"] == figure.value
    assert lines["pressure"]["label"] == "Pressure on other services: Bins, since 28 October 2026"
    (line, _) = case.elsewhere(periods.containing("week", end.date() - DAY, ZONE), NOW)
    assert (line.figure.value, line.change.words, line.label) == (figure.value, "", lines["pressure"]["label"])
    client = Client()
    client.force_login(boss)
    assert client.get(line.url).context["figure"] == line.figure


def test_after_a_year_the_last_weeks_are_still_held_against_those_before_it(boss: User) -> None:
    done, bins = date(2025, 9, 1), make_topic(name="Bins")
    calls(done - 52 * WEEK, [100] * 52, boss)
    calls(done, [80] * 11, boss)
    calls(date(2025, 11, 17), [50] * 52, boss)
    aim = Aim.objects.create(objective=make_objective(owner=boss), topic=bins, since=done)
    (line, _) = reporting._about_topics([aim.objective], reporting.week_of(date(2026, 11, 9)), NOON)
    assert line["value"] == pytest.approx(-50)
    assert line["label"].endswith("Bins, the last 52 weeks against the 52 before 1 September 2025")
