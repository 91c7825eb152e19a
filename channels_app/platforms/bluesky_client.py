"""XRPC as Parley needs it, and what the answers of a Bluesky server prove.

Plain requests through the guarded way out: the Python SDK costs every process 66 MB and three seconds of import, takes
another base address from an answer, and lets errors of its HTTP library through.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import IO, Any, NamedTuple, TypeVar

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, after_read, after_write, ended, usable

LABEL = "Bluesky"
ACCESS = "access_token"
RECONNECT = "Reconnect the channel with a new app password."
OVER = f"Bluesky does not accept this session any more. {RECONNECT}"
AWAY = "Bluesky lets nobody use this account at the moment."
TABLE: Mapping[str, Verdict] = {
    "400 InvalidRequest": Verdict("Bluesky does not take this as it is ({detail}).", cause="content"),
    "400 BlobTooLarge": Verdict("A file of this post is larger than Bluesky takes.", cause="content"),
    "400 InvalidMimeType": Verdict("A file of this post is of a kind Bluesky does not take.", cause="content"),
    "400 BlobNotFound": Verdict("Bluesky no longer has a file that was sent for this post.", cause="content"),
    "400 ExpiredToken": Verdict(OVER, cause="token"),
    "401 ExpiredToken": Verdict(OVER, cause="token"),
    "400 InvalidSwap": Verdict("Somebody changed this on Bluesky at the same moment.", wait=5),
    "400 InvalidToken": Verdict(OVER, cause="token"),
    "401 InvalidToken": Verdict(OVER, cause="token"),
    "401 AuthMissing": Verdict(OVER, cause="token"),
    "401 AuthenticationRequired": Verdict(
        f"Bluesky does not accept this handle and app password together. {RECONNECT}", cause="token"
    ),
    "401 AuthFactorTokenRequired": Verdict(
        "Bluesky asks for a code by e-mail, as it does for the account's own password. Make an app password.",
        cause="token",
    ),
    "401 AccountTakedown": Verdict("Bluesky has taken this account down.", cause="permission"),
    "400 AccountTakedown": Verdict("Bluesky has taken this account down.", cause="permission"),
    "401 AccountDeactivated": Verdict(AWAY, cause="permission"),
    "400 AccountDeactivated": Verdict(AWAY, cause="permission"),
    "403 Forbidden": Verdict("Bluesky does not let this account do this.", cause="permission"),
    "413": Verdict("This picture is larger than Bluesky takes.", cause="content"),
    "429": Verdict("Bluesky's limit for this account is used up.", wait=300, whole_channel=True),
}
ABSENT = frozenset({"400 RecordNotFound", "400 NotFound", "404", "404 NotFound", "404 RecordNotFound"})
CHAT = "did:web:api.bsky.chat#bsky_chat"
URI = re.compile(r"at://(did:[\w:.%-]+)/([\w.]+)/([\w.:~-]+)")
T = TypeVar("T")


class Place(NamedTuple):
    """Where a record stands: whose repository, which collection, under which name."""

    repo: str
    collection: str
    rkey: str


def place(uri: str) -> Place:
    """The parts of a record's address. What is no such address is nothing on Bluesky."""
    hit = URI.fullmatch(uri)
    if hit is None:
        raise Refused("This is no longer on Bluesky.", cause="gone", code="no address")
    return Place(*hit.groups())


def reading(call: Callable[[], T]) -> T:
    return ended(call, partial(after_read, LABEL, TABLE))


def writing(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


class Client:
    """One account's server, for one call. `which` token it is asked with; "" asks without any."""

    def __init__(self, account: Account, which: str = ACCESS) -> None:
        self._base = f"https://{account.host}/xrpc/"
        self._line = http.session(account)
        if which:
            token = account.secrets[which].reveal() if which in account.secrets else ""
            if not usable(token):
                raise Refused(OVER, cause="token", code="unusable")
            self._line.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, *, chat: bool = False, **query: Any) -> dict[str, Any]:
        """A read. Raises `Answered`, or the fault on the line."""
        given = {name: value for name, value in query.items() if value not in ("", None)}
        return self._parsed(lambda: self._line.get(self._base + method, params=given, headers=_proxy(chat)))

    def do(self, method: str, body: Mapping[str, Any] | None = None, *, chat: bool = False) -> dict[str, Any]:
        """A write; an answer without a body is an empty one."""
        return self._parsed(lambda: self._line.post(self._base + method, json=body, headers=_proxy(chat)))

    def upload(self, data: bytes | IO[bytes], mime: str) -> dict[str, Any]:
        """What the server calls a file from now on."""
        headers = {"Content-Type": mime}
        method = self._base + "com.atproto.repo.uploadBlob"
        blob: dict[str, Any] = self._parsed(lambda: self._line.post(method, data=data, headers=headers))["blob"]
        return blob

    def record(self, uri: str) -> dict[str, Any] | None:
        """A record with its `cid` and `value`, from the server it was written to; None where there is none."""
        try:
            return self.ask("com.atproto.repo.getRecord", **place(uri)._asdict())
        except Answered as answer:
            if answer.code in ABSENT:
                return None
            raise

    def _parsed(self, call: Callable[[], requests.Response]) -> dict[str, Any]:
        with self._line, call() as answer:
            body = _body(answer)
            if answer.status_code >= 300:
                detail = str(body.get("message") or "")[:160].rstrip(".") if isinstance(body, dict) else ""
                raise Answered(_code(answer.status_code, body), detail=detail, wait=wait_of(answer.headers))
            if not isinstance(body, dict):
                raise TypeError("not an object")
            return body


def _proxy(chat: bool) -> dict[str, str]:
    return {"atproto-proxy": CHAT} if chat else {}


def _body(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _code(status: int, body: Any) -> str:
    name = str(body.get("error") or "") if isinstance(body, dict) else ""
    return f"{status} {name}" if name and status not in {413, 429} else str(status)


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until the server's window opens again, by its own clock; 0 where it does not say."""
    if headers.get("Retry-After", "").isdigit():
        return min(max(float(headers["Retry-After"]), 1), 86_400)
    reset = headers.get("RateLimit-Reset", "")
    if not reset.isdigit():
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return min(max(int(reset) - now, 1), 86_400)
