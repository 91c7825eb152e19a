"""Chasing promises: the owner hears on the working day before, on the day itself, and when it has passed.

Then a manager hears as well, and again every week until it ends. Each is told once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import notifications
from accounts.models import Town
from accounts.walltime import FIRST, from_wall
from engagement import deadlines
from engagement.models import Promise
from engagement.timing import PackDays

MORNING = time(9, 0)  # by the town's clocks
SOON, DUE, LATE = 1, 2, 3
AGAIN = timedelta(days=7)
AT_ONCE = 200


def moment(due_on: date, step: int) -> datetime:
    """When this step of the chase comes for a promise of that day; steps after LATE come every week."""
    town = Town.here()
    if step == SOON:
        day = deadlines.working_day_before(due_on, PackDays(town.pack))
    else:
        day = due_on + timedelta(days=step >= LATE) + AGAIN * max(0, step - LATE)
    return from_wall(datetime.combine(day, MORNING), town.zone, fold=FIRST)


def arm(promise: Promise, now: datetime) -> None:
    """Set the chase to the first step that is still ahead."""
    step = SOON
    while moment(promise.due_on, step) <= now:
        step += 1
    _set(promise, step - 1, moment(promise.due_on, step))


def due(now: datetime) -> list[int]:
    rows = Promise.objects.filter(nudge_at__lte=now).order_by("nudge_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def chase(promise_id: int, now: datetime) -> int:
    """Tell who has to know; the step that was told, else 0. One that nobody was given yet waits in silence."""
    rows = Promise.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    promise = rows.select_related("owner", "conversation__channel__scope").filter(pk=promise_id).first()
    if promise is None or promise.state != "open" or promise.nudge_at is None or promise.nudge_at > now:
        return 0
    step = promise.nudged + 1
    while moment(promise.due_on, step + 1) <= now:
        step += 1
    _set(promise, step, moment(promise.due_on, step + 1))
    if not Promise.objects.given().filter(pk=promise.pk).exists():
        return 0
    _tell(promise, step, now)
    return step


def sentence(promise: Promise, step: int) -> str:
    day = f"{promise.due_on:%A} {promise.due_on.day} {promise.due_on:%B}"
    return {SOON: f"Promised for {day}: {promise}", DUE: f"Promised for today: {promise}"}.get(
        step, f"Promised for {day} and not done: {promise}"
    )


def _tell(promise: Promise, step: int, now: datetime) -> None:
    words, url = sentence(promise, step), reverse("promises:promise", args=[promise.key])
    once = f"promise:{promise.key}:{promise.due_on:%Y%m%d}:{step}"
    event = {SOON: "promise.soon", DUE: "promise.due"}.get(step, "promise.late")
    notifications.tell(promise.owner, event, words, url, now=now, once=once)
    if step >= LATE or not promise.owner.is_active:
        scope = promise.conversation.channel.scope
        notifications.tell_role("manager", scope, event, f"{words} ({promise.owner.name})", url, now=now, once=once)


def _set(promise: Promise, step: int, following: datetime) -> None:
    promise.nudged, promise.nudge_at = step, following
    Promise.objects.filter(pk=promise.pk).update(nudged=step, nudge_at=following)
