"""What every request gets: the time, read once; and Parley's own words when something is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from accounts import clock
from accounts.refusals import Refusal

log = logging.getLogger(__name__)


class DeskMiddleware:
    """Gives `request.now`, keeps signed-in pages out of caches, and shows a Refusal as a sentence with a next step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        log.info("refused", extra={"path": request.path, "words": exception.words, "status": exception.status})
        template = "refusal/_toast.html" if getattr(request, "htmx", False) else "refusal/page.html"
        response = render(request, template, {"refusal": exception}, status=exception.status)
        if getattr(request, "htmx", False):
            response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response
