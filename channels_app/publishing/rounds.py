"""One round of publishing: sweep, settle open questions, then work on what is due. The loop and the task share it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime

from accounts import audit
from channels_app.models import Delivery, Heartbeat
from channels_app.models.deliveries import READING, WAITING
from channels_app.publishing import ahead, instance, reconcile
from channels_app.publishing.claim import claim
from channels_app.publishing.guard import Guard
from channels_app.publishing.publisher import Clock, Publisher
from channels_app.publishing.sending import work
from channels_app.publishing.sweep import sweep
from policy import records

Enough = Callable[[], bool]
WHOLE_EACH = 600  # looks for what is not sealed: about ten minutes
_looks = itertools.count()


def never() -> bool:
    return False


def publisher(time: Clock) -> Publisher:
    """This process as a publisher, after asking whether the database is the one it belongs to."""
    return Publisher(str(instance.check(time()).epoch), time)


def once(time: Clock, enough: Enough = never, guard: Guard | None = None) -> int:
    """Everything that is due now, one after another, until there is none left or it is `enough`; how many. Between
    these and after them what takes long is prepared ahead of its moment.

    With a guard, due and missed are decided by a clock that is checked each time.
    """
    look = guard.now if guard else time
    now = look()
    me = publisher(time)
    done = sweep(now) + settle_due(time, enough)
    while not enough() and _next(me, look()):
        done += 1
    return done


def _next(me: Publisher, now: datetime) -> bool:
    delivery = claim(me, now)
    if delivery is None:
        return ahead.step(me, now)
    work(me, delivery)
    return True


def settle_due(time: Clock, enough: Enough = never) -> int:
    """Look at every open question that is due; how many."""
    looked = 0
    while not enough() and (delivery := reconcile.take(time())) is not None:
        reconcile.settle_safely(delivery, time)
        looked += 1
    return looked


def seal() -> None:
    """Chain what people and the machine have written down since the last time; now and then look at all there is."""
    whole = next(_looks) % WHOLE_EACH == 0
    audit.seal(whole=whole)
    records.seal(whole=whole)


def beat(role: str, now: datetime, words: str = "") -> None:
    """Say that a cycle of this role is finished."""
    Heartbeat.objects.update_or_create(role=role, defaults={"at": now, "words": words[:200]})


def next_moment(now: datetime) -> datetime | None:
    """When the next delivery becomes due that is not due yet."""
    ahead = Delivery.objects.filter(next_action_at__gt=now, state__in=[*WAITING, *READING])
    return ahead.order_by("next_action_at").values_list("next_action_at", flat=True).first()
