"""What can be made to go wrong, and when.

A fault is armed for a platform, a route (the names of `wire.Routes`, or `*`), an account, a method and a piece of the
path, for the next `times` requests (0: for all) or with a `probability`. Its `kind` says what happens:

before anything is done   delay_before, drop_before, refuse (`status`, optional `body` and `headers`), html (a
                          5xx page), rate_limited (`reset`: seconds until it ends, or null for no header), revoked,
                          expired, wrong_account, duplicate, forbidden, unavailable
after it was committed    delay_after, drop_after, html_after, empty_body, truncated, drip, refuse_after
later                     late: hangs, drops or answers 503 (`answer`) and commits `seconds` afterwards
in what lists show        lag: nothing younger than `seconds`; silent: nothing at all; hushed: nothing that was
                          written to the account, while its number is told as before
in media                  media_fails: accepted, then found broken
"""

import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from .wire import Request

BEFORE = {
    "delay_before", "drop_before", "refuse", "html", "rate_limited", "revoked", "expired", "wrong_account", "duplicate",
    "forbidden", "unavailable", "late", "lag", "silent", "hushed",
    "media_fails",
}  # fmt: skip
AFTER = {"delay_after", "drop_after", "html_after", "empty_body", "truncated", "drip", "refuse_after"}
KINDS = BEFORE | AFTER
WRITTEN_TO = {"replies", "mentions", "search"}  # routes that list what others wrote


@dataclass
class Fault:
    """One armed fault; `hits` counts how often it struck."""

    kind: str
    platform: str = "*"
    route: str = "*"
    account: str = "*"
    method: str = "*"
    path: str = ""
    host: str = "*"
    times: int = 0
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 500
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    reset: float | None = None
    answer: str = "hang"
    hold: float = 40.0  # how long `late` keeps a caller hanging
    name: str = ""
    hits: int = 0

    def meets(self, request: Request, platform: str, route: str, account: str) -> bool:
        """Whether this request is one of those the fault waits for."""
        if self.times and self.hits >= self.times:
            return False
        if self.kind == "hushed" and route not in WRITTEN_TO:
            return False
        pairs = (
            (self.platform, platform), (self.account, account), (self.method, request.method),
            (self.host, request.host),
        )  # fmt: skip
        named = self.route == "*" or route in self.route.split(",")
        return named and self.path in request.path and all(wanted in {"*", given} for wanted, given in pairs)


class Faults:
    """Those armed now. Not stored: a restarted emulator is a well one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.armed: list[Fault] = []
        self.dice = random.Random(1)  # noqa: S311

    def arm(self, **what: Any) -> Fault:
        """Arm one fault; an unknown kind or word is a ValueError."""
        if what.get("kind") not in KINDS:
            raise ValueError(f"unknown kind of fault: {what.get('kind')}")
        try:
            fault = Fault(**what)
        except TypeError as problem:
            raise ValueError(str(problem)) from None
        with self.lock:
            self.armed.append(fault)
        return fault

    def strike(self, request: Request, platform: str, route: str, account: str) -> list[Fault]:
        """The faults that meet this request, counted; at most one of each kind."""
        struck: dict[str, Fault] = {}
        with self.lock:
            for fault in self.armed:
                if fault.kind in struck or not fault.meets(request, platform, route, account):
                    continue
                if fault.probability < 1 and self.dice.random() >= fault.probability:
                    continue
                fault.hits += 1
                struck[fault.kind] = fault
        return list(struck.values())

    def clear(self, name: str = "") -> None:
        """Disarm the faults of this name, or all."""
        with self.lock:
            self.armed = [fault for fault in self.armed if name and fault.name != name]

    def seed(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311

    def listed(self) -> list[dict[str, Any]]:
        with self.lock:
            return [asdict(fault) for fault in self.armed]
