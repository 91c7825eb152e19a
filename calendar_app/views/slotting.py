"""The composer's "next free slot" and "next good hour": pencils the post in where nothing else goes out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import person
from accounts.refusals import Invalid
from calendar_app import scheduling, slots
from calendar_app.models import Placement, Post
from calendar_app.releasing import Moment
from calendar_app.views.finding import now_of, seen_placements, town_of
from calendar_app.wording import day_and_time


def take(request: HttpRequest, post: Post) -> HttpResponse:
    """Give the drafts of this post the next free slot, and go back to the composer, which shows it."""
    now, town = now_of(request), town_of(request)
    rows = _drafts(request, post)
    at = slots.next_for([one.channel for one in rows], now, now, town)
    if at is None:
        raise Invalid("These channels have no free slot in the next 60 days.", next_step="Set slots under Rhythm.")
    return _pencil_in(request, post, rows, at, "The next free slot is")


def take_good(request: HttpRequest, post: Post) -> HttpResponse:
    """The same with the next hour at which its channels are heard best."""
    rows = _drafts(request, post)
    at = slots.next_good([one.channel for one in rows], now_of(request), town_of(request))
    if at is None:
        raise Invalid(
            "No hour of these channels is known to be better than another.",
            next_step="Choose a time, or take the next free slot.",
        )
    return _pencil_in(request, post, rows, at, "The next good hour is")


def _drafts(request: HttpRequest, post: Post) -> list[Placement]:
    rows = [one for one in seen_placements(post, person(request), now_of(request)) if one.state == "draft"]
    if not rows:
        raise Invalid("Only a draft takes a time here.", next_step="Choose a channel, or move it in the calendar.")
    return rows


def _pencil_in(request: HttpRequest, post: Post, rows: list[Placement], at: Moment, words: str) -> HttpResponse:
    scheduling.plan(post, rows, at)
    messages.success(request, f"{words} {day_and_time(at.due_at, at.zone)}; the post is pencilled in there.")
    return redirect("calendar:edit-post", key=post.key)
