"""The way out for the town's own sign-in: the guard of all requests, with one exception that is named.

A town's identity provider often stands on its private network, where the guard lets nobody go. Whoever runs Parley
names its host and port in IDENTITY_HOSTS; every other private address stays closed. Plain http is for practice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.oidc import Answer, Rejected
from channels_app.platforms import guard, http, wire

SECONDS, CONNECT, CAP = 10.0, 5.0, 256 * 1024


def fetch(
    method: str, url: str, *, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """See `accounts.oidc.Fetch`."""
    with IdentitySession() as line:
        try:
            answer = line.request(method, url, data=data, headers=dict(headers or {}))
        except (http.NotSent, http.Cut) as error:
            raise Rejected(str(error), next_step="Try again; if it stays, ask whoever runs Parley.") from error
    return Answer(answer.status_code, answer.content)


class IdentitySession(http.Session):
    """A guarded session that also knows the named hosts of the town's own network."""

    def __init__(self) -> None:
        super().__init__(practice=False, cap=CAP)
        self.mount("", IdentityWay(practice=False, cap=CAP))


class IdentityWay(http._Way):
    """Opens a line to a named private host; everything else goes the usual way, with the usual guard."""

    def _open(self, request: Any) -> wire.Line:
        parts = urlsplit(request.url or "")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if f"{host}:{port}" not in settings.IDENTITY_HOSTS:
            return super()._open(request)
        if parts.username is not None or parts.scheme not in ({"https", "http"} if settings.PRACTICE else {"https"}):
            raise guard.Forbidden("Parley only opens plain https addresses.")
        self._base = f"{parts.scheme}://{host}:{port}"
        line = wire.Line(host, guard._look_up(host, CONNECT), port, SECONDS, CONNECT)
        line.seen = lambda *where: http.seen(*where)
        return line
