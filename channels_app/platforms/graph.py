"""facebook-sdk's GraphAPI as Parley needs it, and what the Graph API's answers prove.

The SDK knows no API version of this decade, drops status and headers, encodes lists wrongly and puts the token into
the address. All of its calls go through `request`, which is replaced here; its methods stay as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # the SDK has an unescaped \d in a pattern
    import facebook

logging.getLogger("facebook").setLevel(logging.INFO)

VERSION = "v25.0"
SUNSET = date(2028, 2, 18)  # a version lives at least two years from its launch, this one's in February 2026
RECONNECT = "Reconnect the channel with a new Page token."
BAD_PROOF = "100/proof"
SIGNED_WRONGLY = (
    "Meta does not accept the secret of the town's app that calls are signed with. Enter the app's keys anew, and "
    "have the channel tried again."
)
_LIMIT = "Facebook's limit for this Page is used up."
TABLE: Mapping[str, Verdict] = {
    "190": Verdict(f"Facebook does not accept this Page's token any more. {RECONNECT}", cause="token"),
    "102": Verdict(f"Facebook has ended this Page's session. {RECONNECT}", cause="token"),
    "104": Verdict(f"Facebook was given no token it can read. {RECONNECT}", cause="token"),
    "10": Verdict("This Page's token lacks a permission for this.", cause="permission"),
    "10/2018278": Verdict("Private answers end 24 hours after the person's last message.", cause="content"),
    "200": Verdict(
        "This Page's token lacks a permission for this, or the role on the Page is gone.", cause="permission"
    ),
    "3": Verdict("The Facebook app may not do this.", cause="permission"),
    "368": Verdict("Facebook has blocked this Page from doing this for now.", cause="permission"),
    "4": Verdict("The Facebook app's limit is used up.", wait=900, whole_channel=True),
    "17": Verdict(_LIMIT, wait=900, whole_channel=True),
    "32": Verdict(_LIMIT, wait=900, whole_channel=True),
    "341": Verdict(_LIMIT, wait=900, whole_channel=True),
    "613": Verdict(_LIMIT, wait=900, whole_channel=True),
    "80001": Verdict(_LIMIT, wait=900, whole_channel=True),
    "100": Verdict("Facebook does not take this as it is ({detail}).", cause="content"),
    BAD_PROOF: Verdict(SIGNED_WRONGLY, cause="token"),
    "100/33": Verdict("This is no longer on Facebook, or the Page may not see it.", cause="gone"),
    "803": Verdict("This is no longer on Facebook.", cause="gone"),
    "1609005": Verdict("Facebook cannot read the linked page.", cause="content"),
    "6001": Verdict("Facebook has lost its place in the video.", wait=5),
    "324": Verdict("Facebook was sent a post without its picture.", cause="content"),
    "1/1366046": Verdict("Facebook cannot read this picture.", cause="content"),
}


def code_of(status: int, body: Any, table: Mapping[str, Verdict] = TABLE) -> str:
    """The table's name for an error. Only an error of the caller's (4xx) is named: a 5xx proves nothing."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not 400 <= status < 500:
        return f"HTTP {status}"
    code, subcode = error.get("code"), error.get("error_subcode")
    if isinstance(code, int) and 200 <= code < 300:
        return "200"
    if code == 100 and "appsecret_proof" in str(error.get("message")):  # its words are not verified
        return BAD_PROOF
    return f"{code}/{subcode}" if f"{code}/{subcode}" in table else str(code)


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until Facebook says the Page may call again; 0 where it does not say."""
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage") or "{}")
        minutes = [float(one.get("estimated_time_to_regain_access") or 0) for rows in usage.values() for one in rows]
    except (ValueError, TypeError, AttributeError):
        return 0
    return min(max(minutes, default=0) * 60, 86_400)


def ends_at(account: Account) -> datetime | None:
    """When Meta shows an app nothing more for these keys, unless their person comes back; None where it does not say.

    Asked as the app where its keys are known; that a key may ask about itself is not verified. The question goes in a
    form, as Meta's own programs for browsers send theirs, so that no key stands in an address.
    """
    held = {name: secret.reveal() for name, secret in account.secrets.items()}
    asks = "{client_id}|{app_secret}".format(**held) if {"client_id", "app_secret"} <= set(held) else None
    headers = {"Authorization": f"Bearer {asks or held['access_token']}"}
    url, asked = f"https://{account.host}/{VERSION}/debug_token", {"input_token": held["access_token"], "method": "get"}
    try:
        with http.session(account) as line:
            body = _parsed(line.post(url, data=asked, headers=headers))
    except requests.RequestException:
        return None
    told = body.get("data") if isinstance(body, dict) else None
    found = [told.get(name) for name in ("expires_at", "data_access_expires_at")] if isinstance(told, dict) else []
    return min((datetime.fromtimestamp(at, UTC) for at in found if isinstance(at, int) and at > 0), default=None)


class Graph(facebook.GraphAPI):
    """One Page's client, for one call."""

    table: Mapping[str, Verdict] = TABLE

    def __init__(self, account: Account) -> None:
        secrets = {name: secret.reveal() for name, secret in account.secrets.items() if secret.reveal()}
        if "access_token" not in secrets or not all(usable(secret) for secret in secrets.values()):
            raise Refused("The token holds characters that no token of Facebook has.", cause="token", code="unusable")
        super().__init__(access_token=secrets["access_token"], session=http.session(account))
        self.version = VERSION
        self.headers: Mapping[str, str] = {}
        self._base = f"https://{account.host}/"
        self._proof: dict[str, str] = {}
        if "app_secret" in secrets:
            key, token = secrets["app_secret"].encode(), secrets["access_token"].encode()
            self._proof = {"appsecret_proof": hmac.new(key, token, hashlib.sha256).hexdigest()}

    def request(
        self, path: str, args: Any = None, post_args: Any = None, files: Any = None, method: str | None = None
    ) -> Any:
        """Send one request and return its JSON; raises `Answered` for an error, ValueError for anything unreadable."""
        method = "POST" if post_args is not None else method or "GET"
        query, form = _encoded(args or {}), _encoded(post_args or {})
        (form if method == "POST" else query).update(self._proof)
        answer = self.session.request(
            method,
            self._base + path,
            params=query or None,
            data=form or None,
            files=files,
            headers={"Authorization": f"Bearer {self.access_token}"},
        )
        self.headers = answer.headers
        body = _parsed(answer)
        if answer.status_code >= 400 or (isinstance(body, dict) and "error" in body):
            code = code_of(answer.status_code, body, self.table)
            raise Answered(code, detail=_detail(body), wait=wait_of(answer.headers))
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body


def _encoded(values: Mapping[str, Any]) -> dict[str, str]:
    """Form fields as Graph reads them: lists, dictionaries and booleans as JSON."""
    given = {name: value for name, value in values.items() if value is not None}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}


def _parsed(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _detail(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return ""
    words = str(error.get("error_user_msg") or error.get("message") or "")
    return words.partition(") ")[2][:160].rstrip(".") if words.startswith("(#") else words[:160].rstrip(".")
