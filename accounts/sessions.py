"""How long a sign-in lasts: an hour without an act of the person, twelve hours whatever happens.

Pages that update themselves ask in the background; such a poll is answered but never counts as an act.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts import clock, second_factor
from accounts.access import PUBLIC, SIGNED_IN
from accounts.models import User

View = Callable[..., HttpResponseBase]
POLL_HEADER = "X-Parley-Poll"
STARTED, SEEN = "started", "seen"
NOTE_EVERY = 60  # seconds between two writes of the time last seen


def is_poll(request: HttpRequest) -> bool:
    """Whether the page asks by itself, not the person: such requests carry one header."""
    return POLL_HEADER in request.headers


class SessionAgeMiddleware:
    """Ends a session that is too old or was left alone; reads the request's time, once, for all that follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            now = clock.now()
            request.now = now  # type: ignore[attr-defined]
            if is_over(request, now):
                logout(request)
                request.session_over = True  # type: ignore[attr-defined]
            elif not is_poll(request):
                note_seen(request, now)
        return self.get_response(request)


def is_over(request: HttpRequest, now: datetime) -> bool:
    moment = now.timestamp()
    started = request.session.setdefault(STARTED, moment)
    seen = request.session.setdefault(SEEN, moment)
    return moment - started >= settings.SESSION_COOKIE_AGE or moment - seen >= settings.SESSION_IDLE_SECONDS


def note_seen(request: HttpRequest, now: datetime) -> None:
    if now.timestamp() - request.session[SEEN] >= NOTE_EVERY:
        request.session[SEEN] = now.timestamp()


def begin(request: HttpRequest, now: datetime) -> None:
    """Start both clocks afresh: called at every sign-in."""
    request.session[STARTED] = request.session[SEEN] = now.timestamp()


def end_all(user: User, besides: str = "") -> int:
    """End the person's sessions at once, except the one with the key `besides`; returns how many."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    held = UserSession.objects.filter(user_id=user.pk).exclude(session_key=besides)
    ended = 0
    for session in held:
        store(session.session_key).delete()
        session.delete()
        ended += 1
    return ended


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to the sign-in page and back; a fragment takes its whole page there."""

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponseBase:  # type: ignore[override]
        if "HX-Request" not in request.headers and not getattr(request, "session_over", False):
            return super().handle_no_permission(request, view_func)
        here = request.get_full_path()
        if "HX-Request" in request.headers:
            parts = urlsplit(request.headers.get("HX-Current-URL", ""))
            here = f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
        words = {"next": here} | ({"over": "1"} if getattr(request, "session_over", False) else {})
        target = f"{reverse('account_login')}?{urlencode(words)}"
        if "HX-Request" in request.headers:
            return HttpResponse(status=401, headers={"HX-Redirect": target})
        return HttpResponse(status=302, headers={"Location": target})

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        refused: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not isinstance(request.user, User):
            return refused
        name = request.resolver_match.view_name if request.resolver_match else ""
        now = getattr(request, "now", None)
        if now is None or name in SIGNED_IN or name in PUBLIC:
            return None
        by = second_factor.must_by(request, request.user, now)
        request.second_factor_by = by  # type: ignore[attr-defined]
        return redirect("mfa_activate_totp") if by and by <= now else None
