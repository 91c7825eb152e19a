"""Keeps tokens out of the logs: everything a log line carries is masked before it is written.

Two nets. Patterns catch what looks like a credential. Values catch what is one: every token opened by the vault in
this process is remembered as hashes of its windows, never in clear, and any text holding such a window is masked.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import threading

MASK = "***"
WINDOW = 12  # characters; shorter secrets are remembered whole
PATTERNS = (
    re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)(?:bearer|basic|oauth)?\s*[^'\"\r\n]+"),
    re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(
        r"(?i)((?:access_token|refresh_token|client_secret|app_secret|appsecret_proof|consumer_secret|consumer_key"
        r"|access_token_secret|oauth_[a-z_]+|id_token|password|secret_key|cookie)['\"]?\s*[=:]\s*['\"]?)[^\s'\",&;}]+"
    ),
    re.compile(r"()\bEAA[A-Za-z0-9]{20,}"),  # Facebook
    re.compile(r"()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),  # JSON web tokens
    re.compile(r"(://[^/\s:@]+:)[^@\s/]+(?=@)"),  # user:password@host
)
CANDIDATE = re.compile(r"[A-Za-z0-9._~+/=|%-]{6,}")

_salt = secrets.token_bytes(16)
_windows: set[bytes] = set()
_lengths: set[int] = set()
_lock = threading.Lock()


def remember(value: str) -> None:
    """Mask this value from now on, wherever it shows up in a log line of this process."""
    if len(value) < 6:
        return
    size = min(len(value), WINDOW)
    with _lock:
        _lengths.add(size)
        # Windows at every multiple of the size, and the last one: any long enough piece of the value holds one.
        starts = {*range(0, len(value) - size + 1, size), len(value) - size}
        _windows.update(_digest(value[at : at + size]) for at in starts)


def masked(text: str) -> str:
    """The text without anything that is or looks like a credential."""
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: found.group(1) + MASK, text)
    return CANDIDATE.sub(lambda found: MASK if _known(found.group()) else found.group(), text) if _windows else text


def _known(word: str) -> bool:
    return any(
        _digest(word[at : at + size]) in _windows for size in tuple(_lengths) for at in range(len(word) - size + 1)
    )


def _digest(piece: str) -> bytes:
    return hashlib.blake2b(piece.encode(), key=_salt, digest_size=8).digest()


class Mask(logging.Filter):
    """A filter for handlers: replaces the message, extra fields and traceback by their masked forms."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        for key, value in list(vars(record).items()):
            if isinstance(value, str) and key not in {"msg", "levelname", "name", "pathname", "filename", "module"}:
                setattr(record, key, masked(value))
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True
