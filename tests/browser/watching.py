"""What no page may do: speak to another host, complain in the console, break its own security policy, miss a file."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

LOCAL = ("data:", "blob:", "about:")
# A refusal is an answer; where it is a fault, `_response` tells.
ANSWERED = ("Failed to load resource: the server responded with a status of 4", "Response Status Error Code 4")
# What is said in the console, by the browser and by htmx, of a request that could not be sent.
UNSENT = ("net::ERR_INTERNET_DISCONNECTED", "htmx:sendError")
# What htmx says of one that was broken off, as sending does with a draft that is just being kept. The second is said of
# every request that ended badly, after what says how.
BROKEN_OFF = ("htmx:sendAbort", "htmx:afterRequest")


class Watch:
    """Everything forbidden that was seen in the contexts it was put over."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[str] = []
        self.requests = 0
        self.measured = False  # axe is at work, which tries styles of its own and is refused by the policy
        self.offline = False  # a test took the connection away: that requests fail is then no fault

    def begin(self) -> None:
        """Another page in the same window."""
        self.seen.clear()
        self.measured = False

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        self.requests += 1
        if not request.url.startswith((self.url + "/", *LOCAL)):
            self.seen.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        """A page may refuse; a picture, a script or a style must be there."""
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind not in {"document", "xhr", "fetch"}):
            self.seen.append(f"{response.status} for {kind} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or message.text.startswith(ANSWERED):
            return
        if self.measured and message.text.startswith("Applying inline style violates"):
            return
        if message.text.startswith(BROKEN_OFF):
            return
        if self.offline and any(words in message.text for words in UNSENT):
            return
        self.seen.append(f"console: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"script: {error.error}")
