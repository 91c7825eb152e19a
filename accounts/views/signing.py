"""Signing out, and changing one's password: allauth's pages with Parley's manners."""

from __future__ import annotations

from allauth.account import views as account
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import person
from accounts.refusals import Refusal
from accounts.views.town_sign_in import BY_TOWN


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and have the browser forget the pages it kept."""
    by_town = request.method == "POST" and request.session.get(BY_TOWN)
    response: HttpResponseBase = account.logout(request)
    if by_town and response.status_code == 302:
        response = redirect(f"{reverse('account_login')}?town=1")
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


def change_password(request: HttpRequest) -> HttpResponseBase:
    """A person without a password gets their first one by mail, as proof that they are who they say."""
    if not person(request).has_usable_password():
        raise Refusal(
            "You have no password that could be changed.",
            next_step="Sign out and choose “Forgotten your password?” to get a link by mail.",
        )
    response: HttpResponseBase = account.password_change(request)
    return response
