"""What must be right before Parley starts, each with what to do about it. A missing value stops in env.py already."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

LOCAL = {"127.0.0.1", "localhost", "[::1]", "testserver"}


def key_ring(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The tokens' key ring is there, and its owner's alone."""
    path = Path(settings.PARLEY_KEYRING)
    if settings.PRACTICE:
        return []
    try:
        mode = path.stat().st_mode
    except OSError:
        hint = "Run `manage.py secrets`, or restore the file from where it is kept apart from the backups."
        return [Error(f"The key ring {path} is missing or cannot be read.", hint=hint, id="parley.E001")]
    if mode & (stat.S_IRWXG | stat.S_IRWXO) & ~stat.S_IRGRP:
        return [Error(f"Others may read the key ring {path}.", hint=f"Run `chmod 600 {path}`.", id="parley.E002")]
    return []


def deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only for `check --deploy`: what a town's real installation must not have, or must not lack."""
    return list(_deployment())


def _deployment() -> Iterator[CheckMessage]:
    if settings.PRACTICE:
        hint = "Remove PARLEY_PRACTICE from the environment; it is for the trial, whose cookies travel in clear."
        yield Error("This installation is in practice mode.", hint=hint, id="parley.E010")
    if "*" in settings.ALLOWED_HOSTS or not set(settings.ALLOWED_HOSTS) - LOCAL:
        hint = "Set ALLOWED_HOSTS to the names people use, for example desk.example.org."
        yield Error("ALLOWED_HOSTS names no host of this town.", hint=hint, id="parley.E011")
    if not settings.REDIS_URL:
        hint = "Set REDIS_URL to the broker, for example redis://:password@broker:6379/0."
        yield Error("REDIS_URL is not set, so that nothing is polled or mailed.", hint=hint, id="parley.E012")
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        hint = "Set PUBLIC_URL to the https address of this desk; short links and Instagram need it."
        yield Warning("PUBLIC_URL is not an https address.", hint=hint, id="parley.W013")
    if settings.SECURE_PROXY_SSL_HEADER is None:
        hint = "Set BEHIND_PROXY=1 where a proxy of yours ends TLS; otherwise every page redirects to itself."
        yield Warning("No proxy is trusted to say that a request came by https.", hint=hint, id="parley.W014")
    if settings.MEDIA_HOST and urlsplit(settings.MEDIA_HOST).netloc == urlsplit(settings.PUBLIC_URL).netloc:
        hint = "Give MEDIA_HOST a name of its own, so that an uploaded file never speaks for the desk."
        yield Warning("Media are served from the desk's own host.", hint=hint, id="parley.W015")
