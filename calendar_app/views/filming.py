"""The captions of a video: taken, read by a person, and given to the player and to whoever wants them as text."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import allow, person
from calendar_app.media_forms import CaptionsForm
from calendar_app.views import library
from calendar_app.views.finding import now_of
from channels_app import captioning
from channels_app.models import Captions, Media


@allow("upload_media")
@require_POST
def add_captions(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep captions for this video; from then on they go out with it."""
    found = library.find_media(request, key, kind="video")
    form = CaptionsForm(request.POST, request.FILES, prefix="captions")
    if not form.is_valid():
        return library.page_of(request, found, captions=form)
    data = form.cleaned_data
    captioning.add(found, data["text"], data["language"], read=data["read"], by=person(request), now=now_of(request))
    messages.success(request, "Captions kept. They go out with the video where the platform takes them.")
    return _back(found)


@allow("upload_media")
@require_POST
def note_read(request: HttpRequest, key: UUID, captions: UUID) -> HttpResponse:
    """Say that one has read these captions against the video."""
    found = library.find_media(request, key, kind="video")
    captioning.note_read(
        get_object_or_404(Captions, media=found, key=captions), by=person(request), now=now_of(request)
    )
    messages.success(request, "Noted that you read them.")
    return _back(found)


@allow("see_media")
def captions(request: HttpRequest, key: UUID) -> HttpResponse:
    """The newest captions as a WebVTT file."""
    row = Captions.objects.filter(media=library.find_media(request, key, kind="video")).first()
    if row is None:
        raise Http404
    response = HttpResponse(row.text, content_type="text/vtt; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="captions-{row.language}.vtt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _back(found: Media) -> HttpResponse:
    return redirect(reverse("media:picture", args=[found.key]) + "#captions")
