"""What is well protected asks for the password once more: every such route by name, and each of them really does."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import audit, bulk, clock
from accounts.models import ClaimRule, User
from policy.models import Issuer
from tests.factories import give, make_channel, make_user
from tests.factories_asking import make_call, make_kickstarter
from tests.factories_people import WORDS, make_identity, make_module, make_native_role, make_passkey
from tests.factories_samples import make_sample
from tests.security.access import table

pytestmark = pytest.mark.django_db

# route → what its address names
ASKS = {
    # connecting
    "channels:connect-channel": "platform",
    "channels:reconnect-channel": "channel",
    "channels:app-keys": "platform",
    "channels:let-in": "platform",
    "channels:let-in-again": "channel",
    "channels:disconnect-channel": "channel",
    # taking data away
    "accounts:skills-table": "",
    "accounts:rights-table": "",
    "accounts:audit-table": "",
    "policy:incidents-table": "",
    "channels:keys-table": "",
    "inbox:kept-table": "",
    "inbox:kickstarter-table": "kickstarter",
    "inbox:call-table": "call",
    "promises:table": "",
    "measures:figure-rows": "measure",
    "measures:outside-figures-table": "outside-kind",
    "measures:paid-table": "",
    "measures:sample-table": "sample",
    "figures:resonance-rows": "",
    "plan:renew-feed": "",
    # who may do what
    "accounts:invite": "",
    "accounts:grant-role": "person",
    "accounts:end-grant": "grant",
    "accounts:preview-rights": "",
    "accounts:change-rights": "",
    "accounts:undo-rights": "change",
    "accounts:disable-person": "person",
    "accounts:enable-person": "person",
    "accounts:end-sessions": "person",
    "accounts:make-reset-link": "person",
    "accounts:add-native-role": "person",
    "accounts:end-native-role": "native",
    "emergency:add-issuer": "",
    "emergency:end-issuer": "issuer",
    # how people sign in
    "accounts:identity": "",
    "accounts:try-identity": "",
    "accounts:add-claim-rule": "",
    "accounts:drop-claim-rule": "claim",
    "accounts:connect-identity": "",
    "accounts:disconnect-identity": "identity",
    "mfa_activate_totp": "",
    "mfa_deactivate_totp": "",
    "mfa_generate_recovery_codes": "",
    "mfa_view_recovery_codes": "",
    "mfa_add_webauthn": "",
    "mfa_remove_webauthn": "passkey",
    # the one switch
    "channels:stop-publishing": "",
    "channels:resume-publishing": "",
}
# These are reached only by somebody who has set up an authenticator.
WITH_A_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}


@pytest.fixture
def admin() -> User:
    """May do all of it, and gave a password long ago."""
    user = make_user("administrator", password=WORDS)
    for role in ("manager", "publisher"):
        give(user, role)
    return user


def names(admin: User) -> dict[str, dict[str, Any]]:
    him = make_user("officer")
    return {
        "": {},
        "platform": {"platform": "mastodon"},
        "channel": {"key": make_channel().key},
        "person": {"key": him.key},
        "grant": {"key": him.key, "pk": him.grants.get().pk},
        "change": {"pk": audit.record(bulk.DONE, None, by=None, now=clock.now(), changes=[]).pk},
        "native": {"key": him.key, "role": make_native_role(him).key},
        "claim": {"pk": ClaimRule.objects.create(value="desk", role="officer").pk},
        "identity": {"pk": make_identity(admin).pk},
        "passkey": {"pk": make_passkey(admin).pk},
        "module": {"key": make_module().key},
        "kickstarter": {"key": make_kickstarter(make_channel()).key},
        "call": {"key": make_call().key},
        "issuer": {"pk": Issuer.objects.create(user=him, starts_at=clock.now()).pk},
        "measure": {"name": "within_promise"},
        "outside-kind": {"kind": "contacts"},
        "sample": {"key": make_sample().key},
    }


def signed_in(user: User, ago: float) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session.save()
    return client


@pytest.mark.parametrize("name", sorted(set(ASKS) - WITH_A_FACTOR))
def test_it_asks_when_the_password_was_given_long_ago(name: str, admin: User) -> None:
    method, keys = table()[name].methods[-1], names(admin)[ASKS[name]]
    if ASKS[name] != "passkey":
        Authenticator.objects.filter(user=admin).delete()
    answer = signed_in(admin, 16 * 60).generic(
        method, reverse(name, kwargs=keys), b"", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert answer["Location"].split("?")[0] in {
        "/account/reauthenticate/",
        "/account/second-factor/again/",
        "/account/second-factor/passkeys/again/",
    }


def test_nothing_that_changes_rights_or_takes_data_away_is_missing_here() -> None:
    words = (
        "grant",
        "rights",
        "-table",
        "invite",
        "issuer",
        "able-person",
        "claim",
        "identity",
        "stop-publ",
        "resume-publ",
    )
    like = {name for name in table() if any(word in name for word in words)}
    told_to_all = {"calendar:corrections-table"}  # only what the public sees
    sums = {f"figures:{name}" for name in ("table", "resonance-table", "case-table")}  # of a page, with nobody's words
    sums |= {"reports:report-table", "reports:reputation-table"}
    others = {
        "accounts:accept-invitation",
        "accounts:take-back-invitation",
        "measures:claim",
        "measures:withdraw-claim",
    }
    assert like - set(ASKS) - told_to_all - sums <= others


def test_the_reason_typed_for_the_one_switch_is_not_lost(admin: User) -> None:
    client = signed_in(admin, 16 * 60)
    answer = client.post("/channels/stop/", {"why": "A false post"}, headers={"Referer": "http://testserver/channels/"})
    assert answer["Location"].endswith("next=%2Fchannels%2F%3Fwhy%3DA%2Bfalse%2Bpost")
    assert "A false post" in client.get("/channels/?why=A+false+post").content.decode()
