"""The platforms Parley speaks: one module each, plain data in, dataclasses out, no Django inside.

`get(name)` imports a platform's module, and with it its SDK, the first time it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from typing import cast

from channels_app.platforms.base import Account, Measured, Platform

NAMES = (
    *("x", "facebook", "instagram", "linkedin", "mastodon", "bluesky", "youtube", "vimeo", "pinterest", "wordpress"),
    *("rss", "manual"),
)
REGISTRY: Mapping[str, str] = {name: f"{__name__}.{name}" for name in NAMES}
READ_ONLY = frozenset({"rss"})  # nothing can be published there
KEYLESS = READ_ONLY | {"manual"}  # no keys are needed there
SENT_TO = tuple(name for name in REGISTRY if name not in KEYLESS)  # where Parley itself sends


def get(name: str) -> Platform:
    """The platform of this name; KeyError for one Parley does not speak."""
    return cast(Platform, import_module(REGISTRY[name]))


def reply_window(name: str, kind: str) -> timedelta | None:
    """How long after the resident's newest message this platform takes an answer to that kind; None: as long as we
    like. A module says so with a function of this name; most have none.
    """
    window = getattr(get(name), "reply_window", None)
    return cast("timedelta | None", window(kind)) if window else None


def fetches(name: str) -> frozenset[str]:
    """The kinds of pictures that this platform fetches itself, from an address of ours; empty where we bring them.

    A module says so with `FETCHES`; most have none.
    """
    return cast("frozenset[str]", getattr(get(name), "FETCHES", frozenset()))


def has_threads(name: str) -> bool:
    """Whether the comments under a post come by thread, so that a new answer may stand on an old page."""
    return bool(getattr(get(name), "THREADS", False))


def knowing(name: str) -> Callable[[Mapping[str, int]], str] | None:
    """What gives the page to begin with where so many answers to each comment are on file; most modules have none."""
    return cast("Callable[[Mapping[str, int]], str] | None", getattr(get(name), "knowing", None))


def measure_reply(name: str, text: str, account: Account | None = None) -> Measured:
    """How much of an answer's limit is used. A module where that is not a post's limit says so with a function of
    this name.
    """
    own = getattr(get(name), "measure_reply", None)
    return cast(Measured, own(text, account) if own else get(name).measure(text, account))
