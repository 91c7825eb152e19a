"""What the composer asks for by itself: who else has the post open."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from calendar_app import attending
from calendar_app.views.finding import find_post, now_of


@allow("write_post")
@require_POST
def attend(request: HttpRequest, key: UUID) -> HttpResponse:
    """I have it open; who else has?"""
    post, by, now = find_post(request, key), person(request), now_of(request)
    attending.here(post, by, now)
    return render(request, "calendar_app/_present.html", {"here": attending.others(post, by, now), "post": post})
