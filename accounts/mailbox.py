"""Practice only: the mails Parley would have sent, read from the folder they were written to."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

BETWEEN = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Letter:
    """One mail as it would have arrived."""

    to: str
    subject: str
    at: datetime | None
    text: str
    enclosed: tuple[str, ...] = ()


def letters(folder: Path, limit: int = 100) -> list[Letter]:
    """The newest mails of the folder first; none where it does not exist."""
    if not folder.is_dir():
        return []
    files = sorted((file for file in folder.iterdir() if file.is_file()), key=lambda file: file.name, reverse=True)
    found: list[Letter] = []
    for file in files[:limit]:
        parts = [part for part in file.read_bytes().split(BETWEEN) if part.strip()]
        found += [_letter(part) for part in reversed(parts)]
    return found[:limit]


def _letter(raw: bytes) -> Letter:
    message = email.message_from_bytes(raw.lstrip(b"\n"), policy=email.policy.default)
    body = message.get_body(("plain",))
    date = str(message["Date"] or "")
    return Letter(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=parsedate_to_datetime(date) if date else None,
        text=str(body.get_content()).strip() if body else "",
        enclosed=tuple(part.get_filename() or "a file" for part in message.iter_attachments()),
    )
