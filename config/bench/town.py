"""The town every row happens in: people, roles, channels, topics. Small, and made with the models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Grant, Scope, Town, User
from calendar_app.models import Campaign
from channels_app.models import Channel, Heartbeat, Instance
from config.trial import cast, settling
from engagement.models import Label, Pulse, ResponsePromise
from policy.models import FinalSay, Topic

OFFICERS = 8
HOSTS = {"x": "api.x.example", "facebook": "graph.facebook.example", "mastodon": "social.fernhill.example"}


@dataclass(frozen=True)
class Desk:
    """`everywhere` may do everything on every channel, `somewhere` on every third one."""

    everywhere: User
    somewhere: User
    people: list[User]
    channels: list[Channel]
    labels: list[Label]


def found(channels: int, now: datetime, platforms: tuple[str, ...] = ("mastodon", "facebook", "x")) -> Desk:
    """The town with so many channels."""
    Town.objects.update_or_create(pk=1, defaults=cast.TOWN)
    people = [User.objects.create_user(f"officer{n}@fernhill.example", f"Officer {n}", None) for n in range(OFFICERS)]
    made = [_channel(number, platforms[number % len(platforms)], now) for number in range(channels)]
    before = now - timedelta(days=3000)
    for person in people[1:]:
        Grant.objects.create(user=person, role="officer", scope=None, starts_at=before)
    for role in ("publisher", "officer", "approver"):
        Grant.objects.create(user=people[0], role=role, scope=None, starts_at=before)
    somewhere = User.objects.create_user("parks@fernhill.example", "Parks", None)
    for channel in made[::3]:
        Grant.objects.create(user=somewhere, role="publisher", scope=channel.scope, starts_at=before)
    names = [*settling.LABELS, "Parks", "Council tax", "Flooding", "Street lights", "Noise", "Once in a blue moon"]
    Label.objects.bulk_create(Label(name=name) for name in names)
    Topic.objects.bulk_create(Topic(name=name, niche=niche, audience=who) for name, niche, who in cast.TOPICS)
    Campaign.objects.bulk_create(Campaign(name=name, colour=colour) for name, colour in cast.CAMPAIGNS)
    ResponsePromise.objects.create(hours=24, service_hours=8, from_at=before)
    FinalSay.objects.create(subject="General", holder=people[0], deputy=people[1], starts_at=before)
    Instance.objects.filter(pk=1).update(publishing=True)
    Heartbeat.objects.bulk_create([Heartbeat(role=role, at=now) for role in ("publisher", "poller")])
    return Desk(people[0], somewhere, people, made, list(Label.objects.order_by("id")))


def _channel(number: int, platform: str, now: datetime) -> Channel:
    name = f"Fernhill {number}"
    channel = Channel.objects.create(
        scope=Scope.objects.create(kind="channel", name=name),
        platform=platform,
        host=HOSTS[platform],
        remote_id=str(1000 + number),
        handle=f"@fernhill{number}",
        name=name,
        practice=True,
        state="ok",
        created_at=now - timedelta(days=3000),
    )
    Pulse.objects.create(channel=channel)
    return channel
