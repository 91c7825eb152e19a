"""Tokens of OAuth 2.0 on X, which end after two hours; the four keys of OAuth 1.0a have no end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused, Renewed, Secret
from channels_app.platforms.verdicts import Answered
from channels_app.platforms.x_client import TABLE, code_of

ROUTE = "/2/oauth2/token"


def renewed(account: Account) -> Renewed:
    """New tokens for the refresh token, which works once."""
    secrets = {name: secret.reveal() for name, secret in account.secrets.items()}
    if not secrets.get("refresh_token") or not secrets.get("client_id"):
        raise Refused(TABLE["401"].words, cause="token", code="401")
    body = _asked(account, secrets)
    made = {"access_token": Secret(str(body["access_token"]))}
    if body.get("refresh_token"):
        made["refresh_token"] = Secret(str(body["refresh_token"]))
    lasts = body.get("expires_in")
    return Renewed(made, datetime.now(UTC) + timedelta(seconds=int(lasts)) if lasts else None)


def _asked(account: Account, secrets: dict[str, str]) -> dict[str, Any]:
    form = {name: secrets[name] for name in ("refresh_token", "client_id")} | {"grant_type": "refresh_token"}
    both = (secrets["client_id"], secrets["client_secret"]) if secrets.get("client_secret") else None
    with http.session(account) as line, line.post(f"https://{account.host}{ROUTE}", data=form, auth=both) as answer:
        status, body = answer.status_code, answer.json() if answer.ok else None
    if status in {400, 401}:
        raise Refused(TABLE["401"].words, cause="token", code="401")
    if status >= 300:
        raise Answered(code_of(status, body))
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body
