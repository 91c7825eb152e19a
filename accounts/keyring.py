"""The key ring: sealing with AES-256-GCM under named keys that live in a file, never in the database.

One key a line, its name and 64 hexadecimal digits, newest first. What is sealed names its key and is bound to a
context, so that a sealed text copied to another row opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The key is not on the ring, or the text was changed or belongs to another place. Holds no secret."""


def seal(words: str, context: str) -> str:
    """`keyname.base64(nonce + ciphertext)` under the newest key; opens again only with the same context."""
    name, key = next(iter(_ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    box = AESGCM(key).encrypt(nonce, words.encode(), context.encode())
    return f"{name}.{base64.b64encode(nonce + box).decode()}"


def open_(sealed: str, context: str) -> str:
    """The words that were sealed; CannotOpen when key, context or text do not fit."""
    name, _, body = sealed.partition(".")
    key = _ring().get(name)
    if key is None:
        raise CannotOpen(f"The key {name[:20]!r} is not on the key ring.")
    try:
        raw = base64.b64decode(body, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise CannotOpen("What is stored does not open here: it was changed, or copied from another row.") from error


def newest() -> str:
    """The name of the key new texts are sealed with."""
    return next(iter(_ring()))


def is_current(sealed: str) -> bool:
    return sealed.partition(".")[0] == newest()


def _ring() -> dict[str, bytes]:
    path = Path(settings.PARLEY_KEYRING)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise ImproperlyConfigured(f"The key ring cannot be read: {error.strerror}.") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, bytes]:
    """The file's keys; `changed` makes a new file count at once."""
    ring: dict[str, bytes] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        ring[parts[0]] = _key(parts, number)
    if not ring:
        raise ImproperlyConfigured("The key ring is empty.")
    return ring


def _key(parts: list[str], number: int) -> bytes:
    try:
        key = bytes.fromhex(parts[1])
    except (IndexError, ValueError):
        key = b""
    if len(parts) != 2 or len(key) != KEY_BYTES or "." in parts[0]:
        raise ImproperlyConfigured(
            f"Line {number} of the key ring is not a name and {KEY_BYTES * 2} hexadecimal digits."
        )
    return key
