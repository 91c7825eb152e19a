"""`manage.py invite EMAIL --role administrator`: the way in for the first person, and for others without mail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import clock, invitations
from accounts.models import Scope
from accounts.models.grants import ROLES
from accounts.refusals import Refusal


class Command(BaseCommand):
    help = "Print a link that lets one person in, once, within seven days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=[key for key, _ in ROLES])
        parser.add_argument("--name", default="", help="the person's name, which they can change")
        parser.add_argument("--scope", default="", help="the channel or department the role is for (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = self.scope(options["scope"])
        try:
            invitation, path = invitations.invite(
                options["email"], options["role"], by=None, now=clock.now(), name=options["name"], scope=scope
            )
        except Refusal as refused:
            raise CommandError(f"{refused.words} {refused.next_step}".strip()) from refused
        until = f"{invitation.expires_at.day} {invitation.expires_at:%B %Y}"
        self.stdout.write(f"{settings.PUBLIC_URL.rstrip('/')}{path}")
        self.stderr.write(f"For {invitation.email}; it works once, until {until}.")
        if not settings.PUBLIC_URL:
            self.stderr.write("Put the address at which Parley answers in front of it.")

    def scope(self, name: str) -> Scope | None:
        if not name:
            return None
        found = list(Scope.objects.filter(name__iexact=name, closed_at=None))
        if len(found) != 1:
            known = ", ".join(Scope.objects.filter(closed_at=None).values_list("name", flat=True)) or "none yet"
            raise CommandError(f"{name!r} names {len(found)} channels or departments. Known: {known}.")
        return found[0]
