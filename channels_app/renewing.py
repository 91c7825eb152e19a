"""Keys that end are renewed ahead of time, or once a platform takes them no more: by one worker at a time.

Many platforms take the old key away as they give the new one, so two who renew at once lose the account. A lease on the
channel's first key is taken by compare-and-swap and committed, the call is made with no transaction open, and what it
gave is stored only where no key has changed meanwhile. Others wait and read again. One who dies in between leaves the
lease behind: it is tried once more, and if the platform has taken the old key away by then, a person is told why.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts import notifications
from accounts.keyring import CannotOpen
from channels_app import connecting, platforms, vault
from channels_app.models import Channel, Credential, Instance
from channels_app.platforms import doors
from channels_app.platforms.base import Account, Refused, Renewed, TryLater, Uncertain

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)  # longer than a call may last
PATIENCE = 20.0  # seconds that others wait for whoever renews
PAUSE = 0.05
AGAIN = timedelta(minutes=1)  # what is refused so soon after it was renewed, another renewal does not mend
RETRY = 30.0
WITH = ("refresh_token", "app_password")  # keys are renewed with one of these
Renew = Callable[[Account], Renewed]


class Broken(Refused):
    """An earlier renewal has used the old keys up, and nobody heard what it gave."""


def of(platform: str) -> Renew | None:
    """How this platform renews its keys; None where they are entered anew."""
    own = cast("Renew | None", getattr(platforms.get(platform), "renew", None))
    return own or doors.renewer(platform)


def when(platform: str, expires_at: datetime | None, now: datetime) -> datetime | None:
    """When keys that end then are renewed: three quarters of their time are over, and the last one is for trouble."""
    return now + (expires_at - now) * 3 / 4 if expires_at and of(platform) else None


def can(channel: Channel) -> bool:
    """Whether the channel's own keys can be renewed; a platform may give keys to renew with to some apps only."""
    return of(channel.platform) is not None and channel.credentials.filter(field__in=WITH).exists()


def plan(channel: Channel, now: datetime) -> None:
    """Note when the keys in force are renewed: by the first of them to end, as far as anybody told."""
    channel.renew_at = when(channel.platform, ends_at(channel), now) if can(channel) else None
    Channel.objects.filter(pk=channel.pk).update(renew_at=channel.renew_at)


def ends_at(channel: Channel) -> datetime | None:
    """When the keys in force end, as far as anybody told: all together, or the first of them."""
    rows = Credential.objects.filter(channel=channel).exclude(field__contains=":")
    return channel.expires_at or min((row.expires_at for row in rows if row.expires_at is not None), default=None)


def goes_on(channel: Channel, now: datetime) -> bool:
    """Whether nobody needs to care about the end of its keys: they are renewed, and that is not long overdue."""
    if channel.renew_at is None or channel.state not in Channel.READ:
        return False
    ends = channel.expires_at or channel.renew_at + LEASE
    return now < ends and now - channel.renew_at <= (ends - channel.renew_at) / 2


def renew_due(now: datetime, limit: int = 5) -> int:
    """Renew what ends soon; how many. Safe on any number of workers at once."""
    due = Channel.objects.filter(state__in=Channel.READ, renew_at__lte=now).order_by("renew_at")
    return sum(_ahead(channel, now) for channel in due.select_related("scope")[:limit])


def _ahead(channel: Channel, now: datetime) -> bool:
    if not can(channel):
        plan(channel, now)
        return False
    try:
        renew(channel, now, connecting.account_of(channel))
    except (Broken, CannotOpen) as problem:
        connecting.needs_reconnect(channel, str(problem), now)
    except Refused as refused:
        _to_the_end(channel, refused, now)
    except (TryLater, Uncertain) as problem:
        log.info("not renewed", extra={"channel": str(channel.key), "code": problem.code})
    else:
        return True
    return False


def _to_the_end(channel: Channel, refused: Refused, now: datetime) -> None:
    """Keys that cannot be renewed work until they end all the same: people are told at once, and before that end."""
    ends = ends_at(channel)
    if ends is None or ends <= now:
        connecting.needs_reconnect(channel, refused.words, now)
        return
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(renew_at=None, expires_at=ends)
        at = date_format(localtime(ends), "j F Y, H:i")
        words = f"The keys of {channel} could not be renewed. {refused.words} They work until {at}."
        once = f"channel:{channel.key}:not-renewed:{ends:%Y-%m-%dT%H:%M}"
        url = f"/channels/{channel.key}/"
        notifications.tell_role("connect_channel", channel.scope, "channel.expires", words, url, now=now, once=once)


def met(channel: Channel, used: Account | None, ending: Refused, now: datetime) -> Refused | TryLater:
    """What a refusal comes to once refused keys were renewed: TryLater where it is worth another call.

    `used` is what the call was made with: where other keys are in force by now, these are what is tried next.
    Keeps the refusal's code, which is what proves that nothing was accepted. Never within a transaction.
    """
    if ending.cause != "token":
        return ending
    try:
        if not can(channel):
            return _replaced(channel, used, ending)
        if _just_renewed(channel, used, now):
            return ending
        renew(channel, now, used or connecting.account_of(channel))
    except (Refused, CannotOpen) as problem:
        return Refused(str(problem), cause="token", code=ending.code)
    except (TryLater, Uncertain) as problem:
        return TryLater(problem.words, wait=problem.wait or RETRY, code=ending.code)
    return TryLater(f"The keys of {channel} had run out and were renewed.", wait=1, code=ending.code)


def _replaced(channel: Channel, used: Account | None, ending: Refused) -> Refused | TryLater:
    """A refusal of keys that somebody has replaced since says nothing of those in force."""
    if used is None or _clear(connecting.account_of(channel)) == _clear(used):
        return ending
    return TryLater(f"The keys of {channel} were replaced meanwhile.", wait=1, code=ending.code)


def _clear(account: Account) -> Mapping[str, str]:
    return {field: secret.reveal() for field, secret in account.secrets.items()}


def _just_renewed(channel: Channel, used: Account | None, now: datetime) -> bool:
    """These very keys are new, and refused all the same."""
    fresh = Channel.objects.filter(pk=channel.pk, renewed_at__gt=now - AGAIN).exists()
    return fresh and (used is None or not _differs(_keys(channel), used))


def renew(channel: Channel, now: datetime, used: Account) -> None:
    """See that the channel has other keys than those `used`. Raises the endings and CannotOpen.

    Whoever holds the lease calls; everybody else waits until the keys are others, or for so long that it is a fault.
    """
    until = time.monotonic() + PATIENCE
    while not _differs(rows := _keys(channel), used):
        lead = rows[0]  # read with the keys that were compared: a lease on a later row could renew what is new
        held = lead.refresh_until
        if (held is None or held <= now) and _take(lead, now):
            _renew(channel, lead, now, broken=held is not None)
            return
        if time.monotonic() > until:
            raise TryLater(f"The keys of {channel} are being renewed.", wait=5)
        time.sleep(PAUSE)


def _keys(channel: Channel) -> list[Credential]:
    """The keys in force, always in one order; those that wait for their trial call are not among them."""
    rows = list(
        Credential.objects.filter(channel=channel).exclude(field__contains=":").select_related("channel").order_by("pk")
    )
    if not rows:
        raise Refused(f"{channel} has no keys.", cause="token")
    return rows


def _differs(rows: Iterable[Credential], used: Account) -> bool:
    """Whether the keys in force are others than those a call was made with."""
    known = _clear(used)
    return any(vault.open_(row.channel.key, row.field, row.sealed).reveal() != known.get(row.field) for row in rows)


def _take(lead: Credential, now: datetime) -> bool:
    """The lease, if nobody has taken it since this row was read."""
    if Instance.objects.filter(pk=1, restored=True).exists():
        raise TryLater("Nothing is renewed here: this may be a copy, and would lock the live system out.", wait=60)
    free = Q(refresh_until=None) | Q(refresh_until__lte=now)
    with transaction.atomic(durable=True):
        mine = Credential.objects.filter(free, pk=lead.pk, version=lead.version)
        return bool(mine.update(version=F("version") + 1, refresh_until=now + LEASE))


def _renew(channel: Channel, lead: Credential, now: datetime, *, broken: bool) -> None:
    """The one call. One whose answer was lost leaves word in the lease, as a worker would that died here."""
    seen = {row.pk: row.version for row in _keys(channel)}
    call = cast("Renew", of(channel.platform))
    try:
        given = call(connecting.account_of(channel))
    except TryLater as ending:
        _release(lead, over=now if broken or _unheard(ending) else None)
        raise
    except Refused as ending:
        _release(lead)
        if not broken:
            raise Refused(ending.words, cause="token", code=ending.code) from ending
        label = platforms.get(channel.platform).LABEL
        words = f"Parley stopped while it renewed the keys, and {label} takes the old ones no more. Enter new ones."
        raise Broken(words, cause="token", code=ending.code) from ending
    _store(channel, lead, seen, given, now)


def _store(channel: Channel, lead: Credential, seen: dict[int, int], given: Renewed, now: datetime) -> None:
    """The new keys, all or none; where somebody has entered others meanwhile, theirs stay."""
    with transaction.atomic(durable=True):
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # before its keys, as a trial holds them
        here = Credential.objects.filter(pk__in=seen).order_by("pk").select_for_update()
        if {row.pk: row.version for row in here} != seen:
            log.info("keys changed while they were renewed", extra={"channel": str(channel.key)})
            return
        for field, secret in given.secrets.items():
            vault.store(channel, field, secret)
        _release(lead)
        ends = given.expires_at
        Credential.objects.filter(channel=channel, field="access_token").update(expires_at=ends)
        facts = {"expires_at": ends, "renewed_at": now, "renew_at": when(channel.platform, ends, now)}
        Channel.objects.filter(pk=channel.pk).update(**facts)


def _unheard(ending: TryLater) -> bool:
    """Whether the platform may have given new keys that did not arrive."""
    return ending.code in {"cut", "garbled"} or ending.code.startswith("HTTP 5")


def _release(lead: Credential, over: datetime | None = None) -> None:
    """Let others renew. A lease that is `over` tells them that the keys may have been used up."""
    Credential.objects.filter(pk=lead.pk).update(version=F("version") + 1, refresh_until=over)
