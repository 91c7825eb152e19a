"""Inbox: what is heard, and the answer in time."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"

    def ready(self) -> None:
        # Models are there only now, so these cannot be imported at the top.
        from accounts import leaving  # noqa: PLC0415
        from channels_app import outbox  # noqa: PLC0415
        from engagement import acknowledging, considered, liking, promising, replies  # noqa: PLC0415
        from engagement import leaving as leavers  # noqa: PLC0415

        leaving.also(leavers.part)
        considered.when_opened(promising.take_up)
        outbox.register(acknowledging.ORIGIN, acknowledging.recheck, acknowledging.after, acknowledging.page)
        outbox.register(liking.ORIGIN, liking.recheck, liking.after, liking.page)
        outbox.register("reply", replies.recheck, replies.after, replies.page)
