"""`manage.py secrets`: listed here for `manage.py help`; it runs without Django, on a host that has only Python."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand

from config import secret_files


class Command(BaseCommand):
    help = "Write .env and the key ring of a real installation, once."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(secret_files.main(argv[2:]))
