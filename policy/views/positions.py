"""Approved positions: what the town says on a subject, what must be said with it, what is never said."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, may, person
from accounts.refusals import Invalid, LostRace
from policy import positions as deciding
from policy.models import Position
from policy.views.voice import now_of
from policy.voice_forms import LINED, PositionForm


@allow("see_policy")
def positions(request: HttpRequest) -> HttpResponse:
    """Those that hold, those to look at again, and those that have ended."""
    now = now_of(request)
    today = now.astimezone(request.town.tz).date()  # type: ignore[attr-defined]
    rows = Position.objects.filter(ends_at=None).select_related("topic", "by")
    context = {
        "here": "positions",
        "rows": [{"position": one, "due": bool(one.review_on and one.review_on <= today)} for one in rows],
        "ended": Position.objects.exclude(ends_at=None).select_related("ended_by").order_by("-ends_at")[:30],
        "may_change": may(person(request), "change_voice", now),
    }
    return render(request, "policy/positions.html", context)


@allow("change_voice")
def change_position(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """A new position, or another in the place of one: the old one ends and is kept."""
    held = get_object_or_404(Position, key=key, ends_at=None) if key else None
    form, status = PositionForm(request.POST or None, initial=_initial(held)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                deciding.decide(form.said(), by=person(request), now=now_of(request), instead_of=held)
            except (Invalid, LostRace) as why:
                form.add_error(None, f"{why.words} {why.next_step}".strip())
            else:
                messages.success(request, "Decided. The checks keep to it from now on.")
                return redirect("voice:positions")
    context = {"here": "positions", "form": form, "held": held}
    return render(request, "policy/position.html", context, status=status)


def _initial(held: Position | None) -> dict[str, object]:
    if held is None:
        return {}
    lists = {name: "\n".join(getattr(held, name)) for name in LINED}
    plain = {name: getattr(held, name) for name in ("subject", "says", "source", "topic", "review_on")}
    return lists | plain


@require_POST
@allow("change_voice")
def end_position(request: HttpRequest, key: UUID) -> HttpResponse:
    deciding.end(get_object_or_404(Position, key=key, ends_at=None), by=person(request), now=now_of(request))
    messages.success(request, "It holds no longer. What it said is kept.")
    return redirect("voice:positions")
