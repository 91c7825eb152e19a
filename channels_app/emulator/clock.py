"""The emulator's own clock: real time, real time times N, or time that stands still until somebody moves it."""

import time
from datetime import UTC, datetime
from typing import Any

from .store import Store


class Clock:
    """`now()` in seconds since 1970. Its anchor is stored, so it goes on after a restart as if never stopped."""

    def __init__(self, store: Store) -> None:
        self.store = store
        saved = store.get("clock") or {"shown": 0.0, "real": 0.0, "speed": 1.0}
        self.shown, self.real, self.speed = saved["shown"], saved["real"], saved["speed"]

    def now(self) -> float:
        return self.shown + (time.time() - self.real) * self.speed

    def set(self, *, to: float | None = None, speed: float | None = None) -> None:
        """Move to an instant, change the speed, or both; `speed` 0 stops the clock."""
        shown = self.now() if to is None else to
        self.shown, self.real = shown, time.time()
        self.speed = self.speed if speed is None else speed
        self.store.put("clock", {"shown": self.shown, "real": self.real, "speed": self.speed})

    def go_live(self) -> None:
        """Real time at real speed."""
        self.shown, self.real, self.speed = 0.0, 0.0, 1.0
        self.store.put("clock", {"shown": 0.0, "real": 0.0, "speed": 1.0})

    def state(self) -> dict[str, Any]:
        now = self.now()
        return {"now": iso(now), "epoch": now, "speed": self.speed}


def moment(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)


def iso(value: float) -> str:
    """`2026-11-22T10:00:00.000Z`, as X and Mastodon write it."""
    return moment(value).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(value * 1000) % 1000:03d}Z"


def graph(value: float) -> str:
    """`2026-11-22T10:00:00+0000`, as Facebook writes it."""
    return moment(value).strftime("%Y-%m-%dT%H:%M:%S+0000")


def parse(value: str | float) -> float:
    """Read ISO text (any offset, `Z`, or none for UTC) or a number of seconds."""
    if isinstance(value, int | float) or value.replace(".", "", 1).isdigit():
        return float(value)
    when = datetime.fromisoformat(value)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
