"""One channel's line to YouTube's Data API, and what its answers prove.

Plain requests: Google's own client sends a POST again by itself where the line breaks, which is a second comment.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.verdicts import Answered, Verdict, usable

RECONNECT = "Reconnect the channel with new keys."
_QUOTA = "The day's quota of the Google project is used up. It begins anew at midnight in California."
_BUSY = "YouTube's limit for this channel is used up for now."
_WORDS = "YouTube does not take this as it is ({detail})."
PACIFIC = ZoneInfo("America/Los_Angeles")
REPORTS = "youtubeanalytics.googleapis.com"
# Reasons as Google documents them for these calls; not confirmed with real credentials.
TABLE: Mapping[str, Verdict] = {
    "401 authError": Verdict(f"YouTube does not accept the keys of this channel any more. {RECONNECT}", cause="token"),
    "401 required": Verdict(f"YouTube was given no key it knows. {RECONNECT}", cause="token"),
    "401 youtubeSignupRequired": Verdict("This Google account has no YouTube channel.", cause="token"),
    "400 invalid_grant": Verdict(
        f"Google does not renew the keys of this channel any more. {RECONNECT}", cause="token"
    ),
    "403 insufficientPermissions": Verdict(f"These keys may not do this on YouTube. {RECONNECT}", cause="permission"),
    "403 forbidden": Verdict("YouTube does not permit this channel to do this.", cause="permission"),
    "403 ineligibleAccount": Verdict("YouTube does not let this account comment.", cause="permission"),
    "403 authenticatedUserAccountSuspended": Verdict("YouTube has suspended this account.", cause="permission"),
    "403 accessNotConfigured": Verdict("The YouTube Data API is off in the Google project.", cause="permission"),
    "403 commentsDisabled": Verdict("Comments are turned off under this video.", cause="gone"),
    "403 quotaExceeded": Verdict(_QUOTA, wait=3600, whole_channel=True),
    "403 dailyLimitExceeded": Verdict(_QUOTA, wait=3600, whole_channel=True),
    "403 rateLimitExceeded": Verdict(_BUSY, wait=60, whole_channel=True),
    "403 userRateLimitExceeded": Verdict(_BUSY, wait=60, whole_channel=True),
    "429 rateLimitExceeded": Verdict(_BUSY, wait=60, whole_channel=True),
    "400 uploadLimitExceeded": Verdict("YouTube takes no more videos of this channel today.", wait=6 * 3600),
    "400 invalidTitle": Verdict(_WORDS, cause="content"),
    "400 invalidDescription": Verdict(_WORDS, cause="content"),
    "400 invalidTags": Verdict(_WORDS, cause="content"),
    "400 invalidVideoMetadata": Verdict(_WORDS, cause="content"),
    "400 commentTextRequired": Verdict(_WORDS, cause="content"),
    "400 commentTextTooLong": Verdict("YouTube takes comments of at most 10,000 characters.", cause="content"),
    "400 operationNotSupported": Verdict("Nothing can be written under this on YouTube.", cause="gone"),
    "404 videoNotFound": Verdict("This video is no longer on YouTube.", cause="gone"),
    "404 commentNotFound": Verdict("This comment is no longer on YouTube.", cause="gone"),
    "404 parentCommentNotFound": Verdict("The comment this answers is no longer on YouTube.", cause="gone"),
    "404 commentThreadNotFound": Verdict("This comment is no longer on YouTube.", cause="gone"),
    "404 playlistNotFound": Verdict("This channel's videos are no longer on YouTube.", cause="gone"),
    "404 notFound": Verdict("This is no longer on YouTube.", cause="gone"),
    "404 upload": Verdict(
        "YouTube has closed this upload. It begins anew when the post is sent again.", cause="content"
    ),
    "308 in part": Verdict("YouTube has taken only some of this part yet.", wait=10),
    "kept private": Verdict(
        "YouTube keeps this video private, as it does until Google has audited the project that uploads.",
        cause="permission",
    ),
    "not processed": Verdict("YouTube could not process this video ({detail}).", cause="content"),
}


def code_of(status: int, body: Any) -> str:
    """The table's name for an answer: its status and the reason Google names. A 5xx is not named: it proves nothing."""
    error = body.get("error") if isinstance(body, dict) else None
    if not 400 <= status < 500:
        return f"HTTP {status}"
    if isinstance(error, str):  # of the server that renews keys
        return f"{status} {error}"
    reasons = error.get("errors") if isinstance(error, dict) else None
    first = reasons[0] if isinstance(reasons, list) and reasons and isinstance(reasons[0], dict) else {}
    return f"{status} {first['reason']}" if first.get("reason") else f"HTTP {status}"


def wait_of(code: str, headers: Mapping[str, str]) -> float:
    """Seconds until the limit ends, where that is known: as Google says, or midnight in California; otherwise 0."""
    after = headers.get("Retry-After", "")
    if after.isdigit():
        return float(min(max(int(after), 1), 86_400))
    if not code.endswith(("quotaExceeded", "dailyLimitExceeded")):
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        now = datetime.fromtimestamp(time.time(), UTC)
    return until_midnight(now)


def until_midnight(now: datetime) -> float:
    """Seconds until the next midnight in California, when quotas begin anew."""
    local = now.astimezone(PACIFIC)
    end = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return (end.astimezone(UTC) - now).total_seconds()


class Client:
    """For one channel and one call of Parley's."""

    def __init__(self, account: Account) -> None:
        token = account.secrets["access_token"].reveal() if "access_token" in account.secrets else ""
        if not usable(token):
            raise Refused("The token holds characters that no token of Google has.", cause="token", code="unusable")
        self.host = account.host
        self._reports = http.DOOR_HOSTS[REPORTS] if account.practice else REPORTS
        self._session = http.session(account)
        self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, query: Mapping[str, str] | None = None, json: Any = None) -> dict[str, Any]:
        """One call of the API; its JSON, or nothing for a 204. Raises `Answered` for anything but success."""
        answer = self.send(method, f"https://{self.host}/youtube/v3/{path}", params=query, json=json)
        return {} if answer.status_code == 204 else parsed(answer)

    def report(self, query: Mapping[str, str]) -> dict[str, Any]:
        """One report of YouTube's other API, which knows what happened up to two or three days ago."""
        return parsed(self.send("GET", f"https://{self._reports}/v2/reports", params=query))

    def send(self, method: str, address: str, **what: Any) -> requests.Response:
        """One request; also a 308, which asks for more of an upload, is success."""
        answer = self._session.request(method, address, **what)
        if answer.status_code < 400:
            return answer
        code = code_of(answer.status_code, _maybe(answer))
        raise Answered(code, detail=_detail(_maybe(answer)), wait=wait_of(code, answer.headers))


def parsed(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; ValueError or TypeError where there is none."""
    body = answer.json()
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body


def _maybe(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _detail(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else ""
    return str(message or "")[:160].rstrip(".")
