"""Inbox: what is heard, and the answer in time."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"

    def ready(self) -> None:
        # Models are there only now, so these two cannot be imported at the top.
        from channels_app import outbox  # noqa: PLC0415
        from engagement import replies  # noqa: PLC0415

        outbox.register("reply", replies.recheck, replies.after, replies.page)
