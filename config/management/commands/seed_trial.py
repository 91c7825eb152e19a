"""`manage.py seed_trial`: make the trial's town in an empty database, beside a running emulator."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.models import User
from channels_app.emulator.client import Emulator
from config import secret_files
from config.trial import (
    afterwards,
    counting,
    gathering,
    guiding,
    papering,
    plan,
    profiling,
    schooling,
    settling,
    workshop,
)
from config.trial.living import Life


class Command(BaseCommand):
    help = "Make the trial's town: its people, its channels and some weeks of their life."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--weeks", type=int, default=12, help="how much past to live through (3 to 52)")
        parser.add_argument("--seed", type=int, default=7, help="the dice of this town")

    def handle(self, weeks: int, seed: int, **options: object) -> None:
        if not settings.PRACTICE or not settings.EMULATOR_URL:
            raise CommandError("Only a practice desk with its emulator running can be given a fictional town.")
        if User.objects.exists():
            raise CommandError("This database has people already; a town is made only in an empty one.")
        if not 3 <= weeks <= 52:
            raise CommandError("Choose 3 to 52 weeks.")
        now = clock.now()
        self.stdout.write("Staff, topics, objectives")
        passwords = settling.settle(now - timedelta(weeks=weeks))
        guiding.adopt(now - timedelta(weeks=weeks))
        Life(Emulator(settings.EMULATOR_URL), now, weeks, seed, self.stdout.write).live()
        plan.settle(now)
        settling.place({user.email.split("@")[0]: user for user in User.objects.all()}, now - timedelta(weeks=weeks))
        schooling.school(now - timedelta(weeks=weeks), now)
        guiding.change(now)
        staff = {user.email.split("@")[0]: user for user in User.objects.all()}
        workshop.furnish(staff, now)
        profiling.look_round(staff, now)
        papering.settle(staff, now)
        guiding.finish()
        afterwards.look_back(staff, now)
        counting.count(staff, now)
        gathering.gather(staff, now)
        path = settings.HOME / "sign-ins.txt"
        path.unlink(missing_ok=True)
        secret_files.write_private(path, settling.sign_ins(passwords))
