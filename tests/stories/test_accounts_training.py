"""Training before keys: without it the role alone opens nothing, and it ends at midnight by the town's clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import access, clock, gate, lessons, skills, training
from accounts.models import AuditEntry, Grant, Notification, NotificationChoice, TrainingAttempt, TrainingModule
from accounts.refusals import Invalid, LostRace
from channels_app.publishing import obstacles
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import make_post
from tests.factories_people import RIGHT, WRONG, make_attempt, make_lesson, make_module

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_without_the_training_the_role_has_no_keys_and_says_why() -> None:
    module, officer = make_module(roles=["officer"]), make_user("officer")
    assert not access.may(officer, "answer", NOON)
    assert access.may(officer, "write_post", NOON)
    assert officer not in access.who_may("answer", NOON)
    assert officer in access.who_may("write_post", NOON)
    with pytest.raises(access.Untrained) as refused:
        access.require(officer, "answer", NOON)
    assert refused.value.words == "You have not passed the training “Personal data” yet."
    assert refused.value.url == f"/training/{module.key}/"
    make_attempt(officer, module)
    assert access.may(officer, "answer", NOON)
    assert officer in access.who_may("answer", NOON)


def test_a_failed_attempt_opens_nothing() -> None:
    module, officer = make_module(roles=["officer"]), make_user("officer")
    make_attempt(officer, module, until=None)
    assert not access.may(officer, "answer", NOON)


def test_other_roles_are_not_asked_and_a_second_role_does_not_need_the_first_ones_training() -> None:
    make_module(roles=["approver"])
    officer, both = make_user("officer"), make_user("approver")
    Grant.objects.create(user=both, role="officer", starts_at=NOON - DAY)
    assert access.may(officer, "answer", NOON)
    assert access.may(both, "answer", NOON)
    assert not access.may(both, "approve_post", NOON)


@pytest.mark.parametrize(
    ("zone", "passed", "last", "midnight"),
    [
        ("Europe/London", datetime(2026, 3, 28, 9, tzinfo=UTC), date(2027, 3, 28), "2027-03-28T23:00:00+00:00"),
        ("Europe/London", datetime(2025, 10, 26, 0, 30, tzinfo=UTC), date(2026, 10, 26), "2026-10-27T00:00:00+00:00"),
        ("America/New_York", datetime(2026, 3, 8, 2, tzinfo=UTC), date(2027, 3, 7), "2027-03-08T05:00:00+00:00"),
        ("Africa/Cairo", datetime(2025, 4, 23, 9, tzinfo=UTC), date(2026, 4, 23), "2026-04-23T22:00:00+00:00"),
        ("UTC", datetime(2028, 2, 29, 9, tzinfo=UTC), date(2029, 2, 28), "2029-03-01T00:00:00+00:00"),
    ],
)
def test_a_pass_ends_at_midnight_of_the_town_across_every_change_of_clocks(
    zone: str, passed: datetime, last: date, midnight: str
) -> None:
    make_town(zone=zone)
    module, officer = make_module(roles=["officer"]), make_user("officer")
    attempt = training.answer(officer, module, 1, RIGHT, passed)
    assert attempt.good_until is not None
    assert attempt.good_until.isoformat() == midnight
    assert access.may(officer, "answer", attempt.good_until - timedelta(microseconds=1))
    assert not access.may(officer, "answer", attempt.good_until)
    with timezone.override(zone), pytest.raises(access.Untrained) as refused:
        access.require(officer, "answer", attempt.good_until)
    assert f"ended on {last.day} {last:%B %Y}; take it again" in refused.value.words


def test_the_keys_are_asked_for_again_when_it_is_sent() -> None:
    module, officer, channel = make_module(roles=["officer"]), make_user("officer"), make_channel()
    make_attempt(officer, module, until=NOON + timedelta(hours=1))
    reply = make_delivery(channel=channel, kind="reply", origin="reply", asked_by=officer)
    found = [obstacles._rights(reply, at) for at in (NOON, NOON + timedelta(hours=2))]
    assert found[0] is None
    assert (found[1].to, found[1].why) == ("blocked", "rights")
    assert "asked for it and has let the training “Personal data” run out on" in found[1].words


def test_new_people_have_their_grace_and_no_longer() -> None:
    make_module(roles=["officer"], grace=14 * DAY)
    fresh, old = make_user("officer", joined_at=NOON), make_user("officer", joined_at=NOON - 300 * DAY)
    assert access.may(fresh, "answer", NOON + 14 * DAY - timedelta(seconds=1))
    assert not access.may(fresh, "answer", NOON + 14 * DAY)
    assert not access.may(old, "answer", NOON)


def test_a_new_rule_gives_everybody_its_grace() -> None:
    make_module(roles=["officer"], grace=14 * DAY, since=NOON)
    old = make_user("officer", joined_at=NOON - 300 * DAY)
    assert access.may(old, "answer", NOON + 13 * DAY)
    assert not access.may(old, "answer", NOON + 14 * DAY)


def test_giving_the_role_anew_starts_no_new_grace() -> None:
    make_module(roles=["officer"], grace=14 * DAY)
    officer = make_user("officer", joined_at=NOON - 300 * DAY)
    Grant.objects.filter(user=officer).update(starts_at=NOON - timedelta(minutes=1))
    assert not access.may(officer, "answer", NOON)


def test_asking_costs_one_query_with_or_without_rules() -> None:
    officer = make_user("officer")
    for n in range(7):
        make_attempt(officer, make_module(f"Module {n}", roles=["officer", "publisher"]))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert access.may(officer, "answer", NOON)
    assert len(asked) == 1
    access.remember(officer, NOON)
    with CaptureQueriesContext(connection) as asked:
        assert access.may(officer, "answer", NOON)
        assert not access.may(officer, "schedule_post", NOON)
    assert len(asked) == 0


def test_layers_above_can_ask_for_more() -> None:
    owes = NotificationChoice.objects.filter(user=OuterRef("user"), event="a fact")
    lapse = gate.Lapse("Read the policy first.", "has not read the policy", "/policy/", "Read it")
    training.require(training.Fact("this_test", lambda now: Exists(owes), lapse))
    try:
        officer = make_user("officer")
        assert access.may(officer, "answer", NOON)
        NotificationChoice.objects.create(user=officer, event="a fact", how="off")
        assert not access.may(officer, "answer", NOON)
        assert officer not in access.who_may("answer", NOON)
        with pytest.raises(access.Untrained, match="Read the policy first"):
            access.require(officer, "answer", NOON)
        with pytest.raises(KeyError, match="this_test"):
            training.require(training.Fact("this_test", lambda now: Exists(owes), lapse))
    finally:
        gate.release("this_test")


def test_attempts_and_versions_never_change() -> None:
    attempt = make_attempt(make_user())
    for rows in (TrainingAttempt.objects.all(), attempt.version.module.versions.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_what_was_asked_stays_with_the_attempt_when_the_module_changes() -> None:
    by, officer = make_user("manager"), make_user("officer")
    module = training.add(make_lesson(), by=by, now=NOON)
    attempt = training.answer(officer, module, 1, RIGHT, NOON)
    training.revise(module, make_lesson(months=24), 1, by=by, now=NOON)
    attempt.refresh_from_db()
    assert attempt.version.months == 12
    module.refresh_from_db()
    assert module.versions.get(number=2).changed == "Changed: how long it is good for"
    with pytest.raises(LostRace):
        training.answer(officer, module, 1, RIGHT, NOON)
    with pytest.raises(LostRace):
        training.revise(module, make_lesson("Else"), 1, by=by, now=NOON)


def test_a_new_version_takes_passes_away_only_on_the_day_named_for_it() -> None:
    make_town(zone="UTC")
    by, officer = make_user("manager"), make_user("officer")
    module = make_module(roles=["officer"])
    make_attempt(officer, module)
    training.revise(module, make_lesson(months=6), 1, by=by, now=NOON, again_on=date(2026, 12, 1))
    assert access.may(officer, "answer", datetime(2026, 12, 1, 23, 59, tzinfo=UTC))
    assert not access.may(officer, "answer", datetime(2026, 12, 2, tzinfo=UTC))
    module.refresh_from_db()
    training.answer(officer, module, 2, RIGHT, NOON)
    assert access.may(officer, "answer", datetime(2026, 12, 2, tzinfo=UTC))


@pytest.mark.parametrize("chosen", [[], [[1]], [[1], []], [[1], [0, 1], [0]]])
def test_every_question_wants_an_answer_and_nothing_is_counted_before(chosen: list[list[int]]) -> None:
    with pytest.raises(Invalid, match="Answer every question"):
        training.answer(make_user(), make_module(), 1, chosen, NOON)
    assert not TrainingAttempt.objects.exists()


def test_all_right_options_and_no_other_count() -> None:
    officer, module = make_user("officer"), make_module(pass_mark=100)
    tries = [training.answer(officer, module, 1, [[1], second], NOON).passed for second in ([0], [0, 1, 2], [1, 0])]
    assert tries == [False, False, True]


def test_reminders_come_thirty_fourteen_seven_and_one_day_before_and_once_each() -> None:
    make_town(zone="Europe/London")
    officer, module = make_user("officer"), make_module(roles=["officer"])
    end = datetime(2027, 1, 1, tzinfo=UTC)
    make_attempt(officer, module, until=end)
    told = []
    for back in range(45, 0, -1):
        for hour in (1, 13):
            now = end - timedelta(days=back) + timedelta(hours=hour)
            before = Notification.objects.count()
            skills.remind(now)
            told += [back - 1] * (Notification.objects.count() - before)
    assert told == [30, 14, 7, 1]
    assert "is good until 31 December 2026" in Notification.objects.latest("pk").words


def test_a_lapse_is_told_to_the_person_and_to_the_managers_once() -> None:
    manager, officer = make_user("manager"), make_user("officer")
    make_attempt(officer, make_module(roles=["officer"]), until=NOON - timedelta(hours=1))
    skills.remind(NOON)
    skills.remind(NOON + timedelta(hours=1))
    told = {note.user: note.words for note in Notification.objects.all()}
    assert Notification.objects.count() == 2
    assert "you cannot publish, answer or sign off" in told[officer]
    assert f"{officer.name} may not publish" in told[manager]


def test_people_and_administrators_are_told_before_a_right_ends() -> None:
    make_town(zone="UTC")
    admin, agency = make_user("administrator"), make_user("officer")
    Grant.objects.filter(user=agency).update(ends_at=datetime(2026, 11, 27, tzinfo=UTC))
    skills.remind(NOON)
    words = {note.user: note.words for note in Notification.objects.all()}
    assert words[agency] == "Your right as Officer for all channels ends at the end of 26 November 2026."
    assert words[admin].startswith(f"{agency.name}: Officer for all channels ends")


def test_the_modules_that_come_with_parley_are_complete_and_added_once() -> None:
    assert len(lessons.shipped()) == 7
    for one in lessons.shipped():
        assert not lessons.problems(one.lesson), one.slug
        assert len(one.lesson.questions) >= 5
        assert len(one.lesson.body.split()) > 180
        assert all(question.why for question in one.lesson.questions)
    assert len(training.ship(NOON)) == 7
    assert training.ship(NOON) == []
    assert TrainingModule.objects.count() == 7
    assert access.may(make_user("publisher", joined_at=NOON), "schedule_post", NOON + 13 * DAY)


def test_taking_a_module_on_its_page(client: Client) -> None:
    officer = make_user("officer")
    module = make_module(roles=["officer"], pass_mark=80)
    client.force_login(officer)
    page = f"/training/{module.key}/"
    assert "Not passed yet" in client.get("/training/").content.decode()
    blank = client.post(page, {"version": 1, "q-0": "1"})
    assert blank.status_code == 422
    assert 'href="#question-2"' in blank.content.decode()
    assert "checked" in blank.content.decode()
    failed = client.post(page, {"version": 1, "q-0": WRONG[0], "q-1": WRONG[1]}, follow=True).content.decode()
    assert "Right would be" in failed
    passed = client.post(page, {"version": 1, "q-0": RIGHT[0], "q-1": RIGHT[1]}, follow=True).content.decode()
    assert "Certificate" in passed
    assert access.may(officer, "answer", clock.now())
    assert [one.act for one in AuditEntry.objects.order_by("pk")] == ["failed_training", "passed_training"]
    stranger = Client()
    stranger.force_login(make_user("administrator"))
    attempt = TrainingAttempt.objects.latest("pk")
    assert stranger.get(f"/training/attempts/{attempt.key}/").status_code == 404


def test_a_refused_page_leads_to_the_training(client: Client) -> None:
    module, approver = make_module(roles=["approver"]), make_user("approver")
    client.force_login(approver)
    post = make_post(channels=[make_channel()])
    refused = client.post(f"/calendar/posts/{post.key}/approve/")
    assert refused.status_code == 403
    assert f'href="/training/{module.key}/"' in refused.content.decode()


def test_every_page_says_what_has_run_out_to_the_person_alone(client: Client) -> None:
    make_module(roles=["officer", "administrator"])
    client.force_login(make_user("officer"))
    page = client.get("/notifications/").content.decode()
    assert "You have not passed the training “Personal data” yet. Until then the rights that need it rest." in page
    without_keys = Client()
    without_keys.force_login(make_user("administrator"))
    assert "Personal data" not in without_keys.get("/notifications/").content.decode()


def test_a_manager_writes_a_module_and_loses_nothing_by_a_mistake(client: Client) -> None:
    client.force_login(make_user("manager"))
    form = {
        "title": "Photographs", "summary": "Whom we may show.", "body": "Ask first.", "pass_mark": "80", "months": "12",
        "ask-0": "Who must agree?", "option-0-0": "Nobody", "option-0-1": "Whoever is shown", "why-0": "It is theirs.",
        "rule-roles": ["officer"], "rule-grace": "7",
    }  # fmt: skip
    wrong = client.post("/settings/training/modules/new/", form)
    assert wrong.status_code == 422
    assert "say which answers are right" in wrong.content.decode()
    assert "Whoever is shown" in wrong.content.decode()
    more = client.post("/settings/training/modules/new/", form | {"more": "1"}).content.decode()
    assert 'name="ask-1"' in more
    assert "Ask first." in more
    assert client.post("/settings/training/modules/new/", form | {"right-0": "1"}).status_code == 302
    module = TrainingModule.objects.get()
    rule = module.rules.get()
    assert (rule.role, rule.grace) == ("officer", 7 * DAY)
    page = client.get(f"/settings/training/modules/{module.key}/").content.decode()
    assert "Who must agree?" in page


def test_the_matrix_names_every_gap_and_can_be_taken_away_as_a_table(client: Client) -> None:
    make_town(zone="UTC")
    module = make_module(roles=["officer"])
    good, bad = make_user("officer", name="Gia Good"), make_user("officer", name="=Bad()")
    make_attempt(good, module, until=clock.now() + 200 * DAY)
    client.force_login(make_user("manager"))
    page = client.get("/settings/training/").content.decode()
    assert "Never passed" in page
    only = client.get("/settings/training/?show=gaps").content.decode()
    assert "Gia Good" not in only.split("<table")[1]
    rows = client.get("/settings/training/people.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Name,E-mail,Personal data"
    assert [row for row in rows if row.startswith("'=Bad()")] == [f"'=Bad(),{bad.email},not passed"]
    assert AuditEntry.objects.filter(act="exported_training").exists()
