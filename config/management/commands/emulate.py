"""`manage.py emulate`: the practice platforms alone, on one port of this machine."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from channels_app.emulator.__main__ import add_arguments, as_words


class Command(BaseCommand):
    help = "Run the practice platforms and their town alone. Its control calls are in channels_app/emulator/control.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the process to the emulator, which needs neither Django nor the memory it takes."""
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "channels_app.emulator", *as_words(options)])  # noqa: S606
