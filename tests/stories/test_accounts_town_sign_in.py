"""The town's own sign-in, against a real provider: who is let in, with which roles, and every lie that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import access, clock, identities, invitations, keyring, oidc, people
from accounts.models import AuditEntry, ClaimRule, Grant, Identity, IdentityProvider, User
from accounts.refusals import Refusal
from accounts.second_factor import HAS_IT
from channels_app import identity
from tests import oidc_issuer
from tests.factories import give, make_channel, make_user
from tests.factories_people import WORDS, age, is_in, make_identity, set_up_second_factor, sign_in
from tests.oidc_issuer import CLIENT, OTHER_KEY, SECRET, Issuer

pytestmark = pytest.mark.django_db
BEGIN = "/account/town/"


@pytest.fixture(scope="module")
def shared() -> Iterator[Issuer]:
    with oidc_issuer.running() as issuer:
        yield issuer


@pytest.fixture
def issuer(shared: Issuer, settings: Settings) -> Issuer:
    """A provider that tells the truth, known here and let through by name."""
    caches["quick"].clear()
    shared.subject, shared.claims, shared.description, shared.userinfo = "subject-1", {}, {}, {}
    shared.key, shared.algorithm, shared.kid = oidc_issuer.KEY, "RS256", "k1"
    settings.IDENTITY_HOSTS = [shared.host]
    IdentityProvider.objects.create(
        pk=1,
        name="Sign in with Fernhill",
        issuer=shared.url,
        client_id=CLIENT,
        secret=oidc.seal_secret(SECRET),
        on=True,
    )
    return shared


def come(client: Client, issuer: Issuer, begin: str = BEGIN) -> Any:
    """Go there, be let in there, and come back."""
    there = client.get(begin)
    assert there.status_code == 302, there.content.decode()
    return client.get(issuer.approve(there["Location"]))


def button(client: Client) -> str:
    """The address behind “Connect an account”."""
    return str(client.get("/me/sign-in/").context["connect"])


def words(answer: Any) -> str:
    return str(answer.content.decode().replace("&#x27;", "'"))


def test_a_person_who_has_connected_their_account_signs_in(issuer: Issuer, client: Client) -> None:
    user = make_user("officer", password=WORDS)
    sign_in(client, user)
    assert come(client, issuer, button(client))["Location"] == "/me/sign-in/"
    browser = Client()
    assert come(browser, issuer, f"{BEGIN}?next=/inbox/")["Location"] == "/inbox/"
    assert is_in(browser)
    assert [one.act for one in AuditEntry.objects.filter(act__in=["connected_sign_in", "signed_in"])][0] == "signed_in"


def test_only_the_button_on_the_own_page_connects_an_account(issuer: Issuer, client: Client) -> None:
    sign_in(client, make_user("officer", password=WORDS))
    pressed = button(client)
    for lure in ("/me/sign-in/connect/", "/me/sign-in/connect/?pressed=", "/me/sign-in/connect/?pressed=%C3%A9"):
        assert client.get(lure)["Location"] == "/me/sign-in/"
    other = Client()
    sign_in(other, make_user("officer", password=WORDS))
    assert other.get(pressed)["Location"] == "/me/sign-in/"
    assert client.get(pressed)["Location"].startswith(issuer.url)


def test_an_equal_e_mail_address_links_nobody(issuer: Issuer, client: Client) -> None:
    admin = make_user("administrator", email="boss@fernhill.example", password=WORDS)
    issuer.claims = {"email": admin.email, "email_verified": True, "groups": ["desk"]}
    assert come(client, issuer).status_code == 403
    ClaimRule.objects.create(value="desk", role="administrator")
    IdentityProvider.objects.update(join="rules")
    answer = come(client, issuer)
    assert answer.status_code == 403
    assert "an address alone proves nothing" in words(answer)
    assert not Identity.objects.exists()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"claims": {"nonce": "another"}}, "belongs to another sign-in"),
        ({"claims": {"nonce": None}}, "belongs to another sign-in"),
        ({"claims": {"iss": "https://evil.example"}}, "comes from another issuer"),
        ({"claims": {"aud": "another-program"}}, "meant for another program"),
        ({"claims": {"aud": ["parley", "other"], "azp": "other"}}, "meant for another program"),
        ({"claims": {"exp": 1_600_000_000}}, "is over"),
        ({"claims": {"exp": None}}, "something is missing"),
        ({"claims": {"iat": 99_999_999_999, "exp": 99_999_999_999}}, "its clock is wrong"),
        ({"claims": {"sub": None}}, "something is missing"),
        ({"claims": {"sub": ""}}, "does not say who you are"),
        ({"algorithm": "none"}, "not signed in a way"),
        ({"algorithm": "HS256"}, "not signed in a way"),
        ({"key": OTHER_KEY}, "its signature is wrong"),
        ({"kid": "unknown"}, "a key it does not publish"),
        ({"description": {"issuer": "https://evil.example"}}, "calls itself"),
    ],
)
def test_every_lie_is_refused_with_its_reason(lie: dict[str, Any], told: str, issuer: Issuer, client: Client) -> None:
    user = make_user("officer")
    make_identity(user, issuer=issuer.url, subject="subject-1")
    there = client.get(BEGIN)
    for name, value in lie.items():
        setattr(issuer, name, value)
    if "description" in lie:
        caches["quick"].clear()
        answer = client.get(BEGIN)
    else:
        answer = client.get(issuer.approve(there["Location"]))
    assert answer.status_code == 403
    assert told in words(answer)
    assert not is_in(client)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(issuer: Issuer, client: Client) -> None:
    make_identity(make_user("officer"), issuer=issuer.url, subject="subject-1")
    back = issuer.approve(client.get(BEGIN)["Location"])
    assert Client().get(back).status_code == 403
    forged = back.replace("state=", "state=%C3%A9")
    assert client.get(forged).status_code == 403
    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_an_answer_that_comes_too_late_is_refused(issuer: Issuer, client: Client) -> None:
    make_identity(make_user("officer"), issuer=issuer.url, subject="subject-1")
    back = issuer.approve(client.get(BEGIN)["Location"])
    session = client.session
    session["town-sign-in"] |= {"at": clock.now().timestamp() - 601}
    session.save()
    assert "took too long" in words(client.get(back))


def test_claims_give_roles_by_the_rules_and_take_them_again(issuer: Issuer, client: Client) -> None:
    pool = make_channel(name="Pool")
    IdentityProvider.objects.update(join="rules")
    ClaimRule.objects.create(value="comms", role="publisher")
    ClaimRule.objects.create(value="pool", role="officer", scope=pool.scope)
    issuer.claims = {"groups": ["comms", "pool", "other"], "email": "New@Fernhill.example", "name": "Nia New"}
    come(client, issuer)
    user = User.objects.get(email="new@fernhill.example")
    assert (user.name, user.has_usable_password()) == ("Nia New", False)
    assert is_in(client)
    assert access.may(user, "schedule_post", clock.now())
    by_hand = give(user, "approver")
    issuer.claims |= {"groups": ["pool"]}
    come(Client(), issuer)
    now = clock.now()
    assert access.roles_of(user, now) == {"officer", "approver"}
    assert Grant.objects.get(pk=by_hand.pk).ends_at is None
    assert User.objects.filter(email="new@fernhill.example").count() == 1


def test_nobody_comes_in_without_a_rule_that_fits(issuer: Issuer, client: Client) -> None:
    IdentityProvider.objects.update(join="rules")
    ClaimRule.objects.create(value="comms", role="publisher")
    issuer.claims = {"groups": ["gardeners"], "email": "new@fernhill.example"}
    assert come(client, issuer).status_code == 403
    assert not User.objects.exists()


def test_groups_are_asked_for_where_the_token_has_none(issuer: Issuer, client: Client) -> None:
    user = make_user()
    make_identity(user, issuer=issuer.url, subject="subject-1")
    ClaimRule.objects.create(value="comms", role="publisher")
    issuer.claims, issuer.userinfo = {"groups": None}, {"groups": ["comms"]}
    come(client, issuer)
    assert access.roles_of(user, clock.now()) == {"publisher"}
    issuer.userinfo |= {"sub": "somebody else"}
    come(Client(), issuer)
    assert access.roles_of(user, clock.now()) == set()


def test_the_last_administrator_stays_whatever_the_claims_say(issuer: Issuer, client: Client) -> None:
    user = make_user()
    make_identity(user, issuer=issuer.url, subject="subject-1")
    people.give(user, "administrator", by=None, now=clock.now() - timedelta(seconds=1), origin=identities.ORIGIN)
    come(client, issuer)
    assert access.roles_of(user, clock.now()) == {"administrator"}


def test_an_invited_person_joins_with_the_towns_sign_in(issuer: Issuer, client: Client) -> None:
    _, path = invitations.invite("x@fernhill.example", "officer", by=make_user("administrator"), now=clock.now())
    page = client.get(path).content.decode()
    assert "?why=invitation" in page
    issuer.claims = {"name": "Xenia", "email": "quite-another@example.org"}
    come(client, issuer, f"{BEGIN}?why=invitation")
    user = User.objects.get(email="x@fernhill.example")
    assert user.name == "Xenia"
    assert is_in(client)
    assert access.roles_of(user, clock.now()) == {"officer"}
    assert Client().get(path).status_code == 410


def test_the_own_second_factor_is_asked_for_unless_the_towns_word_is_taken(issuer: Issuer, settings: Settings) -> None:
    settings.SECOND_FACTOR_DAYS = 7
    user = make_user("administrator", password=WORDS)
    make_identity(user, issuer=issuer.url, subject="subject-1")
    set_up_second_factor(user)
    issuer.claims = {"amr": ["pwd", "otp"]}
    browser = Client()
    assert come(browser, issuer)["Location"].startswith("/account/second-factor/code/")
    assert not is_in(browser)
    IdentityProvider.objects.update(trust_second_factor=True)
    assert come(browser, issuer)["Location"] == "/"
    assert is_in(browser)
    assert browser.session[HAS_IT]
    issuer.claims = {"amr": ["pwd"]}
    again = Client()
    assert come(again, issuer)["Location"].startswith("/account/second-factor/code/")


def test_somebody_switched_off_is_not_let_in(issuer: Issuer, client: Client) -> None:
    user = make_user("officer")
    make_identity(user, issuer=issuer.url, subject="subject-1")
    people.disable(user, by=make_user("administrator"), now=clock.now())
    assert "switched off" in words(come(client, issuer))
    assert not is_in(client)


def test_one_account_there_is_one_person_here(issuer: Issuer, client: Client) -> None:
    make_identity(make_user("officer"), issuer=issuer.url, subject="subject-1")
    sign_in(client, make_user("officer", password=WORDS))
    assert "connected to somebody already" in words(come(client, issuer, button(client)))


def test_protected_acts_ask_at_the_town_where_there_is_no_password(issuer: Issuer, client: Client) -> None:
    user = make_user("administrator")
    user.set_unusable_password()
    user.save()
    make_identity(user, issuer=issuer.url, subject="subject-1")
    make_user("administrator")
    come(client, issuer)
    assert client.get("/settings/people/invite/").status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 3600
    session.save()
    asked = client.get("/settings/people/invite/")
    assert asked["Location"].startswith(f"{BEGIN}?next=")
    there = client.get(asked["Location"])["Location"]
    assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    assert client.get(issuer.approve(there))["Location"] == "/settings/people/invite/"
    assert client.get("/settings/people/invite/").status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 3600
    session.save()
    issuer.claims = {"auth_time": 1_600_000_000}
    there = client.get(asked["Location"])["Location"]
    assert "did not ask for your password again" in words(client.get(issuer.approve(there)))


def test_signing_out_offers_to_sign_out_there(issuer: Issuer, client: Client) -> None:
    make_identity(make_user("officer"), issuer=issuer.url, subject="subject-1")
    come(client, issuer)
    out = client.post("/account/logout/")
    assert out["Location"] == "/account/login/?town=1"
    assert not is_in(client)
    assert "Sign out of the town's sign-in as well" in words(client.get(out["Location"]))
    assert client.get("/account/town/leave/")["Location"].startswith(f"{issuer.url}/leave?client_id=parley")


def test_the_only_way_in_is_not_disconnected(issuer: Issuer, client: Client) -> None:
    user = make_user("officer")
    user.set_unusable_password()
    user.save()
    make_identity(user, issuer=issuer.url, subject="subject-1")
    come(client, issuer)
    one = Identity.objects.get()
    assert client.post(f"/me/sign-in/{one.pk}/disconnect/").status_code == 422
    user.set_password(WORDS)
    user.save()
    browser = Client()
    sign_in(browser, user)
    assert browser.post(f"/me/sign-in/{one.pk}/disconnect/").status_code == 302
    assert not Identity.objects.exists()


def test_the_settings_keep_the_secret_sealed_and_the_test_says_what_is_wrong(issuer: Issuer, client: Client) -> None:
    client.force_login(make_user("administrator"))
    page = client.get("/settings/sign-in/").content.decode()
    assert SECRET not in page
    form = {
        "name": "Fernhill", "issuer": issuer.url, "client_id": CLIENT, "secret": "a new one", "groups_claim": "groups",
        "join": "linked", "second_factors": "otp", "on": "on",
    }  # fmt: skip
    assert client.post("/settings/sign-in/", form).status_code == 302
    stored = IdentityProvider.objects.get()
    assert "a new one" not in stored.secret
    assert keyring.open_(stored.secret, oidc.SECRET_CONTEXT) == "a new one"
    assert "a new one" not in str(AuditEntry.objects.get(act="changed_sign_in").data)
    client.post("/settings/sign-in/", form | {"secret": ""})
    assert oidc.secret_of(IdentityProvider.objects.get()) == "a new one"
    assert "It publishes 1 key." in words(client.post("/settings/sign-in/test/"))
    issuer.description = {"issuer": f"{issuer.url}/"}
    assert "with or without a slash" in words(client.post("/settings/sign-in/test/"))
    assert client.post("/settings/sign-in/", form | {"issuer": "ftp://x.example"}).status_code == 422
    assert client.post("/settings/sign-in/rules/add/", {"value": "comms", "role": "officer"}).status_code == 302
    assert client.post("/settings/sign-in/rules/add/", {"value": "comms", "role": "officer"}).status_code == 422


def test_a_private_address_is_reached_only_when_it_is_named(issuer: Issuer, settings: Settings) -> None:
    settings.IDENTITY_HOSTS = []
    asked = len(issuer.asked)
    for url in (issuer.url, issuer.url.replace("http:", "https:"), "https://login.fernhill.example"):
        with pytest.raises(oidc.Rejected):
            identity.fetch("GET", f"{url}/keys")
    assert len(issuer.asked) == asked
    settings.IDENTITY_HOSTS = [issuer.host]
    assert identity.fetch("GET", f"{issuer.url}/keys").status == 200
    settings.PRACTICE = False
    with pytest.raises(oidc.Rejected):
        identity.fetch("GET", f"{issuer.url}/keys")


def test_a_wrong_secret_says_whom_to_ask(issuer: Issuer, client: Client) -> None:
    IdentityProvider.objects.update(secret=oidc.seal_secret("wrong"))
    answer = come(client, issuer)
    assert "is the secret right?" in words(answer)
    assert SECRET not in words(answer)


def test_without_a_provider_there_is_nothing(client: Client) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get("/account/town/back/").status_code == 404
    assert "Or choose" not in client.get("/account/login/").content.decode()
    with pytest.raises(Refusal):
        oidc.nowhere("GET", "https://login.fernhill.example")


def test_a_session_by_the_town_grows_old_like_any_other(issuer: Issuer, client: Client) -> None:
    make_identity(make_user("officer"), issuer=issuer.url, subject="subject-1")
    come(client, issuer)
    age(client, seen=3601)
    assert not is_in(client)
