"""Row `emergency`: from the click to accepted on ten emulated channels, with forty posts that were to go out."""

from __future__ import annotations

import time
from datetime import timedelta

from accounts import clock
from calendar_app import alerting, emergency
from calendar_app.alerting import Draft
from calendar_app.models import Frozen
from channels_app.models import Delivery
from config.bench import publishing
from config.bench.figures import Figure
from config.bench.ground import Ground
from policy import hazards

CHANNELS = 10
SCHEDULED = 40
BUDGET = 3.0  # seconds beside the platforms' own
LOOK = 0.02


def row(ground: Ground) -> list[Figure]:
    """Switch on, send, and wait until every channel has it; then see what became of the forty."""
    with publishing._stage(ground, CHANNELS) as stage:
        soon = clock.now() + timedelta(seconds=30)
        publishing._plan(stage.desk, [soon + timedelta(seconds=n) for n in range(SCHEDULED)])
        begun = time.monotonic()
        now = clock.now()
        span = emergency.switch_on("The river is over its banks", exercise=False, by=stage.desk.everywhere, now=now)
        switched = time.monotonic()
        alerting.send(_message(), span, by=stage.desk.everywhere, now=now)
        _wait(CHANNELS)
        took = time.monotonic() - begun
        frozen = Frozen.objects.filter(decided_at=None).count()
        time.sleep(max(0.0, (soon - clock.now()).total_seconds()) + 3)  # past the moment of the first
        out = Delivery.objects.filter(origin="post", state="published").count()
    size = f"{CHANNELS} channels, {SCHEDULED} scheduled"
    ideal = publishing.ANSWERS_IN
    return [
        Figure("emergency", size, took, "s", BUDGET + ideal, ideal, "from the click to accepted everywhere"),
        Figure("emergency", size, switched - begun, "s to freeze", 1.0, None, "from the click to all frozen"),
        Figure("emergency", size, frozen, "frozen", SCHEDULED, SCHEDULED, "", within="at least"),
        Figure("emergency", size, out, "published", 0, None, "of what was scheduled"),
    ]


def _message() -> Draft:
    given = hazards.language("en").template("flood")
    parts = {name: given.get(name, "") for name in hazards.PARTS}
    return Draft("flood", "alert", parts | {"place": "Mill Road", "source": "Fernhill Town Council"})


def _wait(many: int) -> None:
    ends = time.monotonic() + publishing.PATIENCE
    while time.monotonic() < ends:
        if Delivery.objects.filter(origin="emergency", state="published").count() >= many:
            return
        time.sleep(LOOK)
    raise RuntimeError("The message did not reach every channel in time.")
