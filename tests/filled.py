"""A town in which every table has rows: by the functions that make them where the tests have one, plainly otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from accounts import audit, invitations, mailing, notifications
from accounts.models import User
from calendar_app.models import Audience, Correction, Placement, Reach, TakedownDecision
from channels_app import vault
from channels_app.media import take
from channels_app.models import Channel, LinkScheme, Media
from channels_app.models.deliveries import ATTENTION, ENDED, READING, WAITING
from channels_app.platforms.base import Secret
from engagement.models import Considered, ListeningChoices, SavedReply, Supporter, Used
from metrics import collecting
from metrics.models import BehaviourGoal
from policy import records
from policy.models import Absence, Judgement
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_calendar import fill_calendar, make_placement, make_post, make_upload, picture_bytes
from tests.factories_inbox import make_conversation

TOKEN = "a token nobody may read"
EARLIER = NOON.date() - timedelta(weeks=1)


def fill(posts: int) -> Channel:
    """Everything, and so many posts in bulk; returns a channel whose token is TOKEN."""
    make_town(population=18_430)
    amara = make_user("publisher", name="Amara Osei")
    channels = [make_channel(platform) for platform in ("mastodon", "facebook", "x")]
    for channel in channels:
        vault.store(channel, "token", Secret(TOKEN))
    speak(channels[0], amara)
    for channel in channels:
        make_conversation(channel)
    fill_calendar(posts, channels)
    tell(amara)
    decide(amara)
    collecting.track_new(NOON)
    seal()
    fill_the_rest()
    seal()
    return channels[0]


def seal() -> None:
    while audit.seal() + records.seal():
        pass


def speak(channel: Channel, by: User) -> None:
    """Posts in every state, with pictures that are real files."""
    pictures = [picture(by, shade) for shade in ("teal", "navy")]
    make_placement(post=make_post(author=by, channels=[channel], pictures=pictures))
    for state in (*WAITING, *READING, *ATTENTION, *ENDED):
        make_delivery(state, channel=channel)


def picture(by: User, shade: str) -> Media:
    return take(make_upload(picture_bytes("PNG", (40 + len(shade), 30)), f"{shade}.png"), by=by, now=NOON)


def tell(by: User) -> None:
    notifications.tell(by, "test", "Something was done.", now=NOON)
    mailing.post(by.email, "Fernhill", "Something was done.", "notification", now=NOON, user=by)
    invitations.invite("new@fernhill.example", "officer", by=make_user("administrator"), now=NOON)
    for n in range(50):
        audit.record("tested", by, by=by, now=NOON, n=n)
        records.keep("post", f"post-{n}", "A post", {"text": "Ça va ?", "n": n, "share": n / 7}, NOON, NOON)


def decide(by: User) -> None:
    """What a plain row cannot be: an override has its reason, nobody is away for no time, reach has a way."""
    Reach.objects.create(audience=Audience.objects.create(name="Families"), way="letter")
    LinkScheme.objects.create(pk=1)
    ListeningChoices.objects.create(pk=1)
    Absence.objects.create(user=by, starts_at=NOON, ends_at=NOON + timedelta(days=3))
    out = Placement.objects.exclude(delivery=None).select_related("post", "delivery")[0]
    mistake = {
        "wrong": "At 8",
        "right": "At 10",
        "reached": "Nobody",
        "lesson": "Ask",
        "decision": "none",
        "why": "New",
    }
    row = Correction.objects.create(of=out.post, original=[], by=by, at=NOON, **mistake)
    row.placements.add(out)
    TakedownDecision.objects.create(
        placement=out, delivery=out.delivery, ground="over", reason="It is over.", by=by, at=NOON
    )
    Judgement.objects.create(
        kind="post",
        ref=uuid.uuid4(),
        rule="A20",
        mark="m",
        words="Capitals",
        what="overridden",
        reason="A name.",
        by=by,
        at=NOON,
    )


def fill_the_rest() -> None:
    """One plain row in every table that is still empty."""
    for model in in_order(apps.get_models(include_auto_created=True)):
        if model._meta.managed and not model._meta.proxy and not model._default_manager.exists():
            model._default_manager.create(**facts(model) | special(model))


def special(model: type[models.Model]) -> dict[str, Any]:
    """What makes a plain row whole where a table asks for more than values in its columns."""
    if model is Used:
        return {"saved": SavedReply.objects.first() or SavedReply.objects.create(**facts(SavedReply))}
    if model is Supporter:
        return {"name": "Samuel Adeyemi"}
    if model is Considered:
        return {"what": "The lamp is mended", "owner": User.objects.earliest("pk"), "due_on": NOON.date()}
    if model is BehaviourGoal:
        return {
            "counted": "Sign-ups",
            "after_first": NOON.date(),
            "after_last": NOON.date(),
            "before_first": EARLIER,
            "before_last": EARLIER,
        }
    return {}


def in_order(found: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """What others point at comes first."""
    ordered: list[type[models.Model]] = []

    def visit(model: type[models.Model]) -> None:
        if model in ordered:
            return
        for field in model._meta.concrete_fields:
            if field.is_relation and not field.null and field.related_model not in (model, None):
                visit(field.related_model)
        ordered.append(model)

    for model in found:
        visit(model)
    return ordered


def facts(model: type[models.Model]) -> dict[str, Any]:
    """A value for every column that needs one."""
    known: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        spare = field.blank or (field.null and field.is_relation)
        if not (spare or field.has_default() or isinstance(field, models.AutoField)):
            known[field.name] = value(field)
    return known


def value(field: Any) -> Any:
    if field.is_relation:
        return field.related_model._default_manager.first()
    if field.choices:
        return field.choices[0][0]
    plain: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, False),
        (models.UUIDField, uuid.uuid4()),
        (models.DateTimeField, NOON),
        (models.DateField, date(2026, 11, 18)),
        (models.TimeField, NOON.time()),
        (models.JSONField, {}),
        (models.FloatField, 1.5),
        (models.DecimalField, 1),
        (models.BinaryField, b"plain"),
        (models.IntegerField, 1),
        (models.GenericIPAddressField, "192.0.2.1"),
    ]
    return next((one for kind, one in plain if isinstance(field, kind)), "plain")
