"""What Fernhill promises to whoever writes, what it says by itself, and why promises of the last weeks were missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from channels_app.models import Channel
from config.trial.desk_life import Desk
from engagement import acknowledging, kept, response
from engagement.acknowledging import Wanted as Words
from engagement.response import Wanted

BACK = timedelta(weeks=3)
WORDS = Words(
    on=False,
    text="Thank you, your message has reached us. A person will answer you.",
    emergency="In danger call 999.",
    every_hours=24,
    private=False,
)
REASONS = (
    ("no_cover", "Two of three were ill that day"),
    ("department", "Streets and bins answered us on Monday"),
    ("volume", ""),
    ("overlooked", "It hung under an old post"),
    ("sign_off", "Ruth was at the inquiry all day"),
)


def respond(desk: Desk, now: datetime) -> None:
    """Urgent things sooner, the library's reading day closed, an acknowledgement that is written but off, reasons."""
    dev = desk.staff["dev"]
    urgent = Wanted(None, "urgent", 4, 2, now, why="Danger and outages cannot wait until tomorrow")
    response.set_promise(urgent, by=dev, now=now)
    quick = Channel.objects.filter(platform="x").first()
    if quick is not None:
        response.set_promise(Wanted(quick, "", 12, 4, now, why="People expect more of us there"), by=dev, now=now)
        response.set_promise(replace(urgent, channel=quick), by=dev, now=now)
    closed = now.astimezone(desk.town.tz).date() + timedelta(days=17)
    response.close_day(closed, "Staff day: the whole desk is at the training", by=dev, now=now)
    for channel in Channel.objects.filter(platform="facebook"):
        acknowledging.set_for(channel, WORDS, by=dev, now=now)
    _explain(desk, now)


def _explain(desk: Desk, now: datetime) -> None:
    channels = [channel.pk for channel in desk.channels.values()]
    missed = [one for one in kept.between(channels, now - BACK, now, now) if one.outcome == "missed"]
    for one, (code, words) in zip(missed[::2], REASONS, strict=False):
        kept.explain(one.conversation, one.turn.since, code, words, by=desk.staff["amara"], now=now)
