"""Channels at start: the way out is told where it may lead."""

from __future__ import annotations

from functools import partial

from django.apps import AppConfig
from django.conf import settings

from channels_app import failpoints
from channels_app.platforms import http


class ChannelsConfig(AppConfig):
    name = "channels_app"
    verbose_name = "Channels"

    def ready(self) -> None:
        # Models are there only now, so these cannot be imported at the top.
        from accounts import leaving, oidc, tasks  # noqa: PLC0415
        from channels_app import identity  # noqa: PLC0415
        from channels_app import leaving as leavers  # noqa: PLC0415
        from channels_app.publishing import rounds  # noqa: PLC0415

        leaving.also(leavers.part)
        oidc.network.way_out = identity.fetch
        tasks.after_cycle.append(partial(rounds.beat, "mailer"))
        http.configure(
            emulator_url=settings.EMULATOR_URL,
            practice=settings.PRACTICE,
            seconds=30 / settings.OUTBOX_TIME_FACTOR,
            connect=5 / settings.OUTBOX_TIME_FACTOR,
        )
        if settings.PRACTICE:
            failpoints.arm(settings.FAILPOINTS)
