"""Ticks: each asks the database what is due. Safe to run twice, late, or on ten workers at once."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from channels_app import canary, expiring, joining, media, renewing, trying, watching
from channels_app.publishing import rounds
from channels_app.publishing.guard import Guard, ticks

ROUND = 8  # seconds: a round begins nothing after this, so that it ends within its limit
CLOCK = Guard()  # of this worker process, so that a jump between two ticks is seen


@shared_task(soft_time_limit=70, time_limit=75)
def send_due() -> None:
    """Publish what is due beside the publisher's own process; the claim keeps them apart."""
    begun = ticks()
    rounds.once(clock.now, lambda: ticks() - begun > ROUND, CLOCK)
    watching.watch(["publisher"], clock.now())


@shared_task(expires=5)
def test_connections() -> None:
    """Make the trial calls that are due: whom do new keys speak for?"""
    now = clock.now()
    trying.try_due(now)
    joining.tidy(now)


@shared_task(expires=30)
def renew_keys() -> None:
    """New keys for the channels whose keys end soon."""
    renewing.renew_due(clock.now())


@shared_task(expires=300)
def look_after_channels() -> None:
    """Read something known back from each channel once a day, and tell of access that ends."""
    canary.look_due(clock.now())
    expiring.warn(clock.now())


@shared_task(expires=30)
def inspect_media() -> None:
    """Open the pictures a web process had no room for."""
    media.inspect_due(clock.now())
