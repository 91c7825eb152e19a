"""What platforms do wrong in a storm, for each request by itself, and how often they did it."""

from __future__ import annotations

from typing import Any

from channels_app.emulator.client import Emulator
from channels_app.publishing.timings import times

NEVER = 10**6  # seconds


def begin(emulator: Emulator, seed: int) -> None:
    """A good third of all posts go wrong, one in ten other requests fails, and lists hide the last ten seconds.

    Platforms take the same words twice here: what would hide a second post is off. All seconds are real ones, divided
    as the outbox's are; the latest acceptance and the longest freeze stay within the settle time together.
    """
    factor = times().factor
    emulator.rules(duplicates=False)
    emulator.call("POST", "faults", {"dice": seed})
    for share, kind, more in posts(factor):
        emulator.fault(kind, route="publish,reply", probability=share, name="post", **more)
    for share, kind in ((0.05, "unavailable"), (0.05, "drop_before")):
        emulator.fault(kind, method="GET", probability=share, name="read")
        emulator.fault(kind, route="media,alt_text", probability=share, name="upload")
    emulator.fault("lag", method="GET", seconds=10 / factor, name="lag")


def posts(factor: float) -> list[tuple[float, str, dict[str, Any]]]:
    hold = 45 / factor  # longer than a call may take
    return [
        (0.12, "drop_after", {}),
        (0.05, "html_after", {"status": 500}),
        (0.06, "html", {"status": 500}),
        (0.05, "rate_limited", {"reset": 60}),
        (0.02, "late", {"seconds": 10 / factor, "answer": "503"}),
        (0.02, "late", {"seconds": 20 / factor, "answer": "drop"}),
        (0.01, "late", {"seconds": 30 / factor, "answer": "hang", "hold": hold}),
        (0.03, "late", {"seconds": NEVER, "answer": "hang", "hold": hold}),
    ]


def hits(emulator: Emulator) -> int:
    """How often those armed now have struck, without the lists that lag; one request may meet two."""
    return sum(fault["hits"] for fault in emulator.faults() if fault["name"] != "lag")


def dealt_out(emulator: Emulator) -> int:
    """Requests that met a fault, by the emulator's log; lists that lag are not counted."""
    return sum(bool(set((one["fault"] or "lag").split(",")) - {"lag"}) for one in emulator.requests())


def clear(emulator: Emulator) -> None:
    """The storm is over: new posts meet nothing any more, what was taken late is still on its way."""
    emulator.clear_faults("post")
