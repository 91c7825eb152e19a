"""Sealed tokens: readable only in their own place, under a key of the ring, and moved to a newer one in steps."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.adapter import SecondFactorAdapter
from accounts.keyring import CannotOpen
from channels_app import vault
from channels_app.models import Credential
from channels_app.platforms.base import Secret
from config.secret_files import new_keyring
from tests.factories import make_channel, make_user

TOKEN = Secret("canary-6f1c9a7be2")


@pytest.fixture
def ring(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "keyring"
    path.write_text(new_keyring())
    settings.PARLEY_KEYRING = str(path)
    return path


def add_key(ring: Path, name: str) -> None:
    """Put a new key in front of the others, as an administrator does."""
    old = ring.read_text()
    ring.write_text(new_keyring().replace("k1", name) + old)


def test_a_token_opens_only_as_its_own_field_of_its_own_channel(ring: Path) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    sealed = vault.seal(one, "access_token", TOKEN)
    assert TOKEN.reveal() not in sealed
    assert vault.open_(one, "access_token", sealed).reveal() == TOKEN.reveal()
    for channel, field in ((other, "access_token"), (one, "app_secret")):
        with pytest.raises(CannotOpen):
            vault.open_(channel, field, sealed)


def test_a_changed_text_opens_nothing(ring: Path) -> None:
    key = uuid.uuid4()
    sealed = vault.seal(key, "access_token", TOKEN)
    for broken in (sealed[:-5] + "AAAA=", sealed.replace("k1.", "k9."), sealed[:10], "", "k1.", "no dot"):
        with pytest.raises(CannotOpen) as refused:
            vault.open_(key, "access_token", broken)
        assert TOKEN.reveal() not in str(refused.value)


def test_two_seals_of_one_token_differ(ring: Path) -> None:
    key = uuid.uuid4()
    assert vault.seal(key, "access_token", TOKEN) != vault.seal(key, "access_token", TOKEN)


@pytest.mark.django_db
def test_tokens_move_to_the_newest_key_in_steps_and_stay_readable_all_the_while(ring: Path) -> None:
    channel = make_channel()
    for number in range(7):
        vault.store(channel, f"field{number}", Secret(f"token-number-{number}"))
    add_key(ring, "k2")
    assert vault.rotate(limit=3) == 3
    assert vault.secrets_of(channel)["field6"].reveal() == "token-number-6"
    call_command("rotate_token_key", batch=2, stdout=io.StringIO())
    assert {row.sealed.partition(".")[0] for row in Credential.objects.all()} == {"k2"}
    assert {name: secret.reveal() for name, secret in vault.secrets_of(channel).items()} == {
        f"field{number}": f"token-number-{number}" for number in range(7)
    }
    assert vault.rotate() == 0


@pytest.mark.django_db
def test_a_lost_key_stops_the_move_with_a_sentence(ring: Path) -> None:
    vault.store(make_channel(), "access_token", TOKEN)
    ring.write_text(new_keyring().replace("k1", "k2"))
    with pytest.raises(CommandError, match="'k1' is not on the key ring"):
        call_command("rotate_token_key", stdout=io.StringIO())


@pytest.mark.django_db
def test_a_new_token_takes_the_old_ones_place_and_moves_the_version(ring: Path) -> None:
    channel = make_channel()
    vault.store(channel, "access_token", TOKEN)
    vault.store(channel, "access_token", Secret("newer-token"))
    row = Credential.objects.get(channel=channel)
    assert (row.version, vault.secrets_of(channel)["access_token"].reveal()) == (2, "newer-token")


@pytest.mark.django_db
def test_second_factors_move_with_the_tokens_and_still_open(ring: Path) -> None:
    adapter = SecondFactorAdapter()
    user = make_user("administrator")
    Authenticator.objects.create(user=user, type="totp", data={"secret": adapter.encrypt("JBSWY3DPEHPK3PXP")})
    codes = {"seed": adapter.encrypt("a-seed"), "used_mask": 5}
    Authenticator.objects.create(user=user, type="recovery_codes", data=codes)
    add_key(ring, "k2")
    said = io.StringIO()
    call_command("rotate_token_key", stdout=said)
    ring.write_text(ring.read_text().splitlines()[0] + "\n")
    kept = {row.type: row.data for row in Authenticator.objects.all()}
    assert adapter.decrypt(kept["totp"]["secret"]) == "JBSWY3DPEHPK3PXP"
    assert (adapter.decrypt(kept["recovery_codes"]["seed"]), kept["recovery_codes"]["used_mask"]) == ("a-seed", 5)
    assert "Nothing needs an older key any more." in said.getvalue()
