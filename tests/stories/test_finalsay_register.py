"""The final-say register answers for any moment, from its versions: hours, deputies, absence, conflict of interest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts import people
from accounts.refusals import Invalid, LostRace, NotAllowed
from policy import finalsay
from policy.models import Absence, FinalSay
from tests.factories import make_town, make_user

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 3, 20, 10, tzinfo=UTC)  # 21:10 in town, a Sunday
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]
EARLY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_town() -> None:
    make_town(zone="Europe/London")


def test_who_had_the_final_say_on_housing_at_ten_past_nine_on_the_third_of_may():
    manager, ana, ben, cy = (make_user("manager", name=name) for name in ("Mo", "Ana", "Ben", "Cy"))
    was = finalsay.name(
        "Housing", {"holder": ana, "deputy": ben, "hours": OFFICE, "after_hours": cy}, by=manager, now=EARLY
    )
    finalsay.name("Housing", {"holder": ben}, by=manager, now=MAY + timedelta(days=30), was=was)
    then = finalsay.who("Housing", MAY)
    assert (then.holder, then.why) == (cy, "Cy decides on Housing for Ana, out of hours.")
    assert finalsay.who("Housing", MAY + timedelta(hours=12)).holder == ana
    assert finalsay.who("Housing", MAY + timedelta(days=31)).holder == ben
    assert finalsay.who("Housing", EARLY - timedelta(days=1)).holder is None


def test_absence_and_conflict_pass_the_question_on_and_stay_known():
    manager, ana, ben, cy = (make_user("manager", name=name) for name in ("Mo", "Ana", "Ben", "Cy"))
    finalsay.name("Planning", {"holder": ana, "deputy": ben, "second": cy}, by=manager, now=EARLY)
    facts = {"starts_at": MAY - timedelta(days=1), "ends_at": MAY + timedelta(days=5)}
    away = finalsay.be_away(Absence(user=ana, kind="away", **facts), by=manager, now=EARLY)
    why = "owns a flat in Mill Road"
    finalsay.be_away(Absence(user=ben, kind="conflict", subject="Planning", why=why, **facts), by=manager, now=EARLY)
    answer = finalsay.who("Planning", MAY)
    assert answer.holder == cy
    assert answer.passed == (
        "Ana is away until 8 May",
        "Ben has a conflict of interest: owns a flat in Mill Road",
    )
    finalsay.be_back(away, by=manager, now=MAY + timedelta(days=1))
    assert finalsay.who("Planning", MAY).holder == cy
    assert finalsay.who("Planning", MAY + timedelta(days=2)).holder == ana


def test_a_conflict_in_one_matter_is_none_in_another():
    manager, ana, ben = (make_user("manager", name=name) for name in ("Mo", "Ana", "Ben"))
    for subject in ("Planning", "Parks"):
        finalsay.name(subject, {"holder": ana, "deputy": ben}, by=manager, now=EARLY)
    facts = {"starts_at": EARLY, "ends_at": MAY + timedelta(days=5), "why": "A neighbour."}
    finalsay.be_away(Absence(user=ana, kind="conflict", subject="Planning", **facts), by=manager, now=EARLY)
    assert (finalsay.who("Planning", MAY).holder, finalsay.who("Parks", MAY).holder) == (ben, ana)


def test_who_has_left_since_had_the_say_then():
    manager, ana, ben = (make_user("manager", name=name) for name in ("Mo", "Ana", "Ben"))
    finalsay.name("Housing", {"holder": ana, "deputy": ben}, by=manager, now=EARLY)
    people.disable(ana, by=make_user("administrator"), now=MAY + timedelta(days=10))
    assert finalsay.who("Housing", MAY).holder == ana
    assert finalsay.who("Housing", MAY + timedelta(days=11)).holder == ben


def test_when_nobody_is_left_it_says_so():
    manager, ana = make_user("manager"), make_user("approver", name="Ana")
    finalsay.name("Housing", {"holder": ana}, by=manager, now=EARLY)
    facts = {"starts_at": EARLY, "ends_at": MAY + timedelta(days=5)}
    finalsay.be_away(Absence(user=ana, kind="away", **facts), by=manager, now=EARLY)
    assert finalsay.who("Housing", MAY).why == "Ana is away until 8 May; nobody is named since."


def test_a_change_ends_the_version_before_and_two_people_never_undo_each_other():
    manager, ana = make_user("manager"), make_user("approver")
    was = finalsay.name("Housing", {"holder": ana}, by=manager, now=EARLY)
    finalsay.name("Housing", {"holder": manager}, by=manager, now=MAY, was=was)
    with pytest.raises(LostRace):
        finalsay.name("Housing", {"holder": ana}, by=manager, now=MAY, was=was)
    with pytest.raises(Invalid):
        finalsay.name("Parks", {"holder": ana, "deputy": ana}, by=manager, now=MAY)
    with pytest.raises(NotAllowed):
        finalsay.name("Parks", {"holder": ana}, by=make_user("officer"), now=MAY)
    assert list(FinalSay.objects.order_by("pk").values_list("ends_at", flat=True)) == [MAY, None]
