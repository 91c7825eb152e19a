"""How often each stream is read. In practice everything goes twenty times as fast, so that a trial shows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

EVERY = timedelta(minutes=5)
SEARCHES = timedelta(minutes=15)  # one for each watch and network
BY_AGE = [  # comments under a post of this age are read this often
    (timedelta(days=2), timedelta(minutes=5)),
    (timedelta(days=14), timedelta(hours=1)),
    (timedelta(days=90), timedelta(days=1)),
]
OLDER = timedelta(days=7)
BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]  # after the third failure in a row
PATIENCE = 3
PER_TICK = 4  # streams of one channel read in one tick: its share of the platform's limits
PRACTICE_SPEED = 20


def every() -> timedelta:
    """How often posts and mentions are read."""
    return _scaled(EVERY)


def for_comments(posted_at: datetime | None, now: datetime) -> timedelta:
    """How often the comments of a post are read, by its age."""
    age = now - posted_at if posted_at else timedelta(0)
    return _scaled(next((pause for limit, pause in BY_AGE if age < limit), OLDER))


def after_failure(failures: int) -> timedelta:
    """How long to leave a stream alone after so many failures in a row."""
    if failures < PATIENCE:
        return every()
    return BACK_OFF[min(failures - PATIENCE, len(BACK_OFF) - 1)]


def _scaled(pause: timedelta) -> timedelta:
    return pause / PRACTICE_SPEED if settings.PRACTICE else pause
