"""Many reports of one thing become one issue with one alert; it is promised, told and closed once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notification
from accounts.refusals import Invalid, LostRace, NotAllowed
from channels_app import outbox
from engagement import closings, gathering, handling, issues, naming, triaging
from engagement.models import AlertRule, Conversation, Issue, IssueMember, Label, Place, Promise, Reply
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_conversation
from tests.factories_promises import FRIDAY, make_issue, make_place, make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def officer():
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def channel(scripted: Scripted):
    return make_channel()


@pytest.fixture
def mill():
    return make_place("Mill Road", "Miln Road")


def report(channel, minutes: float, text: str = "The lamp in Mill Road is broken", **facts) -> Conversation:
    return make_conversation(channel, text, at=NOON + minutes * MINUTE, **facts)


def gathered(minutes: float = 0) -> list[Issue]:
    return gathering.gather(NOON + minutes * MINUTE)


def alerts(user) -> int:
    return Notification.objects.filter(user=user, event="issue.new").count()


def inside(issue: Issue) -> int:
    return issues.members(issue).count()


def test_five_reports_of_one_street_in_two_hours_are_one_issue_with_five_members_and_one_alert(channel, officer, mill):
    rows = [report(channel, n * 29) for n in range(4)]
    assert gathered(100) == []
    rows.append(report(channel, 118, "Miln rd: lamp not working"))
    [issue] = gathered(119)
    assert (issue.place, inside(issue), Issue.objects.count()) == (mill, 5, 1)
    assert set(issues.members(issue).values_list("conversation", flat=True)) == {row.pk for row in rows}
    for minute in (120, 121, 150):
        assert gathered(minute) == []
    assert (alerts(officer), inside(issue)) == (1, 5)


def test_what_comes_later_joins_by_itself_and_raises_no_second_alert(channel, officer, mill):
    for n in range(5):
        report(channel, n)
    [issue] = gathered(10)
    for n in range(6):
        report(channel, 300 + n)
    assert gathered(310) == []
    issue.refresh_from_db()
    assert (inside(issue), alerts(officer), issue.last_at) == (11, 1, NOON + 305 * MINUTE)


def test_what_is_no_report_does_not_count(channel, mill):
    for n, text in enumerate(("Mill Road looks lovely", "Useless clowns in Mill Road", "The heron is in Mill Road")):
        report(channel, n, text)
        report(channel, n, text)
    assert gathered(10) == []


def test_what_a_person_said_counts_more_than_the_words(channel, officer, mill):
    rows = [report(channel, n, "Mill Road looks lovely") for n in range(5)]
    for row in rows:
        triaging.confirm(row, "criticism", by=officer, now=NOON)
    assert len(gathered(10)) == 1
    others = [report(channel, n, "The lamp in High Street is broken") for n in range(5)]
    make_place("High Street")
    triaging.confirm(others[0], "rant", by=officer, now=NOON)
    assert gathered(11) == []


def test_reports_without_a_place_are_gathered_by_their_label(channel, officer):
    bins = Label.objects.create(name="Bins")
    rows = [report(channel, n, "My bin was not emptied") for n in range(5)]
    assert gathered(10) == []
    for row in rows:
        handling.label(row, [bins], by=officer, now=NOON)
    [issue] = gathered(11)
    assert (issue.place, issue.label, inside(issue)) == (None, bins, 5)


def test_reports_on_two_channels_are_one_issue_and_each_channel_hears(channel, mill):
    other = make_channel()
    here, there = make_user("officer", scope=channel.scope), make_user("officer", scope=other.scope)
    for n in range(5):
        report(channel if n % 2 else other, n)
    gathered(10)
    assert (Issue.objects.count(), alerts(here), alerts(there)) == (1, 1, 1)


def test_the_thresholds_are_the_towns(channel, mill):
    naming.set_thresholds(AlertRule(reports=3, minutes=30), by=make_user("manager"), now=NOON)
    for n in range(3):
        report(channel, n)
    assert len(gathered(10)) == 1


def test_one_taken_out_by_hand_stays_out_until_somebody_adds_it(channel, officer, mill):
    rows = [report(channel, n) for n in range(6)]
    [issue] = gathered(10)
    issues.take_out(issue, rows[0], by=officer, now=NOON + 11 * MINUTE)
    with pytest.raises(LostRace):
        issues.take_out(issue, rows[0], by=officer, now=NOON + 11 * MINUTE)
    gathered(12)
    assert (inside(issue), Issue.objects.count()) == (5, 1)
    issues.add(issue, rows[0], by=officer, now=NOON + 13 * MINUTE)
    issues.add(issue, rows[0], by=officer, now=NOON + 13 * MINUTE)
    assert inside(issue) == 6
    assert IssueMember.objects.count() == 6


def test_after_it_is_closed_only_new_reports_make_another(channel, officer, mill):
    for n in range(5):
        report(channel, n)
    [issue] = gathered(10)
    issues.close(issue, why="A false alarm", by=officer, now=NOON + 11 * MINUTE)
    assert gathered(12) == []
    for n in range(4):
        report(channel, 20 + n)
    assert gathered(30) == []
    report(channel, 31)
    [second] = gathered(32)
    assert (second.pk != issue.pk, inside(second)) == (True, 5)


def promised(issue, by, now=NOON + 15 * MINUTE) -> Promise:
    return issues.promise(issue, what="The lamps work", owner=by, due_on=FRIDAY, public=True, by=by, now=now)


def test_its_promise_is_everybodys_also_of_those_who_report_later(channel, officer, mill):
    rows = [report(channel, n) for n in range(5)]
    [issue] = gathered(10)
    promise = promised(issue, officer)
    late = report(channel, 40)
    gathered(41)
    assert set(promise.reports.values_list("conversation", flat=True)) == {row.pk for row in [*rows, late]}
    issues.take_out(issue, late, by=officer, now=NOON + HOUR)
    assert promise.reports.count() == 5


def test_closing_it_tells_each_reporter_once_and_keeps_the_promise(channel, officer, mill, scripted: Scripted):
    for n in range(5):
        report(channel, n)
    [issue] = gathered(10)
    promise = promised(issue, officer)
    with pytest.raises(Invalid, match="still open"):
        issues.close(issue, why="Done", by=officer, now=NOON + DAY)
    issues.close(issue, closing="All lamps work again. Thank you.", by=officer, now=NOON + DAY)
    with pytest.raises(LostRace):
        issues.close(issue, closing="Again", by=officer, now=NOON + DAY)
    promise.refresh_from_db()
    assert (promise.state, Reply.objects.filter(state="draft").count()) == ("kept", 5)
    for _ in range(2):
        closings.send(promise.reports.all(), by=officer, now=NOON + DAY)
        for _ in range(6):
            outbox.step(NOON + DAY)
    assert len({one.reply_to for one in scripted.sent}) == len(scripted.sent) == 5


def test_without_a_promise_closing_tells_each_reporter_once_as_well(channel, officer, mill, scripted: Scripted):
    for n in range(5):
        report(channel, n)
    [issue] = gathered(10)
    issues.close(issue, closing="All lamps work again. Thank you.", by=officer, now=NOON + DAY)
    assert issues.draft_rest(issue, by=officer, now=NOON + DAY) == 0
    for _ in range(2):
        closings.send(issues.members(issue), by=officer, now=NOON + DAY)
        for _ in range(6):
            outbox.step(NOON + DAY)
    assert (len(scripted.sent), Promise.objects.count()) == (5, 0)


def test_closing_wants_words_for_the_reporters_or_a_reason(officer):
    with pytest.raises(Invalid):
        issues.close(make_issue(), by=officer, now=NOON)


def test_who_may_not_answer_on_all_its_channels_does_not_close_it(channel, mill):
    other = make_channel()
    half = make_user("officer", scope=channel.scope)
    for n in range(5):
        report(channel if n % 2 else other, n)
    [issue] = gathered(10)
    for act in (
        lambda: issues.close(issue, closing="Done", by=half, now=NOON),
        lambda: issues.say(issue, "Done", by=half, now=NOON),
        lambda: promised(issue, half),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(Issue.objects.visible_to(make_user("officer", scope=make_channel().scope), NOON)) == []


def test_the_list_of_places_is_the_towns_to_change(officer):
    manager = make_user("manager")
    with pytest.raises(NotAllowed):
        naming.add("Mill Road", [], by=officer, now=NOON)
    place = naming.add("Mill Road", ["Miln Road"], by=manager, now=NOON)
    assert naming.read_in([("mill road", ["The Mill"]), ("High Street", [])], by=manager, now=NOON) == (1, 1)
    place.refresh_from_db()
    assert place.other_names == ["Miln Road", "The Mill"]
    with pytest.raises(LostRace):
        naming.change(place, "Mill Lane", [], place.version - 1, by=manager, now=NOON)
    naming.put_away(place, by=manager, now=NOON)
    assert gathering.known_places().found("Mill Road, High Street") == [Place.objects.get(name="High Street").pk]


def test_a_promise_made_before_may_be_the_issues_own_conversation(channel, officer, mill):
    rows = [report(channel, n) for n in range(5)]
    make_promise(rows[0], by=officer)
    [issue] = gathered(10)
    assert promised(issue, officer).reports.count() == 5
