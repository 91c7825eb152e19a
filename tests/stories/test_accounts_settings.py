"""The town's settings and one's own profile: every bad input gets its sentence and changes nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEntry, Town, User
from tests.factories import make_town, make_user

pytestmark = pytest.mark.django_db


def form(**changes: str) -> dict[str, str]:
    """The page's form as it stands, with changes; hours as in `start-DAY-N`."""
    town = Town.here()
    words = {
        "name": town.name,
        "zone": town.zone,
        "locale": town.locale,
        "population": "",
        "version": str(town.version),
    }
    for day, shifts in enumerate(town.hours):
        for n, (start, end) in enumerate(shifts):
            words |= {f"start-{day}-{n}": start, f"end-{day}-{n}": end}
    return words | {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.fixture
def admin(client: Client) -> Client:
    make_town()
    client.force_login(make_user("administrator"))
    return client


def test_a_town_works_in_several_shifts_a_day(admin: Client) -> None:
    changes = {
        "start_0_0": "13:30",
        "end_0_0": "18:00",
        "start_0_1": "08:00",
        "end_0_1": "12:30",
        "population": "41250",
    }
    assert admin.post("/settings/", form(**changes)).status_code == 302
    town = Town.here()
    assert town.hours[0] == [["08:00", "12:30"], ["13:30", "18:00"]]
    assert (town.hours[5], town.population, town.version) == ([], 41250, 2)
    entry = AuditEntry.objects.get(act="changed_settings")
    assert entry.data["was"]["hours"][0] == [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "This field is required"),
        ({"zone": "Europe/Atlantis"}, "is not a time zone"),
        ({"zone": "../../etc/passwd"}, "is not a time zone"),
        ({"zone": "GMT+1"}, "is not a time zone"),
        ({"locale": "xx"}, "Select a valid choice"),
        ({"population": "-5"}, "above 0"),
        ({"population": "many"}, "Enter a whole number"),
        ({"population": "999999999999"}, "above 0"),
        ({"end_0_0": "08:00"}, "Monday: the shift that starts at 09:00 ends at 08:00, which is not later"),
        ({"end_0_0": "09:00"}, "which is not later"),
        ({"start_1_1": "16:00", "end_1_1": "18:00"}, "Tuesday: two shifts overlap"),
        ({"start_2_1": "09:00", "end_2_1": "17:00"}, "Wednesday: two shifts overlap"),
        ({"start_5_0": "10:00"}, "Saturday: &#x27;10:00 to &#x27; is not two times"),
        ({"start_6_0": "25:00", "end_6_0": "26:00"}, "Sunday: &#x27;25:00 to 26:00&#x27; is not two times"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_changes(changes: dict[str, str], words: str, admin: Client) -> None:
    before = Town.objects.values().get()
    answer = admin.post("/settings/", form(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Town.objects.values().get() == before
    assert not AuditEntry.objects.filter(act="changed_settings").exists()


def test_the_second_of_two_who_change_the_settings_is_told(admin: Client) -> None:
    mine = form(name="Fernhill on Sea")
    assert admin.post("/settings/", form(name="Fernhill Town")).status_code == 302
    answer = admin.post("/settings/", mine)
    assert answer.status_code == 409
    assert "A colleague changed these settings" in answer.content.decode()
    assert Town.here().name == "Fernhill Town"


def test_a_manager_sees_the_settings_and_changes_nothing(client: Client) -> None:
    make_town()
    client.force_login(make_user("manager"))
    assert "Only administrators can change this" in client.get("/settings/").content.decode()
    client.post("/settings/", form(name="Elsewhere"))
    assert Town.here().name == "Fernhill"
    assert client.post("/settings/mail/test/").status_code == 403


def test_times_on_pages_are_the_towns(client: Client) -> None:
    make_town(zone="Pacific/Auckland")
    user = make_user("administrator", last_login="2026-06-30T20:15:00Z")
    client.force_login(make_user("administrator"))
    assert "1 Jul 2026, 08:15" in client.get("/settings/people/").content.decode()
    assert user.name in client.get("/settings/people/").content.decode()


def test_a_person_changes_their_own_profile(client: Client) -> None:
    user = make_user("officer", name="Rosa Marsh")
    client.force_login(user)
    form = {"name": "  Rosa   Brook ", "initials": "rb", "theme": "dark", "is_active": "", "email": "x@x.example"}
    assert client.post("/me/", form).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.initials, user.theme, user.shortcuts) == ("Rosa Brook", "RB", "dark", False)
    assert user.is_active
    assert user.email != "x@x.example"
    assert 'data-theme="dark"' in client.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"initials": "R2"}, "up to four letters"),
        ({"initials": "ABCDE"}, "at most 4 characters"),
        ({"theme": "neon"}, "Select a valid choice"),
    ],
)
def test_a_profile_that_cannot_be_is_named(change: dict[str, str], words: str, client: Client) -> None:
    user = make_user("officer", name="Rosa Marsh")
    client.force_login(user)
    answer = client.post("/me/", {"name": "Rosa Marsh", "initials": "", "theme": "light"} | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert User.objects.get(pk=user.pk).theme == "system"


def test_the_colours_change_from_the_menu_and_lead_back(client: Client) -> None:
    user = make_user("officer")
    client.force_login(user)
    answer = client.post("/me/theme/", {"theme": "light", "next": "/notifications/?page=2"})
    assert answer["Location"] == "/notifications/?page=2"
    assert client.post("/me/theme/", {"theme": "light", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/me/theme/", {"theme": "neon"}).status_code == 422
    assert User.objects.get(pk=user.pk).theme == "light"
