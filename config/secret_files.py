"""`manage.py secrets`: the .env file and the key ring of a real installation. Standard library only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = """\
# Parley's settings. For the owner alone; keep a copy apart from the backups.
# Where the town's people open Parley. The proxy fetches the certificate for this name.
PARLEY_DOMAIN={domain}
PUBLIC_URL=https://{domain}
MEDIA_HOST=https://media.{domain}
ALLOWED_HOSTS={domain},media.{domain}

SECRET_KEY={key}
POSTGRES_PASSWORD={postgres}
MIGRATE_PASSWORD={migrate}
APP_PASSWORD={app}
BROKER_PASSWORD={broker}
CACHE_PASSWORD={cache}

# The tokens' key ring: each key as a line, the newest first. Without it no channel can be used after a restore.
PARLEY_KEYRING_FILE_ON_HOST={keyring}

# Outgoing mail. Without it, invitations and resets show their link to the administrator.
EMAIL_HOST=
EMAIL_PORT=587
EMAIL_HOST_USER=
EMAIL_HOST_PASSWORD=
EMAIL_FROM=Parley <parley@{domain}>
"""


def new_secret() -> str:
    return secrets.token_urlsafe(50)


def new_keyring() -> str:
    """One line for each key, newest first: its name and 256 bits in hexadecimal."""
    return f"k1 {secrets.token_hex(32)}\n"


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read; an existing one is never touched."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
