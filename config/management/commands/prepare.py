"""`manage.py prepare`: the tables and, on request, the static files. Run by the role that owns the database."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import upgrading
from config.memory import keep_loaded


class Command(BaseCommand):
    help = "Bring the database to this version; needed after every upgrade and harmless in between."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static", action="store_true", help="also collect the static files")

    def handle(self, static: bool, verbosity: int, **options: object) -> None:
        keep_loaded()  # a migration makes and drops the models of each state; looking through all else takes a quarter
        upgrading.migrate(verbosity)
        call_command("createcachetable", verbosity=verbosity)
        if static:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
