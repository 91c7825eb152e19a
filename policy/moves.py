"""The only way a state changes: compare-and-swap, then audit, in one transaction; one thing, or many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction

from accounts import audit
from accounts.models import User
from accounts.refusals import IllegalMove, LostRace

Thing = TypeVar("Thing", bound=models.Model)


def move(
    thing: Thing,
    to: str,
    *,
    now: datetime,
    by: User | None = None,
    holding: dict[str, object] | None = None,
    reason: str = "",
    again: bool = True,
    **changes: object,
) -> Thing:
    """Take `thing` to state `to` if it still is where we last saw it, and write down who did it.

    `holding` adds conditions to the swap (a fence, a version); `reason` is what the person gave. Machine moves (`by`
    empty) are audited only where the state is one of the model's `END_STATES`. Raises IllegalMove, LostRace. Returns
    the thing as it now is; with `again` off it is not read again, for one who holds it and knows all that changes.
    """
    model = type(thing)
    was = thing.state  # type: ignore[attr-defined]
    _legal(model, was, to)
    with transaction.atomic(savepoint=False):  # losing writes nothing, so it leaves the caller's transaction whole
        rows = model._base_manager.filter(pk=thing.pk, state=was, **(holding or {}))
        won = bool(rows.update(state=to, **changes))
        if won and (by is not None or to in getattr(model, "END_STATES", ())):
            audit.record(to, thing, by=by, now=now, was=was, **({"reason": reason} if reason else {}))
    if not won:
        raise LostRace(f"This {model._meta.verbose_name} was changed by someone else a moment ago.")
    if again or any(hasattr(value, "resolve_expression") for value in changes.values()):
        thing.refresh_from_db()
    else:
        for name, value in {"state": to, **changes}.items():
            setattr(thing, name, value)
    return thing


@transaction.atomic
def move_all(
    things: Sequence[models.Model], to: str, *, now: datetime, by: User | None = None, **changes: object
) -> None:
    """Take many of one kind to a state, as `move` takes one: all of them, or LostRace and none.

    One statement for each state they come from and one for the audit, however many there are.
    """
    from_state: dict[str, list[models.Model]] = defaultdict(list)
    for thing in things:
        from_state[thing.state].append(thing)  # type: ignore[attr-defined]
    for was, alike in from_state.items():
        model = type(alike[0])
        _legal(model, was, to)
        rows = model._base_manager.filter(pk__in=[one.pk for one in alike], state=was)
        if rows.update(state=to, **changes) != len(alike):
            raise LostRace(f"One {model._meta.verbose_name} was changed by someone else a moment ago.")
        if by is not None or to in getattr(model, "END_STATES", ()):
            audit.record_all(to, alike, by=by, now=now, was=was)


def _legal(model: type[models.Model], was: str, to: str) -> None:
    if to not in model.MOVES.get(was, ()):  # type: ignore[attr-defined]
        raise IllegalMove(f"{str(model._meta.verbose_name).capitalize()} cannot go from {was} to {to}.")
