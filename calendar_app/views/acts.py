"""Acts on a post: publish, schedule, cancel, drop, withdraw. Each shows first what it will do and where."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from accounts.refusals import LostRace
from calendar_app import composing, drafting, linking, releasing, scheduling, signoff
from calendar_app.forms import MoveForm
from calendar_app.models import Post
from calendar_app.readiness import problems
from calendar_app.views.composer import say_outcome
from calendar_app.views.finding import chosen, find_post, now_of, seen_placements, town_of
from calendar_app.views.moving import moment_of
from calendar_app.views.standing import PUBLISHABLE
from calendar_app.wording import places
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
    at = moment_of(request, MoveForm(request.POST))
    rows = chosen(request, post, request.POST.getlist("placement"))
    outcome = scheduling.schedule(post, rows, at, by=person(request), now=now_of(request))
    say_outcome(request, outcome, at)
    return redirect("calendar:post", key=post.key)


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
