"""Where channel tokens rest: sealed under the key ring, each bound to its channel and field.

A token is readable only between `open_` and the platform call it is opened for. Every opened value is also masked in
the logs of this process from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from accounts import keyring
from channels_app import redaction
from channels_app.models import Channel, Credential
from channels_app.platforms.base import Secret


def seal(channel: UUID, field: str, secret: Secret) -> str:
    """The secret as it is stored. It opens only as this field of this channel."""
    redaction.remember(secret.reveal())
    return keyring.seal(secret.reveal(), _context(channel, field))


def open_(channel: UUID, field: str, sealed: str) -> Secret:
    """The secret in clear; `keyring.CannotOpen` where the key is missing, or the text was changed or moved here."""
    value = keyring.open_(sealed, _context(channel, field))
    redaction.remember(value)
    return Secret(value)


def secrets_of(channel: Channel, prefix: str = "") -> Mapping[str, Secret]:
    """The channel's secrets by field, those whose field opens with `prefix`, without it."""
    rows = [row for row in channel.credentials.all() if row.field.startswith(prefix)]
    rows = [row for row in rows if prefix or ":" not in row.field]
    return {row.field.removeprefix(prefix): open_(channel.key, row.field, row.sealed) for row in rows}


def store(channel: Channel, field: str, secret: Secret) -> None:
    """Keep a secret as this field of the channel, in place of the one before."""
    sealed = seal(channel.key, field, secret)
    row, made = Credential.objects.get_or_create(channel=channel, field=field, defaults={"sealed": sealed})
    if not made:
        Credential.objects.filter(pk=row.pk).update(sealed=sealed, version=row.version + 1, refresh_until=None)


def rotate(limit: int = 100) -> int:
    """Seal up to `limit` secrets again under the newest key; how many there were. Stopped midway it just goes on."""
    newest = f"{keyring.newest()}."
    with transaction.atomic():
        rows = Credential.objects.exclude(sealed__startswith=newest).select_related("channel").order_by("pk")
        batch = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        for row in batch:
            row.sealed = seal(row.channel.key, row.field, open_(row.channel.key, row.field, row.sealed))
            row.save(update_fields=["sealed"])
    return len(batch)


def _context(channel: UUID, field: str) -> str:
    return f"v1|channel|{channel}|{field}"
