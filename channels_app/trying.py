"""The trial call: whom do these secrets speak for? Run by the workers, never inside a web request."""

from __future__ import annotations

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
    """Call the platform with the new secrets, or those in force; True when the channel speaks for its account."""
    prefix = connecting.NEW if channel.credentials.filter(field__startswith=connecting.NEW).exists() else ""
    try:
        profile = platforms.get(channel.platform).profile(_with_session(channel, prefix))
    except keyring.CannotOpen as problem:
        _failed(channel, f"{problem} Enter the keys again.", prefix, now)
    except TryLater as ending:
        _unanswered(channel, ending, prefix, now)
    except Refused as refused:
        then = refused if prefix else renewing.met(channel, None, refused, now)
        if isinstance(then, TryLater):
            _unanswered(channel, then, prefix, now)
        else:
            _failed(channel, then.words, prefix, now)
    else:
        problem_words = _wrong_account(channel, profile)
        if not problem_words:
            _succeeded(channel, profile, prefix, now)
            noticing.ask(channel, now)
            return True
        _failed(channel, problem_words, prefix, now)
    return False


def _with_session(channel: Channel, prefix: str) -> Account:
    """The account to try. Where what was entered only opens a session, it is opened now and kept beside it."""
    account, renew = connecting.account_of(channel, prefix), getattr(platforms.get(channel.platform), "renew", None)
    if renew is None or "access_token" in account.secrets:
        return account
    for field, secret in renew(account).secrets.items():
        vault.store(channel, f"{prefix}{field}", secret)
    return connecting.account_of(channel, prefix)


def _wrong_account(channel: Channel, profile: Profile) -> str:
    if channel.remote_id and channel.remote_id != profile.remote_id:
        return f"These keys belong to {profile.handle}, but this channel is {channel.handle}. Nothing was changed."
    same = {"platform": channel.platform, "host": channel.host, "remote_id": profile.remote_id}
    other = Channel.objects.living().filter(**same).exclude(pk=channel.pk).first()
    return f"{profile.handle} is connected already, as {other.name}." if other else ""


def _succeeded(channel: Channel, profile: Profile, prefix: str, now: datetime) -> None:
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
    with transaction.atomic():
        _take_effect(channel, prefix)
        if channel.state in {"connecting", "needs_reconnect"}:
            move(channel, "ok", now=now, why="", **known)
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
    with transaction.atomic():
        if prefix:
            channel.credentials.filter(field__startswith=prefix).delete()
        else:
            connecting.needs_reconnect(channel, words, now)
        Channel.objects.filter(pk=channel.pk).update(why=words[:300], test_due_at=None, failures=0)
    channel.refresh_from_db()


def _unanswered(channel: Channel, ending: TryLater, prefix: str, now: datetime) -> None:
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
