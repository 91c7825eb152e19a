"""What is done otherwise: decided with its figure, back on its day, and nothing claimed without figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification, User
from accounts.refusals import Invalid, LostRace
from metrics import reporting, shifting
from metrics.models import Shift
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_measures import make_report, make_shift

pytestmark = pytest.mark.django_db
LAST_WEEK = NOON - timedelta(days=7)
LATER = NOON + timedelta(days=14)


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def out(at: datetime, *kinds: str) -> None:
    channel = make_channel()
    for kind in kinds:
        make_delivery("published", channel=channel, published_at=at, kind=kind, origin=kind)


def test_a_decision_comes_back_on_its_day_with_the_figures_from_before_and_after(boss: User) -> None:
    out(LAST_WEEK, "post", "post", "post", "reply")
    one = make_shift(by=boss, measure="conversation_balance")
    assert one.then == 25.0
    assert (shifting.remind(NOON), shifting.remind(LATER), shifting.remind(LATER)) == (0, 1, 0)
    assert Notification.objects.get(event="report.review").user == boss
    out(LATER - timedelta(days=7), "post", "reply")
    done = shifting.review(one, "keep", "Twice the share.", by=boss, now=LATER)
    (told,) = shifting.told([done])
    assert (told["then"], told["after"], told["outcome"]) == ("25", "50", "It helped: we keep it")
    with pytest.raises(LostRace):
        shifting.review(one, "stop", "No", by=boss, now=LATER)
    assert shifting.due(LATER.date()) == []


def test_nobody_says_that_it_helped_without_a_figure_from_before_and_one_from_after(boss: User) -> None:
    one = make_shift(by=boss, measure="conversation_balance")
    assert one.then is None
    out(LATER - timedelta(days=7), "reply")
    for claimed in ("keep", "stop"):
        with pytest.raises(Invalid, match="nobody can say whether it helped"):
            shifting.review(one, claimed, "It feels so.", by=boss, now=LATER)
    without = make_shift(by=boss)
    for claimed in ("keep", "stop"):
        with pytest.raises(Invalid, match="nobody can say whether it helped"):
            shifting.review(without, claimed, "No number is to move.", by=boss, now=LATER)
    assert shifting.review(one, "unclear", "No figure from before.", by=boss, now=LATER).outcome == "unclear"


def test_the_report_says_what_was_decided_what_came_of_it_and_what_waits(boss: User) -> None:
    make_channel()
    make_shift(by=boss, now=datetime(2026, 11, 11, 9, tzinfo=UTC))
    week, monday = date(2026, 11, 9), datetime(2026, 11, 16, 6, tzinfo=UTC)
    first = make_report(week, monday).frozen.content["changes"]
    assert [len(first[name]) for name in ("decided", "reviewed", "waiting")] == [1, 0, 0]
    later = reporting.content(week + timedelta(days=14), monday + timedelta(days=14))["changes"]
    assert [len(later[name]) for name in ("decided", "reviewed", "waiting")] == [0, 0, 1]


def test_a_manager_decides_and_reviews_on_the_page_and_an_officer_reads_it(boss: User) -> None:
    client = Client()
    client.force_login(boss)
    today = clock.now().date()
    form = {"because": "Few wrote", "will": "We ask on Mondays", "measure": "response_rate"}
    past = client.post(reverse("reports:decide-change"), form | {"review_on": today.isoformat()})
    assert (past.status_code, "on a later day" in past.content.decode()) == (422, True)
    soon = (today + timedelta(days=20)).isoformat()
    assert client.post(reverse("reports:decide-change"), form | {"review_on": soon}).status_code == 302
    one = Shift.objects.get()
    wrong = client.post(reverse("reports:review-change", args=[one.key]), {"outcome": "keep", "words": "Better"})
    assert (wrong.status_code, "nobody can say whether it helped" in wrong.content.decode()) == (422, True)
    client.post(reverse("reports:review-change", args=[one.key]), {"outcome": "unclear", "words": "Nobody answers"})
    reader = Client()
    reader.force_login(make_user("officer"))
    page = reader.get(reverse("reports:changes")).content.decode()
    assert "Could not tell" in page
    assert "Decide something" not in page
