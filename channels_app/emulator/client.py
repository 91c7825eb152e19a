"""The emulator as tests and the seed see it: the control calls, with the standard library only."""

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any
from urllib.parse import urlencode


class Refused(Exception):
    """The emulator did not understand a control call; the text says why."""


class Emulator:
    """Steers one running emulator. Instants may be datetimes, ISO text or seconds since 1970."""

    def __init__(self, url: str, control_token: str = "") -> None:
        self.url = url.rstrip("/")
        self.control_token = control_token

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **query: Any) -> Any:
        """One control call; what is not wrapped below can be asked here."""
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        address = f"{self.url}/_control/{path}" + (f"?{urlencode(asked)}" if asked else "")
        data = None if body is None else json.dumps(body, default=_plain).encode()
        request = urllib.request.Request(address, data=data, method=method)  # noqa: S310
        request.add_header("Content-Type", "application/json")
        if self.control_token:
            request.add_header("X-Control-Token", self.control_token)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            raise Refused(problem.read().decode()) from None

    # The clock
    def clock(self) -> dict[str, Any]:
        """`now`, `epoch`, `speed` and `next_event`."""
        return self.call("GET", "clock")

    def set_clock(self, to: datetime | str | float | None = None, *, speed: float | None = None) -> dict[str, Any]:
        """Move without living through the time between; `speed` 0 stops the clock."""
        return self.call("POST", "clock", _given(to=to, speed=speed))

    def go_live(self) -> dict[str, Any]:
        return self.call("POST", "clock", {"live": True})

    def advance(self, seconds: float = 0, *, to: datetime | str | float | None = None) -> dict[str, Any]:
        """Let time pass and the residents live through it."""
        return self.call("POST", "advance", {"to": to} if to is not None else {"seconds": seconds})

    def next_event(self) -> dict[str, Any]:
        """Advance to the next thing that happens in the town."""
        return self.call("POST", "advance", {"event": True})

    # What the public sees
    def public(
        self, platform: str = "", account: str = "", *, deleted: bool = False, since: Any = None
    ) -> list[dict[str, Any]]:
        """What the town's own accounts have in public, oldest first."""
        return self.call(
            "GET",
            "published",
            platform=platform,
            account=account,
            deleted=1 if deleted else "",
            since=since and _plain(since),
        )

    def snapshot(self) -> dict[str, Any]:
        return self.call("GET", "snapshot")

    def requests(self, *, after: int = 0, **only: Any) -> list[dict[str, Any]]:
        """The log, oldest first; `only`: platform, route, account, method."""
        return self.call("GET", "requests", after=after, **only)

    def metrics(self, post: str) -> dict[str, int]:
        return self.call("GET", "metrics", post=post)

    def set_metrics(self, post: str, **totals: float) -> dict[str, int]:
        return self.call("POST", "metrics", {"post": post, **totals})

    # Accounts
    def accounts(self, kind: str = "") -> list[dict[str, Any]]:
        return self.call("GET", "accounts", kind=kind)

    def create_account(self, platform: str, handle: str, **more: Any) -> dict[str, Any]:
        """An account with a working token: `{id, handle, host, token}`."""
        return self.call("POST", "accounts", {"platform": platform, "handle": handle, **more})

    def create_token(self, account: str, **more: Any) -> str:
        return str(self.call("POST", "tokens", {"account": account, **more})["token"])

    def revoke(self, *, token: str = "", account: str = "", state: str = "revoked") -> None:
        """Make a token, or all of an account, `revoked`, `expired` or `ok` again."""
        self.call(
            "POST", "tokens/state", {"token": token, "state": state} if token else {"account": account, "state": state}
        )

    def set_account(self, account: str, state: str) -> None:
        """`ok`, `suspended` or `no_role`."""
        self.call("POST", "accounts/state", {"account": account, "state": state})

    # What goes wrong
    def fault(self, kind: str, **what: Any) -> dict[str, Any]:
        """Arm a fault; its kinds and words are in `faults`."""
        return self.call("POST", "faults", {"kind": kind, **what})

    def faults(self) -> list[dict[str, Any]]:
        return self.call("GET", "faults")

    def clear_faults(self, name: str = "") -> None:
        self.call("DELETE", "faults", None, name=name)

    def rules(self, **changes: Any) -> dict[str, Any]:
        return self.call("POST", "rules", changes)

    # The residents
    def say(self, platform: str, text: str, **more: Any) -> dict[str, Any]:
        """A resident writes now; `by`, `to`, `reply_to`, `visibility`, `lang`, `attached` (["video"])."""
        return self.call("POST", "say", {"platform": platform, "text": text, **more})

    def hook(self, platform: str, url: str = "", secret: str = "") -> None:
        """Tell this address, signed with `secret`, whenever a resident writes; without one tell nobody."""
        self.call("POST", "hooks", {"platform": platform, "url": url, "secret": secret})

    def edit(self, post: str, text: str) -> dict[str, Any]:
        return self.call("POST", "edit", {"post": post, "text": text})

    def delete(self, post: str) -> dict[str, Any]:
        return self.call("POST", "delete", {"post": post})

    def town(self, **changes: Any) -> dict[str, Any]:
        return self.call("POST", "town", changes)

    def reset(self, **how: Any) -> None:
        """Forget posts, faults and rules; `keep_accounts=True` keeps accounts and tokens."""
        self.call("POST", "reset", how)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
