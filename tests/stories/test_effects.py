"""What campaigns changed: a goal set before, counts of others, a verdict as good as they allow, what is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from metrics import behaviour
from metrics.measures import behaviour as measure
from metrics.measures import tracing
from metrics.measures.behaviour import CountRow
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from metrics.models import BehaviourGoal, OutsideFile, Recall
from metrics.outside import bringing_in
from tests.factories import NOON, make_town, make_user
from tests.factories_calendar import make_campaign, make_topic
from tests.factories_effects import AFTER, BEFORE, CADDIES, MILTON, WEEK, count, make_goal, make_recall
from tests.factories_measures import bring_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_campaign_is_measured_by_what_others_counted_beside_what_it_does_not_touch(boss: User) -> None:
    goal = make_goal(by=boss)
    assert behaviour.effect(goal.campaign, NOON).verdict.word == "Could not tell"
    count(CADDIES, [100, 110, 90], [150, 160, 140], by=boss)
    told = behaviour.effect(goal.campaign, NOON)
    assert told.verdict is not None
    assert f"no number for {MILTON}" in told.verdict.words
    count(MILTON, [10, 10, 10], [10, 10, 10], by=boss)
    assert behaviour.effect(goal.campaign, NOON).verdict.word == "Moved as wanted"
    file = OutsideFile.objects.filter(kind="counts").order_by("pk").first()
    assert file is not None
    bringing_in.take_back(file, "Wrong depot", by=boss, now=NOON)
    assert behaviour.effect(goal.campaign, NOON).verdict.word == "Could not tell"


def test_calls_about_a_topic_can_be_what_is_counted_all_ways_together(boss: User) -> None:
    bins = make_topic(name="Bins")
    goal = make_goal(by=boss, wanted="fewer", counted="", topic=bins, compared="", target=50)
    days = [BEFORE + WEEK * n for n in range(3)] + [AFTER + WEEK * n for n in range(3)]
    rows = [
        (day.isoformat(), "Bins", route, str(80 - 5 * n)) for n, day in enumerate(days) for route in ("Phone", "E-mail")
    ]
    bring_in(rows, by=boss)
    told = behaviour.effect(goal.campaign, NOON)
    assert [one.value for one in told.rows] == [160, 150, 140, 130, 120, 110]
    assert told.rows[0].counted == "Calls and e-mails about Bins"


def test_nobody_moves_the_goal_once_its_weeks_have_begun(boss: User) -> None:
    goal = make_goal(by=boss)
    with pytest.raises(Invalid, match="The weeks after have begun"):
        make_goal(goal.campaign, by=boss, target=60)
    make_goal(goal.campaign, by=boss, behaviour="Households use the caddy", after_last=AFTER + 3 * WEEK)
    assert BehaviourGoal.objects.get().after_last == AFTER + 3 * WEEK
    early = make_goal(by=boss, after_first=date(2027, 1, 4), after_last=date(2027, 1, 20))
    assert make_goal(early.campaign, by=boss, target=60, after_first=date(2027, 1, 4),
                     after_last=date(2027, 2, 1)).target == 60  # fmt: skip
    for wrong in ({"before_last": BEFORE + WEEK}, {"after_last": AFTER}, {"after_first": BEFORE + 2 * WEEK}):
        with pytest.raises(Invalid):
            make_goal(by=boss, **wrong)


def test_one_number_is_written_down_by_hand_with_its_source_and_restates_an_older_one(boss: User) -> None:
    goal = make_goal(by=boss)
    count(CADDIES, [100, 110, 90], [150, 160, 140], by=boss)
    later = NOON + timedelta(hours=1)
    client = seat(boss)
    facts = {
        "label": CADDIES.upper(),
        "on": (AFTER + timedelta(days=2)).isoformat(),
        "value": "1155.5",
        "source": "Depot",
    }
    url = reverse("measures:write-down-count", args=[goal.campaign.key])
    assert client.post(url, facts).status_code == 302
    rows = [one for one in behaviour.effect(goal.campaign, clock.now()).rows if one.on == AFTER and one.about == "ours"]
    assert [(one.value, one.source) for one in rows] == [(1155.5, "Depot")]
    before = [one for one in behaviour.effect(goal.campaign, later).rows if one.on == AFTER and one.about == "ours"]
    assert before[0].value == 150  # as it was known then
    wrong = client.post(url, facts | {"on": "2090-01-01"})
    assert (wrong.status_code, "still to come" in wrong.content.decode()) == (422, True)
    assert 'value="Depot"' in wrong.content.decode()


def goal_form(**facts: Any) -> dict[str, Any]:
    told = {"behaviour": "Use the caddy", "wanted": "more", "counted": CADDIES, "target": "140"}
    days = {
        "before_first": BEFORE,
        "before_last": BEFORE + 2 * WEEK,
        "after_first": AFTER,
        "after_last": AFTER + 2 * WEEK,
    }
    return told | {name: day.isoformat() for name, day in days.items()} | facts


def test_a_manager_sets_the_goal_on_a_page_and_everybody_at_the_desk_reads_the_verdict(boss: User) -> None:
    campaign, client = make_campaign(name="Caddies"), seat(boss)
    url = reverse("measures:set-goal", args=[campaign.key])
    for wrong, why in (
        ({"counted": ""}, "Say what is counted"),
        ({"compared": CADDIES.upper()}, "Compare with something else."),
        ({"after_first": BEFORE.isoformat()}, "It comes before the last week before."),
        ({"before_last": BEFORE.isoformat()}, "Take at least 3 weeks before"),
    ):
        refused = client.post(url, goal_form(**wrong))
        assert (refused.status_code, why in refused.content.decode()) == (422, True), why
    assert client.post(url, goal_form()).status_code == 302
    count(CADDIES, [100, 110, 90], [150, 160, 140], by=boss)
    reader = seat(make_user("officer"))
    page = reader.get(reverse("measures:effect", args=[campaign.key])).content.decode()
    assert "50 % more a week than before" in page
    assert "Write down a count" not in page
    assert "Moved as wanted" in reader.get(reverse("measures:effects")).content.decode()
    text = reader.get(reverse("measures:effect-weeks", args=[campaign.key])).content.decode()
    assert measure.change(tracing.read(CountRow, text)).value == pytest.approx(50.0)
    assert reverse("measures:effect", args=[campaign.key]) in reader.get(
        reverse("campaigns:campaign", args=[campaign.key])
    ).content.decode()  # fmt: skip


def test_what_residents_know_counts_until_it_is_taken_back_and_says_why(boss: User) -> None:
    officer = make_user("officer")
    row = make_recall(by=officer)
    span = Span(NOON - timedelta(days=7), NOON + timedelta(days=1), NOON + timedelta(hours=2))
    assert RULES["recall"].figure(RULES["recall"].rows(span)).value == 45.0
    behaviour.take_back_recall(row, "Counted twice", by=officer, now=NOON + timedelta(hours=3))
    assert RULES["recall"].figure(RULES["recall"].rows(span)).value == 45.0  # as it was known then
    later = Span(span.start, span.end, NOON + timedelta(hours=4))
    assert RULES["recall"].figure(RULES["recall"].rows(later)).missing == "nobody was asked"
    with pytest.raises(LostRace):
        behaviour.take_back_recall(row, "Again", by=officer, now=NOON)


def test_an_officer_notes_on_the_page_what_residents_knew(boss: User) -> None:
    campaign, client = make_campaign(), seat(make_user("officer"))
    url = reverse("measures:note-recall", args=[campaign.key])
    facts = {"question": "Which day?", "on": NOON.date().isoformat(), "asked": "80", "knew": "90", "how": "By phone",
             "source": "Tally"}  # fmt: skip
    wrong = client.post(url, facts)
    assert (wrong.status_code, "More than were asked." in wrong.content.decode()) == (422, True)
    assert client.post(url, facts | {"knew": "31"}).status_code == 302
    page = client.get(reverse("measures:effect", args=[campaign.key])).content.decode()
    assert "31 of 80" in page
    row = Recall.objects.get()
    back = reverse("measures:take-back-recall", args=[row.key])
    assert client.post(back, {"why": ""}).status_code == 422
    assert client.post(back, {"why": "Asked the wrong people"}).status_code == 302
    assert "Asked the wrong people" in client.get(reverse("measures:effect", args=[campaign.key])).content.decode()
