"""Acts that want the password once more, when it was given some time ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_recently = reauthentication_required(lambda request: None)


def after_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password first. Unlike in allauth's own way, nothing of a posted form is kept meanwhile."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            _recently(request)
        except ReauthenticationRequired:
            if request.method == "POST":
                messages.info(request, "Nothing is done yet: after your password, press the button once more.")
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': came_from(request)})}")
        return view(request, *args, **kwargs)

    return guarded


def came_from(request: HttpRequest) -> str:
    """The page of ours a form was posted from; what is only read is its own page."""
    if request.method != "POST":
        return request.get_full_path()
    link = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(link, {request.get_host()}, require_https=request.is_secure()):
        return request.path
    return urlsplit(link).path
