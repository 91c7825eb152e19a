"""What every request gets: the time, the town with its clocks; and Parley's words when something is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import clock
from accounts.models import Town, User
from accounts.refusals import Refusal

log = logging.getLogger(__name__)
NEEDS_NOTHING = "/health/"  # answers even when the database is away


class DeskMiddleware:
    """Gives `request.now` and `request.town`, keeps signed-in pages out of caches, shows a Refusal as a sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(NEEDS_NOTHING):
            return self.get_response(request)
        if not hasattr(request, "now"):  # read already where a session had to be checked
            request.now = clock.now()  # type: ignore[attr-defined]
        town = request.town = Town.here()  # type: ignore[attr-defined]
        with timezone.override(town.tz), translation.override(town.locale):
            response = self.get_response(request)
        if response.status_code == 404:
            log.info("not there", extra=asked(request) | {"status": 404})
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        log.info("refused", extra=asked(request) | {"words": exception.words, "status": exception.status})
        fragment = "HX-Request" in request.headers
        template = "refusal/_toast.html" if fragment else "refusal/page.html"
        context = {"refusal": exception, "back": came_from(request)}
        response = render(request, template, context, status=exception.status)
        if fragment:
            response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response


def asked(request: HttpRequest) -> dict[str, str]:
    """Who asked for what, for the log: the route by its name, because some addresses hold a secret."""
    found = request.resolver_match
    key = str(found.kwargs.get("key", "")) if found and not found.kwargs.keys() & {"secret", "uidb36"} else ""
    person = str(request.user.key) if isinstance(request.user, User) else ""
    return {"route": found.view_name if found else "", "key": key, "person": person}


def came_from(request: HttpRequest) -> str:
    """The page of ours the request came from, else the first page."""
    link = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(link, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(link)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"
