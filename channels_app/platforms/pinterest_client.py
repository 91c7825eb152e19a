"""Pinterest's API v5, and what its answers prove.

Errors are `{"code", "message"}` with numbers of Pinterest's own. Its specification names statuses and some numbers;
which number comes with which status has yet to be seen with a real account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused, Video
from channels_app.platforms.streamed import Form
from channels_app.platforms.verdicts import Answered, Verdict, usable

RECONNECT = "Reconnect the channel with a new access token."
GONE, FAILED = "404", "failed"
TOO_LARGE = "upload EntityTooLarge"
TABLE: Mapping[str, Verdict] = {
    "400": Verdict("Pinterest does not take this as it is ({detail}).", cause="content"),
    "401": Verdict(f"Pinterest does not accept this access token any more. {RECONNECT}", cause="token"),
    "403": Verdict("Pinterest does not let this account do this ({detail}).", cause="permission"),
    GONE: Verdict("This is no longer on Pinterest.", cause="gone"),
    "404/40": Verdict("The board is no longer there. Reconnect the channel and name another one.", cause="permission"),
    FAILED: Verdict("Pinterest could not use this video.", cause="content"),
    TOO_LARGE: Verdict("This video is larger than Pinterest takes.", cause="content"),
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
        self._host = account.host
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

    def bring(self, address: str, form: Mapping[str, str], video: Video) -> None:
        """A video in a form to an address Pinterest gave for it. The form is its own key: the token does not go there.

        Not confirmed with real credentials: how the place for uploads, which is not Pinterest's own, says no.
        """
        host = urlsplit(address).hostname or ""
        if host != self._host and not (host.startswith("pinterest-") and host.endswith(".amazonaws.com")):
            raise ValueError("the upload is on another host")
        with open(video.path, "rb") as file:
            body = Form(form, "file", file, shown="video", mime=video.mime)
            answer = self._session.post(address, data=body, headers={"Content-Type": body.content_type})
        if answer.status_code >= 300:
            raise turned_away(answer)

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


def turned_away(answer: requests.Response) -> Answered:
    """What the place for uploads answered, which is XML with a name of its own for what is wrong."""
    told = re.search(rb"<Code>(\w{1,40})</Code>", answer.content)
    named = f"upload {told[1].decode()}" if told else ""
    return Answered(named if named in TABLE else f"HTTP {answer.status_code}")


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until Pinterest says it may be asked again; 0 where it does not say."""
    for name in ("Retry-After", "X-RateLimit-Reset"):
        told = headers.get(name, "")
        if told.isdigit():
            return float(min(int(told), 86_400))
    return 0
