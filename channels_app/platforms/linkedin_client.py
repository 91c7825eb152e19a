"""LinkedIn's REST calls by httpx, and what its answers prove.

LinkedIn's own client raises nothing on errors, so there is none here. Each version of the interface is a month and is
refused once it has ended; `sunset` says when this one does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

VERSION = "202610"
# Versions are promised for a year; 202508 was announced to end in the middle of August 2026.
SUNSET = date(int(VERSION[:4]) + 1, int(VERSION[4:]), 1)
DAY = 86_400
RECONNECT = "Reconnect the channel with a new access token."
DUPLICATE = "422 DUPLICATE_POST"
TABLE: Mapping[str, Verdict] = {
    "400": Verdict("LinkedIn does not take this as it is ({detail}).", cause="content"),
    "401": Verdict(f"LinkedIn does not accept this access token any more. {RECONNECT}", cause="token"),
    "403": Verdict(
        "This access token lacks a permission for this, or the role on the page is gone.", cause="permission"
    ),
    "404": Verdict("This is no longer on LinkedIn, or the page may not see it.", cause="gone"),
    "413": Verdict("This file is larger than LinkedIn takes.", cause="content"),
    "422 FIELD_LENGTH_TOO_LONG": Verdict("LinkedIn does not take a text as long as this.", cause="content"),
    # Not confirmed with real credentials: how LinkedIn refuses a version that has ended.
    "426": Verdict(
        "LinkedIn has ended the version of its interface that this Parley speaks. Parley needs an update.",
        cause="permission",
    ),
    "429": Verdict("LinkedIn's limit for this page is used up.", wait=900, whole_channel=True),
}


def code_of(status: int, body: Any) -> str:
    """The table's name for an answer. Only an error of the caller's (4xx) is named: a 5xx proves nothing."""
    if not 400 <= status < 500:
        return f"HTTP {status}"
    problem = body if isinstance(body, dict) else {}
    named = f"{status} {_first(problem).get('code') or problem.get('code')}"
    if status == 422 and "duplicate of" in str(problem.get("message")).lower():
        return DUPLICATE
    return named if named in TABLE or named == DUPLICATE else str(status)


def _first(problem: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first of the faults that an answer lists, empty where it lists none."""
    details = problem.get("errorDetails")
    listed = details.get("inputErrors") if isinstance(details, dict) else None
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}


def _detail(body: Any) -> str:
    problem = body if isinstance(body, dict) else {}
    message = str(problem.get("message") or "")
    words = message if "duplicate of" in message.lower() else str(_first(problem).get("description") or message)
    return words.rpartition("Exception: ")[2][:160].rstrip(".")


def wait_of(headers: Mapping[str, str], detail: str) -> float:
    """Seconds until LinkedIn lets the page call again; 0 where it does not say. Daily limits end at midnight UTC."""
    told = headers.get("Retry-After", "")
    if told.isdigit():
        return min(max(int(told), 1), DAY)
    if "DAY limit" not in detail:
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return max(DAY - now % DAY, 60)


def encoded(urn: str) -> str:
    """A URN as one piece of a path or a query."""
    return quote(urn, safe="")


def listed(urns: Iterable[str]) -> str:
    """Several URNs as one argument."""
    return f"List({','.join(encoded(urn) for urn in urns)})"


def reaction(page: str, urn: str) -> str:
    """The path of a page's reaction to something; it has one at most, of whatever kind."""
    # Not confirmed with real credentials: that one reaction is read and taken back under this name.
    return f"reactions/(actor:{encoded(page)},entity:{encoded(urn)})"


class Client:
    """One page's client, for one call."""

    def __init__(self, account: Account) -> None:
        self.token = account.secrets["access_token"].reveal() if "access_token" in account.secrets else ""
        if not usable(self.token):
            raise Refused("The access token holds characters that none has.", cause="token", code="unusable")
        self.account = account
        self.page = f"urn:li:organization:{account.remote_id}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One call of the interface; raises `Answered` for anything but success, `NotSent` and `Cut` for faults."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        return self._sent(method, f"https://{self.account.host}/rest/{path}", data, headers)

    def get(self, path: str, **headers: str) -> dict[str, Any]:
        """The object a call answers with."""
        found = self.call("GET", path, **headers).json()
        if not isinstance(found, dict):
            raise TypeError("not an object")
        return found

    def put(self, url: str, data: bytes, mime: str) -> httpx.Response:
        """Bytes to the address LinkedIn gave for them, which must be one of its own: the token goes along."""
        self._ours(url)
        return self._sent("PUT", url, data, {"Content-Type": mime})

    def form(self, url: str, metadata: str, file: bytes) -> httpx.Response:
        """A file with a word about it, as a form, to an address LinkedIn gave."""
        self._ours(url)
        parts = httpx.Request("POST", url, data={"metadata": metadata}, files={"file": ("captions.srt", file)})
        return self._sent("POST", url, parts.read(), {"Content-Type": parts.headers["Content-Type"]})

    def _ours(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if not host.endswith("." + self.account.host.partition(".")[2]):
            raise http.NotSent("LinkedIn named an address to upload to that is not one of its own.")

    def _sent(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> httpx.Response:
        headers |= {"Authorization": f"Bearer {self.token}", "User-Agent": http.AGENT}
        try:
            with http.httpx_client(self.account) as line:
                answer = line.request(method, url, content=data, headers=headers)
        except httpx.ConnectError as error:
            fault: Exception = http.NotSent(str(error))
        except httpx.TransportError as error:
            fault = http.Cut(str(error))
        else:
            if 200 <= answer.status_code < 300:
                return answer
            fault = _answered(answer)
        raise fault


def _answered(answer: httpx.Response) -> Answered:
    try:
        body = answer.json()
    except ValueError:
        body = None
    detail = _detail(body)
    return Answered(code_of(answer.status_code, body), detail=detail, wait=wait_of(answer.headers, detail))
