"""A second factor: asked for, sealed, once a code; and who must have one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock, hashing, keyring
from accounts.adapter import SEED_CONTEXT
from accounts.models import AuditEntry, Mail
from tests.factories import make_user
from tests.factories_people import WORDS, code_of, enter, is_in, set_up_second_factor, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with less memory and time, for a file that signs in a hundred times."""
    monkeypatch.setattr(hashing.Argon2, "time_cost", 1)
    monkeypatch.setattr(hashing.Argon2, "memory_cost", 1024)


def test_a_second_factor_is_asked_for_and_its_code_counts_once() -> None:
    user = make_user(password=WORDS)
    seed, _ = set_up_second_factor(user)
    client = Client()
    sign_in(client, user)
    assert not is_in(client)
    code = code_of(seed)
    assert is_in(enter(user, f"{code[:3]} {code[3:]}"))
    assert not is_in(enter(user, code))
    assert not is_in(enter(user, "000000"))


def test_recovery_codes_are_long_count_once_and_are_shown_once() -> None:
    user = make_user(password=WORDS)
    _, codes = set_up_second_factor(user)
    assert len(codes) == 10
    client = enter(user, codes[0])
    assert is_in(client)
    assert not is_in(enter(user, codes[0]))
    assert codes[1] not in client.get("/account/second-factor/recovery-codes/").content.decode()


def test_seeds_are_sealed_in_the_database() -> None:
    user = make_user(password=WORDS)
    seed, codes = set_up_second_factor(user)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert seed not in stored
    assert not [code for code in codes if code in stored]
    data = Authenticator.objects.get(type="totp").data
    assert keyring.open_(data["secret"], SEED_CONTEXT) == seed


def test_a_new_second_factor_ends_the_sessions_elsewhere(django_capture_on_commit_callbacks: Any) -> None:
    user = make_user(password=WORDS)
    elsewhere = Client()
    sign_in(elsewhere, user)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_second_factor(user)
    assert not is_in(elsewhere)
    assert AuditEntry.objects.filter(act="set_up_second_factor", ref=str(user.key)).exists()
    assert Mail.objects.filter(subject="Your second factor for Parley is on").exists()


def test_a_role_that_needs_a_second_factor_is_reminded_then_stopped(client: Client, settings: Settings) -> None:
    settings.SECOND_FACTOR_DAYS = 7
    user = make_user("administrator", password=WORDS)
    sign_in(client, user)
    user.grants.update(starts_at=clock.now() - timedelta(days=6))
    assert "needs a second factor by" in client.get("/settings/").content.decode()
    user.grants.update(starts_at=clock.now() - timedelta(days=7, minutes=1))
    assert client.get("/settings/")["Location"] == "/account/second-factor/set-up/"
    assert client.get("/account/second-factor/").status_code == 200
    set_up_second_factor(user)
    again = Client()
    again.force_login(user)
    assert again.get("/settings/").status_code == 200


def test_an_officer_needs_no_second_factor(client: Client, settings: Settings) -> None:
    settings.SECOND_FACTOR_DAYS = 7
    client.force_login(make_user("manager"))
    assert client.get("/settings/").status_code == 200
