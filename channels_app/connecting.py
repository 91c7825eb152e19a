"""Channels come and go here: connect, reconnect, pause, disconnect.

A web request only writes rows: it keeps the pasted secrets apart (their fields open with `new:`) and asks for a trial
call, which `trying` makes. Until that call shows whose they are, whatever the channel had stays in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts import audit, notifications
from accounts.models import Scope, User
from accounts.refusals import IllegalMove, Invalid, LostRace
from channels_app import app_keys, platforms, renditions, vault
from channels_app.models import Channel, Credential
from channels_app.platforms import guard, http
from channels_app.platforms.base import Account, Platform, Secret
from channels_app.platforms.verdicts import usable
from policy.moves import move

NEW = "new:"


def connect(
    platform: str,
    host: str,
    secrets: Mapping[str, str],
    *,
    by: User | None,
    now: datetime,
    name: str = "",
    practice: bool | None = None,
    opened: bool = False,
) -> Channel:
    """A channel in state `connecting`, with its secrets sealed and its trial call due now. Raises Invalid.

    Unless it counts as `opened` already, nothing is posted there before its case and its kit are complete.
    """
    module = platforms.get(platform)
    practice = settings.PRACTICE if practice is None else practice
    if off := renditions.why_off(platform):
        raise Invalid(off)
    host = host_for(module, host or named_host(module, secrets), practice)
    given = checked(module, secrets)
    return connect_with(module, host, given, by=by, now=now, name=name, practice=practice, opened=opened)


def connect_with(
    module: Platform,
    host: str,
    given: Mapping[str, Secret],
    *,
    by: User | None,
    now: datetime,
    name: str = "",
    practice: bool,
    ends: datetime | None = None,
    opened: bool = False,
) -> Channel:
    """The same for keys that are known to be right, on a host that is; `ends` is when the access token does."""
    with transaction.atomic():
        scope = Scope.objects.create(kind="channel", name=name or module.LABEL)
        channel = Channel.objects.create(
            scope=scope,
            platform=module.NAME,
            host=host,
            name=name or module.LABEL,
            practice=practice,
            in_preparation=not opened and module.NAME not in platforms.READ_ONLY,
            test_due_at=now,
            created_at=now,
        )
        _keep(channel, given, ends)
        audit.record("connect", channel, by=by, now=now, platform=module.NAME, host=host)
    return channel


def reconnect(channel: Channel, secrets: Mapping[str, str], *, by: User | None, now: datetime) -> None:
    """New secrets for a channel there is; they take effect once they are seen to be the same account's."""
    renew_keys(channel, checked(platforms.get(channel.platform), secrets), by=by, now=now)


def renew_keys(
    channel: Channel, given: Mapping[str, Secret], *, by: User | None, now: datetime, ends: datetime | None = None
) -> None:
    """The same for keys that are known to be right; `ends` is when the access token does."""
    if channel.state == "archived":
        raise IllegalMove("This channel was disconnected. Connect the account anew.")
    with transaction.atomic():
        fresh = {"test_due_at": now, "why": F("paused_why"), "failures": 0}
        Channel.objects.filter(pk=channel.pk).update(**fresh)  # held before its keys are
        _keep(channel, given, ends)
        audit.record("reconnect", channel, by=by, now=now)


def try_again(channel: Channel, *, by: User, now: datetime) -> None:
    """Ask the platform once more, with the secrets there are."""
    if channel.state == "archived":
        raise IllegalMove("This channel was disconnected.")
    Channel.objects.filter(pk=channel.pk).update(test_due_at=now, failures=0)
    audit.record("try", channel, by=by, now=now)


def disconnect(channel: Channel, *, by: User, now: datetime) -> None:
    """Forget the secrets and stop reading. What was said and heard stays."""
    with transaction.atomic():
        move(channel, "archived", by=by, now=now, test_due_at=None, why="")
        channel.credentials.all().delete()
        channel.cursors.all().delete()
        Scope.objects.filter(pk=channel.scope_id).update(closed_at=now)


def needs_reconnect(channel: Channel, words: str, now: datetime) -> None:
    """The platform takes the channel's keys no more: everything here waits, and whoever can cure it is told once.

    One that a person has paused is paused again when it is connected again.
    """
    channel.refresh_from_db()
    if channel.state not in {"ok", "paused"}:
        return
    paused = (channel.paused_why or channel.why or "Paused.") if channel.state == "paused" else ""
    try:
        with transaction.atomic():
            move(channel, "needs_reconnect", now=now, reason=words, why=words[:300], paused_why=paused)
            notifications.tell_role(
                "connect_channel",
                channel.scope,
                "channel.needs_reconnect",
                f"{channel} has lost its connection. {words}",
                f"/channels/{channel.key}/",
                now=now,
                once=f"channel:{channel.key}:lost:{now:%Y-%m-%dT%H:%M}",
            )
    except LostRace:
        channel.refresh_from_db()  # somebody else has just seen the same, or disconnected it


def pause(channel: Channel, why: str, *, by: User, now: datetime) -> None:
    move(channel, "paused", by=by, now=now, reason=why, why=why[:300], paused_why=why[:300])


def resume(channel: Channel, *, by: User, now: datetime) -> None:
    move(channel, "ok", by=by, now=now, why="", paused_why="")


def set_outside_editors(channel: Channel, outside: bool, *, by: User, now: datetime) -> None:
    """Whether people also post and delete there without Parley; then what is missing asks a person, never a resend."""
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk).exclude(outside_editors=outside).update(outside_editors=outside):
            audit.record("outside_editors", channel, by=by, now=now, outside=outside)
    channel.outside_editors = outside


def set_purpose(channel: Channel, purpose: str, *, by: User, now: datetime) -> None:
    """What the channel is for. One that only warns answers nobody, and takes no ordinary post."""
    if purpose not in dict(Channel.PURPOSES):
        raise Invalid("Choose what the channel is for.")
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk).exclude(purpose=purpose).update(purpose=purpose):
            audit.record("set_purpose", channel, by=by, now=now, was=channel.purpose, became=purpose)
    channel.purpose = purpose


def host_for(module: Platform, host: str, practice: bool) -> str:
    """The host to talk to: the platform's own, or for a platform of many servers the one that was named."""
    if practice:
        wanted = http.PRACTICE_HOSTS[module.NAME]
        if module.HOST or host.strip() in {"", wanted}:
            return wanted
        raise Invalid(
            f"This is practice, and {host.strip()[:80]} may be a real server.",
            next_step=f"Use {wanted} here.",
            rule="practice",
        )
    if module.HOST:
        return module.HOST
    try:
        return guard.clean_host(host)
    except guard.Forbidden as problem:
        raise Invalid(str(problem)) from problem


def named_host(module: Platform, secrets: Mapping[str, str]) -> str:
    """The server, where one of the fields is an address that names it; "" where none is."""
    found = getattr(module, "host_of", None)
    return str(found(secrets)) if found else ""


def checked(module: Platform, secrets: Mapping[str, str]) -> dict[str, Secret]:
    """What was pasted, trimmed, or Invalid naming the field that cannot be right."""
    given = {need.key: secrets.get(need.key, "").strip() for need in module.NEEDS}
    given |= {need.key: "".join(given[need.key].split()) for need in module.NEEDS if need.spaced}
    for need in module.NEEDS:
        if need.required and not given[need.key]:
            raise Invalid(f"{need.label} is missing.")
        if given[need.key] and not need.shown and not usable(given[need.key]):
            raise Invalid(f"{need.label} holds a space or a character no token has. Copy it again.")
    objection = getattr(module, "objection", None)
    if objection and (words := objection(given)):
        raise Invalid(words)
    return {key: Secret(value) for key, value in given.items() if value}


def account_of(channel: Channel, prefix: str = "") -> Account:
    """The channel as a platform module needs it, its secrets opened. Only for a call that is made at once.

    Keys that are renewed or signed with the town's app come with the app's own, which are entered apart.
    """
    secrets = dict(vault.secrets_of(channel, prefix))
    if "refresh_token" in secrets and "client_id" not in secrets:
        secrets |= app_keys.to_renew_with(channel.platform, channel.host)
    if "user_token" in secrets:  # of a person whom Meta let us in through
        secrets |= app_keys.to_sign_with(channel.platform)
    return replace(outline_of(channel), secrets=secrets)


def outline_of(channel: Channel) -> Account:
    """The same without secrets: enough to count a text and to know the limits."""
    return Account(
        platform=channel.platform,
        host=channel.host,
        remote_id=channel.remote_id,
        handle=channel.handle,
        secrets={},
        practice=channel.practice,
        limits=channel.limits,
    )


def _keep(channel: Channel, secrets: Mapping[str, Secret], ends: datetime | None = None) -> None:
    """Secrets wait beside those in force until a trial call has shown whose they are."""
    Credential.objects.filter(channel=channel, field__startswith=NEW).delete()
    for field, secret in secrets.items():
        vault.store(channel, f"{NEW}{field}", secret)
    if ends is not None:
        Credential.objects.filter(channel=channel, field=f"{NEW}access_token").update(expires_at=ends)
