"""Ways in: an invitation works once, for a week, for one address, and for nobody who changed its link."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock, invitations, mailing
from accounts.models import AuditEntry, Grant, Invitation, Mail, Scope, User
from accounts.refusals import Invalid
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db

GOOD = {"name": "Rosa Marsh", "password": "brook lantern seven mill", "again": "brook lantern seven mill"}


def invited(role: str = "officer", **facts: Any) -> tuple[Invitation, str]:
    return invitations.invite("rosa@fernhill.example", role, by=None, now=clock.now(), **facts)


def test_an_invitation_makes_an_account_with_its_role_and_signs_in(client: Client) -> None:
    pool = Scope.objects.create(kind="department", name="Pool")
    _, link = invited("publisher", scope=pool)
    assert "Rosa Marsh" not in client.get(link).content.decode()
    answer = client.post(link, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    rosa = User.objects.get(email="rosa@fernhill.example")
    assert rosa.check_password(GOOD["password"])
    assert [(grant.role, grant.scope) for grant in rosa.grants.all()] == [("publisher", pool)]
    assert client.get("/me/").status_code == 200
    assert AuditEntry.objects.filter(act="joined", ref=str(rosa.key)).exists()


def test_an_invitation_works_once(client: Client) -> None:
    _, link = invited()
    client.post(link, GOOD)
    for answer in (Client().get(link), Client().post(link, GOOD)):
        assert answer.status_code == 410
        assert "has been used already" in answer.content.decode()
    assert User.objects.count() == 1


def test_an_invitation_is_over_after_a_week() -> None:
    now = clock.now()
    invitation, link = invitations.invite("rosa@fernhill.example", "officer", by=None, now=now - timedelta(days=7))
    answer = Client().post(link, GOOD)
    assert answer.status_code == 410
    assert "This invitation is over" in answer.content.decode()
    assert not User.objects.exists()
    secret = link.rstrip("/").rpartition("/")[2]
    assert invitations.find(invitation.key, secret, now - timedelta(minutes=1)) == invitation


@pytest.mark.parametrize("change", ["secret", "key", "short"])
def test_a_changed_link_opens_nothing_and_tells_nothing(change: str) -> None:
    invitation, link = invited()
    other, _ = invitations.invite("sam@fernhill.example", "officer", by=None, now=clock.now())
    secret = link.rstrip("/").rpartition("/")[2]
    key = other.key if change == "key" else invitation.key
    secret = {"secret": "A" * len(secret), "key": secret, "short": secret[:-1]}[change]
    answer = Client().post(f"/invitation/{key}/{secret}/", GOOD)
    assert answer.status_code == 410
    assert "not a valid invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_the_secret_of_a_link_is_not_in_the_database() -> None:
    invitation, link = invited()
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_a_new_invitation_of_an_address_ends_the_one_before() -> None:
    _, first = invited()
    _, second = invited("publisher")
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_invitation_can_be_taken_back(client: Client) -> None:
    invitation, link = invited()
    client.force_login(make_user("administrator"))
    client.post(f"/settings/people/invitations/{invitation.key}/take-back/")
    assert Client().get(link).status_code == 410
    assert client.post(f"/settings/people/invitations/{invitation.key}/take-back/").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "This field is required"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"password": "rosa@fernhill", "again": "rosa@fernhill"}, "too similar"),
        ({"again": "brook lantern seven mile"}, "not the same"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_invitation_stays(change: dict[str, str], words: str) -> None:
    _, link = invited()
    answer = Client().post(link, GOOD | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.exists()
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("email", "role", "words"),
    [
        ("not an address", "officer", "is not an e-mail address"),
        ("new@fernhill.example", "king", "is not a role"),
        ("PERSON@fernhill.example", "officer", "has an account already"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(email: str, role: str, words: str) -> None:
    make_user(email="person@fernhill.example")
    with pytest.raises(Invalid) as refused:
        invitations.invite(email, role, by=None, now=NOON)
    assert words in refused.value.words
    assert not Invitation.objects.exists()


def test_the_command_prints_one_link_that_works(client: Client) -> None:
    out = StringIO()
    call_command("invite", "it@fernhill.example", role="administrator", name="Ida", stdout=out, stderr=StringIO())
    link = out.getvalue().strip()
    assert client.post(link, GOOD).status_code == 302
    assert Grant.objects.get().role == "administrator"


def test_the_command_says_which_scopes_it_knows() -> None:
    Scope.objects.create(kind="channel", name="Fernhill on X")
    with pytest.raises(CommandError, match="Known: Fernhill on X"):
        call_command("invite", "it@fernhill.example", role="officer", scope="Pool")


def test_an_administrator_invites_by_mail_or_sees_the_link_without_it(client: Client, settings: Settings) -> None:
    client.force_login(make_user("administrator"))
    form = {"email": "rosa@fernhill.example", "name": "Rosa", "role": "officer", "scope": ""}
    page = client.post("/settings/people/invite/", form).content.decode()
    assert "on its way by mail" in page
    assert "/invitation/" not in page
    queued = Mail.objects.get(kind="invitation")
    settings.PRACTICE, settings.EMAIL_HOST = False, ""
    page = client.post("/settings/people/invite/", form).content.decode()
    assert re.search(r"http://testserver/invitation/[\w-]+/[\w-]+/", page)
    assert Mail.objects.filter(kind="invitation").get() == queued


def test_an_invitations_mail_holds_the_link(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.force_login(make_user("administrator", name="Ida Berg"))
    form = {"email": "rosa@fernhill.example", "role": "officer"}
    client.post("/settings/people/invite/", form)
    assert mailing.send_due(clock.now()) == 1
    (letter,) = mail.outbox
    assert letter.to == ["rosa@fernhill.example"]
    assert "Ida Berg invites you" in letter.body
    link = re.search(r"http://testserver(/\S+)", letter.body)
    assert link
    assert Client().get(link[1]).status_code == 200


@pytest.mark.parametrize("role", ["contributor", "officer", "publisher", "approver", "manager", "records_officer"])
def test_only_administrators_invite(role: str, client: Client) -> None:
    client.force_login(make_user(role))
    assert (
        client.post("/settings/people/invite/", {"email": "x@fernhill.example", "role": "officer"}).status_code == 403
    )
    assert not Invitation.objects.exists()
