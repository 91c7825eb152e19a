"""What must be right before a start is said with what to do about it; secrets are written once, for their owner."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts import keyring
from config import checks, secret_files
from config.management.commands.test import production

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def real(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of a real installation, all of them right."""
    settings.PRACTICE = False
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    settings.REDIS_URL = "redis://broker"
    settings.PUBLIC_URL = "https://desk.example.org"
    settings.MEDIA_HOST = "https://media.desk.example.org"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.PARLEY_KEYRING = str(tmp_path / "keyring")
    secret_files.write_private(tmp_path / "keyring", secret_files.new_keyring())
    return settings


def said() -> list[str | None]:
    found = checks.key_ring(None) + checks.deployment(None)
    assert all(message.hint for message in found)
    return [message.id for message in found]


def test_a_right_installation_has_nothing_to_mend(real: Settings) -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PRACTICE", True, "parley.E010"),
        ("ALLOWED_HOSTS", ["localhost"], "parley.E011"),
        ("ALLOWED_HOSTS", ["*"], "parley.E011"),
        ("REDIS_URL", "", "parley.E012"),
        ("PUBLIC_URL", "", "parley.W013"),
        ("PUBLIC_URL", "http://desk.example.org", "parley.W013"),
        ("SECURE_PROXY_SSL_HEADER", None, "parley.W014"),
        ("MEDIA_HOST", "https://desk.example.org", "parley.W015"),
        ("PARLEY_KEYRING", "/nowhere/keyring", "parley.E001"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(real: Settings, name: str, value: object, expected: str) -> None:
    setattr(real, name, value)
    assert said() == [expected]


def test_a_key_ring_that_others_may_read_is_refused(real: Settings) -> None:
    Path(real.PARLEY_KEYRING).chmod(0o644)
    assert said() == ["parley.E002"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_a_missing_setting_stops_the_start_in_one_sentence(name: str, tmp_path: Path) -> None:
    environment = os.environ | production(tmp_path)
    del environment[name]
    words = [sys.executable, "manage.py", "check"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} is not set.")
    assert len(done.stderr.strip().splitlines()) == 1


def test_secrets_are_written_once_and_for_their_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    words = ["--folder", str(tmp_path), "--domain", "desk.example.org"]
    assert secret_files.main(words) == 0
    written = {path: path.read_bytes() for path in (tmp_path / ".env", tmp_path / ".secrets" / "keyring")}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written)
    assert b"PARLEY_DOMAIN=desk.example.org\n" in written[tmp_path / ".env"]

    assert secret_files.main(words) == 1
    assert "exists already" in capsys.readouterr().err
    assert written == {path: path.read_bytes() for path in written}

    settings.PARLEY_KEYRING = str(tmp_path / ".secrets" / "keyring")
    assert keyring.open_(keyring.seal("a token", "here"), "here") == "a token"
