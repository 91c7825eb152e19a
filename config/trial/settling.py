"""What no platform could give: the town, its staff with their roles, topics, campaigns, objectives, promises."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from accounts import audit
from accounts.models import Grant, Scope, Town, User
from calendar_app.models import Campaign
from channels_app.models import Channel
from config.trial import cast, plan, voicing
from engagement.models import Label, ResponsePromise
from policy.models import FinalSay, Objective, Topic

LABELS = ("Bins", "Roads", "Planning", "Praise", "Needs a department")


def settle(start: datetime) -> dict[str, str]:
    """Write the town as it was at `start`. Returns each address with its fresh random password."""
    Town.objects.update_or_create(pk=1, defaults=cast.TOWN)
    passwords = {worker.address: secrets.token_urlsafe(9) for worker in cast.STAFF}
    users = {worker.address: _hire(worker, passwords[worker.address], start) for worker in cast.STAFF}
    for name in cast.DEPARTMENTS:
        Scope.objects.create(kind="department", name=name)
    Topic.objects.bulk_create(
        Topic(name=name, niche=niche, audience=audience, owner=users[owner], evidence=evidence)
        for (name, niche, audience), (owner, evidence) in zip(cast.TOPICS, plan.TOPIC_CARE, strict=True)
    )
    Campaign.objects.bulk_create([Campaign(name=name, colour=colour) for name, colour in cast.CAMPAIGNS])
    Label.objects.bulk_create([Label(name=name) for name in LABELS])
    ResponsePromise.objects.create(hours=24, service_hours=8, from_at=start - timedelta(days=30))
    for subject in ("General", "Planning", "Money and council tax"):
        FinalSay.objects.create(subject=subject, holder=users["ruth"], deputy=users["dev"], starts_at=start)
    voicing.settle(users["dev"], start)
    _aim(users["dev"], start)
    return {f"{address}@{cast.DOMAIN}": password for address, password in passwords.items()}


def _hire(worker: cast.Worker, password: str, start: datetime) -> User:
    user = User.objects.create_user(f"{worker.address}@{cast.DOMAIN}", worker.name, password, joined_at=start)
    if not worker.channel:
        _entitle(user, worker, start)
    return user


def place(staff: dict[str, User], start: datetime) -> None:
    """Give those who look after one channel alone their rights over it."""
    for worker in cast.STAFF:
        if worker.channel:
            channel = Channel.objects.filter(platform=worker.channel).order_by("pk")[0]
            _entitle(staff[worker.address], worker, start, channel.scope)


def _entitle(user: User, worker: cast.Worker, start: datetime, scope: Scope | None = None) -> None:
    for role in worker.roles:
        grant = Grant.objects.create(user=user, role=role, scope=scope, starts_at=start - timedelta(days=1))
        audit.record("granted", user, by=None, now=start, role=role, grant=str(grant))


def _aim(owner: User, start: datetime) -> None:
    day = start.date()
    for aim in cast.AIMS:
        Objective.objects.create(
            sentence=aim.sentence,
            family=aim.family,
            owner=owner,
            why=aim.why,
            measure=aim.measure,
            baseline=aim.baseline,
            baseline_on=day,
            baseline_source=aim.source,
            target=aim.target,
            target_on=cast.target_day(day + timedelta(weeks=12)),
        )


def sign_ins(passwords: dict[str, str]) -> str:
    """The sign-in of each role as lines of text: address, password, roles, what the person does."""
    width = max(len(address) for address in passwords)
    lines = []
    for worker in cast.STAFF:
        address = f"{worker.address}@{cast.DOMAIN}"
        roles = " and ".join(role.replace("_", " ") for role in worker.roles)
        roles += " of one channel" if worker.channel else ""
        lines.append(f"  {address:<{width}}  {passwords[address]}  {roles}: {worker.does}")
    return "\n".join(lines) + "\n"
