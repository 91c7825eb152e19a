"""Moving in the calendar: one post by dialog, page or drag, many at once, and the way back of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid
from accounts.walltime import Twice, to_wall
from calendar_app import moving, releasing, scheduling, series, slots
from calendar_app.forms import CLOCK, ManyForm, MoveForm
from calendar_app.models import Moving, Placement, Post, SeriesPart
from calendar_app.releasing import Moment
from calendar_app.views.finding import chosen, find_post, now_of, town_of
from calendar_app.wording import day_and_time

STEPS = ((-7, "A week earlier"), (-1, "A day earlier"), (1, "A day later"), (7, "A week later"))


def moment_of(request: HttpRequest, form: MoveForm) -> Moment:
    """The moment a form names. Raises Invalid and Twice."""
    if not form.is_valid():
        raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))
    wall = form.cleaned_data["at"]
    if wall is None:
        raise Invalid("Choose a day and a time first.")
    return releasing.moment(wall, town_of(request).zone, form.cleaned_data["fold"], now_of(request))


@allow("write_post")
def move_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another time for a post, by dialog, page or drag: the same form every way. `to` is a button's ready time."""
    post = find_post(request, key)
    data = request.POST.copy()
    data["at"] = data.get("to") or data.get("at", "")
    form = MoveForm(data if request.method == "POST" else None, initial=_now_planned(request, post))
    if request.method != "POST":
        return _move_form(request, post, form)
    rows = chosen(request, post, data.getlist("placements"))
    if not rows:
        raise Invalid("This draft has no channel yet.", next_step="Open it and choose one; then it can have a day.")
    try:
        at = moment_of(request, form) if data["at"] else None
    except Twice as twice:
        form.ask_fold()
        form.add_error("fold", f"{twice.words} {twice.next_step}")
        return _move_form(request, post, form, status=422)
    was = form.cleaned_data["was"] if form.is_valid() else None
    if at is None:
        rows, before = _rub_out(post, rows)
    else:
        rows = scheduling.move_to(post, rows, at, was, by=person(request), now=now_of(request))
        before = [was] * len(rows)
    words = f"Moved to {day_and_time(at.due_at, at.zone)}." if at else "It has no day any more."
    done = moving.one(rows, before, words, by=person(request), now=now_of(request))
    part = series.part_of(post) if at else None
    return _moved(request, done, part, undo=was is None or was > now_of(request))


def _rub_out(post: Post, rows: list[Placement]) -> tuple[list[Placement], list[datetime | None]]:
    """Take the day away from what is a draft; the placements as they are then, and the times they had."""
    before = [one.due_at for one in rows]
    scheduling.plan(post, rows, None)
    fresh = Placement.objects.select_related("post").in_bulk([one.pk for one in rows])
    return [fresh[one.pk] for one in rows], before


def _named(request: HttpRequest, post: Post) -> list[Placement]:
    asked = request.POST if request.method == "POST" else request.GET
    return chosen(request, post, asked.getlist("placements"))


def _now_planned(request: HttpRequest, post: Post) -> dict[str, object]:
    """The time the dialog starts from: the one asked for, else the next one planned."""
    rows = [one for one in _named(request, post) if one.due_at and not one.is_out]
    first = min((one.due_at for one in rows if one.due_at), default=None)
    return {"at": to_wall(first, town_of(request).zone) if first else None, "was": first.isoformat() if first else ""}


def _move_form(request: HttpRequest, post: Post, form: MoveForm, status: int = 200) -> HttpResponse:
    rows = [one for one in _named(request, post) if not one.is_out]
    form.fields["at"].help_text = f"On the clocks of {town_of(request).zone}"
    was = form["was"].value()
    moving_now = [
        one for one in rows if one.state != "cancelled" and (one.due_at.isoformat() if one.due_at else "") == was
    ]
    context = {
        "post": post,
        "form": form,
        "moving": moving_now,
        "signed": any(one.approval and one.approval.by for one in moving_now),
        "steps": _steps(request, moving_now),
        "back": back_of(request),
    }
    template = "calendar_app/_move.html" if request.htmx else "calendar_app/move.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _steps(request: HttpRequest, rows: Sequence[Placement]) -> list[tuple[str, str, str]]:
    """Ready times as buttons: what it is called, the time for the form, and the time in words."""
    now, town = now_of(request), town_of(request)
    if not rows:
        return []
    found = [(words, moving.next_day(rows[0], days, town.zone, now)) for days, words in STEPS]
    found.append(("Next free slot", slots.next_for([one.channel for one in rows], now, now, town)))
    found.append(("Next good hour", slots.next_good([one.channel for one in rows], now, town)))
    return [(words, at.wall.strftime(CLOCK), day_and_time(at.due_at, at.zone)) for words, at in found if at]


def _moved(request: HttpRequest, done: Moving, part: SeriesPart | None = None, *, undo: bool) -> HttpResponse:
    """Say where it is now, with the way back. In place: a note, and word to the calendar to look again."""
    if not request.htmx:  # type: ignore[attr-defined]
        say(request, done, undo=undo)
        return HttpResponseRedirect(back_of(request))
    response = render(request, "calendar_app/_moved.html", {"moving": done, "undo": undo, "part": part})
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    response["HX-Trigger-After-Swap"] = json.dumps({"calendar-changed": True})
    return response


def say(request: HttpRequest, done: Moving, *, undo: bool = True) -> None:
    """The note on the next page; it carries the move's key where there is something to take back."""
    messages.success(request, done.words, extra_tags=str(done.key) if undo and done.rows else "")


def back_of(request: HttpRequest) -> str:
    """The calendar as it was left, or its first page; never an address of somebody else's."""
    asked = request.POST.get("back") or request.GET.get("back") or request.headers.get("Referer", "")
    path = asked[asked.find("/calendar/") :] if "/calendar/" in asked else ""
    safe = url_has_allowed_host_and_scheme(path, None) and not path.split("?")[0].endswith(("/move/", "/undo/"))
    return path if safe else reverse("calendar:month")


@allow("write_post")
@require_POST
def move_many(request: HttpRequest) -> HttpResponse:
    """Move what is ticked by some days, or to one day. What stays is named with its reason on a page of its own."""
    now, zone, form = now_of(request), town_of(request).zone, ManyForm(request.POST)
    if not form.is_valid():
        raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))
    rows = _ticked(request)
    day: date | None = form.cleaned_data["day"]
    if request.POST.get("how") == "to":
        if day is None:
            raise Invalid("Choose the day they are to move to.", next_step="Nothing was moved.")
        done = moving.to_day(rows, day, zone, by=person(request), now=now)
    else:
        done = moving.by_days(rows, form.cleaned_data["days"] or 0, zone, by=person(request), now=now)
    if done.left:
        return redirect("calendar:moving", key=done.key)
    say(request, done)
    return HttpResponseRedirect(back_of(request))


def _ticked(request: HttpRequest) -> list[Placement]:
    """The placements of the ticked cards that this person may see, in the order of their time."""
    keys = {key for one in request.POST.getlist("pick") for key in one.split(",") if key}
    if not all(_is_key(key) for key in keys):
        raise Invalid("One of these is no post.", next_step="Load the calendar again.")
    seen = Placement.objects.visible_to(person(request), now_of(request)).filter(key__in=keys)
    return list(seen.select_related("post", "channel__scope", "delivery").order_by("due_at", "pk"))


def _is_key(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


@allow("write_post")
def show_moving(request: HttpRequest, key: UUID) -> HttpResponse:
    """What one act of moving did, and what it could not move."""
    done = get_object_or_404(Moving, key=key, by=person(request))
    context = {"moving": done, "posts": len({row["post"] for row in done.rows}), "can_undo": can_undo(done, request)}
    return render(request, "calendar_app/moving.html", context)


def can_undo(done: Moving, request: HttpRequest) -> bool:
    fresh: datetime = done.at + timedelta(days=1)
    return bool(done.rows) and done.undone_at is None and fresh > now_of(request)


@allow("write_post")
@require_POST
def undo_move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put back what one act moved."""
    by, now = person(request), now_of(request)
    done = get_object_or_404(Moving, key=key, by=by)
    keys = [row["placement"] for row in done.rows]
    seen = Placement.objects.visible_to(by, now).filter(key__in=keys)
    rows = seen.select_related("post", "channel__scope", "delivery").order_by("pk")
    back = moving.undo(done, rows, town_of(request).zone, by=by, now=now)
    if request.htmx and not back.left:  # type: ignore[attr-defined]
        return _moved(request, back, undo=False)
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("calendar:moving", args=[back.key])
        return response
    if back.left:
        return redirect("calendar:moving", key=back.key)
    say(request, back, undo=False)
    return HttpResponseRedirect(back_of(request))
