"""Policy: what the municipality decided."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "policy"

    def ready(self) -> None:
        # Models are there only now, so these cannot be imported at the top.
        from accounts import leaving, training  # noqa: PLC0415
        from policy import leaving as leavers  # noqa: PLC0415
        from policy import reading  # noqa: PLC0415

        leaving.also(leavers.part)
        training.require(reading.FACT)
