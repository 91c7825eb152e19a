"""The one route that serves pictures: by sealed link, sandboxed, from the media host where there is one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from channels_app import media as pictures
from channels_app.models import Media


@login_not_required
def media_file(request: HttpRequest, key: UUID, kind: str, seal: str) -> FileResponse:
    """A picture of a post. Whoever holds a link that is still sealed may see it, a platform's server included."""
    if not pictures.sealed(key, kind, seal, request.now):  # type: ignore[attr-defined]
        raise Http404
    media = get_object_or_404(Media, key=key, state="ready")
    path = pictures.path_of(media, kind)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=media.mime if kind == "whole" else "image/jpeg")
    response["Content-Disposition"] = f'inline; filename="picture{path.suffix}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
