"""Pictures for platforms that fetch them themselves: in a kind they take, at an address that needs no sign-in.

The address is sealed for this one rendition and holds for at least one hour and at most two.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings

from accounts.refusals import Invalid
from channels_app import media, platforms
from channels_app.models import Media
from channels_app.platforms.base import Picture

OFF = (
    "{label} fetches pictures itself, and Parley does not know its own public address. "
    "Set PUBLIC_URL to the https address of it."
)


def here() -> str:
    """Where a platform's server finds Parley, without a slash at the end; "" where it finds it nowhere.

    In practice that is this machine, where the practice platforms are too.
    """
    if settings.PRACTICE:
        return str(settings.PRACTICE_URL).rstrip("/")
    if not settings.PUBLIC_URL.startswith("https://"):
        return ""
    return str(settings.MEDIA_HOST or settings.PUBLIC_URL).rstrip("/")


def why_off(platform: str) -> str:
    """Why this platform cannot be used here, in a sentence; "" where it can."""
    if not platforms.fetches(platform) or here():
        return ""
    return OFF.format(label=platforms.get(platform).LABEL)


def fetched(key: str, alt: str, kinds: Collection[str], now: datetime) -> Picture:
    """The picture to publish, as one of these kinds, with its address. Invalid when it is gone or cannot be had so."""
    picture = media.picture(key, alt)
    row = Media.objects.get(key=key)
    if picture.mime in kinds:
        return replace(picture, url=_address(row, "whole", now))
    if picture.mime != "image/png" or "image/jpeg" not in kinds:
        raise Invalid("A picture of this post is of a kind that this platform does not take.")
    data = _jpeg(row)
    return replace(picture, mime="image/jpeg", data=data, url=_address(row, "jpeg", now))


def address(key: str, now: datetime) -> str:
    """Where a platform gets this file of the library itself; "" where it reaches none."""
    row = Media.objects.filter(key=key, state="ready").first() if here() else None
    return _address(row, "whole", now) if row else ""


def _address(row: Media, kind: str, now: datetime) -> str:
    return f"{here()}{media.sealed_path(row, kind, now)}" if here() else ""


def _jpeg(row: Media) -> bytes:
    """A drawing on white ground. It is made once, by the child that opens pictures, and kept beside the drawing."""
    path: Path = media.path_of(row, "jpeg")
    if not path.is_file():
        made = media.as_jpeg(settings.MEDIA_ROOT / row.file)
        apart = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        apart.write_bytes(made)
        apart.chmod(0o600)
        apart.replace(path)
    return path.read_bytes()
