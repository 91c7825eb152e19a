"""The trial call: whom do these secrets speak for? Run by the workers, never inside a web request."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, keyring
from accounts.models import Scope
from channels_app import connecting, noticing, platforms, renewing, vault
from channels_app.models import Channel, Cursor
from channels_app.platforms import doors
from channels_app.platforms.base import Account, Profile, Refused, TryLater
from policy.moves import move

log = logging.getLogger(__name__)

Waiting = Mapping[int, str]  # keys that wait for their trial: which row, and what is sealed in it
LEASE = timedelta(seconds=90)
GRANT = "grant:"  # opens the fields that say what was allowed, beside the keys
TRIES = 4  # a platform that does not answer is asked this often before a person is


def try_due(now: datetime, limit: int = 5) -> int:
    """Try the channels whose trial call is due; how many. Any number of processes may run this at once."""
    tried = 0
    while tried < limit and (channel := _claim(now)) is not None:
        try_out(channel, now)
        tried += 1
    return tried


def _claim(now: datetime) -> Channel | None:
    """Take one due trial by pushing its time behind a lease; a crash in between makes it due again."""
    with transaction.atomic():
        due = Channel.objects.filter(test_due_at__lte=now).exclude(state="archived").order_by("test_due_at")
        channel = due.select_for_update(skip_locked=True).first()
        if channel is not None:
            channel.test_due_at = now + LEASE
            channel.save(update_fields=["test_due_at"])
    return channel


def try_out(channel: Channel, now: datetime) -> bool:
    """Call the platform with the new secrets, or those in force; True when the channel speaks for its account.

    Only what was tried takes effect: where other keys were entered meanwhile, theirs is the trial that counts.
    """
    seen = _waiting(channel)
    prefix = connecting.NEW if seen else ""
    account: Account | None = None
    ending: Profile | TryLater | Refused
    try:
        account, seen = _with_session(channel, prefix, seen)
        ending = platforms.get(channel.platform).profile(account)
    except keyring.CannotOpen as problem:
        ending = Refused(f"{problem} Enter the keys again.", cause="token")
    except TryLater as later:
        ending = later
    except Refused as refused:
        ending = refused if prefix else renewing.met(channel, account, refused, now)
    speaks = _settle(channel, ending, prefix, seen, now)
    if speaks:
        noticing.ask(channel, now)
    return speaks


def _with_session(channel: Channel, prefix: str, seen: Waiting) -> tuple[Account, Waiting]:
    """The account to try. Where what was entered only opens a session, it is opened now and kept beside it."""
    account, renew = connecting.account_of(channel, prefix), getattr(platforms.get(channel.platform), "renew", None)
    if renew is None or "access_token" in account.secrets:
        return account, seen
    opened = renew(account).secrets
    with transaction.atomic():
        if not _still(channel, seen):
            raise TryLater("Other keys were entered meanwhile.")
        for field, secret in opened.items():
            vault.store(channel, f"{prefix}{field}", secret)
        return connecting.account_of(channel, prefix), _waiting(channel)


def _waiting(channel: Channel) -> Waiting:
    """The keys that wait for their trial, as they are stored now."""
    return dict(channel.credentials.filter(field__startswith=connecting.NEW).values_list("pk", "sealed"))


def _still(channel: Channel, seen: Waiting) -> bool:
    """Hold the channel until the transaction ends, and see whether what was tried is what still waits."""
    held = Channel.objects.select_for_update(no_key=True).exclude(state="archived").filter(pk=channel.pk)
    return held.first() is not None and _waiting(channel) == seen


def _settle(channel: Channel, ending: Profile | TryLater | Refused, prefix: str, seen: Waiting, now: datetime) -> bool:
    """Write down how the trial ended, unless the keys are others by now."""
    with transaction.atomic():
        if not _still(channel, seen):
            log.info("keys changed while they were tried", extra={"channel": str(channel.key)})
            return False
        channel.refresh_from_db()
        if isinstance(ending, Profile) and (problem := _wrong_account(channel, ending)):
            ending = Refused(problem, cause="token")
        if isinstance(ending, Profile):
            _succeeded(channel, ending, prefix, now)
        elif isinstance(ending, TryLater):
            _unanswered(channel, ending, now)
        else:
            _failed(channel, ending.words, prefix, now)
    return isinstance(ending, Profile)


def _wrong_account(channel: Channel, profile: Profile) -> str:
    if channel.remote_id and channel.remote_id != profile.remote_id:
        return f"These keys belong to {profile.handle}, but this channel is {channel.handle}. Nothing was changed."
    same = {"platform": channel.platform, "host": channel.host, "remote_id": profile.remote_id}
    other = Channel.objects.living().filter(**same).exclude(pk=channel.pk).first()
    return f"{profile.handle} is connected already, as {other.name}." if other else ""


def _succeeded(channel: Channel, profile: Profile, prefix: str, now: datetime) -> None:
    """The account is ours to use. A channel that a person has paused stays paused, however it was lost meanwhile."""
    module = platforms.get(channel.platform)
    known: dict[str, Any] = {
        "remote_id": profile.remote_id,
        "handle": profile.handle,
        "url": profile.url,
        "limits": dict(profile.limits),
        "scopes": sorted(profile.scopes) if profile.scopes is not None else _granted(channel, prefix),
        "expires_at": profile.expires_at or _end_of(channel, prefix),
        "last_read_at": now,
        "test_due_at": None,
        "failures": 0,
    }
    if channel.name == module.LABEL:
        known["name"] = profile.name[:120]
    _take_effect(channel, prefix)
    if channel.state in {"connecting", "needs_reconnect"}:
        move(channel, "paused" if channel.paused_why else "ok", now=now, why=channel.paused_why, **known)
        audit.record("connected", channel, by=None, now=now, handle=profile.handle)
    else:
        Channel.objects.filter(pk=channel.pk).update(**known)
    Scope.objects.filter(pk=channel.scope_id).update(name=known.get("name", channel.name))
    for stream in module.STREAMS:
        if stream != "comments":  # those are read for each post of ours
            Cursor.objects.get_or_create(channel=channel, stream=stream, root="", defaults={"next_poll_at": now})
    channel.refresh_from_db()
    renewing.plan(channel, now)


def _granted(channel: Channel, prefix: str) -> list[str]:
    """What the person allowed on the platform, where the platform itself does not tell it again."""
    told = vault.secrets_of(channel, f"{prefix}{GRANT}").get("scopes")
    return sorted(told.reveal().split(",")) if told else []


def _end_of(channel: Channel, prefix: str) -> datetime | None:
    """When the keys end, unless they can be renewed without a person."""
    rows = {row.field.removeprefix(prefix): row for row in channel.credentials.filter(field__startswith=prefix)}
    token = rows.get("access_token")
    renewed = "refresh_token" in rows and doors.renewer(channel.platform) is not None
    return token.expires_at if token is not None and not renewed else None


def _take_effect(channel: Channel, prefix: str) -> None:
    """The new keys in place of all the old: a field the new ones lack would be used with them otherwise."""
    if not prefix:
        return
    new = {row.field.removeprefix(prefix): row for row in channel.credentials.filter(field__startswith=prefix)}
    channel.credentials.exclude(field__startswith=prefix).exclude(field__in=new).delete()
    for field, secret in vault.secrets_of(channel, prefix).items():
        vault.store(channel, field, secret)
        channel.credentials.filter(field=field).update(expires_at=new[field].expires_at)
    channel.credentials.filter(field__startswith=prefix).delete()


def _failed(channel: Channel, words: str, prefix: str, now: datetime) -> None:
    """Useless to ask again. New keys are thrown away; where those in force failed, the channel needs new ones."""
    if prefix:
        channel.credentials.filter(field__startswith=prefix).delete()
    else:
        connecting.needs_reconnect(channel, words, now)
    Channel.objects.filter(pk=channel.pk).update(why=words[:300], test_due_at=None, failures=0)
    channel.refresh_from_db()


def _unanswered(channel: Channel, ending: TryLater, now: datetime) -> None:
    """The platform could not be asked: again later, a few times, then a person is told."""
    if channel.failures + 1 >= TRIES:
        words = f"{ending.words} Asked {TRIES} times; try again later."
        Channel.objects.filter(pk=channel.pk).update(why=words[:300], test_due_at=None, failures=0)
    else:
        wait = timedelta(seconds=min(ending.wait, 300))
        due = now + max(wait, timedelta(seconds=10))
        Channel.objects.filter(pk=channel.pk).update(
            why=ending.words[:300], test_due_at=due, failures=F("failures") + 1
        )
    channel.refresh_from_db()
