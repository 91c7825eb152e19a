"""Acts that want the password once more, when it was given some time ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Identity

_recently = reauthentication_required(lambda request: None)


def after_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password first. Unlike in allauth's own way, nothing of a posted form is kept but its reason."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        town = only_by_town(request)
        try:
            if town and not recently_by_town(request):
                raise ReauthenticationRequired
            if not town:
                _recently(request)
        except ReauthenticationRequired:
            if request.method == "POST":
                messages.info(request, "Nothing is done yet: after your password, press the button once more.")
            words = {"next": came_from(request)}
            if town:
                return redirect(f"{reverse('accounts:town-sign-in')}?{urlencode(words | {'why': 'again'})}")
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode(words)}")
        return view(request, *args, **kwargs)

    return guarded


def only_by_town(request: HttpRequest) -> bool:
    """Whether the person has no password and no second factor here, so that only the town's sign-in can ask them."""
    user = request.user
    if not user.is_authenticated or user.has_usable_password() or is_mfa_enabled(user):
        return False
    return Identity.objects.filter(user=user.pk).exists()


def recently_by_town(request: HttpRequest) -> bool:
    methods = get_authentication_records(request)
    return bool(methods) and time.time() - methods[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def came_from(request: HttpRequest) -> str:
    """The page of ours a form was posted from; what is only read is its own page."""
    if request.method != "POST":
        return request.get_full_path()
    link = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(link, {request.get_host()}, require_https=request.is_secure()):
        return request.path
    why = request.POST.get("why", "").strip()[:300]
    return urlsplit(link).path + (f"?{urlencode({'why': why})}" if why else "")
