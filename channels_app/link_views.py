"""The one route of short links: whoever has one is led on, and the click is counted without a word about them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from channels_app import links


@login_not_required
@require_safe
def go(request: HttpRequest, code: str) -> HttpResponse:
    """On to where the desk said it leads; nowhere else, whatever the address says."""
    target = links.follow(code, request.method or "", request.headers, request.now)  # type: ignore[attr-defined]
    if not target:
        raise Http404
    response = HttpResponse(status=302)
    response["Location"] = target
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
