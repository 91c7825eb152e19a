"""Share kits: what partners pass on, behind a private address that holds until it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.signing import Signer
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts import audit, mailing
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app import pictures
from calendar_app.models import Campaign, ShareKit
from channels_app import links, rights
from channels_app.models import Media
from policy.models import PolicyChoices


@transaction.atomic
def make(campaign: Campaign, told: dict[str, Any], *, by: User, now: datetime) -> ShareKit:
    """A new kit. Its one address is made short where the town has short links. Raises Invalid."""
    require(by, "share_kit", now)
    media = list(told.pop("media", ()))
    _usable(media, now)
    kit = ShareKit.objects.create(campaign=campaign, by=by, at=now, **told)
    kit.media.set(media)
    links.freeze("kit", kit.key, None, kit.url, now, links.About(campaign.name, "kit"))
    audit.record("made_kit", kit, by=by, now=now)
    return kit


@transaction.atomic
def change(kit: ShareKit, told: dict[str, Any], *, by: User, now: datetime) -> ShareKit:
    """Other words, pictures or partners under the same private address."""
    require(by, "share_kit", now)
    media = list(told.pop("media", ()))
    _usable(media, now)
    ShareKit.objects.filter(pk=kit.pk).update(**told)
    kit.refresh_from_db()
    kit.media.set(media)
    links.freeze("kit", kit.key, None, kit.url, now, links.About(kit.campaign.name, "kit"))
    audit.record("changed_kit", kit, by=by, now=now)
    return kit


@transaction.atomic
def take_back(kit: ShareKit, *, by: User, now: datetime) -> None:
    """Its private address opens nothing any more."""
    require(by, "share_kit", now)
    ShareKit.objects.filter(pk=kit.pk).update(revoked_at=now)
    audit.record("took_kit_back", kit, by=by, now=now)


@transaction.atomic
def give_again(kit: ShareKit, *, by: User, now: datetime) -> None:
    """A new private address; the old one stays dead."""
    require(by, "share_kit", now)
    ShareKit.objects.filter(pk=kit.pk).update(revoked_at=None, round=F("round") + 1)
    audit.record("gave_kit_again", kit, by=by, now=now)


def address(kit: ShareKit) -> str:
    """The private address, whole where Parley knows its public name."""
    return mailing.absolute(reverse("open-kit", args=[kit.key, _seal(kit)]))


def opens(kit: ShareKit, seal: str) -> bool:
    return constant_time_compare(seal, _seal(kit))


def is_open() -> bool:
    """Whether the town lets partners open kits without a sign-in."""
    return PolicyChoices.here().share_kits


def shown_url(kit: ShareKit) -> str:
    """The one address of the kit: short where it was made so."""
    made = links.of("kit", kit.key, kit.url)
    return made or kit.url


def shown_pictures(kit: ShareKit, now: datetime) -> list[Media]:
    """Its pictures that may be used today: a consent that ended takes a picture out of the kit too."""
    rows = kit.media.filter(state="ready").prefetch_related("consents")
    return [one for one in rows if not rights.why_not(one, pictures.local_day(now))]


def _usable(media: Iterable[Media], now: datetime) -> None:
    for one in media:
        why = rights.why_not(one, pictures.local_day(now))
        if not why and not one.alt:
            why = f"“{one.name}” has no alt text yet; partners would pass it on without."
        if why:
            raise Invalid(why, next_step="Say what it shows in the media library, or choose another.")


def _seal(kit: ShareKit) -> str:
    return Signer(salt="calendar_app.share-kit").signature(f"{kit.key}/{kit.round}")
