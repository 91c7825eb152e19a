"""The only way a state changes: compare-and-swap, then audit, in one transaction."""

from __future__ import annotations

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
    if to not in model.MOVES.get(was, ()):  # type: ignore[attr-defined]
        raise IllegalMove(f"{str(model._meta.verbose_name).capitalize()} cannot go from {was} to {to}.")
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
