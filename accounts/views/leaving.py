"""Signing out."""

from __future__ import annotations

from allauth.account import views as account
from django.http import HttpRequest, HttpResponseBase


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and have the browser forget the pages it kept."""
    response: HttpResponseBase = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response
