"""Keys for YouTube: an access token lasts an hour, and a refresh token gets the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused, Renewed, Secret
from channels_app.platforms.verdicts import Answered, after_read, ended
from channels_app.platforms.youtube_client import TABLE, code_of, parsed

TOKENS = "oauth2.googleapis.com"
NEEDED = ("refresh_token", "client_id", "client_secret")


def renew(account: Account) -> Renewed:
    """A new access token for the refresh token, which stays the same unless Google sends another."""
    if not all(name in account.secrets for name in NEEDED):
        raise Refused("The hour of this access token is over. Reconnect the channel.", cause="token", code="unable")
    form = {name: account.secrets[name].reveal() for name in NEEDED}
    host = TOKENS if account.host.endswith(".com") else account.host
    asked = form | {"grant_type": "refresh_token"}
    judge = partial(after_read, "YouTube", TABLE)
    body = ended(lambda: _renewed(account, f"https://{host}/token", asked), judge)
    secrets = {name: Secret(str(body[name])) for name in ("access_token", "refresh_token") if body.get(name)}
    return Renewed(secrets, datetime.now(UTC) + timedelta(seconds=int(body.get("expires_in") or 3600)))


def _renewed(account: Account, address: str, form: Mapping[str, str]) -> dict[str, Any]:
    with http.session(account) as line:
        answer = line.post(address, data=dict(form))
    body = parsed(answer)
    if answer.status_code >= 400 or "access_token" not in body:
        raise Answered(code_of(answer.status_code, body))
    return body
