"""The town's own feed of what it published, and its pictures: for everybody, without signing in."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.models import Town
from calendar_app import syndicating
from channels_app import media

ANY = UUID(int=0)


@login_not_required
@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    """What is out now, as Atom; a reader who has it already is told so in one line."""
    town = Town.here()
    at = request.build_absolute_uri(reverse("news-picture", args=[ANY])).replace(str(ANY), "{key}")
    rows = syndicating.entries()
    body = syndicating.feed(rows, town, request.build_absolute_uri(request.path), at)
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = int(max(one.updated for one in rows).timestamp()) if rows else None
    answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = mark
    if changed is not None:
        answer["Last-Modified"] = http_date(changed)
    found = get_conditional_response(request, etag=mark, last_modified=changed, response=answer) or answer
    found["Cache-Control"] = "public, max-age=300"
    return found


@login_not_required
@require_safe
def news_picture(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A picture of something that is out; nothing else is there under this address."""
    found = syndicating.picture(key)
    path = media.path_of(found, "whole") if found else None
    if found is None or path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=found.mime)
    response["Content-Disposition"] = f'inline; filename="picture{path.suffix}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600"
    return response
