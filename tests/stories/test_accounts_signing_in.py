"""Signing in: one answer for every mistake, a second factor, a new password by mail, and sessions that end."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock, hashing, keyring, notifications, tasks
from accounts.models import AuditEntry, Mail
from tests.factories import make_user
from tests.factories_people import HOUR, NEW, WORDS, age, is_in, set_up_second_factor, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with less memory and time, for a file that signs in a hundred times."""
    monkeypatch.setattr(hashing.Argon2, "time_cost", 1)
    monkeypatch.setattr(hashing.Argon2, "memory_cost", 1024)


def test_signing_in_and_out_is_noted(client: Client) -> None:
    user = make_user("officer", password=WORDS)
    assert sign_in(client, user) == 302
    assert is_in(client)
    answer = client.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_in(client)
    assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True)) == ["signed_in", "signed_out"]


def test_the_address_is_taken_in_any_case(client: Client) -> None:
    user = make_user(email="rosa@fernhill.example", password=WORDS)
    answer = client.post("/account/login/", {"login": " ROSA@Fernhill.Example ", "password": WORDS})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    make_user(email="rosa@fernhill.example", password=WORDS)

    def told(email: str) -> str:
        page = Client().post("/account/login/", {"login": email, "password": "wrong " + WORDS}).content.decode()
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page)

    assert told("rosa@fernhill.example") == told("nobody@fernhill.example")
    assert "do not belong together" in told("rosa@fernhill.example")
    kept = list(AuditEntry.objects.filter(act="sign_in_failed").values_list("subject", flat=True))
    assert "nobody@fernhill.example" not in str(kept)


def test_an_unknown_address_costs_one_password_check_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="rosa@fernhill.example", password=WORDS)
    checks: list[str] = []

    def counted(name: str) -> None:
        real = getattr(hashing.Argon2, name)

        def check(*words: Any) -> Any:
            checks.append(name)
            return real(*words)

        monkeypatch.setattr(hashing.Argon2, name, check)

    counted("encode")
    counted("verify")
    for email in ("rosa@fernhill.example", "nobody@fernhill.example"):
        Client().post("/account/login/", {"login": email, "password": "wrong"})
    assert len(checks) == 2


def test_guessing_is_slowed_down_for_one_address_from_one_place() -> None:
    user = make_user(password=WORDS)
    for _ in range(10):
        assert sign_in(Client(), user, "wrong") == 200
    answer = Client().post("/account/login/", {"login": user.email, "password": WORDS})
    assert "Too many tries" in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere, user) == 302


def test_no_more_passwords_are_checked_at_once_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(*_: object) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return "x"

    monkeypatch.setattr(hashing.Argon2PasswordHasher, "encode", slow)
    threads = [threading.Thread(target=hashing.Argon2().encode, args=("a", "b")) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == hashing.AT_ONCE


def test_too_many_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    user = make_user(password=WORDS)
    monkeypatch.setattr(hashing, "PATIENCE", 0.01)
    with hashing.a_turn(), hashing.a_turn():
        answer = client.post("/account/login/", {"login": user.email, "password": WORDS})
    assert answer.status_code == 503
    assert "Too many people are signing in" in answer.content.decode()


def test_asking_for_resets_all_the_time_is_stopped_with_a_sentence(client: Client) -> None:
    for _ in range(20):
        client.post("/account/password/reset/", {"email": f"{_}@fernhill.example"})
    answer = client.post("/account/password/reset/", {"email": "x@fernhill.example"})
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/settings/mail/", "/settings/mail/"), ("https://evil.example/", "/"), ("//evil.example/", "/")],
)
def test_signing_in_leads_on_to_the_page_wanted_if_it_is_ours(wanted: str, reached: str, client: Client) -> None:
    user = make_user("administrator", password=WORDS)
    answer = client.post(f"/account/login/?next={wanted}", {"login": user.email, "password": WORDS})
    assert answer["Location"] == reached


def test_an_hour_without_an_act_ends_the_session(client: Client) -> None:
    sign_in(client, make_user(password=WORDS))
    age(client, seen=HOUR - 5)
    assert is_in(client)
    age(client, seen=HOUR)
    answer = client.get("/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=%2Fme%2F&over=1")
    assert "an hour went by" in client.get(answer["Location"]).content.decode()
    assert not is_in(client)


def test_acts_keep_a_session_but_not_beyond_twelve_hours(client: Client) -> None:
    sign_in(client, make_user(password=WORDS))
    age(client, started=12 * HOUR - 5, seen=300)
    assert is_in(client)
    age(client, started=12 * HOUR, seen=0)
    assert not is_in(client)


def test_a_page_that_renews_itself_keeps_nobody_signed_in(client: Client) -> None:
    sign_in(client, make_user("officer", password=WORDS))
    age(client, seen=1800)
    before = client.session["seen"]
    assert client.get("/frame/", headers={"X-Parley-Poll": "1"}).status_code == 200
    assert client.session["seen"] == before
    assert client.get("/frame/").status_code == 200
    assert client.session["seen"] > before
    age(client, seen=HOUR)
    assert client.get("/frame/", headers={"X-Parley-Poll": "1"}).status_code == 302


def test_a_fragment_of_a_session_that_is_over_takes_its_page_to_the_sign_in(client: Client) -> None:
    sign_in(client, make_user("officer", password=WORDS))
    age(client, seen=HOUR)
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?tab=mine", "X-Parley-Poll": "1"}
    answer = client.get("/frame/", headers=here)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/account/login/?next=%2Finbox%2F%3Ftab%3Dmine&over=1"


def test_signing_in_again_starts_both_clocks_afresh(client: Client) -> None:
    user = make_user(password=WORDS)
    sign_in(client, user)
    age(client, started=11 * HOUR, seen=1800)
    sign_in(client, user)
    client.post("/account/logout/")
    sign_in(client, user)
    assert clock.now().timestamp() - client.session["started"] < 60


def test_a_person_sees_their_sessions_and_ends_the_others(client: Client) -> None:
    user = make_user(password=WORDS)
    other = Client(HTTP_USER_AGENT="Another browser")
    for one in (client, other):
        sign_in(one, user)
    assert "Another browser" in client.get("/account/sessions/").content.decode()
    client.post("/account/sessions/")
    assert is_in(client)
    assert not is_in(other)


def reset_link(email: str) -> str:
    Client().post("/account/password/reset/", {"email": email})
    mail = Mail.objects.filter(to=email).order_by("-pk").first()
    assert mail
    found = re.search(r"http://testserver(/\S+)", keyring.open_(mail.sealed, f"v1|mail|{mail.key}"))
    assert found
    return found[1]


def test_a_reset_link_changes_the_password_once_and_ends_every_session(client: Client) -> None:
    user = make_user(password=WORDS)
    sign_in(client, user)
    link = reset_link(user.email)
    visitor = Client()
    page = visitor.get(link)["Location"]
    assert visitor.post(page, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(client)
    assert (sign_in(Client(), user), sign_in(Client(), user, NEW)) == (200, 302)
    assert "no longer works" in Client().get(link).content.decode()
    assert AuditEntry.objects.filter(act="reset_password", ref=str(user.key)).exists()
    assert Mail.objects.filter(to=user.email, subject="Your password for Parley was reset").exists()


def test_without_mail_an_administrator_passes_the_link_on(settings: Settings) -> None:
    settings.PRACTICE, settings.EMAIL_HOST = False, ""
    user, admin = make_user(password=WORDS), make_user("administrator")
    client = Client()
    client.force_login(admin)
    assert "Ask an administrator" in Client().get("/account/password/reset/").content.decode()
    page = client.post(f"/settings/people/{user.key}/reset-link/").content.decode()
    link = re.search(r"http://testserver(/account/password/reset/key/[\w/-]+)", page)
    assert link
    visitor = Client()
    there = visitor.get(link[1])["Location"]
    assert visitor.post(there, {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in(Client(), user, NEW) == 302
    assert AuditEntry.objects.get(act="made_reset_link").actor == admin
    assert notifications.unread_count(user) == 1
    assert not Mail.objects.exists()


def test_with_mail_nobody_is_handed_a_link_to_anothers_account() -> None:
    client, user = Client(), make_user(password=WORDS)
    client.force_login(make_user("administrator"))
    assert client.post(f"/settings/people/{user.key}/reset-link/").status_code == 409
    client.force_login(make_user("manager"))
    assert client.post(f"/settings/people/{user.key}/reset-link/").status_code == 403


def test_a_reset_for_nobody_says_the_same_and_mails_nobody() -> None:
    answer = Client().post("/account/password/reset/", {"email": "nobody@fernhill.example"})
    assert answer["Location"] == "/account/password/reset/done/"
    assert not Mail.objects.exists()


def test_a_changed_reset_link_opens_nothing() -> None:
    user = make_user(password=WORDS)
    link = reset_link(user.email)
    assert "no longer works" in Client().get(link[:-3] + "aa/").content.decode()


def test_a_reset_does_not_skip_the_second_factor() -> None:
    user = make_user(password=WORDS)
    set_up_second_factor(user)
    visitor = Client()
    page = visitor.get(reset_link(user.email))["Location"]
    visitor.post(page, {"password1": NEW, "password2": NEW})
    assert not is_in(visitor)
    answer = visitor.post("/account/login/", {"login": user.email, "password": NEW})
    assert answer["Location"] == "/account/second-factor/code/"


def test_changing_the_password_keeps_this_session_and_ends_the_others(client: Client) -> None:
    user = make_user(password=WORDS)
    other = Client()
    for one in (client, other):
        sign_in(one, user)
    form = {"oldpassword": WORDS, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change/", form | {"oldpassword": "wrong"}).status_code == 200
    assert client.post("/account/password/change/", form)["Location"] == "/me/"
    assert is_in(client)
    assert not is_in(other)
    assert UserSession.objects.filter(user=user).count() == 1


def test_what_is_over_is_tidied_away_and_what_counts_stays(client: Client) -> None:
    user = make_user("officer", password=WORDS)
    sign_in(client, user)
    gone = Client()
    sign_in(gone, user)
    Session.objects.filter(session_key=gone.session.session_key).update(expire_date=clock.now() - timedelta(hours=1))
    notifications.tell(user, "note", "Look.", now=clock.now() - timedelta(days=300))
    old = Mail.objects.get()
    Mail.objects.filter(pk=old.pk).update(state="failed")
    entries = AuditEntry.objects.count()
    tasks.tidy_accounts()
    assert is_in(client)
    assert UserSession.objects.filter(user=user).count() == 1
    assert not Mail.objects.exists()
    assert notifications.unread_count(user) == 1
    assert AuditEntry.objects.count() == entries
