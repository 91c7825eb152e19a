"""Rights: per role and scope, from one moment to another, counted at once; and people who leave."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import access, clock, people
from accounts.access import ACTS, EVERYONE
from accounts.models import AuditEntry, Grant, Scope, User
from accounts.refusals import Invalid, LostRace, NotAllowed, Refusal
from channels_app.models import Channel
from tests.factories import NOON, make_channel, make_town, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_gives_its_acts_and_no_others(role: str) -> None:
    user = make_user(role)
    assert {act for act in ACTS if access.may(user, act, NOON)} == {act for act, roles in ACTS.items() if role in roles}


def test_a_right_over_one_channel_says_nothing_about_another() -> None:
    pool, library = make_channel(), make_channel()
    user = make_user("publisher", scope=pool.scope)
    assert access.may(user, "schedule_post", NOON, pool.scope)
    assert not access.may(user, "schedule_post", NOON, library.scope)
    assert access.may(user, "schedule_post", NOON)
    assert list(Channel.objects.visible_to(user, NOON)) == [pool]
    with pytest.raises(NotAllowed) as refused:
        access.require(user, "schedule_post", NOON, library.scope)
    assert "schedule post" in refused.value.words


def test_a_general_right_covers_every_channel() -> None:
    pool = make_channel()
    user = make_user("publisher")
    assert access.may(user, "schedule_post", NOON, pool.scope)
    assert Channel.objects.visible_to(user, NOON).count() == 1


def test_an_administrator_does_not_approve_by_being_administrator() -> None:
    user = make_user("administrator")
    for act in ("approve_post", "approve_reply", "schedule_post", "answer"):
        assert not access.may(user, act, NOON)


def test_a_right_ends_at_its_end_and_not_a_moment_later() -> None:
    user, by = make_user(), make_user("administrator")
    end = NOON + timedelta(days=30)
    people.give(user, "publisher", by=by, now=NOON, ends_at=end)
    assert access.may(user, "schedule_post", end - timedelta(microseconds=1))
    assert not access.may(user, "schedule_post", end)
    assert not access.may(user, "schedule_post", NOON - timedelta(seconds=1))


def test_ending_a_right_counts_in_the_next_request(client: Client) -> None:
    user, by = make_user("manager"), make_user("administrator")
    client.force_login(user)
    assert client.get("/settings/").status_code == 200
    people.end(user.grants.get(), by=by, now=clock.now())
    assert client.get("/settings/").status_code == 403


def test_the_same_right_is_not_given_twice() -> None:
    user, by = make_user("officer"), make_user("administrator")
    with pytest.raises(Invalid, match="has this right already"):
        people.give(user, "officer", by=by, now=NOON)
    people.give(user, "officer", by=by, now=NOON, scope=Scope.objects.create(kind="department", name="Pool"))


@pytest.mark.parametrize("back", [timedelta(0), timedelta(days=1)])
def test_a_right_that_ends_before_it_begins_is_refused(back: timedelta) -> None:
    with pytest.raises(Invalid, match="in the future"):
        people.give(make_user(), "officer", by=make_user(), now=NOON, ends_at=NOON - back)
    assert not Grant.objects.exists()


def test_the_last_administrator_stays() -> None:
    last, leaving = make_user("administrator"), make_user("administrator")
    people.end(leaving.grants.get(), by=last, now=NOON)
    with pytest.raises(Refusal, match="at least one administrator"):
        people.end(last.grants.get(), by=leaving, now=NOON)
    with pytest.raises(Refusal, match="at least one administrator"):
        people.disable(last, by=leaving, now=NOON)
    last.refresh_from_db()
    assert last.is_active
    assert access.may(last, "grant", NOON)


def test_ending_a_right_twice_is_told() -> None:
    user, by = make_user("officer"), make_user("administrator")
    grant = user.grants.get()
    people.end(grant, by=by, now=NOON)
    with pytest.raises(LostRace):
        people.end(grant, by=by, now=NOON + timedelta(seconds=1))


def test_switching_a_person_off_ends_sessions_and_rights_at_once(client: Client) -> None:
    user = make_user("manager", password="brook lantern seven mill")
    client.post("/account/login/", {"login": user.email, "password": "brook lantern seven mill"})
    other = Client()
    other.force_login(user)
    assert client.get("/settings/").status_code == other.get("/me/").status_code == 200
    admin = Client()
    admin.force_login(make_user("administrator"))
    admin.post(f"/settings/people/{user.key}/disable/")
    assert client.get("/settings/").status_code == other.get("/me/").status_code == 302
    assert not access.roles_of(User.objects.get(pk=user.pk), clock.now())
    entry = AuditEntry.objects.get(act="disabled")
    assert entry.data["sessions"] == 1
    assert [grant["role"] for grant in entry.data["grants"]] == ["manager"]
    assert Session.objects.count() == 2  # the administrator's, and one that opens nothing


def test_a_person_switched_off_cannot_sign_in_and_can_again_later(client: Client) -> None:
    words = "brook lantern seven mill"
    user, by = make_user("officer", password=words), make_user("administrator")
    people.disable(user, by=by, now=NOON)
    answer = client.post("/account/login/", {"login": user.email, "password": words})
    assert answer["Location"] == "/account/inactive/"
    assert client.get("/me/").status_code == 302
    people.enable(user, by=by, now=NOON)
    assert client.post("/account/login/", {"login": user.email, "password": words})["Location"] == "/"
    assert client.get("/me/").status_code == 200
    assert not access.roles_of(user, NOON)


def test_nobody_switches_themselves_off(client: Client) -> None:
    admin = make_user("administrator")
    make_user("administrator")
    client.force_login(admin)
    answer = client.post(f"/settings/people/{admin.key}/disable/")
    assert answer.status_code == 409
    assert "cannot switch yourself off" in answer.content.decode()
    assert User.objects.get(pk=admin.pk).is_active


@pytest.mark.parametrize("role", ["manager", "publisher", "officer"])
def test_only_administrators_give_and_end_rights(role: str, client: Client) -> None:
    user = make_user("officer")
    client.force_login(make_user(role))
    grant = user.grants.get()
    for path in ("grant/", f"grants/{grant.pk}/end/", "disable/", "enable/"):
        assert client.post(f"/settings/people/{user.key}/{path}", {"role": "administrator"}).status_code == 403
    assert [grant.role for grant in user.grants.all()] == ["officer"]


def test_rights_are_changed_only_with_the_password_given_lately(client: Client) -> None:
    user, admin = make_user(), make_user("administrator", password="brook lantern seven mill")
    client.force_login(admin)
    page = f"/settings/people/{user.key}/"
    posted = client.post(f"{page}grant/", {"role": "officer"}, headers={"Referer": f"http://testserver{page}"})
    assert posted["Location"] == f"/account/reauthenticate/?{urlencode({'next': page})}"
    assert not user.grants.exists()
    asked = client.get(posted["Location"])
    assert "press the button once more" in asked.content.decode()
    again = client.post(posted["Location"], {"password": "brook lantern seven mill", "next": page})
    assert again["Location"] == page
    client.post(f"{page}grant/", {"role": "officer"})
    assert user.grants.get().role == "officer"


def test_a_grant_is_ended_only_through_its_own_person(client: Client) -> None:
    one, other = make_user("officer"), make_user("officer")
    client.force_login(make_user("administrator"))
    assert client.post(f"/settings/people/{one.key}/grants/{other.grants.get().pk}/end/").status_code == 404
    assert client.get("/settings/people/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_a_right_given_on_the_page_lasts_to_the_end_of_its_day_in_the_towns_zone(client: Client) -> None:
    make_town(zone="America/New_York")
    user = make_user()
    client.force_login(make_user("administrator"))
    client.post(f"/settings/people/{user.key}/grant/", {"role": "officer", "until": "2030-01-31"})
    assert user.grants.get().ends_at.isoformat() == "2030-02-01T05:00:00+00:00"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"role": "king"}, "Select a valid choice"),
        ({"role": "officer", "scope": "999"}, "Select a valid choice"),
        ({"role": "officer", "until": "2020-01-01"}, "must be in the future"),
        ({"role": "officer", "until": "31 February"}, "Enter a valid date"),
        ({"role": "officer", "until": "9999-12-31"}, "too far away"),
    ],
)
def test_a_right_that_cannot_be_given_says_why(form: dict[str, str], words: str, client: Client) -> None:
    user = make_user()
    client.force_login(make_user("administrator"))
    answer = client.post(f"/settings/people/{user.key}/grant/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not user.grants.exists()
