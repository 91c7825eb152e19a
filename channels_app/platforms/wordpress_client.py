"""One WordPress site's REST API, and what its answers prove.

Errors are `{"code", "message", "data": {"status"}}` with codes of WordPress's own. A firewall or the web server in
front of it answers without one; of those only 413 and 429 say that WordPress never saw the request. Codes were taken
from the API's documentation and have yet to be met on a live site.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any

import requests

from channels_app.platforms import http
from channels_app.platforms.base import Account, Refused
from channels_app.platforms.streamed import Form
from channels_app.platforms.verdicts import Answered, Verdict, usable

RECONNECT = "Reconnect the channel with a new application password."
_ROLE = "This WordPress user may not do this. Give it the role Editor."
_BIN = "This is no longer on the blog."
TABLE: Mapping[str, Verdict] = {
    "401": Verdict(f"WordPress does not accept this application password. {RECONNECT}", cause="token"),
    "403": Verdict(_ROLE, cause="permission"),
    "rest_post_invalid_id": Verdict(_BIN, cause="gone"),
    "rest_comment_invalid_id": Verdict(_BIN, cause="gone"),
    "rest_comment_invalid_post_id": Verdict(_BIN, cause="gone"),
    "rest_comment_closed": Verdict("Comments are closed on this article.", cause="content"),
    "rest_invalid_param": Verdict("WordPress does not take this as it is ({detail}).", cause="content"),
    "rest_invalid_featured_media": Verdict("WordPress has lost the picture of this article.", cause="content"),
    "rest_comment_content_invalid": Verdict("WordPress does not take this comment as it is.", cause="content"),
    "comment_content_column_length": Verdict("This comment is longer than WordPress takes.", cause="content"),
    "empty_content": Verdict("WordPress was sent an article without words.", cause="content"),
    "rest_upload_unknown_error": Verdict("WordPress does not take this file ({detail}).", cause="content"),
    "rest_upload_sideload_error": Verdict("WordPress does not take this file ({detail}).", cause="content"),
    "rest_upload_file_too_big": Verdict("This file is larger than WordPress takes.", cause="content"),
    "rest_upload_limited_space": Verdict("The blog has no room left for files.", cause="content"),
    # What PHP leaves of a form that is larger than it takes: nothing.
    "rest_upload_no_data": Verdict("This file is larger than the blog's server takes.", cause="content"),
    "413": Verdict("This is larger than the blog's server takes.", cause="content"),
    "comment_flood": Verdict("WordPress wants comments a little further apart.", wait=60),
    "429": Verdict("The blog's server lets Parley ask no more for now.", wait=300, whole_channel=True),
}
UPLOADING = frozenset(
    code for code in TABLE if code.startswith("rest_upload_")
)  # told with a 500, and of an upload only
BARE = frozenset({413, 429})


class Client:
    """One site's client, for one call."""

    def __init__(self, account: Account) -> None:
        secrets = {name: secret.reveal() for name, secret in account.secrets.items()}
        user, password = secrets.get("username", ""), "".join(secrets.get("access_token", "").split())
        if not user or not usable(password):
            raise Refused(f"This is no application password of WordPress. {RECONNECT}", cause="token", code="unusable")
        self._session = http.session(account)
        self._base = f"https://{account.host}/wp-json/wp/v2/"
        key = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._about = {"Authorization": f"Basic {key}", "Accept": "application/json"}
        self._answer: requests.Response | None = None
        self._page = 1

    def call(
        self, method: str, path: str, *, json: Any = None, files: Any = None, form: Any = None, **asked: str
    ) -> Any:
        """Send one request and return its JSON; raises `Answered` for an error, ValueError for anything unreadable."""
        self._page = int(asked.get("page", "1"))
        self._answer = answer = self._session.request(
            method,
            self._base + path,
            params=asked or None,
            json=json,
            files=files,
            data=form,
            headers=self._about | ({"Content-Type": form.content_type} if isinstance(form, Form) else {}),
        )
        if answer.status_code >= 400:
            body = _parsed(answer)
            raise Answered(code_of(answer.status_code, body), detail=_detail(body), wait=wait_of(answer.headers))
        found = answer.json()
        if not isinstance(found, dict | list):
            raise TypeError("neither a thing nor a list")
        return found

    def next_page(self) -> str:
        """The number of the page after the one read last, "" at the end."""
        total = self._answer.headers.get("X-WP-TotalPages", "0") if self._answer is not None else "0"
        return str(self._page + 1) if total.isdigit() and self._page < int(total) else ""


def code_of(status: int, body: Any) -> str:
    """The table's name for an error; one that WordPress did not name is called by its status, and proves little."""
    code = body.get("code") if isinstance(body, dict) else None
    if status in BARE:
        return str(status)
    if not isinstance(code, str) or (status >= 500 and code not in UPLOADING):
        return f"HTTP {status}"
    if code in TABLE:
        return code
    return str(status) if status in {401, 403, 410} else code[:60]


def wait_of(headers: Mapping[str, str]) -> float:
    told = headers.get("Retry-After", "")
    return float(min(int(told), 86_400)) if told.isdigit() else 0


def _parsed(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _detail(body: Any) -> str:
    words = str(body.get("message") or "") if isinstance(body, dict) else ""
    return html.unescape(words)[:160].rstrip(".")
