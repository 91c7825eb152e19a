"""`manage.py secrets`: the .env file and the key ring of a real installation. Standard library only."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTAINER_UID = 10001
ENV_FILE = """\
# Parley's settings for docker compose. For its owner alone; keep a copy apart from the backups.

# The name people open; media are served from media.<this name>. The proxy fetches certificates for both.
PARLEY_DOMAIN={domain}
# Where the certificate authority writes when something is wrong.
ACME_EMAIL={mail}

# Outgoing mail. Without it, invitations and resets show their link to the administrator.
EMAIL_HOST=
EMAIL_PORT=587
EMAIL_HOST_USER=
EMAIL_HOST_PASSWORD=
EMAIL_FROM=Parley <parley@{domain}>

# Who the desk runs as inside its containers: the owner of the key ring.
PARLEY_UID={uid}

# Made once. To change SECRET_KEY put the old one into SECRET_KEY_FALLBACKS first.
SECRET_KEY={key}
SECRET_KEY_FALLBACKS=
POSTGRES_PASSWORD={postgres}
MIGRATE_PASSWORD={migrate}
APP_PASSWORD={app}
BROKER_PASSWORD={broker}
CACHE_PASSWORD={cache}
# A monitor says it as "Authorization: Bearer ..." to read /health/deep and /health/metrics.
HEALTH_TOKEN={health}
"""


def main(words: list[str]) -> int:
    """Write both files, or say in one sentence why not."""
    parser = argparse.ArgumentParser(prog="manage.py secrets", description="Write .env and the key ring, once.")
    parser.add_argument("--domain", default="desk.example.org", help="the name people will open")
    parser.add_argument("--folder", type=Path, default=ROOT, help="where docker-compose.yml is")
    given = parser.parse_args(words)
    env_file, ring = given.folder / ".env", given.folder / ".secrets" / "keyring"
    for path in (env_file, ring):
        if path.exists():
            sys.stderr.write(f"{path} exists already and is left as it is; move it away to make a new one.\n")
            return 1
    uid = os.geteuid() or CONTAINER_UID
    write_private(ring, new_keyring())
    if os.geteuid() == 0:
        os.chown(ring, uid, uid)
    write_private(env_file, filled(given.domain, uid))
    sys.stdout.write(f"Wrote {env_file} and {ring}. Keep a copy of both where the backups are not.\n")
    if given.domain == parser.get_default("domain"):
        sys.stdout.write("Now set PARLEY_DOMAIN in .env to the name people will open.\n")
    return 0


def filled(domain: str, uid: int) -> str:
    passwords = ("postgres", "migrate", "app", "broker", "cache", "health")
    made = {name: secrets.token_hex(24) for name in passwords}
    return ENV_FILE.format(domain=domain, mail=f"admin@{domain}", uid=uid, key=new_secret(), **made)


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
