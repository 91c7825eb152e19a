"""The one route that serves pictures and videos: by sealed link, sandboxed, from the media host where there is one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from channels_app import media as pictures
from channels_app import ranges
from channels_app.models import Media


@login_not_required
def media_file(request: HttpRequest, key: UUID, kind: str, seal: str) -> HttpResponseBase:
    """A picture or video, or a part of it. Who holds a link still sealed may see it, a platform's server included."""
    if not pictures.sealed(key, kind, seal, request.now):  # type: ignore[attr-defined]
        raise Http404
    media = get_object_or_404(Media, key=key, state="ready")
    path = pictures.path_of(media, kind)
    if not path.is_file():
        raise Http404
    mime = media.mime if kind == "whole" else "image/jpeg"
    response = ranges.answer(path, request.headers.get("Range", ""), mime)
    response["Content-Disposition"] = f'inline; filename="{media.kind}{path.suffix}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
