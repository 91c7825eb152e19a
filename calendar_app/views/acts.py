"""Acts on a post: publish, schedule, move, cancel, drop, sign. Each shows first what it will do and where."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import Invalid, LostRace
from accounts.walltime import Twice, to_wall
from calendar_app import composing, drafting, linking, releasing, scheduling, series, signoff
from calendar_app.forms import MoveForm
from calendar_app.models import Placement, Post
from calendar_app.readiness import problems
from calendar_app.releasing import Moment
from calendar_app.views.composer import say_outcome
from calendar_app.views.finding import chosen, find_post, now_of, seen_placements, town_of
from calendar_app.views.standing import PUBLISHABLE
from calendar_app.wording import day_and_time, places
from calendar_app.words import words_of


@allow("schedule_post")
def publish_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """First what goes out and where, then the button that does it."""
    post, now = find_post(request, key), now_of(request)
    if request.method == "POST":
        return _publish(request, post)
    rows = [one for one in seen_placements(post, person(request), now) if one.shown_state in PUBLISHABLE]
    words = words_of(post)
    channels = {str(one.channel.key): one.channel for one in rows}
    context = {
        "post": post,
        "placements": rows,
        "problems": problems(post, rows, now, now, at_once=True),
        "series": linking.beside(post, person(request), now),
        "beside": drafting.beside(
            words, channels, post, person(request), now, releasing.right_now(town_of(request).zone, now)
        ),
    }
    return render(request, "calendar_app/publish.html", context)


def _publish(request: HttpRequest, post: Post) -> HttpResponse:
    if request.POST.get("version") != str(post.version):
        raise LostRace("The words were changed since you looked.", next_step="Read them again, then publish.")
    rows = chosen(request, post, request.POST.getlist("placement"))
    zone = town_of(request).zone
    outcome = scheduling.publish(post, rows, zone=zone, by=person(request), now=now_of(request))
    if outcome.going:
        messages.success(request, f"Publishing now on {places(outcome.going)}.")
    if outcome.asked:
        messages.info(request, "Asked for sign-off; it is not published before it is signed.")
    return redirect("calendar:post", key=post.key)


@allow("write_post")
@require_POST
def schedule_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """From the post's page: give what is ready a time, or ask for the signature it needs."""
    post = find_post(request, key)
    at = _moment(request, MoveForm(request.POST))
    rows = chosen(request, post, request.POST.getlist("placement"))
    outcome = scheduling.schedule(post, rows, at, by=person(request), now=now_of(request))
    say_outcome(request, outcome, at)
    return redirect("calendar:post", key=post.key)


def _moment(request: HttpRequest, form: MoveForm) -> Moment:
    if not form.is_valid():
        raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))
    wall = form.cleaned_data["at"]
    if wall is None:
        raise Invalid("Choose a day and a time first.")
    return releasing.moment(wall, town_of(request).zone, form.cleaned_data["fold"], now_of(request))


@allow("write_post")
def move_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another time for a post, by dialog, page or drag: the same form every way."""
    post = find_post(request, key)
    form = MoveForm(request.POST or None, initial=_now_planned(request, post))
    if request.method != "POST":
        return _move_form(request, post, form)
    rows = chosen(request, post, request.POST.getlist("placements"))
    if not rows:
        raise Invalid("This draft has no channel yet.", next_step="Open it and choose one; then it can have a day.")
    try:
        at = _moment(request, form) if request.POST.get("at") else None
    except Twice as twice:
        form.ask_fold()
        form.add_error("fold", f"{twice.words} {twice.next_step}")
        return _move_form(request, post, form, status=422)
    was = form.cleaned_data["was"] if form.is_valid() else None
    if at is None:
        scheduling.plan(post, rows, None)
    else:
        rows = scheduling.move_to(post, rows, at, was, by=person(request), now=now_of(request))
    return _moved(request, post, rows, was, at)


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
    moving = [one for one in rows if one.state != "cancelled" and (one.due_at.isoformat() if one.due_at else "") == was]
    context = {
        "post": post,
        "form": form,
        "moving": moving,
        "signed": any(one.approval and one.approval.by for one in moving),
        "back": _back(request),
    }
    template = "calendar_app/_move.html" if request.htmx else "calendar_app/move.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _moved(
    request: HttpRequest, post: Post, rows: list[Placement], was: datetime | None, at: Moment | None
) -> HttpResponse:
    """Say where it is now. In place: a note with the way back, and word to the calendar to look again."""
    words = f"Moved to {day_and_time(at.due_at, at.zone)}." if at else "It has no day any more."
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, words)
        return HttpResponseRedirect(_back(request))
    undo = was is None or was > now_of(request)
    context = {
        "words": words,
        "post": post,
        "part": series.part_of(post) if at else None,
        "keys": ",".join(str(one.key) for one in rows),
        "undo_at": to_wall(was, town_of(request).zone).strftime("%Y-%m-%dT%H:%M") if was else "",
        "was": at.due_at.isoformat() if at else "",
        "undo": undo and not (was is None and any(one.state != "draft" for one in rows)),
    }
    response = render(request, "calendar_app/_moved.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    response["HX-Trigger-After-Swap"] = json.dumps({"calendar-changed": True})
    return response


def _back(request: HttpRequest) -> str:
    """The calendar as it was left, or its first page; never an address of somebody else's."""
    asked = request.POST.get("back") or request.GET.get("back") or request.headers.get("Referer", "")
    path = asked[asked.find("/calendar/") :] if "/calendar/" in asked else ""
    safe = url_has_allowed_host_and_scheme(path, None) and not path.endswith("/move/")
    return path if safe else "/calendar/"


@allow("write_post")
@require_POST
def cancel_post(request: HttpRequest, key: UUID) -> HttpResponse:
    post = find_post(request, key)
    rows = chosen(request, post, request.POST.getlist("placement"))
    done = scheduling.cancel(post, rows, by=person(request), now=now_of(request))
    messages.success(request, f"Cancelled on {places(done)}." if done else "It was cancelled already.")
    return redirect("calendar:post", key=post.key)


@allow("write_post")
@require_POST
def drop_post(request: HttpRequest, key: UUID) -> HttpResponse:
    post = composing.drop(find_post(request, key), by=person(request), now=now_of(request))
    messages.success(request, "Dropped. You can take it up again here.")
    return redirect("calendar:post", key=post.key)


@allow("write_post")
@require_POST
def take_up_post(request: HttpRequest, key: UUID) -> HttpResponse:
    post = composing.take_up(find_post(request, key), by=person(request), now=now_of(request))
    return redirect("calendar:edit-post", key=post.key)


@allow("write_post")
@require_POST
def withdraw_post(request: HttpRequest, key: UUID) -> HttpResponse:
    """Out of the sign-off queue again."""
    post = find_post(request, key)
    for placement in chosen(request, post, request.POST.getlist("placement")):
        signoff.withdraw(placement, by=person(request), now=now_of(request))
    messages.success(request, "Taken out of the sign-off queue.")
    return redirect("calendar:post", key=post.key)
