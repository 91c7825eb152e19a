"""Mastodon.py's client as Parley needs it, and what a Mastodon server's answers prove.

The SDK's own waiting, version detection, language and file handling are never switched on. Error texts come in the
server's language, so only the status counts; the SDK's error classes hide it, so the last answer is kept here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import mastodon
import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.streamed import Form
from channels_app.platforms.verdicts import Answered, Verdict, usable

logging.getLogger("mastodon").setLevel(logging.INFO)

RECONNECT = "Reconnect the channel with a new access token."
TABLE: Mapping[str, Verdict] = {
    "401": Verdict(f"The Mastodon server does not accept this access token. {RECONNECT}", cause="token"),
    "403": Verdict("The Mastodon server does not let this account do this.", cause="permission"),
    "404": Verdict("This is no longer on Mastodon, or not visible to the town's account.", cause="gone"),
    "410": Verdict("This is no longer on Mastodon.", cause="gone"),
    "413": Verdict("This file is larger than the Mastodon server takes.", cause="content"),
    "422": Verdict("The Mastodon server does not take this as it is ({detail}).", cause="content"),
    "429": Verdict("The Mastodon server's limit for this account is used up.", wait=300, whole_channel=True),
}
ASSUMED_VERSION = "4.5.0"  # spares a request per client and keeps the SDK on the current media route
UNSENT = (mastodon.MastodonIllegalArgumentError, mastodon.MastodonVersionError)


class Client(mastodon.Mastodon):
    """One account's client, for one call."""

    def __init__(self, account: Account) -> None:
        token = account.secrets["access_token"].reveal() if "access_token" in account.secrets else ""
        if not usable(token):
            raise Refused("The access token holds characters that none has.", cause="token", code="unusable")
        session = http.session(account)
        session.hooks["response"].append(self._keep)
        self.answer: requests.Response | None = None
        super().__init__(
            api_base_url=f"https://{account.host}",
            ratelimit_method="throw",
            request_timeout=http.rules.seconds,
            mastodon_version=ASSUMED_VERSION,
            version_check_mode="created",
            session=session,
            user_agent=http.AGENT,
        )
        self.access_token = token  # given to the constructor, a token named like a file would be read as one

    def _Mastodon__try_cast_to_type(self, value: Any, override_type: object = None) -> tuple[Any, None]:
        """Answers are read as the server's own JSON; the SDK's typed copy takes longer than the request itself."""
        return value, None

    def _keep(self, answer: requests.Response, **_: Any) -> None:
        self.answer = answer

    def call(self, method: str, *args: Any, **options: Any) -> Any:
        """One of the SDK's methods; the server's own JSON. Raises `Answered`, or the fault on the line."""
        self.answer = None
        try:
            getattr(self, method)(*args, **options)
        except mastodon.MastodonError as error:
            fault = self._fault(error)
        else:
            return self._json()
        raise fault

    def send_file(self, path: str, mime: str, description: str) -> tuple[str, bool]:
        """Upload a file without holding it whole, which the SDK would; its id, and whether the server works on it."""
        fields = {"description": description} if description else {}
        with open(path, "rb") as file:
            form = Form(fields, "file", file, shown="video", mime=mime)
            headers = {"Authorization": f"Bearer {self.access_token}", "Content-Type": form.content_type}
            with self.session.post(f"{self.api_base_url}/api/v2/media", data=form, headers=headers) as answer:
                if answer.status_code >= 400:
                    raise Answered(str(answer.status_code), detail=_detail(answer), wait=wait_of(answer.headers))
                return str(answer.json()["id"]), answer.status_code == 202

    def _json(self) -> Any:
        if self.answer is None:
            raise ValueError("no answer")
        return self.answer.json()

    def _fault(self, error: Exception) -> Exception:
        if isinstance(error, UNSENT):
            return http.NotSent("The request could not be put together.")
        if self.answer is not None and self.answer.status_code >= 400:
            return Answered(
                str(self.answer.status_code), detail=_detail(self.answer), wait=wait_of(self.answer.headers)
            )
        line = error.__context__
        if isinstance(line, requests.RequestException):
            line.__context__ = None
            return line
        return ValueError("unreadable")

    def next_page(self) -> str:
        """The `max_id` that leads to the following page of the last answer, "" at the end."""
        following = self.answer.links.get("next", {}).get("url", "") if self.answer is not None else ""
        return parse_qs(urlsplit(following).query).get("max_id", [""])[0]


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds until the server's window opens again, by its own clock; 0 where it does not say."""
    try:
        reset = datetime.fromisoformat(headers["X-RateLimit-Reset"]).timestamp()
    except (KeyError, ValueError):
        return 0
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return min(max(reset - now, 1), 3600)


def _detail(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("error") or "")[:160].rstrip(".") if isinstance(body, dict) else ""
