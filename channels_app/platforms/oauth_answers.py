"""One question to an authorisation server, and what its answer means.

Each platform has a few words of its own for the same few things; here they become entries of one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account
from channels_app.platforms.verdicts import Answered, Verdict, after_read, ended

TABLE: Mapping[str, Verdict] = {
    "invalid_grant": Verdict("The permission was used before, or took too long on its way.", cause="token"),
    "invalid_client": Verdict("The platform does not accept the app keys.", cause="permission"),
    "invalid_scope": Verdict("The app may not ask for one of the permissions Parley needs.", cause="permission"),
    "redirect": Verdict("The app does not know Parley's address to come back to.", cause="permission"),
    "refused": Verdict("The platform refused to give keys ({detail}).", cause="permission"),
    "429": Verdict("The platform wants to be asked less often.", wait=300),
}
# Some say in a sentence what others say by a name; the first that is met counts.
WORDS = (
    *(("authorization code expired", "invalid_grant"), ("redirect", "redirect"), ("invalid_scope", "invalid_scope")),
    *(("invalid_client", "invalid_client"), ("unauthorized_client", "invalid_client")),
    *(("client secret", "invalid_client"), ("validating application", "invalid_client")),
    *(("authentication failed", "invalid_client"), ("invalid_grant", "invalid_grant")),
    *(("authorization code", "invalid_grant"), ("code verifier", "invalid_grant")),
    *(("token was invalid", "invalid_grant"), ("oauth access token", "invalid_grant")),
)


def call(method: str, url: str, account: Account, **options: Any) -> Mapping[str, Any]:
    """One request; its JSON object, or an ending."""
    return ended(lambda: _called(method, url, account, options), partial(after_read, "The platform", TABLE))


def _called(method: str, url: str, account: Account, options: Mapping[str, Any]) -> Mapping[str, Any]:
    with http.session(account) as line:
        answer = line.request(method, url, **options)
    body = _parsed(answer)
    if answer.status_code >= 400 or "error" in body:
        raise Answered(code_of(answer.status_code, body), detail=_detail(body))
    return body


def _parsed(answer: requests.Response) -> Mapping[str, Any]:
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    return body if isinstance(body, dict) else {}


def code_of(status: int, body: Mapping[str, Any]) -> str:
    """The table's name for an answer, from the few words each platform has for the same few things."""
    if status >= 500:
        return f"HTTP {status}"
    if status == 429:
        return "429"
    error = body.get("error")
    words = f"{error if isinstance(error, str) else ''} {_detail(body)}".lower()
    return next((name for told, name in WORDS if told in words), "refused" if body else f"HTTP {status}")


def _detail(body: Mapping[str, Any]) -> str:
    error = body.get("error")
    told = error.get("message") if isinstance(error, dict) else None
    return str(told or body.get("error_description") or body.get("message") or "")[:160].rstrip(".")
