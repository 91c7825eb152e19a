"""What the composer asks for by itself: who else has the post open, and pictures to choose from."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from calendar_app import attending, picking
from calendar_app.views.finding import find_post, now_of
from channels_app import media


@allow("write_post")
@require_POST
def attend(request: HttpRequest, key: UUID) -> HttpResponse:
    """I have it open; who else has?"""
    post, by, now = find_post(request, key), person(request), now_of(request)
    attending.here(post, by, now)
    return render(request, "calendar_app/_present.html", {"here": attending.others(post, by, now), "post": post})


@allow("write_post")
def pick_picture(request: HttpRequest) -> HttpResponse:
    """The newest pictures this person may use, by what is asked for."""
    wanted, now = request.GET.get("q", "")[:100], now_of(request)
    rows = list(picking.pictures(person(request), now, wanted)[: picking.SHOWN + 1])
    context = {
        "rows": [(one, media.link(one, now, small=True)) for one in rows[: picking.SHOWN]],
        "more": len(rows) > picking.SHOWN,
        "wanted": wanted,
    }
    return render(request, "calendar_app/_picks.html", context)
