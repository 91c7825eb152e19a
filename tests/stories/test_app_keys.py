"""The town's app on a platform: its keys are entered once, sealed, never shown again, and only replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEntry, User
from channels_app import app_keys
from channels_app.models import AppKey
from config.secret_files import new_keyring
from tests.letting_in import (
    BACK,
    admin,
    client,
    keys_of,
    town,
)

__all__ = ["admin", "client", "town"]

pytestmark = pytest.mark.django_db
CANARY = "canary-91c7d2e4f0"


def test_app_keys_are_never_shown_again_and_only_replaced(client: Client, admin: User) -> None:
    answer = client.post("/channels/connect/x/app/", {"client_id": CANARY})
    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()
    client.post("/channels/connect/x/app/", {"client_id": CANARY, "client_secret": f"{CANARY}-secret"})
    for path in ("/channels/connect/x/app/", "/channels/connect/x/"):
        assert CANARY not in client.get(path).content.decode()
    assert CANARY not in str(list(AppKey.objects.values()))
    assert CANARY not in str(list(AuditEntry.objects.values()))
    client.post("/channels/connect/x/app/", {"client_id": "", "client_secret": "another-secret"})
    held = app_keys.of("x")
    assert (held["client_id"].reveal(), held["client_secret"].reveal()) == (CANARY, "another-secret")
    assert "Entered on" in client.get("/channels/connect/x/app/").content.decode()
    assert AuditEntry.objects.filter(act="set_app_keys", actor=admin).count() == 2


@pytest.mark.parametrize("secret", ["with space", "süß", "a\nb"])
def test_what_cannot_be_a_key_is_not_kept(client: Client, secret: str) -> None:
    assert client.post("/channels/connect/x/app/", {"client_id": "x1", "client_secret": secret}).status_code == 422
    assert not AppKey.objects.exists()


def test_a_sealed_app_key_opens_in_its_own_place_only(client: Client) -> None:
    client.post("/channels/connect/x/app/", keys_of("x"))
    AppKey.objects.filter(field="client_id").update(field="webhook_token")
    with pytest.raises(app_keys.keyring.CannotOpen):
        app_keys.of("x")


def test_the_guide_names_the_exact_address_and_the_permissions(client: Client) -> None:
    page = client.get("/channels/connect/facebook/app/").content.decode()
    assert f"http://127.0.0.1{BACK}" in page
    for words in ("Valid OAuth Redirect URIs", "pages_manage_posts", "Publish posts"):
        assert words in page


def test_without_a_public_address_it_is_off_and_says_why(client: Client, settings: Settings) -> None:
    settings.PRACTICE, settings.PUBLIC_URL = False, ""
    page = client.get("/channels/connect/x/").content.decode()
    assert "does not know its own public address" in page
    assert "I have a token" in page
    assert client.post("/channels/connect/x/let-in/").status_code == 422
    settings.PUBLIC_URL = "https://parley.fernhill.example"
    assert (
        "https://parley.fernhill.example/channels/connect/back/"
        in client.get("/channels/connect/x/app/").content.decode()
    )


def test_an_app_key_moves_to_a_new_ring(client: Client, settings: Settings, tmp_path: Path) -> None:
    ring = tmp_path / "keyring"
    ring.write_text(new_keyring())
    settings.PARLEY_KEYRING = str(ring)
    client.post("/channels/connect/x/app/", keys_of("x"))
    ring.write_text(new_keyring().replace("k1", "k2") + ring.read_text())
    assert (app_keys.rotate(1), app_keys.rotate(), app_keys.rotate()) == (1, 1, 0)
    assert {row.sealed.partition(".")[0] for row in AppKey.objects.all()} == {"k2"}
    assert app_keys.of("x")["client_secret"].reveal() == "practice-secret-x"
