"""The composer's "next free slot": pencils the post in where its channels speak next and nothing else goes out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import person
from accounts.refusals import Invalid
from calendar_app import scheduling, slots
from calendar_app.models import Post
from calendar_app.views.finding import now_of, seen_placements, town_of
from calendar_app.wording import day_and_time


def take(request: HttpRequest, post: Post) -> HttpResponse:
    """Give the drafts of this post the next free slot, and go back to the composer, which shows it."""
    now, town = now_of(request), town_of(request)
    rows = [one for one in seen_placements(post, person(request), now) if one.state == "draft"]
    if not rows:
        raise Invalid(
            "Only a draft takes a free slot.", next_step="Choose a channel, or move the post in the calendar."
        )
    at = slots.next_for([one.channel for one in rows], now, now, town)
    if at is None:
        raise Invalid("These channels have no free slot in the next 60 days.", next_step="Set slots under Rhythm.")
    scheduling.plan(post, rows, at)
    messages.success(
        request, f"The next free slot is {day_and_time(at.due_at, at.zone)}; the post is pencilled in there."
    )
    return redirect("calendar:edit-post", key=post.key)
