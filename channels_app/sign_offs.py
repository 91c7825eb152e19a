"""What a public answer ends with on a channel: the channel's own choice, else what the town's voice says there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from channels_app.models import Channel
from policy import voice
from policy.checks import House

WORDS = {"initials": "the writer's initials", "first_name": "the writer's first name", "never": "nothing"}


def usual(channel: Channel, house: House | None = None) -> str:
    """What the town's voice says for the platform; where it leaves it to the writer, initials are put."""
    said: str = (house or voice.house()).manner(channel.platform).sign_off
    return said if said in WORDS else "initials"


def of(channel: Channel, house: House | None = None) -> str:
    """initials, first_name or never"""
    return channel.sign_off or usual(channel, house)


def mark(channel: Channel, by: User, house: House | None = None) -> str:
    """What is put under this person's public answer by itself; empty where nothing is."""
    how = of(channel, house)
    if how == "never":
        return ""
    if how == "first_name":
        return f"– {by.name.split()[0] if by.name.split() else by.name}"
    return f"^{by.signature()}"


def choose(channel: Channel, sign_off: str, *, by: User, now: datetime) -> None:
    """Say what answers end with here; empty for what the town's voice says. What is written but not sent follows."""
    if sign_off and sign_off not in WORDS:
        raise Invalid("Choose what answers end with here.")
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk).exclude(sign_off=sign_off).update(sign_off=sign_off):
            audit.record("set_sign_off", channel, by=by, now=now, was=channel.sign_off, became=sign_off)
    channel.sign_off = sign_off
