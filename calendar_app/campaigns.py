"""Planning a campaign: what it is for and for whom, what is done beside posts, and the notices it carries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app.models import WAYS, Activity, Audience, Campaign, Notice, Post, Reach
from channels_app.models import Channel


@transaction.atomic
def change(campaign: Campaign, told: dict[str, Any], *, by: User, now: datetime) -> Campaign:
    """Its objective, its brief and its audiences. Another audience takes back that it is complete."""
    require(by, "plan_campaign", now)
    before = set(campaign.audiences.all())
    audiences = list(told["audiences"])
    facts: dict[str, Any] = {"objective": told["objective"], "brief": told["brief"]}
    if set(audiences) - before:
        facts |= {"completed_at": None, "completed_by": None}
    Campaign.objects.filter(pk=campaign.pk).update(**facts)
    campaign.audiences.set(audiences)
    audit.record("planned", campaign, by=by, now=now, audiences=[one.name for one in audiences])
    campaign.refresh_from_db()
    return campaign


@transaction.atomic
def add_activity(campaign: Campaign, told: dict[str, Any], *, by: User, now: datetime) -> Activity:
    """Something done beside posts; it serves the campaign's objective unless another is chosen."""
    require(by, "plan_campaign", now)
    told = {**told, "objective": told.get("objective") or campaign.objective}
    row = Activity.objects.create(campaign=campaign, **told)
    audit.record("planned", row, by=by, now=now)
    return row


@transaction.atomic
def settle_activity(row: Activity, done: bool, *, by: User, now: datetime) -> None:
    """It took place, or it will not."""
    require(by, "plan_campaign", now)
    facts = {"done_at": now, "dropped_at": None} if done else {"done_at": None, "dropped_at": now}
    Activity.objects.filter(pk=row.pk).update(**facts)
    if not done:
        _not_complete(row.campaign)
    audit.record("done" if done else "dropped", row, by=by, now=now)


@transaction.atomic
def add_notice(campaign: Campaign, words: str, mandatory: bool, *, by: User, now: datetime) -> Notice:
    require(by, "plan_campaign", now)
    row = Notice.objects.create(campaign=campaign, words=words.strip(), mandatory=mandatory)
    _not_complete(campaign)
    audit.record("planned", row, by=by, now=now, mandatory=mandatory)
    return row


@transaction.atomic
def carry(
    notice: Notice,
    posts: Iterable[Post],
    activities: Iterable[Activity],
    seen: Iterable[Post],
    *,
    by: User,
    now: datetime,
) -> None:
    """Which posts and activities say it. `seen` are the posts the person could choose from; others stay."""
    require(by, "plan_campaign", now)
    shown = {one.pk for one in seen}
    kept = [one for one in notice.posts.all() if one.pk not in shown]
    notice.posts.set([*kept, *posts])
    notice.activities.set(activities)
    _not_complete(notice.campaign)
    audit.record("planned", notice, by=by, now=now)


@transaction.atomic
def drop_notice(notice: Notice, *, by: User, now: datetime) -> None:
    require(by, "plan_campaign", now)
    audit.record("dropped", notice, by=by, now=now)
    notice.delete()


def _not_complete(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(completed_at=None, completed_by=None)


# --- audiences -------------------------------------------------------------------------------------------------------


def add_audience(name: str, size: int | None, *, by: User, now: datetime) -> Audience:
    require(by, "plan_campaign", now)
    try:
        with transaction.atomic():
            row = Audience.objects.create(name=name.strip(), size=size)
            audit.record("added", row, by=by, now=now)
    except IntegrityError:
        raise Invalid("There is an audience of this name already.") from None
    return row


@transaction.atomic
def set_reach(audience: Audience, shares: dict[str, int], *, by: User, now: datetime) -> None:
    """Which ways reach it: by a channel's key or a way's name, about how many in a hundred; 0 means not at all."""
    require(by, "plan_campaign", now)
    channels = {str(one.key): one for one in Channel.objects.living()}
    audience.reaches.all().delete()
    Reach.objects.bulk_create(
        Reach(audience=audience, channel=channels.get(name), way="" if name in channels else name, percent=share)
        for name, share in shares.items()
        if share and (name in channels or name in dict(WAYS))
    )
    audit.record("set_reach", audience, by=by, now=now, shares=shares)


@transaction.atomic
def put_audience_away(audience: Audience, *, by: User, now: datetime) -> None:
    require(by, "plan_campaign", now)
    Audience.objects.filter(pk=audience.pk).update(active=not audience.active)
    audit.record("put_away" if audience.active else "took_up", audience, by=by, now=now)
