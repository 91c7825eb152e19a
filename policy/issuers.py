"""Who may switch emergency mode on and who issues its messages: the town's list, else publishers and administrators.

Somebody on the list speaks as long as they work here, whatever their role is: the town named them for it, and a course
that ran out at midnight keeps no warning back. Whoever speaks by their role alone needs its keys like for any post.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from accounts.access import ACTS, Held, Untrained, held, may, person, remember, who_may
from accounts.gate import Lapse
from accounts.models import Scope, User
from accounts.refusals import NotAllowed
from policy.models import Issuer

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ACT = "issue_emergency"
WORKS_HERE = "see_emergency"  # without any right at the desk the list gives none


def chosen(now: datetime) -> list[Issuer]:
    """The town's list; a name on it counts while the person has a right here at all."""
    return list(Issuer.objects.current(now).filter(user__in=who_may(WORKS_HERE, now)))


def is_chosen(user: User, now: datetime) -> bool:
    return Issuer.objects.current(now).filter(user=user).exists() and may(user, WORKS_HERE, now)


def may_switch(user: User, now: datetime) -> bool:
    """Switching on has to be easy: publishers, administrators, and everybody on the list."""
    return may(user, ACT, now) or is_chosen(user, now)


def may_issue(user: User, now: datetime) -> bool:
    """Where the town chose its issuers they alone speak; else whoever may publish, with the keys for it."""
    rows = chosen(now)
    return any(one.user_id == user.pk for one in rows) if rows else places(user, now) != []


def places(user: User, now: datetime) -> list[int] | None:
    """The scopes this person's messages reach, as row ids; None means everywhere."""
    if is_chosen(user, now):
        return None
    found = {one.where for one in _by_role(user, now) if not one.lapses}
    return None if None in found else sorted(where for where in found if where is not None)


def reaches(user: User, scope: Scope, now: datetime) -> bool:
    """Whether their message may go out there."""
    found = places(user, now)
    return found is None or scope.pk in found


def owed(user: User, now: datetime) -> list[Lapse]:
    """What alone keeps somebody from speaking whose role includes it."""
    if may_issue(user, now) or chosen(now):
        return []
    found = sorted((list(one.lapses) for one in _by_role(user, now)), key=len)
    return found[0] if found else []


def _by_role(user: User, now: datetime) -> list[Held]:
    return [one for one in held(user, now) if one.role in ACTS[ACT]]


def is_fallback(user: User, now: datetime) -> bool:
    """Whether this person speaks only when none of the others can be reached."""
    return any(one.user_id == user.pk and one.fallback for one in chosen(now))


def names(now: datetime) -> str:
    """Who is to be asked, for a refusal."""
    rows = [one.user.name for one in chosen(now) if not one.fallback]
    return ", ".join(rows) or "a publisher or an administrator"


def require_issuer(user: User, now: datetime) -> None:
    """Raise NotAllowed for whoever does not issue emergency messages here."""
    if may_issue(user, now):
        return
    lapses = owed(user, now)
    if lapses:
        raise Untrained(lapses)
    raise NotAllowed("You are not among those who issue emergency messages.", next_step=f"Ask {names(now)}.")


def require_switch(user: User, now: datetime) -> None:
    if not may_switch(user, now):
        raise NotAllowed("You may not switch emergency mode on.", next_step=f"Ask {names(now)}.")


def switching(view: View) -> View:
    """Mark a view as the act of issuing; the town's list counts beside the roles."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user, now = person(request), request.now  # type: ignore[attr-defined]
        remember(user, now)
        require_switch(user, now)
        return view(request, *args, **kwargs)

    guarded.act = ACT  # type: ignore[attr-defined]
    return cast(View, guarded)
