"""What one platform's dialect has to offer the server."""

from collections.abc import Callable
from dataclasses import dataclass

from .wire import Answer, Request, Routes
from .world import Call

# The refusals a fault can ask any dialect for, in that dialect's own words.
REFUSALS = ("rate_limited", "revoked", "expired", "duplicate", "forbidden", "wrong_account")


@dataclass(frozen=True)
class Dialect:
    """`identify` sets the call's token and account or raises Refuse; `headers` go on every answer."""

    platform: str
    routes: Routes
    identify: Callable[[Call, str], None]
    headers: Callable[[Call, str], dict[str, str]]
    refusal: Callable[[str, Call], Answer]
    no_route: Callable[[Request], Answer]


def used(call: Call, route: str, seconds: int, cost: int = 1) -> tuple[int, float]:
    """Calls of this account on this route in the running window, this one included, and when the window ends.

    `cost`: what this one counts.
    """
    window = int(call.now // seconds)
    account = call.account["id"] if call.account else ""
    call.store.run(
        "INSERT INTO calls (window, account, route, n) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (account, route, window) DO UPDATE SET n = n + excluded.n",
        window, account, route, cost,
    )  # fmt: skip
    row = call.store.one("SELECT n FROM calls WHERE account = ? AND route = ? AND window = ?", account, route, window)
    count = row["n"] if row else 0
    if count == cost:
        call.store.run("DELETE FROM calls WHERE account = ? AND route = ? AND window != ?", account, route, window)
    return count, (window + 1) * float(seconds)
