"""The incident log: logged, settled with a lesson, corrected in the open, and never taken away."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.refusals import Invalid, LostRace, NotAllowed
from policy import incidents
from policy.models import Incident
from tests.factories import NOON, make_town, make_user
from tests.factories_people import WORDS

pytestmark = pytest.mark.django_db

FACTS = {
    "kind": "tone",
    "words": "A sharp answer to a polite question",
    "place": "Fernhill on X",
    "link": "",
    "noticed_at": NOON - timedelta(hours=2),
    "clause": "",
}
TYPED = {key: FACTS[key] for key in ("kind", "words", "place", "link", "clause")} | {"noticed": "2026-03-05T10:00"}


@pytest.fixture
def officer(db):
    return make_user("officer")


def logged(by, **facts):
    return incidents.log({**FACTS, **facts}, by=by, now=NOON)


def seat(user):
    client = Client()
    client.force_login(user)
    return client


def signed_in(role):
    user = make_user(role, password=WORDS)
    client = seat(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_it_is_open_until_what_was_done_and_the_lesson_are_there(officer):
    one = logged(officer)
    for ending in (("", "Ask first"), ("Taken down", " ")):
        with pytest.raises(Invalid):
            incidents.settle(one, *ending, by=officer, now=NOON)
    incidents.settle(one, "Taken down", "Ask first", by=officer, now=NOON)
    one.refresh_from_db()
    assert (one.settled_at, one.settled_by, one.done, one.lesson) == (NOON, officer, "Taken down", "Ask first")
    with pytest.raises(LostRace):
        incidents.settle(one, "Left up", "None", by=officer, now=NOON)


def test_the_database_itself_keeps_a_settled_one_from_being_without_a_lesson(officer):
    one = logged(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=one.pk).update(settled_at=NOON, settled_by=officer, done="Taken down")


def test_a_correction_keeps_what_was_said_before_and_nothing_else_changes(officer):
    one = logged(officer)
    assert not incidents.amend(one, FACTS, 1, by=officer, now=NOON)
    assert incidents.amend(one, FACTS | {"place": "Facebook"}, 1, by=officer, now=NOON)
    entry = audit.history_of(one).get(act="corrected_incident")
    assert entry.data == {"was": {"place": "Fernhill on X"}, "became": {"place": "Facebook"}}
    with pytest.raises(LostRace):
        incidents.amend(one, FACTS | {"place": "Mastodon"}, 1, by=officer, now=NOON)
    assert Incident.objects.get().place == "Facebook"


def test_the_ending_can_be_corrected_but_not_taken_away(officer):
    one = logged(officer)
    incidents.settle(one, "Taken down", "Ask first", by=officer, now=NOON)
    with pytest.raises(Invalid):
        incidents.amend(one, FACTS | {"done": "", "lesson": "Ask first"}, 2, by=officer, now=NOON)
    assert incidents.amend(one, FACTS | {"done": "Apologised", "lesson": "Ask first"}, 2, by=officer, now=NOON)
    assert Incident.objects.get().done == "Apologised"


@pytest.mark.parametrize(
    ("link", "fine"),
    [
        ("https://example.org/1", True),
        ("/inbox/", True),
        ("http://example.org/1", False),
        ("//example.org", False),
        ("/\\example.org", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_link_is_a_safe_address_or_a_path_of_the_desk(link, fine):
    if fine:
        incidents.check_link(link)
    else:
        with pytest.raises(Invalid):
            incidents.check_link(link)


def test_it_cannot_be_noticed_later_than_now_and_contributors_do_not_log(officer):
    with pytest.raises(Invalid):
        logged(officer, noticed_at=NOON + timedelta(minutes=1))
    for role in ("contributor", "records_officer"):
        with pytest.raises(NotAllowed):
            logged(make_user(role))
    assert not Incident.objects.exists()


def test_it_is_entered_on_the_towns_clocks_and_a_mistake_loses_nothing(officer):
    make_town(zone="America/New_York")
    browser, address = seat(officer), reverse("policy:log-incident")
    wrong = browser.post(address, TYPED | {"link": "http://example.org", "noticed": "2026-03-08T02:30"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert FACTS["words"] in page
    assert "2 things need another look" in page
    assert "does not exist on 8 March 2026" in page
    twice = browser.post(address, TYPED | {"noticed": "2025-11-02T01:30"})
    assert "comes twice" in twice.content.decode()
    assert browser.post(address, TYPED | {"noticed": "2025-11-02T01:30", "fold": "1"}).status_code == 302
    assert Incident.objects.get().noticed_at.isoformat() == "2025-11-02T06:30:00+00:00"


def test_the_list_has_the_open_ones_on_top_and_each_page_leads_on(officer):
    old, new = logged(officer, words="Old", noticed_at=NOON - timedelta(days=9)), logged(officer, words="New")
    incidents.settle(new, "Taken down", "Ask first", by=officer, now=NOON)
    assert [one.words for one in Incident.objects.open_first()] == ["Old", "New"]
    browser = seat(officer)
    page = browser.get(reverse("policy:incidents")).content.decode()
    assert reverse("calendar:corrections") in page
    assert reverse("policy:incidents") in browser.get(reverse("calendar:corrections")).content.decode()
    settle = reverse("policy:settle-incident", args=[old.key])
    half = browser.post(settle, {"done": "Taken down", "lesson": ""})
    assert half.status_code == 422
    assert "Taken down" in half.content.decode()
    assert browser.post(settle, {"done": "Taken down", "lesson": "Ask"}).status_code == 302
    lost = browser.post(settle, {"done": "Mine", "lesson": "My own lesson"})
    assert "My own lesson" in lost.content.decode()
    typed = TYPED | {"clause": "photos-of-children", "version": 2, "done": "Taken down", "lesson": "Ask a colleague"}
    assert browser.post(reverse("policy:amend-incident", args=[old.key]), typed).status_code == 302
    page = browser.get(reverse("policy:incident", args=[old.key])).content.decode()
    assert f"{reverse('policy:guide', args=['policy'])}#photos-of-children" in page
    assert "Corrections of this entry (1)" in page


def test_nothing_logged_says_so(officer):
    page = seat(officer).get(reverse("policy:incidents")).content.decode()
    assert "No incident was logged" in page
    assert reverse("policy:incidents-table") not in page


def test_the_table_is_harmless_in_a_spreadsheet_and_that_it_was_taken_is_noted(officer):
    logged(officer, words="=HYPERLINK(1)", place="@town")
    answer = signed_in("records_officer").get(reverse("policy:incidents-table"))
    lines = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="incidents.csv"'
    assert "'=HYPERLINK(1),'@town" in lines
    assert audit.AuditEntry.objects.get(act="exported_incidents").data["rows"] == 1
