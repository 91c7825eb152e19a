"""Connecting by letting Parley in: to the platform, back with a code, and to the account that is picked.

Guarantees: what the platform gives back counts once, within ten minutes, and only in the session and for the person
that began; the proof for the exchange never leaves the server; people are sent nowhere but to a platform's own page
and back to one fixed address. Everything that goes wrong on the way is a `Failed` with a sentence and a way on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts import keyring
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, Refusal
from channels_app import app_keys, connecting, platforms, redaction
from channels_app.models import Channel, Joining
from channels_app.platforms import doors, oauth
from channels_app.platforms.base import Account, Ending, Refused, Secret
from channels_app.platforms.oauth import App, Choice, Door, Grant
from channels_app.trying import GRANT

LIFE = timedelta(minutes=10)
MOST = 20  # ways one person may have begun at a time; each may ask a server something
DENIED = {"access_denied", "user_cancelled_authorize", "user_cancelled_login"}
AWAY = {"temporarily_unavailable", "server_error"}
AGAIN = "Nothing was changed. Begin again when you like."


class Failed(Refusal):
    """The way there and back did not lead to a channel. `joining` is whose way it was, where that is known."""

    joining: Joining | None = None
    fix = ""  # "keys": the app's keys or its address there are wrong


@dataclass(frozen=True)
class Held:
    """What came of an exchange: the accounts to choose from, and when their keys end."""

    choices: Sequence[Choice] = field(repr=False)
    ends: datetime | None = None


def begin(
    platform: str,
    *,
    by: User,
    session: str,
    redirect: str,
    now: datetime,
    host: str = "",
    name: str = "",
    channel: Channel | None = None,
) -> Joining:
    """Write down who goes where, and what proves that they came back. Raises Invalid or Failed."""
    door, module = door_of(platform), platforms.get(platform)
    if channel is not None and channel.state == "archived":
        raise IllegalMove("This channel was disconnected. Connect the account anew.")
    host = channel.host if channel else connecting.host_for(module, host, settings.PRACTICE)
    if not redirect:
        raise Invalid("Parley does not know its own public address, so nobody could be sent back to it.")
    tidy(now)
    if Joining.objects.filter(user=by).count() >= MOST:
        raise Invalid("You have begun this many times just now.", next_step="Try again in ten minutes.")
    _app(door, account_at(platform, host), redirect, now)
    state = oauth.new_state()
    row = Joining(
        user=by,
        channel=channel,
        platform=platform,
        host=host,
        name=name[:120],
        state_hash=digest(state),
        session_hash=digest(session),
        begun_at=now,
        ends_at=now + LIFE,
    )
    row.sealed = _seal(row, {"state": state, "verifier": oauth.new_verifier(), "redirect": redirect})
    row.save(force_insert=True)
    return row


def tidy(now: datetime) -> None:
    """Forget the ways that are over, and the keys nobody picked an account with."""
    Joining.objects.filter(ends_at__lte=now).delete()


def mine(key: UUID, *, by: User, session: str, now: datetime) -> Joining | None:
    """This person's way, in the session it was begun in, while it lasts."""
    row = Joining.objects.select_related("channel").filter(key=key, user=by, ends_at__gt=now).first()
    return row if row is not None and hmac.compare_digest(row.session_hash, digest(session)) else None


def address(row: Joining, now: datetime) -> str:
    """The platform's page this person is sent to."""
    door, account, proof = door_of(row.platform), account_at(row.platform, row.host), _open(row)
    app = _app(door, account, proof["redirect"], now)
    return oauth.authorize_url(door, app, proof["redirect"], proof["state"], proof["verifier"], account)


def come_back(answer: Mapping[str, str], *, by: User, session: str, now: datetime) -> Joining:
    """Take what the platform gave back and exchange it at once. Raises Failed; then the way is over."""
    row = _found(answer.get("state", ""), by, session)
    if not Joining.objects.filter(pk=row.pk, came_at=None).update(came_at=now):
        raise Failed("This way back was used already.", next_step="If the channel is not there, begin again.")
    try:
        _look_at(answer, row, now)
        held, scopes = _exchanged(row, answer["code"], now)
    except Failed as problem:
        row.delete()
        problem.joining = row
        raise
    row.scopes, row.came_at, row.ends_at = scopes, now, now + LIFE
    row.sealed = _seal(row, _packed(held))
    row.save(update_fields=["scopes", "came_at", "ends_at", "sealed"])
    return row


def held_by(row: Joining) -> Held:
    """The accounts to choose from, once somebody came back."""
    packed = _open(row)
    choices = [
        Choice(one["key"], one["name"], one["more"], {k: Secret(v) for k, v in one["secrets"].items()}, one["missing"])
        for one in packed["choices"]
    ]
    return Held(choices, datetime.fromisoformat(packed["ends"]) if packed["ends"] else None)


def is_first(row: Joining) -> bool:
    """Whether any of what is offered will do: there is no channel yet, or nobody has seen whose it is, or all of it is
    within one account, which the trial call holds against the channel's.
    """
    return row.channel is None or not row.channel.remote_id or door_of(row.platform).within


def only(row: Joining) -> Choice | None:
    """The one account there is no question about: the channel's own, or the only one there is."""
    open_ones = [one for one in held_by(row).choices if not one.missing]
    if row.channel is not None and not is_first(row) and any(one.key for one in open_ones):
        return next((one for one in open_ones if one.key == row.channel.remote_id.rpartition(":")[2]), None)
    return open_ones[0] if len(open_ones) == 1 else None


def pick(row: Joining, key: str, *, by: User, now: datetime) -> Channel:
    """Connect the account that was chosen; a worker then asks the platform about it. The way is over."""
    held = held_by(row)
    choice = next((one for one in held.choices if one.key == key and not one.missing), None)
    if choice is None:
        raise Invalid("Choose one of the accounts.")
    given = dict(choice.secrets)
    if row.scopes:
        given[f"{GRANT}scopes"] = Secret(",".join(row.scopes))
    if row.channel is not None:
        connecting.renew_keys(row.channel, given, by=by, now=now, ends=held.ends)
        channel = row.channel
    else:
        module, name = platforms.get(row.platform), row.name or ("" if door_of(row.platform).within else choice.name)
        channel = connecting.connect_with(
            module, row.host, given, by=by, now=now, name=name[:120], practice=settings.PRACTICE, ends=held.ends
        )
        Channel.objects.filter(pk=channel.pk).update(scopes=row.scopes)
    row.delete()
    return channel


def door_of(platform: str) -> Door:
    door = doors.of(platform)
    if door is None:
        raise Invalid("This platform is connected by entering its keys.")
    return door


def account_at(platform: str, host: str, secrets: Mapping[str, Secret] | None = None) -> Account:
    return Account(platform, host, "", "", secrets or {}, settings.PRACTICE)


def digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _app(door: Door, account: Account, redirect: str, now: datetime) -> App:
    """The town's app; a server that takes new ones gives us one the first time, and after our address changed."""
    if not door.register:
        app = app_keys.app(door.platform)
        if app is None:
            raise Invalid("The keys of the town's app are not entered yet.")
        return app
    app = app_keys.app(door.platform, account.host)
    if app is None or app_keys.made_for(door.platform, account.host) != redirect:
        try:
            app = oauth.register(door, redirect, account)
        except Ending as ending:
            raise Invalid(f"{account.host} did not take Parley as an app. {ending.words}") from None
        app_keys.keep_registered(door.platform, account.host, app, redirect, now)
    return app


def _found(state: str, by: User, session: str) -> Joining:
    """The way this state belongs to, if it was begun by this person in this session."""
    row = Joining.objects.select_related("channel").filter(state_hash=digest(state)).first()
    known = row.session_hash if row is not None else digest("")
    fits = hmac.compare_digest(known, digest(session or "nobody"))
    if row is None or not fits or row.user_id != by.pk:
        raise Failed("This was not begun here, or is long over.", next_step=AGAIN)
    return row


def _look_at(answer: Mapping[str, str], row: Joining, now: datetime) -> None:
    """Whether there is a code to exchange at all."""
    label = row.get_platform_display()
    if row.ends_at <= now:
        raise Failed("This took longer than ten minutes, so it no longer counts.", next_step=AGAIN)
    error = answer.get("error", "")
    if error in DENIED:
        raise Failed(f"You did not let Parley in on {label}.", next_step=AGAIN)
    if error in AWAY:
        raise Failed(f"{label} cannot do this just now.", next_step="Try again in a few minutes.")
    if error or not answer.get("code"):
        problem = Failed(
            f"{label} sent you back with an error instead of a permission.",
            next_step="Look at the app there: does it have every permission Parley asks for?",
        )
        problem.fix = "keys"
        raise problem


def _exchanged(row: Joining, code: str, now: datetime) -> tuple[Held, list[str]]:
    door, account, proof = door_of(row.platform), account_at(row.platform, row.host), _open(row)
    redaction.remember(code)
    try:
        app = _app(door, account, proof["redirect"], now)
        grant = oauth.exchange(door, app, code, proof["redirect"], proof["verifier"], account)
        choices = oauth.choices(door, grant, account)
    except Ending as ending:
        problem = _failed(row, ending)
    else:
        choices = [replace(one, secrets={**one.secrets, **_kept(door, app, grant)}) for one in choices]
        return Held(choices, grant.expires_at), _scopes(door, grant)
    raise problem


def _kept(door: Door, app: App, grant: Grant) -> Mapping[str, Secret]:
    """What taking the permission back will need beside the keys: who gave it, and the app, which a server replaces."""
    kept = {f"{GRANT}person": Secret(grant.person)} if grant.person else {}
    if door.register:
        kept |= {f"{GRANT}client_id": Secret(app.client_id), f"{GRANT}client_secret": app.client_secret}
    return kept


def _scopes(door: Door, grant: Grant) -> list[str]:
    """What was granted; a platform that does not tell has granted what was asked."""
    return sorted(grant.scopes if grant.scopes is not None else {scope.name for scope in door.scopes})


def _failed(row: Joining, ending: Ending) -> Failed:
    """Why the exchange came to nothing, and what to do."""
    label = row.get_platform_display()
    told = {
        "invalid_grant": (f"The permission {label} gave was used before, or took too long on its way.", AGAIN, ""),
        "invalid_client": (f"{label} does not accept the keys of the town's app.", "Enter them again.", "keys"),
        "redirect": (f"{label} does not know Parley's address to come back to.", "Enter it at the app there.", "keys"),
        "invalid_scope": (f"The town's app on {label} may not ask for all that Parley needs.", "", "keys"),
    }
    later = not isinstance(ending, Refused)
    usual = (f"{label} could not be asked for the keys. {ending.words}" if later else ending.words, AGAIN, "")
    words, then, fix = told.get(ending.code, usual)
    problem = Failed(words, next_step=then)
    problem.fix = fix
    return problem


def _packed(held: Held) -> dict[str, object]:
    rows = [
        {
            "key": one.key,
            "name": one.name,
            "more": one.more,
            "missing": one.missing,
            "secrets": {name: secret.reveal() for name, secret in one.secrets.items()},
        }
        for one in held.choices
    ]
    return {"choices": rows, "ends": held.ends.isoformat() if held.ends else ""}


def _seal(row: Joining, what: Mapping[str, object]) -> str:
    return keyring.seal(json.dumps(what), f"v1|joining|{row.key}")


def _open(row: Joining) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(keyring.open_(row.sealed, f"v1|joining|{row.key}"))
    return opened
