"""Calendar: what is said, where and when."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "calendar_app"
    verbose_name = "Calendar"

    def ready(self) -> None:
        """Say what is asked last before a post goes out, and what happens after. Models are loaded only now."""
        from calendar_app import alerting, deciding  # noqa: PLC0415
        from channels_app import outbox  # noqa: PLC0415

        outbox.register("post", recheck=deciding.recheck, after=deciding.after, page=deciding.page)
        outbox.register("emergency", recheck=alerting.recheck, after=alerting.after, page=alerting.page)
