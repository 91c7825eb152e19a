"""The project itself as an app: its commands, its template tags, its checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from config import checks


class ProjectConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Models are there only now.
        from channels_app import outbox  # noqa: PLC0415
        from config.vitals import twins  # noqa: PLC0415

        outbox.register("twin", after=twins.after, page=twins.page)
        register(checks.key_ring, Tags.security)
        register(checks.deployment, Tags.security, deploy=True)
