"""The keys of the town's own apps on the platforms: entered in the page, sealed, never shown again, only replaced.

A server that takes new apps from anybody (Mastodon) gets one of ours when the first channel there is connected; it is
kept under the server's name, with the address it was made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit, keyring
from accounts.models import User
from accounts.refusals import Invalid
from channels_app import redaction
from channels_app.models import AppKey
from channels_app.models.channels import PLATFORMS
from channels_app.platforms import doors
from channels_app.platforms.base import Secret
from channels_app.platforms.oauth import App
from channels_app.platforms.verdicts import usable

FIELDS = ("client_id", "client_secret", "webhook_token")
REDIRECT = "redirect"  # what a registered app was made for; no secret, but kept beside them


def of(platform: str, host: str = "") -> Mapping[str, Secret]:
    """The app's keys in clear by field; none where there is no app. Instagram's app is Facebook's."""
    rows = _rows(platform, host)
    return {row.field: _opened(row) for row in rows if row.field in FIELDS}


def app(platform: str, host: str = "") -> App | None:
    """The app a person can be sent to the platform with; None while a key is missing."""
    held = of(platform, host)
    if "client_id" not in held or "client_secret" not in held:
        return None
    return App(held["client_id"].reveal(), held["client_secret"])


def to_renew_with(platform: str, host: str) -> Mapping[str, Secret]:
    """The app's keys as a platform module is given them beside a refresh token."""
    door = doors.of(platform)
    held = of(platform, host if door is not None and door.register else "")
    return {field: secret for field, secret in held.items() if field in ("client_id", "client_secret")}


def to_sign_with(platform: str) -> Mapping[str, Secret]:
    """The app's keys as Meta's modules are given them: its calls are signed with the secret there is now."""
    held = of(platform)
    named = {"client_id": "client_id", "client_secret": "app_secret"}
    return {name: held[field] for field, name in named.items() if field in held}


def there(platform: str, host: str = "") -> Mapping[str, datetime]:
    """Which keys there are, and since when. Nothing is opened for it."""
    return {row.field: row.set_at for row in _rows(platform, host)}


def replace(platform: str, given: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Keep the keys that were entered in place of those before; what was left empty stays. Raises Invalid."""
    entered = {field: given.get(field, "").strip() for field in FIELDS}
    entered = {field: value for field, value in entered.items() if value}
    known = set(there(platform)) | set(entered)
    if not {"client_id", "client_secret"} <= known:
        raise Invalid("An app has two keys: its ID and its secret. Both are needed.")
    for value in entered.values():
        if not usable(value):
            raise Invalid("A key holds a space or a character no key has. Copy it again.")
    if not entered:
        raise Invalid("Nothing was entered, so nothing was changed.")
    with transaction.atomic():
        _store(platform, "", entered, now)
        subject = f"The town's app on {dict(PLATFORMS)[platform]}"
        audit.record("set_app_keys", None, by=by, now=now, subject=subject, platform=platform, fields=sorted(entered))


def keep_registered(platform: str, host: str, made: App, redirect: str, now: datetime) -> None:
    """An app a server has just made for us."""
    fields = {"client_id": made.client_id, "client_secret": made.client_secret.reveal(), REDIRECT: redirect}
    with transaction.atomic():
        _store(platform, host, fields, now)


def made_for(platform: str, host: str) -> str:
    """The address a registered app may send people back to, "" where there is none."""
    row = AppKey.objects.filter(platform=platform, host=host, field=REDIRECT).first()
    return _opened(row).reveal() if row else ""


def rotate(limit: int = 100) -> int:
    """Seal up to `limit` keys again under the newest key of the ring; how many there were."""
    with transaction.atomic():
        rows = AppKey.objects.exclude(sealed__startswith=f"{keyring.newest()}.").order_by("pk")
        batch = list(rows.select_for_update(skip_locked=True)[:limit])
        for row in batch:
            row.sealed = keyring.seal(keyring.open_(row.sealed, _context(row)), _context(row))
            row.save(update_fields=["sealed"])
    return len(batch)


def _rows(platform: str, host: str) -> list[AppKey]:
    door = doors.of(platform)
    return list(AppKey.objects.filter(platform=door.app_platform if door else platform, host=host))


def _store(platform: str, host: str, fields: Mapping[str, str], now: datetime) -> None:
    for field, value in fields.items():
        row = AppKey(platform=platform, host=host, field=field)
        redaction.remember(value)
        sealed = keyring.seal(value, _context(row))
        AppKey.objects.update_or_create(
            platform=platform, host=host, field=field, defaults={"sealed": sealed, "set_at": now}
        )


def _opened(row: AppKey) -> Secret:
    value = keyring.open_(row.sealed, _context(row))
    redaction.remember(value)
    return Secret(value)


def _context(row: AppKey) -> str:
    return f"v1|app|{row.platform}|{row.host}|{row.field}"
