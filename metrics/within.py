"""What a page of figures is about: the whole town, one channel, one campaign, or the posts that serve one objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import person, places_for
from calendar_app.models import Campaign, Post
from channels_app.models import Channel
from metrics.measures.narrowing import Within
from policy.models import Objective

Kind = Literal["", "channel", "campaign", "serving"]


@dataclass(frozen=True)
class About:
    """`thing` and `kind` say what it is, `within` which rows count for it."""

    kind: Kind
    thing: Channel | Campaign | Objective | None
    within: Within

    @property
    def words(self) -> str:
        if self.thing is None:
            return ""
        return f"posts that serve “{self.thing}”" if self.kind == "serving" else str(self.thing)

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    @property
    def asked(self) -> dict[str, str]:
        """What an address says to mean it."""
        return {self.kind: str(self.thing.key)} if self.thing else {}


TOWN = About("", None, Within())


def town(request: HttpRequest) -> About:
    """The whole town, as far as this person may see what its figures name."""
    user, now = person(request), request.now  # type: ignore[attr-defined]
    if places_for(user, "see_channels", now) is None:
        return TOWN
    keys = Channel.objects.visible_to(user, now).values_list("key", flat=True)
    return About("", None, Within(seen=frozenset(str(key) for key in keys)))


def of_channel(channel: Channel) -> About:
    return About("channel", channel, Within(channel=str(channel.key)))


def of_campaign(campaign: Campaign) -> About:
    return About("campaign", campaign, Within(posts=_keys(campaign=campaign)))


def of_objective(objective: Objective) -> About:
    return About("serving", objective, Within(posts=_keys(objective=objective)))


def _keys(**which: object) -> frozenset[str]:
    return frozenset(str(key) for key in Post.objects.filter(**which).values_list("key", flat=True))


def asked(request: HttpRequest) -> About:
    """What the address means; naming nothing, the town. Http404 for what there is not, or not for this person."""
    if key := request.GET.get("channel"):
        seen = Channel.objects.visible_to(person(request), request.now)  # type: ignore[attr-defined]
        return of_channel(get_object_or_404(seen, key=_uuid(key)))
    if key := request.GET.get("campaign"):
        return of_campaign(get_object_or_404(Campaign, key=_uuid(key)))
    if key := request.GET.get("serving"):
        return of_objective(objective_of(key))
    return TOWN


def objective_of(key: str) -> Objective:
    """The one an address names. Http404 for none."""
    return get_object_or_404(Objective, key=_uuid(key))


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise Http404 from None
