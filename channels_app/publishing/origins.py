"""Which layer asked for a delivery: what it checks at the last moment, what it does with the end of it, where it shows.

A layer registers itself when its app is ready. Nothing here knows the layers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from channels_app import failpoints
from channels_app.models import Delivery

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Block:
    """Why a delivery must not go out now: a code, and a sentence for staff that says what to do."""

    code: str
    words: str


Recheck = Callable[[Delivery, datetime], Block | None]
After = Callable[[Delivery, datetime], None]
Page = Callable[[Delivery], str]


def _nothing_to_check(delivery: Delivery, now: datetime) -> Block | None:
    return None


def _nothing_to_do(delivery: Delivery, now: datetime) -> None:
    return None


def _page_of_channel(delivery: Delivery) -> str:
    return reverse("channels:channel", args=[delivery.channel.key])


@dataclass(frozen=True)
class Origin:
    """One registered layer."""

    recheck: Recheck = _nothing_to_check
    after: After = _nothing_to_do
    page: Page = _page_of_channel


_origins: dict[str, Origin] = {}


def register(kind: str, recheck: Recheck | None = None, after: After | None = None, page: Page | None = None) -> None:
    """Name what is asked last (`recheck`) and told first (`after`) for deliveries with this `origin`.

    `page` is the address inside Parley where a person sees such a delivery and decides about it.

    `after` runs in the transaction that writes an end state down, or later from the sweep if that failed; it may run
    twice for one end state and must come to the same both times.
    """
    _origins[kind] = Origin(recheck or _nothing_to_check, after or _nothing_to_do, page or _page_of_channel)


def of(delivery: Delivery) -> Origin:
    return _origins.get(delivery.origin, Origin())


def take_up(delivery: Delivery, now: datetime) -> bool:
    """Let the layer above deal with an end state. A fault in it undoes only its own part; the sweep calls again.

    A fault in that layer must not undo the platform's receipt, so everything it may raise is caught here.
    """
    try:
        with transaction.atomic():
            of(delivery).after(delivery, now)
            failpoints.hit("in_after")
            Delivery.objects.filter(pk=delivery.pk, state=delivery.state).update(taken_up=True)
    except Exception:
        log.exception("end state not taken up", extra={"delivery": delivery.key, "state": delivery.state})
        return False
    delivery.taken_up = True
    return True
