"""Pinterest's API v5, and what its answers prove.

Errors are `{"code", "message"}` with numbers of Pinterest's own. Its specification names statuses and some numbers;
which number comes with which status has yet to be seen with a real account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

RECONNECT = "Reconnect the channel with a new access token."
GONE = "404"
TABLE: Mapping[str, Verdict] = {
    "400": Verdict("Pinterest does not take this as it is ({detail}).", cause="content"),
    "401": Verdict(f"Pinterest does not accept this access token any more. {RECONNECT}", cause="token"),
    "403": Verdict("Pinterest does not let this account do this ({detail}).", cause="permission"),
    GONE: Verdict("This is no longer on Pinterest.", cause="gone"),
    "404/40": Verdict("The board is no longer there. Reconnect the channel and name another one.", cause="permission"),
    "429": Verdict("Pinterest's limit for this account is used up.", wait=900, whole_channel=True),
}
PAGES = 10


class Client:
    """One account's client, for one call."""

    def __init__(self, account: Account) -> None:
        secret = account.secrets.get("access_token")
        token = secret.reveal() if secret else ""
        if not usable(token):
            raise Refused("This is no access token of Pinterest.", cause="token", code="unusable")
        self._key = f"Bearer {token}"
        self._session = http.session(account)
        self._base = f"https://{account.host}/v5/"

    def call(self, method: str, path: str, *, json: Any = None, **asked: str) -> Any:
        """Send one request and return its JSON; raises `Answered` for an error, ValueError for anything unreadable."""
        answer = self._session.request(
            method,
            self._base + path,
            params=asked or None,
            json=json,
            headers={"Authorization": self._key, "Accept": "application/json"},
        )
        if answer.status_code >= 400:
            raise fault_of(answer)
        if answer.status_code == 204:
            return {}
        body = answer.json()
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body

    def every(self, path: str) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        found: list[dict[str, Any]] = []
        asked = {"page_size": "250"}
        for _ in range(PAGES):
            body = self.call("GET", path, **asked)
            found += body["items"]
            if not body.get("bookmark"):
                break
            asked["bookmark"] = str(body["bookmark"])
        return found


def fault_of(answer: requests.Response) -> Answered:
    """An answer that is an error. Only what Pinterest itself says (JSON with a code) proves anything."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    words = str(body.get("message") or "")[:160].rstrip(".") if isinstance(body, dict) else ""
    status = answer.status_code
    if not isinstance(code, int) or status >= 500:
        return Answered(f"HTTP {status}", wait=wait_of(answer.headers))
    named = f"{status}/{code}"
    return Answered(named if named in TABLE else str(status), detail=words, wait=wait_of(answer.headers))


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until Pinterest says it may be asked again; 0 where it does not say."""
    for name in ("Retry-After", "X-RateLimit-Reset"):
        told = headers.get(name, "")
        if told.isdigit():
            return float(min(int(told), 86_400))
    return 0
