"""The way out: every request to a platform leaves through a session made here.

Guarantees: https to public addresses only, one total time limit, no redirects, no cookies, no proxy settings from the
environment, a limit on the answer's size, and errors that hold no address, header or token. A request that never
left raises `NotSent`; every other fault raises `Cut`, after which nobody knows what the server did.

In practice no request leaves this machine: the hosts of `PRACTICE_HOSTS` are fictional and lead to the emulator.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
import urllib3
from requests.adapters import HTTPAdapter

from channels_app.platforms import guard, quotas, wire
from channels_app.platforms.base import Account

PRACTICE_HOSTS = {
    "x": "api.x.example",
    "facebook": "graph.facebook.example",
    "mastodon": "social.fernhill.example",
    "instagram": "graph.facebook.example",
    "youtube": "youtube.googleapis.example",
    "vimeo": "api.vimeo.example",
    "bluesky": "bsky.example",
    "wordpress": "blog.fernhill.example",
    "rss": "news.fernhill.example",
    "manual": "by-hand.example",
    "pinterest": "api.pinterest.example",
    "linkedin": "api.linkedin.example",
}
# The servers people sign in at and keys are exchanged with, YouTube's reports, and what stands for each in practice.
DOOR_HOSTS = {
    "x.com": "x.example",
    "api.x.com": "api.x.example",
    "www.facebook.com": "www.facebook.example",
    "graph.facebook.com": "graph.facebook.example",
    "www.linkedin.com": "www.linkedin.example",
    "api.linkedin.com": "api.linkedin.example",
    "accounts.google.com": "accounts.google.example",
    "oauth2.googleapis.com": "oauth2.googleapis.example",
    "youtubeanalytics.googleapis.com": "youtubeanalytics.googleapis.example",
    "www.pinterest.com": "www.pinterest.example",
    "api.pinterest.com": "api.pinterest.example",
    "api.vimeo.com": "api.vimeo.example",
}
AGENT = "Parley/0.1"
CHUNK = 65_536
FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError)


class NotSent(requests.ConnectionError):
    """Proof that no byte of the request left; the text is a sentence for staff."""


class Barred(NotSent):
    """Parley does not talk to this host at all."""


class Cut(requests.ConnectionError):
    """The line failed after the request had begun: the server may or may not have acted on it."""


class Slow(Cut):
    """The time was over before all of the request had left: it says more of the line than of the server."""


@dataclass
class Rules:
    """How this process talks to platforms; `seconds` is the total time of one request, answer included."""

    emulator_url: str = ""
    practice: bool = False
    seconds: float = 30.0
    connect: float = 5.0
    cap: int = 8 * 1024 * 1024


rules = Rules()


def configure(**changes: Any) -> None:
    """Set any of the `Rules`, once at start (and in tests)."""
    for name, value in changes.items():
        if not hasattr(rules, name):
            raise TypeError(f"there is no rule named {name}")
        setattr(rules, name, value)


def fail(name: str) -> None:
    """Called at after_connect, mid_body and after_body of every request that changes something; replaceable."""


def seen(host: str, address: str, port: int) -> None:
    """Called with every address a connection is opened to; replaceable, so that a test can tell where requests go."""


def session(account: Account | None = None, *, cap: int | None = None) -> requests.Session:
    """A session for one account and one call. Without an account: public servers, and nothing in practice."""
    return Session(practice=bool(account and account.practice), cap=cap or rules.cap, account=account)


def httpx_client(account: Account | None = None, *, cap: int | None = None) -> httpx.Client:
    """The same way out for httpx: same guard, same limits, same errors."""
    return httpx.Client(transport=_Bridge(session(account, cap=cap)), trust_env=False, follow_redirects=False)


def get_public(url: str, *, cap: int = 2 * 1024 * 1024, headers: Mapping[str, str] | None = None) -> requests.Response:
    """GET an address somebody gave us. Raises NotSent for a forbidden one, Cut when it fails or is too large."""
    with session(cap=cap) as line:
        return line.get(url, headers=dict(headers or {}))


def for_browser(url: str, practice: bool) -> str:
    """Where a person's browser goes for this address: in practice to the emulator, which is told the host."""
    parts = urlsplit(url)
    if not practice or not rules.emulator_url:
        return url
    return f"{rules.emulator_url.rstrip('/')}/_web/{parts.netloc}{parts.path}" + (
        f"?{parts.query}" if parts.query else ""
    )


class Session(requests.Session):
    """A requests session that goes out only by the guarded way."""

    def __init__(self, practice: bool, cap: int, account: Account | None = None) -> None:
        super().__init__()
        self._account = account
        self.trust_env = False
        self.headers["User-Agent"] = AGENT
        self.headers["Connection"] = "close"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.adapters.clear()
        self.mount("", _Way(practice, cap))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        options |= {"allow_redirects": False, "timeout": None, "proxies": None, "verify": True}
        try:
            answer = super().request(method, url, *args, **options)
        except (NotSent, Cut):
            raise
        except FAULTS:
            # Raised while the request is being put together; such texts can quote a header or the address.
            problem = NotSent("The request could not be put together: a field holds something it cannot carry.")
        else:
            if self._account is not None:
                quotas.hear(self._account, str(method), str(url), answer.headers)
            return answer
        raise problem


class _Way(HTTPAdapter):
    """Checks where a request goes, sends it over one line and reads the whole answer within the time limit."""

    def __init__(self, practice: bool, cap: int) -> None:
        super().__init__(max_retries=0)
        self._practice = practice
        self._cap = cap
        self._line: wire.Line
        self._base = ""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        host = urlsplit(request.url or "").hostname or "the platform"
        line: wire.Line | None = None
        try:
            line = self._line = self._open(request)
            with line:
                return self._exchange(request, line)
        except guard.Forbidden as error:
            problem: requests.RequestException = Barred(str(error))
        except guard.NoSuchServer as error:
            problem = NotSent(str(error))
        except (NotSent, Cut) as error:
            problem = error
        except FAULTS:
            problem = _explain(line, host)
        raise problem

    def _open(self, request: requests.PreparedRequest) -> wire.Line:
        parts = urlsplit(request.url or "")
        if parts.scheme != "https" or parts.username is not None or (parts.port or 443) != 443:
            raise guard.Forbidden("Parley only opens plain https addresses.")
        host = guard.clean_host(parts.hostname or "")
        if self._practice or rules.practice:
            line = self._to_emulator(host, request)
        else:
            addresses = guard.public_addresses(host, rules.connect)
            line = wire.Line(host, addresses, 443, rules.seconds, rules.connect)
            self._base = f"https://{host}"
        if request.method not in {"GET", "HEAD"}:
            line.hit = lambda name: fail(name)
        line.seen = lambda *where: seen(*where)
        return line

    def _to_emulator(self, host: str, request: requests.PreparedRequest) -> wire.Line:
        """Only a practice account, and only its fictional hosts, reach the emulator; everything else stops here."""
        if not self._practice or host not in {*PRACTICE_HOSTS.values(), *DOOR_HOSTS.values()}:
            raise guard.Forbidden(f"This is practice: {host} is a real address, and no request leaves this machine.")
        target = urlsplit(rules.emulator_url)
        if not target.hostname or not target.port:
            raise guard.Forbidden("The practice platforms are not running.")
        request.headers["X-Forwarded-Host"] = host
        request.headers["X-Forwarded-Proto"] = "https"
        self._base = f"http://{target.hostname}:{target.port}"
        return wire.Line(host, [target.hostname], target.port, rules.seconds, rules.connect)

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> urllib3.HTTPConnectionPool:
        target = urlsplit(self._base)
        tls = target.scheme == "https"
        options: Any = self.build_connection_pool_key_attributes(request, verify, cert)[1] if tls else {}
        return wire.pool(self._line, tls, target.hostname or "", target.port or 443, dict(options))

    def _exchange(self, request: requests.PreparedRequest, line: wire.Line) -> requests.Response:
        answer = super().send(request, stream=True, timeout=(rules.connect, rules.seconds), verify=True)
        body = bytearray()
        for chunk in answer.raw.stream(CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._cap:
                raise Cut(f"{line.host} sent more than Parley takes in one answer.")
        answer.raw.close()
        answer._content, answer._content_consumed = bytes(body), True  # type: ignore[attr-defined]
        if 300 <= answer.status_code < 400 and answer.status_code != 304 and not _goes_on(answer):
            raise Cut(f"{line.host} sent Parley on to another address, which it does not follow.")
        return answer


def _goes_on(answer: requests.Response) -> bool:
    """Google's 308 asks for the next part of an upload; one that names another address is a redirect like any other."""
    return answer.status_code == 308 and "Location" not in answer.headers


def _explain(line: wire.Line | None, host: str) -> requests.RequestException:
    """What a fault on the line means, in words that quote nothing of the request."""
    if line is None or not line.begun:
        return NotSent(f"{host} could not be reached; nothing was sent.")
    if line.over and not line.sent:
        words = f"{rules.seconds:.0f} s were not enough to send this to {host}: it is too large for the line from here."
        return Slow(words)
    if line.over:
        return Cut(f"{host} did not answer in {rules.seconds:.0f} s.")
    return Cut(f"The line to {host} broke before it had answered.")


class _Bridge(httpx.BaseTransport):
    """Lets httpx travel by a guarded requests session."""

    def __init__(self, way: requests.Session) -> None:
        self._way = way

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "connection"}}
        try:
            answer = self._way.request(request.method, str(request.url), data=request.read(), headers=headers)
        except NotSent as error:
            problem: httpx.TransportError = httpx.ConnectError(str(error), request=request)
        except requests.RequestException as error:
            problem = httpx.ReadError(str(error), request=request)
        else:
            kept = [
                (k, v) for k, v in answer.headers.items() if k.lower() not in {"content-encoding", "content-length"}
            ]
            return httpx.Response(answer.status_code, headers=kept, content=answer.content, request=request)
        raise problem

    def close(self) -> None:
        self._way.close()
