"""One account's line to Vimeo's API, and what its answers prove."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

ACCEPT = "application/vnd.vimeo.*+json;version=3.4"
RECONNECT = "Reconnect the channel with a new token."
# Codes as Vimeo's reference lists them for these calls; none is confirmed with real credentials.
TABLE: Mapping[str, Verdict] = {
    "401 8000": Verdict(f"Vimeo does not accept the token of this account any more. {RECONNECT}", cause="token"),
    "401 8003": Verdict(f"Vimeo does not accept the token of this account any more. {RECONNECT}", cause="token"),
    "403 3200": Verdict("Vimeo does not permit this account to do this.", cause="permission"),
    "403 8002": Verdict(f"This token may not do this on Vimeo. {RECONNECT}", cause="permission"),
    "403 3411": Verdict("Vimeo has not verified this account yet, so that it may not comment.", cause="permission"),
    "403 3412": Verdict("Vimeo does not let this account comment here.", cause="permission"),
    "403 3413": Verdict("Comments are turned off under this video.", cause="gone"),
    "403 3301": Verdict("Vimeo took this comment for spam.", cause="content"),
    "400 2204": Verdict("Vimeo does not take this as it is ({detail}).", cause="content"),
    "400 2207": Verdict("Vimeo does not take a comment without words.", cause="content"),
    "404 5000": Verdict("This is no longer on Vimeo.", cause="gone"),
    "429 9000": Verdict("Vimeo's limit for this account is used up.", wait=60, whole_channel=True),
    "404 upload": Verdict("Vimeo has closed this upload. It begins anew when the post is sent again.", cause="content"),
    "204 in part": Verdict("Vimeo has taken only some of this part yet.", wait=10, at_work=True),
    "not processed": Verdict("Vimeo could not process this video.", cause="content"),
}


def code_of(status: int, body: Any) -> str:
    """The table's name for an answer: its status and Vimeo's number. A 5xx is not named: it proves nothing."""
    number = body.get("error_code") if isinstance(body, dict) else None
    return f"{status} {number}" if 400 <= status < 500 and number else f"HTTP {status}"


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until Vimeo's window opens again, by Vimeo's own clock; 0 where it does not say."""
    reset = headers.get("X-RateLimit-Reset", "")
    try:
        end = float(reset) if reset.isdigit() else datetime.fromisoformat(reset).timestamp()
    except ValueError:
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        now = datetime.fromtimestamp(time.time(), UTC)
    return min(max(end - now.timestamp(), 1), 86_400)


class Client:
    """For one account and one call of Parley's."""

    def __init__(self, account: Account) -> None:
        token = account.secrets["access_token"].reveal() if "access_token" in account.secrets else ""
        if not usable(token):
            raise Refused("The token holds characters that no token of Vimeo has.", cause="token", code="unusable")
        self._account = account
        self._token = token

    def call(self, method: str, path: str, query: Mapping[str, str] | None = None, json: Any = None) -> dict[str, Any]:
        """One call of the API; its JSON, or nothing for a 204. Raises `Answered` for anything but success."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": ACCEPT}
        with http.session(self._account) as line:
            address = f"https://{self._account.host}{path}"
            answer = _well(line.request(method, address, params=query, json=json, headers=headers))
        if answer.status_code == 204:
            return {}
        body = answer.json()
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body

    def put(self, method: str, address: str, data: bytes, headers: Mapping[str, str]) -> requests.Response:
        """Bytes to an address Vimeo gave for them, which is its own key: the token does not go there."""
        host = urlsplit(address).hostname or ""
        home = self._account.host
        if host != home and not (home.endswith(".com") and host.endswith(".vimeo.com")):
            raise ValueError("the upload is on another host")
        with http.session(self._account) as line:
            return _well(line.request(method, address, data=data, headers=dict(headers)))


def _well(answer: requests.Response) -> requests.Response:
    if answer.status_code < 400:
        return answer
    try:
        body = answer.json()
    except ValueError:
        body = None
    detail = str(body.get("developer_message") or body.get("error") or "") if isinstance(body, dict) else ""
    code = code_of(answer.status_code, body)
    raise Answered(code, detail=detail[:160].rstrip("."), wait=wait_of(answer.headers))
