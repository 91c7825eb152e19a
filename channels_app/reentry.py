"""Acts that want the password once more, when it was given some time ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

_recently = reauthentication_required(lambda request: None)


def after_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password first. Unlike in allauth's own way, nothing of a posted form is kept meanwhile."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            _recently(request)
        except ReauthenticationRequired:
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return guarded
