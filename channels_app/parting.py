"""Taking Parley's access back on the platform when a channel is disconnected: tried once, and told honestly.

The channel is disconnected and its keys are forgotten before the platform is asked, so that nothing hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import cast

from accounts import audit, keyring
from accounts.models import User
from channels_app import app_keys, connecting, platforms, vault
from channels_app.models import Channel
from channels_app.platforms import doors, oauth
from channels_app.platforms.base import Account, Ending, Secret
from channels_app.platforms.oauth import App, Door
from channels_app.trying import GRANT


def held(channel: Channel) -> Account | None:
    """The channel with its keys, if the platform can be told to end them and they can be opened; asked for before
    they go. Keys that were typed in can be ended where nothing but the key is needed for it.
    """
    try:
        door = doors.of(channel.platform)
        alone = _own(channel) is not None or (door is not None and door.by_key)
        if not alone and not vault.secrets_of(channel, GRANT):
            return None
        account, granted = connecting.account_of(channel), vault.secrets_of(channel, GRANT)
        return replace(account, secrets={**account.secrets, **{f"{GRANT}{one}": granted[one] for one in granted}})
    except keyring.CannotOpen:
        return None


def take_back(channel: Channel, account: Account | None, *, by: User, now: datetime) -> str:
    """Have the platform end what these keys may do; a sentence about how that went."""
    label, door = channel.get_platform_display(), doors.of(channel.platform)
    there = f"Take Parley's access away in the account's settings on {label} too."
    if account is None or (door is None and _own(channel) is None):
        return there
    if door is not None and door.shared and _others(channel, door, account):
        _note(channel, "access_left", "another channel uses it", by, now)
        return f"{label} has one permission for all accounts of a person, and another channel still uses it."
    why, remains = _asked(channel, account), getattr(platforms.get(channel.platform), "REMAINS", "")
    if why is None and remains:
        _note(channel, "access_left", remains, by, now)
        return f"{label} has ended this session. {remains}"
    if why is None:
        _note(channel, "access_taken_back", "", by, now)
        return f"{label} has ended Parley's access."
    _note(channel, "access_left", why, by, now)
    return f"{label} could not be told to end Parley's access. {why} {there}"


def _asked(channel: Channel, account: Account) -> str | None:
    """None when the platform has ended it, else why not."""
    try:
        if own := _own(channel):
            own(account)
            return None
        return _revoked(channel, account)
    except Ending as ending:
        return ending.words


def _revoked(channel: Channel, account: Account) -> str | None:
    door = doors.DOORS[channel.platform]
    app = _app(account) or app_keys.app(channel.platform, channel.host if door.register else "")
    if app is None and door.by_key:
        app = App("", Secret(""))
    if app is None:
        return "The keys of the town's app are not there any more."
    return None if oauth.revoke(door, app, account) else "It offers programs no way to do that."


def _app(account: Account) -> App | None:
    """The app these keys were given to, where it was kept with them."""
    name, secret = (account.secrets.get(f"{GRANT}{field}") for field in ("client_id", "client_secret"))
    return App(name.reveal(), secret) if name and secret else None


def _own(channel: Channel) -> Callable[[Account], None] | None:
    """How the platform ends keys that were typed in, where it can."""
    return cast("Callable[[Account], None] | None", getattr(platforms.get(channel.platform), "take_back", None))


def _others(channel: Channel, door: Door, account: Account) -> bool:
    """Whether another channel lives by the same person's permission, as far as is known who gave it."""
    family = [one.platform for one in doors.DOORS.values() if one.app_platform == door.app_platform]
    living = Channel.objects.living().filter(platform__in=family).exclude(pk=channel.pk)
    given = living if door.by_key else living.filter(credentials__field=f"{GRANT}scopes")
    mine = account.secrets.get(f"{GRANT}person")
    return any(mine is None or _person(one) in {None, mine.reveal()} for one in given)


def _person(channel: Channel) -> str | None:
    """Who let Parley in to this channel; None where nobody knows."""
    try:
        person = vault.secrets_of(channel, GRANT).get("person")
    except keyring.CannotOpen:
        return None
    return person.reveal() if person else None


def _note(channel: Channel, act: str, why: str, by: User, now: datetime) -> None:
    audit.record(act, channel, by=by, now=now, reason=why)
