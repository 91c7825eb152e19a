"""The settings of a practice installation, kept in its home folder: the trial's and the tests'."""

from __future__ import annotations

from pathlib import Path

from config import secret_files


def environment(home: Path) -> dict[str, str]:
    """Everything but the addresses of the servers; secrets are made once and kept in the home, for its owner alone."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": kept(home / "secret-key", secret_files.new_secret()),
        "PARLEY_KEYRING": str(keyring(home)),
        "PARLEY_PRACTICE": "1",
        "PARLEY_HOME": str(home),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }


def keyring(home: Path) -> Path:
    path = home / "keyring"
    kept(path, secret_files.new_keyring())
    return path


def kept(path: Path, value: str) -> str:
    """The file's contents; it is written with this value first where it is missing."""
    if not path.exists():
        secret_files.write_private(path, value)
    return path.read_text(encoding="utf-8").strip()
