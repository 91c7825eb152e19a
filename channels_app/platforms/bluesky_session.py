"""The session with a Bluesky server: begun with an app password, carried on with a token that changes each time.

A session may only be begun thirty times in five minutes and three hundred times a day, so it is kept, and begun anew
only when it cannot be carried on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels_app.platforms.base import Account, Refused, Renewed, Secret
from channels_app.platforms.bluesky_client import OVER, Client, reading
from channels_app.platforms.verdicts import Answered

REMAINS = "The app password is still good: delete it there, under Settings, Privacy and security, App passwords."
DEAD = frozenset({"400 ExpiredToken", "400 InvalidToken", "401 ExpiredToken", "401 InvalidToken", "401 AuthMissing"})


def renew(account: Account) -> Renewed:
    """New tokens. The old refresh token works for two hours more, so a lost answer costs nothing."""
    body = reading(lambda: _carried_on(account)) if "refresh_token" in account.secrets else None
    if body is None:
        body = reading(lambda: _begun(account))
    made = body
    return reading(lambda: _renewed(made))


def _carried_on(account: Account) -> dict[str, Any] | None:
    """None where the refresh token is over as well."""
    try:
        return Client(account, "refresh_token").do("com.atproto.server.refreshSession")
    except Answered as answer:
        if answer.code in DEAD:
            return None
        raise


def take_back(account: Account) -> None:
    """End the session. No app password may end itself, so that this one stays; its access token may last two hours."""
    if "refresh_token" in account.secrets:
        reading(lambda: _over(account))


def _over(account: Account) -> None:
    """It answers without a body; a session that is over already is what was wanted."""
    try:
        Client(account, "refresh_token").do("com.atproto.server.deleteSession")
    except TypeError:
        return
    except Answered as answer:
        if answer.code not in DEAD:
            raise


def _begun(account: Account) -> dict[str, Any]:
    secrets = account.secrets
    if "app_password" not in secrets or "identifier" not in secrets:
        raise Refused(OVER, cause="token", code="no app password")
    given = {
        "identifier": secrets["identifier"].reveal().removeprefix("@"),
        "password": secrets["app_password"].reveal(),
    }
    return Client(account, "").do("com.atproto.server.createSession", given)


def _renewed(body: Mapping[str, Any]) -> Renewed:
    made = {"access_token": Secret(str(body["accessJwt"])), "refresh_token": Secret(str(body["refreshJwt"]))}
    return Renewed(made, expires_at(made["access_token"]))


def expires_at(token: Secret) -> datetime | None:
    """When a token ends, as it says itself; None where it does not."""
    try:
        claims = token.reveal().split(".")[1]
        read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return datetime.fromtimestamp(int(read["exp"]), UTC)
    except (LookupError, ValueError, TypeError, OverflowError):
        return None
