"""Who may switch emergency mode on and who issues its messages: the town's list, else publishers and administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from accounts.access import may, person, remember
from accounts.models import User
from accounts.refusals import NotAllowed
from policy.models import Issuer

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ACT = "issue_emergency"


def chosen(now: datetime) -> list[Issuer]:
    return list(Issuer.objects.current(now))


def may_switch(user: User, now: datetime) -> bool:
    """Switching on has to be easy: publishers, administrators, and everybody on the list."""
    return may(user, ACT, now) or Issuer.objects.current(now).filter(user=user).exists()


def may_issue(user: User, now: datetime) -> bool:
    """Where the town chose its issuers they alone speak; else whoever may switch the mode on."""
    rows = chosen(now)
    return any(one.user_id == user.pk for one in rows) if rows else may(user, ACT, now)


def is_fallback(user: User, now: datetime) -> bool:
    """Whether this person speaks only when none of the others can be reached."""
    return any(one.user_id == user.pk and one.fallback for one in chosen(now))


def names(now: datetime) -> str:
    """Who is to be asked, for a refusal."""
    rows = [one.user.name for one in chosen(now) if not one.fallback]
    return ", ".join(rows) or "a publisher or an administrator"


def require_issuer(user: User, now: datetime) -> None:
    """Raise NotAllowed for whoever does not issue emergency messages here."""
    if not may_issue(user, now):
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
