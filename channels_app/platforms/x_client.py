"""tweepy's client as Parley needs it, and what X's answers prove.

tweepy brings the routes and the OAuth 1.0a signature. What it lacks is added here: the account's own host, a time
limit, headers and problem bodies on errors. It never waits and never retries.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import tweepy

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

logging.getLogger("tweepy").setLevel(logging.INFO)  # at DEBUG it prints the Authorization header

RECONNECT = "Reconnect the channel with new keys."
TABLE: Mapping[str, Verdict] = {
    "400 invalid-request": Verdict("X does not take this as it is ({detail}).", cause="content"),
    "401": Verdict(f"X does not accept the keys of this account any more. {RECONNECT}", cause="token"),
    # Not confirmed with real credentials: X's papers do not say how an account without credits is refused.
    "402": Verdict("The X developer account has no credits left. Add credits there.", cause="permission"),
    "403 client-forbidden": Verdict("The X developer plan does not include this.", cause="permission"),
    "403 unsupported-authentication": Verdict("These keys may not do this on X.", cause="permission"),
    "403 oauth2-permissions": Verdict(f"These keys may only read on X. {RECONNECT}", cause="permission"),
    "403 not permitted": Verdict("X does not permit this account to do this.", cause="permission"),
    "403 suspended": Verdict("X has suspended this account.", cause="permission"),
    "403 not ours": Verdict("X lets an account do this only to its own posts and threads.", cause="permission"),
    "403 no summons": Verdict(
        "X only lets the town answer people who mentioned or quoted it, and this person did neither.",
        cause="permission",
    ),
    "403 parent gone": Verdict("The post this answers is deleted or no longer visible.", cause="gone"),
    "404 resource-not-found": Verdict("This is no longer on X.", cause="gone"),
    "413": Verdict("This picture is larger than X takes.", cause="content"),
    "429": Verdict("X's limit for this account is used up.", wait=900, whole_channel=True),
    "429 usage-capped": Verdict("The X developer account has used up its month.", wait=3600, whole_channel=True),
}
REASONS = (
    ("duplicate content", "duplicate"),
    ("reply to this conversation is not allowed", "no summons"),
    ("deleted or not visible", "parent gone"),
    ("suspended", "suspended"),
    ("not permitted to perform this action", "not permitted"),
    ("not authorized to delete", "not ours"),
    ("only hide replies", "not ours"),
)


def code_of(status: int, body: Any) -> str:
    """The table's name for an answer: its status and, where X names one, the problem."""
    problem = body if isinstance(body, dict) else {}
    kind = str(problem.get("type") or "")
    if "/problems/" in kind:
        return f"{status} {kind.rpartition('/')[2]}"
    if status == 403:
        detail = str(problem.get("detail") or "").lower()
        return next((f"403 {name}" for words, name in REASONS if words in detail), "403")
    return str(status)


def _detail(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    first = errors[0].get("message") if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    return str(first or body.get("detail") or "")[:160].rstrip(".")


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until X's window opens again, by X's own clock; 0 where it does not say."""
    reset = headers.get("x-rate-limit-reset", "")
    if not reset.isdigit():
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return min(max(int(reset) - now, 1), 86_400)


class Client(tweepy.Client):
    """One account's client, for one call."""

    def __init__(self, account: Account) -> None:
        secrets = {name: secret.reveal() for name, secret in account.secrets.items()}
        if not all(usable(secret) for secret in secrets.values()) or "access_token" not in secrets:
            raise Refused("A key holds characters that no key of X has.", cause="token", code="unusable")
        self.signed = bool(secrets.get("consumer_key"))
        if self.signed and not (secrets.get("consumer_secret") and secrets.get("access_secret")):
            raise Refused("The four keys belong together: with one of them all are needed.", cause="token", code="keys")
        super().__init__(
            bearer_token=None if self.signed else secrets["access_token"],
            consumer_key=secrets.get("consumer_key"),
            consumer_secret=secrets.get("consumer_secret"),
            access_token=secrets["access_token"] if self.signed else None,
            access_token_secret=secrets.get("access_secret"),
            return_type=dict,
            wait_on_rate_limit=False,
        )
        self.session = http.session(account)
        self.headers: Mapping[str, str] = {}
        self._host = account.host

    def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False, **body: Any
    ) -> requests.Response:
        """Send one request; raises `Answered` for anything but success."""
        auth: Any = None
        headers: dict[str, str] = {}
        if self.signed:
            auth = tweepy.OAuth1UserHandler(
                self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
            ).apply_auth()
        else:
            headers["Authorization"] = f"Bearer {self.bearer_token}"
        with self.session.request(
            method, f"https://{self._host}{route}", params=params, json=json, headers=headers, auth=auth, **body
        ) as answer:
            self.headers = answer.headers
            if 200 <= answer.status_code < 300:
                return answer
            body = _parsed(answer)
        raise Answered(code_of(answer.status_code, body), detail=_detail(body), wait=wait_of(answer.headers))

    def send_part(self, route: str, data: bytes, number: int) -> None:
        """One part of a file; X says nothing that matters to it."""
        self.request("POST", route, data={"segment_index": str(number)}, files={"media": ("part", data)})

    def call(self, method: str, route: str, params: Any = None, json: Any = None) -> dict[str, Any]:
        """A route tweepy has no method for; the parsed answer."""
        found = self.request(method, route, params=params, json=json, user_auth=self.signed).json()
        if not isinstance(found, dict):
            raise TypeError("not an object")
        return found


def _parsed(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
